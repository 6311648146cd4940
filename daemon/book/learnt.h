/* What was learnt from the dispositions, and the dispositions it is learnt from. */
#ifndef BOOK_LEARNT_H
#define BOOK_LEARNT_H

#include "book.h"
#include "daemon/base/arena.h"

struct learnt_row {
    int64_t id, at; /* id 0 = there is none */
    int64_t cases, right;
    const void *bytes; /* rules/learn.h; NULL = too few cases, or not read */
    size_t size;
    struct learnt_row *next;
};

/* The newest one with its bytes. */
enum outcome learnt_newest(
    struct book_txn *txn, struct learnt_row *ret, struct arena *arena, struct fault *fault);
/* Newest first, without bytes: at most `most`. */
enum outcome learnt_list(
    struct book_txn *txn, int most, struct learnt_row **ret_list, struct arena *arena, struct fault *fault);

/* Reads cases, right, bytes. Older ones keep their figures, those of about a year are kept. */
enum outcome learnt_add(struct book_txn *txn, const struct learnt_row *row, struct fault *fault);

/* A complaint that was given to a section; texts until the visit returns. */
struct learnt_case {
    int64_t complaint_id;
    const char *section, *proposed; /* keys; proposed by the rules when it came, NULL = nothing */
    const char *subject, *text;     /* subject NULL = none */
};
typedef enum outcome learnt_visit(void *arg, const struct learnt_case *one, struct fault *fault);

/* The newest ones below that id (0 = from the end), at most so many. Secret ones are left out, those about the conduct of
 * officers, which go by other ways, and those whose citizen has asked that they are used no further. *ret_last: the last one's id, 0 = there was none. */
enum outcome learnt_cases(struct book_txn *txn, int64_t below, int most, learnt_visit *visit, void *arg,
    int64_t *ret_last, struct fault *fault);

#endif
