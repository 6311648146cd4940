/* Complaints that may be about one and the same thing (rules/alike.h): by what they are compared, and what was found. */
#ifndef BOOK_ALIKE_H
#define BOOK_ALIKE_H

#include "book.h"
#include "daemon/base/arena.h"
#include "rules/alike.h"

struct alike_subject {
    int64_t complaint_id;
    int64_t main_id; /* it was joined to; 0 = none */
    struct alike_sketch sketch;
    struct alike_facts facts; /* its sketch is the one above */
};

/* Ids of complaints received since then that were not looked at yet, oldest first: at most `most`. */
enum outcome alike_unseen(struct book_txn *txn, int64_t since, size_t most, int64_t *ret_ids,
    size_t *ret_count, struct fault *fault);

/* Those that were looked at and received since then, newest first: at most `most`, in the arena. */
enum outcome alike_window(struct book_txn *txn, int64_t since, size_t most, struct alike_subject **ret_list,
    size_t *ret_count, struct arena *arena, struct fault *fault);

/* It was looked at. A second time is a no-op, as is a second finding of the same two. */
enum outcome alike_put(struct book_txn *txn, const struct alike_subject *subject, struct fault *fault);
enum outcome alike_found(struct book_txn *txn, int64_t complaint_id, int64_t other_id, int points,
    const char *reasons, struct fault *fault);

struct alike_pair {
    int64_t other_id; /* where it was joined to another by now, that other one */
    bool later;       /* the other came in later */
    int points;
    const char *reasons;
    struct alike_pair *next;
};

/* What may be the same as this one and was not told apart, the likeliest first: at most `most`. */
enum outcome alike_list(struct book_txn *txn, int64_t complaint_id, int most, struct alike_pair **ret_pairs,
    struct arena *arena, struct fault *fault);

/* An officer says that this one is not the same as the other, nor as those joined to it; *ret_was false: nobody had
 * suggested it, or it was said before. */
enum outcome alike_told_apart(
    struct book_txn *txn, int64_t one, int64_t other, int64_t officer_id, bool *ret_was, struct fault *fault);

#endif
