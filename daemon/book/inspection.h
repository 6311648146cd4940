/* What the nightly look through the book found (verify.h), so that a restart does not forget it. */
#ifndef BOOK_INSPECTION_H
#define BOOK_INSPECTION_H

#include "daemon/base/arena.h"
#include "verify.h"

struct inspection {
    int64_t began_at, ended_at; /* ms; began_at 0 = there never was one */
    int64_t rows;
    const char *fault; /* the first one, for people; NULL = the book is whole */
    unsigned char head[CHAIN_DIGEST];
};

/* The newest ones of about a year are kept. */
enum outcome inspection_add(struct book_txn *txn, const struct inspection *inspection, struct fault *fault);

enum outcome inspection_newest(
    struct book_txn *txn, struct inspection *ret, struct arena *arena, struct fault *fault);

#endif
