/* The number and the date that a complaint has elsewhere: those of a letter, or of the case at SP4N-LAPOR!. */
#ifndef BOOK_ORIGIN_H
#define BOOK_ORIGIN_H

#include "book.h"
#include "daemon/base/arena.h"

struct origin {
    const char *number; /* NULL = none */
    int32_t dated;      /* days since 1970 in the office's zone; 0 = not told */
};

/* Once a complaint, in the transaction that opens it; nothing is written when there is nothing to say. */
enum outcome origin_put(
    struct book_txn *txn, int64_t complaint_id, const struct origin *origin, struct fault *fault);
/* All zeros when there is none. */
enum outcome origin_get(
    struct book_txn *txn, int64_t complaint_id, struct origin *ret, struct arena *arena, struct fault *fault);

#endif
