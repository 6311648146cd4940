/* What disturbs the house now and needs a person: one row a channel, gone when it is over. */
#ifndef BOOK_ALARM_H
#define BOOK_ALARM_H

#include "book.h"
#include "daemon/base/arena.h"

struct alarm {
    const char *key;  /* channel id */
    const char *text; /* for officers, Indonesian */
    int64_t since;    /* ms */
    struct alarm *next;
};

/* *ret_new: it was not known yet, so somebody has to be told. A known one gets the new text and keeps its time. */
enum outcome alarm_raise(struct book_txn *txn, const char *key, const char *text, int64_t since,
    bool *ret_new, struct fault *fault);
enum outcome alarm_clear(struct book_txn *txn, const char *key, bool *ret_was, struct fault *fault);
enum outcome alarm_list(
    struct book_txn *txn, struct alarm **ret_first, struct arena *arena, struct fault *fault);

#endif
