/* Copies of the book: made while it is in use, kept, and taken back.
 *
 *   DIR/buku-2026-11-22T030000Z/         without a key: MANIFES, buku.db, lampiran/ab/cd/<sha256>
 *   DIR/buku-2026-11-22T030000Z.sandi    with a key: the same in one file (seal.h)
 *
 * The pages are copied from a snapshot on a connection of their own (book_aside), not on the writer's between its
 * batches: sqlite3_backup_step() answers BUSY inside of a write transaction, and so the writer is never held up at all.
 * The price is that the WAL cannot be reset until the pages are copied. Memory: one connection's cache. The copy is
 * verified, written down in its manifest and synced before it gets its name; with a key that happens in the data folder,
 * so that nothing readable touches the other disk. Attachments in a folder are further names of the same files where the
 * disk allows it: they are never changed in place. */
#ifndef BOOK_BACKUP_H
#define BOOK_BACKUP_H

#include "book.h"
#include "manifest.h"

enum { BACKUP_NAME_SIZE = 32 };

/* Called every few seconds from the thread that works; what: Indonesian; all 0 = not known. */
struct backup_progress {
    void (*tell)(void *arg, const char *what, int64_t done, int64_t all); /* NULL = nobody asks */
    void *arg;
    int64_t told_at; /* private; 0 */
};

struct backup_request {
    const char *folder; /* exists; absolute when another process may work */
    const char *key;    /* NULL or "" = without */
    struct backup_progress progress;
    const struct backup_stop *stop; /* beside the closing of the book; NULL = nothing else ends it */
};

struct backup_report {
    char name[BACKUP_NAME_SIZE];
    struct manifest counts;
    struct fault
        doubt; /* the book can be read and was copied, but it is not whole (verify.h): why; "" = it is */
};

/* Inside an aside job, named after txn_now(). NEVER: one of that name is there, or the book cannot be read any more.
 * LATER: the disk, or the book is being closed. Whatever it returns but DONE leaves nothing behind; what a crash leaves the
 * next one removes. */
enum outcome backup_make(
    struct book_txn *txn, struct backup_request *request, struct backup_report *ret, struct fault *fault);

/* Hash of the first event; zeros in a book without any. */
enum outcome backup_book_id(struct book_txn *txn, unsigned char ret_book[BACKUP_DIGEST], struct fault *fault);

/* When the newest complete backup of this book in the folder was made, by its name; 0 = there is none. */
enum outcome backup_newest(
    const char *folder, const unsigned char book[BACKUP_DIGEST], int64_t *ret_at, struct fault *fault);

/* Removes the oldest beyond keep: only what has our name and says inside that it is of this book. */
enum outcome backup_prune(const char *folder, const unsigned char book[BACKUP_DIGEST], int keep,
    int *ret_removed, struct fault *fault);

/* source: one of the two shapes above. Into options->folder, which is missing or empty; options->create is not looked
 * at. Checks everything before the book gets its name there; older books are brought up to date. Letters that waited
 * when the backup was made may have left since: they become tidak_pasti, and an event says that the book was restored.
 * NEVER: the source is damaged, wrong key, the folder is not empty. STOP: the source is of a newer version. Otherwise
 * the folder is as before. A book that was not whole when it was copied is taken back all the same: ret_doubt as above. */
enum outcome backup_restore(const char *source, const char *key, const struct book_options *options,
    struct backup_progress *progress, struct manifest *ret_counts, struct fault *ret_doubt,
    struct fault *fault);

bool backup_folder_is_empty(const char *folder); /* or missing */

/* How many of each there are now. */
enum outcome backup_counts(struct book_txn *txn, struct manifest *counts, struct fault *fault);

void backup_tell(struct backup_progress *progress, const char *what, int64_t done, int64_t all);

#endif
