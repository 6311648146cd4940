/* The book: one SQLite file and the threads that may touch it.
 *
 * One writer thread owns the only connection that ever writes or checkpoints (SQLite 3.40.1 has the WAL-reset
 * bug: DEPENDENCIES.md); readers are query_only. The writer takes ALL waiting jobs into one transaction: alone a
 * request costs one fsync, under load hundreds share one. If a job fails, the batch is rolled back and replayed
 * with a savepoint a job; if it fails by SQLite, with a transaction a job. A job may therefore run more than once: it must
 * depend on its own input and the book only, and reset its results when it starts. The file is locked (flock on
 * book.lock) against other processes. */
#ifndef BOOK_BOOK_H
#define BOOK_BOOK_H

#include "daemon/base/log.h"
#include "daemon/loop/loop.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct book_txn; /* one connection inside one transaction; valid during the work only */

struct book_options {
    const char *folder;        /* data folder; holds buku.db and lampiran/ */
    int readers;               /* reader threads, 1..8 */
    const char *event_channel; /* channel whose outbox gets a row for each event ("mqtt"), or NULL */
    const char *number_format; /* register number, see register_number() in rules/register.h */
    int utc_offset_minutes;    /* the office's zone: which year and month a number belongs to */
    const char *office;        /* topic name of the office in events */
    bool create;               /* make the book if there is none */
    bool look;                 /* without a loop: only book_run() that reads, nothing is brought up to date */
};

/* STOP: not ours (other application_id), of a newer version, locked by another process; LATER: I/O. The public
 * text says what to do. loop NULL = no threads: only book_run() works (command line, tests). */
enum outcome book_open(
    struct book **ret_book, struct loop *loop, const struct book_options *options, struct fault *fault);

/* Finishes queued writes, stops the threads, checkpoints, closes. done() of unfinished jobs is still called. */
void book_close(struct book *book);

typedef enum outcome book_work(struct book_txn *txn, void *arg, struct fault *fault);
typedef void book_done(void *arg, enum outcome outcome, const struct fault *fault);

/* A job lies inside the object it concerns, so that submitting cannot fail. */
struct book_job {
    book_work *work; /* on a book thread. Anything but DONE rolls this job's changes back */
    book_done *done; /* on the loop, after the COMMIT (or its failure: LATER); may free the job */
    void *arg;
    /* private */
    struct book_job *next;
    enum outcome outcome;
    struct fault fault;
    int64_t at;
};

void book_write(struct book *book, struct book_job *job); /* in order of submission; loop thread */
/* The same, handed over at the next turn of the loop with all others of this one: what came together is written
 * together, instead of the first one alone and the others behind it. */
void book_write_together(struct book *book, struct book_job *job);
void book_read(struct book *book, struct book_job *job); /* on one of the readers, a snapshot; loop thread */

/* One after another on a thread of its own with a reader's connection, for what takes minutes (a backup). The work
 * begins its transactions by itself, keeps none open for long (the WAL grows meanwhile), and looks at txn_closing().
 * Loop thread. */
void book_aside(struct book *book, struct book_job *job);

/* The same, at once, on the caller's thread. Only for a book opened without a loop. */
enum outcome book_run(struct book *book, bool write, book_work *work, void *arg, struct fault *fault);
enum outcome book_run_aside(struct book *book, book_work *work, void *arg, struct fault *fault);

int64_t txn_now(const struct book_txn *txn); /* ms; when the job was submitted, the same in a replay */
const struct book_options *txn_options(const struct book_txn *txn);
/* ms; 0 = the book can be written as far as is known. Any connection. */
int64_t txn_cannot_write_since(const struct book_txn *txn);
bool txn_closing(const struct book_txn *txn); /* long work ends with LATER then */

/* Called by the writer thread's side on the loop after each commit that queued outbox rows or files to fetch, or entered a
 * complaint: wakes who looks after them. */
void book_on_outbox(struct book *book, loop_fn *wake, void *arg);

/* The same after each commit that added to the history (now and then also when it was taken back): for pages that show
 * what is new. */
void book_on_event(struct book *book, loop_fn *tell, void *arg);

/* Does the fault say that SQLite cannot read the file (any more)? */
bool book_is_damaged(const struct fault *fault);

/* The disk is full, failing or read-only since then (ms); 0 = it is not. Begin and end are in the log, written here:
 * whoever is told LATER meanwhile has nothing to add. The book tries every few seconds by itself. Loop thread. */
int64_t book_cannot_write_since(const struct book *book);

/* How loud a failed job is: one that meets a trouble which was logged already is for LOG_DEBUG only. */
enum log_level book_failure_level(const struct book *book, enum outcome outcome);

size_t book_queue_length(const struct book *book); /* jobs waiting for the writer, about */

#endif
