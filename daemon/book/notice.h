/* What is reported to an officer: his inbox at the desk. A row is written in the transaction that caused it. */
#ifndef BOOK_NOTICE_H
#define BOOK_NOTICE_H

#include "book.h"
#include "daemon/base/arena.h"

struct notice {
    int64_t id, complaint_id, at;
    const char *kind;   /* "masuk", "tambahan", "disposisi" ...: event kinds */
    const char *number; /* register number */
    const char *subject;
    struct notice *next; /* newest first */
};

enum outcome notice_add(
    struct book_txn *txn, int64_t officer_id, int64_t complaint_id, const char *kind, struct fault *fault);

/* Unread ones of an officer, at most limit; *ret_total counts all unread. */
enum outcome notice_unread(struct book_txn *txn, int64_t officer_id, int limit, struct notice **ret_notices,
    int64_t *ret_total, struct arena *arena, struct fault *fault);

/* The officer has seen all notices up to this one. */
enum outcome notice_read_until(
    struct book_txn *txn, int64_t officer_id, int64_t notice_id, struct fault *fault);

/* The officer has seen everything about this complaint. */
enum outcome notice_read(struct book_txn *txn, int64_t officer_id, int64_t complaint_id, struct fault *fault);

#endif
