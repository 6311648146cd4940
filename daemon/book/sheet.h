/* Sheets of oversight: what was told to those who watch, kept as it was counted. */
#ifndef BOOK_SHEET_H
#define BOOK_SHEET_H

#include "book.h"
#include "daemon/base/arena.h"
#include "rules/oversight.h"

struct sheet {
    int64_t id; /* 0 = there is none */
    enum sheet_kind kind;
    int32_t day;
    int64_t from_at, at;
    const char *data; /* JSON text; NULL in lists */
    struct sheet *next;
};

/* Without data. */
enum outcome sheet_newest(struct book_txn *txn, enum sheet_kind kind, struct sheet *ret, struct fault *fault);
/* NEVER when there is none of that id. */
enum outcome sheet_get(
    struct book_txn *txn, int64_t id, struct sheet *ret, struct arena *arena, struct fault *fault);
/* Newest first, without data, of the kinds in the bit set of 1u << kind: at most `most`, below that id (0 = from the end). */
enum outcome sheet_list(struct book_txn *txn, unsigned kinds, int64_t below, int most,
    struct sheet **ret_list, struct arena *arena, struct fault *fault);
/* Fills in id and at. */
enum outcome sheet_add(struct book_txn *txn, struct sheet *sheet, struct fault *fault);

/* When the first thing happened in the book; 0 = nothing did. */
enum outcome sheet_book_begun(struct book_txn *txn, int64_t *ret_at, struct fault *fault);

#endif
