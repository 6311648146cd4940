/* What an officer's last act with a complaint did, one row a complaint for as long as it may be taken back, and the rows
 * that came with it. What it means is desk/undo.h. */
#ifndef BOOK_UNDO_H
#define BOOK_UNDO_H

#include "book.h"
#include "daemon/base/arena.h"

/* Ids in (after, last]: written by one act, for the writer does one thing after the other. */
struct undo_range {
    int64_t after, last;
};

struct undo {
    int64_t complaint_id; /* 0 in what undo_get() returns: there is none */
    int64_t officer_id;
    const char *kind; /* of its event */
    int64_t version;  /* of the complaint right after it */
    int64_t at;
    bool on_page;        /* the citizen reads of it on the tracking page, and no letter goes */
    const char *earlier; /* JSON: what it changed in the complaint and its clock, as it was before */
    struct undo_range messages, letters, notices;
};

/* Right before the act: fills complaint_id and where its rows will begin. */
enum outcome undo_begin(struct book_txn *txn, int64_t complaint_id, struct undo *ret, struct fault *fault);
/* Right after it: where they end. */
enum outcome undo_end(struct book_txn *txn, struct undo *undo, struct fault *fault);
/* When the rest is filled in. Rows of acts that were done before `forget` go. */
enum outcome undo_put(struct book_txn *txn, const struct undo *undo, int64_t forget, struct fault *fault);
enum outcome undo_get(
    struct book_txn *txn, int64_t complaint_id, struct undo *ret, struct arena *arena, struct fault *fault);
enum outcome undo_remove(struct book_txn *txn, int64_t complaint_id, struct fault *fault);

/* Letters of it to citizens: waiting, and of what has left or may have. *ret_leaves_at: when the first one will; 0 = none
 * waits. */
enum outcome undo_letters(struct book_txn *txn, const struct undo *undo, int *ret_waiting, int *ret_gone,
    int64_t *ret_leaves_at, struct fault *fault);
/* They do not leave before that. */
enum outcome undo_hold(struct book_txn *txn, const struct undo *undo, int64_t until, struct fault *fault);

/* Letters that wait never leave (outbox state dibatalkan), its messages are withdrawn, its notices count as read. Who had
 * read one already gets a notice of that kind. */
enum outcome undo_withdraw(
    struct book_txn *txn, const struct undo *undo, const char *kind, struct fault *fault);

#endif
