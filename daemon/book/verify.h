/* `pengaduand verify`: the history chain, attachments' digests, SQLite and full-text integrity, foreign keys. */
#ifndef BOOK_VERIFY_H
#define BOOK_VERIFY_H

#include "book.h"

struct verify_report {
    int64_t events, blobs; /* checked */
};

/* Stops at the first fault: NEVER, both texts name it. Changes nothing; run as a write job it also makes FTS5 compare
 * its whole index with the messages, which SQLite refuses to readers. */
enum outcome verify_book(struct book_txn *txn, struct verify_report *ret, struct fault *fault);

#endif
