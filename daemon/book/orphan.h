/* Attachment files without a row: their transaction was rolled back, or a crash came before it. Harmless, and swept when
 * they are older than a day. */
#ifndef BOOK_ORPHAN_H
#define BOOK_ORPHAN_H

#include "book.h"
#include <limits.h>

enum { ORPHAN_NAME_SIZE = 80, ORPHANS_A_TURN = 64 /* so that the writer is not held up */ };

struct orphans {
    char names[ORPHANS_A_TURN][ORPHAN_NAME_SIZE]; /* file names; their folders follow from them */
    size_t count;
};

/* The first ones found. An aside job. */
enum outcome orphan_find(struct book_txn *txn, struct orphans *ret, struct fault *fault);

/* Removes those that are still without a row and still old. A write job, because blob_put() may be writing the same
 * content anew: on the writer's thread it has either told its row or not begun. */
enum outcome orphan_sweep(
    struct book_txn *txn, const struct orphans *orphans, int64_t *ret_removed, struct fault *fault);

#endif
