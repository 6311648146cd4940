/* The clocks of complaints: one row each. What they mean is desk/clocks.h. */
#ifndef BOOK_CLOCKS_H
#define BOOK_CLOCKS_H

#include "book.h"
#include "rules/deadline.h"

enum stage { STAGE_NONE, STAGE_VERIFIKASI, STAGE_DILENGKAPI, STAGE_PENUTUPAN };

const char *stage_key(enum stage stage); /* NULL for none */

struct clocks {
    int64_t complaint_id;
    int64_t version;    /* of the calendar they were counted with */
    int64_t started_at; /* of the answer */
    struct deadline limits;
    int64_t given_at;               /* to the section; 0 = none */
    int64_t paused_at;              /* 0 = running */
    int64_t formal_at, extended_at; /* a formal request for information, and its once longer limit; 0 = not */
    int told;
    enum stage stage; /* what is awaited beside the answer */
    int64_t stage_from, stage_due;
    int stage_told;
    bool running;
    int64_t next_at; /* 0 = nothing more by itself */
};

/* The earliest of all limits of the answer; 0 = none. */
int64_t clocks_due(const struct clocks *clocks);

enum outcome clocks_insert(struct book_txn *txn, const struct clocks *clocks, struct fault *fault);
/* complaint_id 0 in *ret: it has none. */
enum outcome clocks_get(struct book_txn *txn, int64_t complaint_id, struct clocks *ret, struct fault *fault);
enum outcome clocks_update(struct book_txn *txn, const struct clocks *clocks, struct fault *fault);

/* complaint.due_at alone: who has the page open has not been overtaken by anybody. */
enum outcome clocks_set_due(struct book_txn *txn, int64_t complaint_id, int64_t due_at, struct fault *fault);

enum { CLOCK_PAUSES = 64 }; /* that count; a complaint that was asked about more often ran long enough */

enum outcome clocks_add_pause(
    struct book_txn *txn, int64_t complaint_id, int64_t began_at, int64_t ended_at, struct fault *fault);
enum outcome clocks_drop_pause(
    struct book_txn *txn, int64_t complaint_id, int64_t began_at, struct fault *fault);
/* Since then, oldest first; the other fields of a pause are the caller's. */
enum outcome clocks_pauses(struct book_txn *txn, int64_t complaint_id, int64_t since,
    struct deadline_pause pauses[CLOCK_PAUSES], size_t *ret_count, struct fault *fault);

/* The complaint whose next step is due first, at `now` or before; 0 = none. *ret_next: when the first one that is not due
 * yet will be; 0 = none. */
enum outcome clocks_next(
    struct book_txn *txn, int64_t now, int64_t *ret_complaint_id, int64_t *ret_next, struct fault *fault);
/* One that was counted with another version; 0 = none. */
enum outcome clocks_stale(
    struct book_txn *txn, int64_t version, int64_t *ret_complaint_id, struct fault *fault);
/* So that one that cannot be done does not hold up all others. */
enum outcome clocks_postpone(struct book_txn *txn, int64_t complaint_id, int64_t until, struct fault *fault);

#endif
