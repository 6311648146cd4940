/* What a citizen got because the office did him wrong: a product that was wrong is replaced, and brought to his house
 * (standar pelayanan). At most one a complaint. */
#ifndef BOOK_COMPENSATION_H
#define BOOK_COMPENSATION_H

#include "book.h"
#include "daemon/base/arena.h"

struct compensation {
    int64_t complaint_id; /* 0 = there is none */
    const char *what;     /* "KK dicetak ulang" */
    const char *way;      /* diantar | diambil */
    int32_t day;          /* on which he got it, in the office's zone */
    const char *receiver; /* NULL = not told */
    int64_t message_id;   /* that has the proof */
    int64_t officer_id, at;
};

enum outcome compensation_get(struct book_txn *txn, int64_t complaint_id, struct compensation *ret,
    struct arena *arena, struct fault *fault);

/* A second time replaces the first. */
enum outcome compensation_put(struct book_txn *txn, const struct compensation *c, struct fault *fault);

#endif
