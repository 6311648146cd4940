/* One connection and the transaction it is in: shared by the files of this folder only. */
#ifndef BOOK_TXN_PRIVATE_H
#define BOOK_TXN_PRIVATE_H

#include "book.h"
#include "storage.h"
#include <stdatomic.h>

struct sqlite3;
struct sqlite3_stmt;
struct journal;
struct kept; /* timetable.c */

enum { STATEMENT_SLOTS = 256 }; /* a power of two; about a hundred literals stand in this folder */

struct statement_slot {
    const char *sql; /* the literal's address is the key */
    struct sqlite3_stmt *handle;
};

struct book_txn {
    struct sqlite3 *db;
    const struct book_options *options; /* of the book, which outlives its connections */
    int64_t now;                        /* of the job that runs */
    bool writable;                      /* the writer's connection */
    bool begun;                 /* it was not ended by us: where there is none any more, an error took it */
    bool index_doubtful;        /* batch.c: what FTS5 remembers may be wrong */
    bool queued_outbox;         /* since the transaction began */
    bool happened;              /* an event was appended since this was last looked at */
    bool storage_failed;        /* the disk, not the job, since the transaction began */
    struct storage *storage;    /* of the book; NULL for a copy */
    const atomic_bool *closing; /* the book is being closed; NULL = nobody will */
    struct journal *journal;    /* owned; of the connection that writes, else NULL */
    struct kept *timetable;     /* owned; NULL = not read yet */
    struct statement_slot statements[STATEMENT_SLOTS];
};

/* Opens buku.db in the folder for one thread. writable: may create (options->create), checks whose file it is and
 * brings the schema up to date. The writer's connection is opened first and closed last. */
enum outcome connection_open(
    struct book_txn **ret_txn, const struct book_options *options, bool writable, struct fault *fault);
void connection_close(struct book_txn *txn); /* NULL is fine */
/* On its own thread when nothing is to do: gives back what its cache and the thread hold. */
void connection_rest(struct book_txn *txn);

/* An empty database of one's own for what may not fit into memory: SQLite keeps it in a file without a name once it
 * grows. One transaction stands open on it. */
enum outcome connection_open_scratch(
    struct book_txn **ret_scratch, const struct book_options *options, struct fault *fault);

/* Statements on this connection end with LATER when the book closes; until told otherwise. */
void connection_watch_closing(struct book_txn *txn, bool watch);

/* A new, empty buku.db in the folder for a copy of the book. Nobody else will look at it and a half-made one is
 * thrown away: it syncs nothing and keeps no journal on the disk. Statements on it end when the book closes. */
enum outcome connection_open_copy(struct book_txn **ret_copy, const struct book_txn *source,
    const struct book_options *options, struct fault *fault);

/* migrate.c: STOP when the file is not ours or newer, or when there is none and options->create is false. */
enum outcome migrate_book(struct book_txn *txn, struct fault *fault);
/* All steps on an empty database of the caller's, inside his transaction: how the schema should be. */
enum outcome migrate_blank(struct book_txn *txn, struct fault *fault);

/* search.c: the tokenizer `indonesia`, without which message_text cannot be opened. An SQLite result code. */
int search_register(struct sqlite3 *db);

/* What a person typed as an FTS5 query that cannot fail: every term quoted, at most 16 of them, "..." stays a
 * phrase, a * at the end of three and more letters finds beginnings. malloc'd, caller frees. *ret_query NULL when
 * nothing in it can be searched for. */
enum outcome search_query(const char *words, char **ret_query, struct fault *fault);

/* batch.c: runs the jobs of a list in one transaction of the writer's connection and sets their outcomes. */
void batch_write(struct book_txn *txn, struct book_job *first);
/* A book_work that writes what costs nothing, to see whether it can be written. */
enum outcome batch_probe(struct book_txn *txn, void *unused, struct fault *fault);
/* One job in a read transaction. */
void batch_read(struct book_txn *txn, struct book_job *job);
/* One job that begins its transactions by itself. */
void batch_aside(struct book_txn *txn, struct book_job *job);

#endif
