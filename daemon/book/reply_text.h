/* Texts of letters that the office changed; the shipped ones stand in config/replies/. */
#ifndef BOOK_REPLY_TEXT_H
#define BOOK_REPLY_TEXT_H

#include "book.h"
#include "daemon/base/arena.h"

/* *ret NULL = not changed: the shipped one is used. */
enum outcome reply_text_get(
    struct book_txn *txn, const char *name, const char **ret, struct arena *arena, struct fault *fault);

/* text NULL = the shipped one again. */
enum outcome reply_text_set(
    struct book_txn *txn, const char *name, const char *text, int64_t officer_id, struct fault *fault);

#endif
