/* What the Sekcam's dispositions teach (rules/learn.h): learnt anew every night at LEARN_HOUR of the office's clock, or soon
 * after the start when the machine was off then, on the book's aside thread, so that neither loop nor writer waits for it; the
 * writer gets one row. It is a suggestion on the complaint's page beside the rules' proposal. Only where the admin said so
 * the form of the disposition is filled with a section, when such answers were right often enough; what leaves the Sekcam's
 * desk is always what he sends. */
#ifndef DESK_LEARN_RUN_H
#define DESK_LEARN_RUN_H

#include "daemon/base/str.h"
#include "daemon/book/complaint.h"
#include "office.h"
#include "rules/learn.h"

enum { LEARN_HOUR = 1 };

/* ---- the suggestion ---- */

/* In force since; setting_get(): from how many per cent on the form is filled; not set = never. */
#define LEARN_FILL_SETTING "saran.isi"
enum { LEARN_FILL_LEAST = 50, LEARN_FILL_MOST = 100 };

/* count 0 in *ret: nothing is known, or nothing shall be said about this complaint. *ret_learnt is the arena's. */
enum outcome learn_suggest(struct book_txn *txn, const struct complaint *c, struct learnt *ret_learnt,
    struct learnt_answer *ret, struct arena *arena, struct fault *fault);

/* The key of the section that the form shall be filled with; NULL = none. */
enum outcome learn_fill(struct book_txn *txn, const struct complaint *c, const char **ret_section,
    struct arena *arena, struct fault *fault);

/* ---- learning ---- */

struct learn_result {
    struct str bytes; /* "" = there are too few cases */
    size_t cases;
};
void learn_result_init(struct learn_result *result);
void learn_result_release(struct learn_result *result);

/* Reads all cases; inside an aside job. LATER when the book closes meanwhile. */
enum outcome learn_study(struct book_txn *txn, struct learn_result *ret, struct fault *fault);
/* Inside a write job; a result like the newest one is not written again. */
enum outcome learn_keep(
    struct book_txn *txn, const struct learn_result *result, bool *ret_new, struct fault *fault);

/* ---- every night ---- */

struct learn_run;

enum outcome learn_run_new(struct learn_run **ret, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault);
void learn_run_start(struct learn_run *run);
void learn_run_stop(struct learn_run *run);
void learn_run_free(struct learn_run *run); /* NULL is fine; after the book is closed */

#endif
