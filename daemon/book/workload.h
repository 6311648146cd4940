/* Who has how much to do, what came and left today, and what became of everything that arrived: counts for the desk of
 * those who watch. */
#ifndef BOOK_WORKLOAD_H
#define BOOK_WORKLOAD_H

#include "book.h"
#include "daemon/base/arena.h"
#include "rules/state.h"

/* Open complaints of one state on one desk. */
struct workload {
    enum state state;
    int64_t section_id;              /* 0 = none yet */
    const char *section;             /* NULL = none; until the visit returns */
    int64_t late, soon, fine, pause; /* soon: due before soon_until; pause: the citizen has to act */
};
typedef enum outcome workload_visit(void *arg, const struct workload *load, struct fault *fault);
enum outcome workload_list(struct book_txn *txn, int64_t soon_until, bool hide_rahasia, workload_visit *visit,
    void *arg, struct fault *fault);

/* Within [from, to). */
struct workload_day {
    int64_t received, answered, answered_late, rated, satisfied; /* satisfied: 3 or 4 of 4 */
};
enum outcome workload_day(
    struct book_txn *txn, int64_t from, int64_t to, struct workload_day *ret, struct fault *fault);

/* The ledger since then: what arrived by one channel and its outcome. lost: has an outcome that names a complaint, and
 * there is none. */
typedef enum outcome workload_ledger_visit(void *arg, const char *channel, const char *outcome,
    const char *reason, int64_t count, int64_t lost, struct fault *fault);
enum outcome workload_ledger(
    struct book_txn *txn, int64_t since, workload_ledger_visit *visit, void *arg, struct fault *fault);

#endif
