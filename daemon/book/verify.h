/* `pengaduand verify`: the history chain, attachments' digests, SQLite and full-text integrity, foreign keys. */
#ifndef BOOK_VERIFY_H
#define BOOK_VERIFY_H

#include "book.h"

struct verify_report {
    int64_t events, blobs; /* checked */
};

/* Stops at the first fault: NEVER, both texts name it. Reads only. */
enum outcome verify_book(struct book_txn *txn, struct verify_report *ret, struct fault *fault);

#endif
