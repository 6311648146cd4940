/* look, on a reader: what is there to do? → write one piece of it → again, until nothing is left
 *
 *   a list was agreed to    some complaints of it; then, in the next piece, their files; after the last one the full text is
 *                           merged piece by piece, because FTS5 keeps words of deleted rows until then
 *   a request is due soon   its officers are reminded, once
 *   a new month             what has been kept long enough is proposed, looked for once a day */
#include "retention_run.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/step.h"
#include "daemon/book/rights.h"
#include "retention.h"
#include "rights.h"
#include <stdlib.h>

enum { ARENA_MOST = 16 << 20 };

static const int64_t FIRST_MS = 1500, LOOK_MS = 3000, REST_MS = 200, RETRY_MS = 10 * 1000,
                     DAY_MS = 24 * 60 * 60 * 1000;

enum todo { TODO_NOTHING, TODO_FORGET, TODO_FILES, TODO_MERGE, TODO_REMIND, TODO_PROPOSE };

struct retention_run {
    struct loop_timer *timer;
    struct book *book;
    const struct office *office;
    struct book_job job;
    bool running, stopped;
    enum todo todo;
    int64_t looked_at; /* clock_mono_ms() of the last look for the month's list; 0 = not in this life */
    bool begun;        /* the first piece of merging the full text was done */
    bool waits;        /* a list waits for letters */
    int64_t stuck;     /* complaint of a list that can never be done: it is left alone */
    /* of the piece */
    struct retention_step step;
    struct blob_ref refs[RETENTION_FILES];
    struct forget_contents contents;
    int64_t request, list;
    bool merged, is_month;
    struct retention_found found;
};

static void arm(struct retention_run *r, int64_t ms)
{
    if (!r->stopped)
        loop_timer_set(r->timer, ms);
}

/* ---- pieces, on the writer ---- */

static enum outcome remove_files(struct book_txn *txn, struct retention_run *r, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < r->contents.count && !outcome; i++)
        outcome = blob_remove_file(txn, &r->contents.files[i], fault);
    return outcome;
}

static enum outcome merge(struct book_txn *txn, struct retention_run *r, struct fault *fault)
{
    struct fault ignored;
    enum outcome outcome = forget_begin(txn, fault);
    if (!outcome)
        outcome = forget_merge_words(txn, !r->begun, &r->merged, fault);
    if (!outcome && r->merged)
        outcome = forget_list_merged(txn, fault);
    enum outcome finished = forget_finish(txn, outcome ? &ignored : fault);
    return outcome ? outcome : finished;
}

static enum outcome propose(struct book_txn *txn, struct retention_run *r, struct fault *fault)
{
    struct arena *arena = arena_new(ARENA_MOST);
    enum outcome outcome = arena ? retention_propose(txn, r->office, &r->found, &r->list, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory to propose");
    arena_free(arena);
    return outcome;
}

static enum outcome remind(struct book_txn *txn, struct retention_run *r, struct fault *fault)
{
    struct arena *arena = arena_new(ARENA_MOST);
    enum outcome outcome = arena ? rights_remind(txn, r->office, r->request, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory to remind");
    arena_free(arena);
    return outcome;
}

static enum outcome work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct retention_run *r = arg;
    switch (r->todo) {
    case TODO_FORGET:
        if (r->stuck)
            return forget_item_settle(
                txn, r->step.list, r->stuck, "tidak dapat dikerjakan; lihat catatan sistem", fault);
        r->contents = (struct forget_contents){.files = r->refs, .most = RETENTION_FILES};
        return retention_step(txn, r->office, &r->step, &r->contents, fault);
    case TODO_FILES:
        return remove_files(txn, r, fault);
    case TODO_MERGE:
        return merge(txn, r, fault);
    case TODO_REMIND:
        return remind(txn, r, fault);
    case TODO_PROPOSE:
        return propose(txn, r, fault);
    default:
        return OUTCOME_DONE;
    }
}

/* ---- looking, on a reader ---- */

static enum outcome look_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct retention_run *r = arg;
    int64_t list = 0, now_mono = clock_mono_ms();
    bool unmerged = false, month_is_due = !r->looked_at || now_mono - r->looked_at >= DAY_MS;
    r->todo = TODO_NOTHING;
    r->is_month = false;
    r->request = 0;
    enum outcome outcome = forget_list_next(txn, &list, fault);
    if (!outcome && list && !r->waits)
        r->todo = TODO_FORGET;
    if (!outcome && !r->todo)
        outcome = rights_soon(txn, txn_now(txn) + DAY_MS, &r->request, fault);
    if (!outcome && r->request)
        r->todo = TODO_REMIND;
    if (!outcome && !r->todo && month_is_due)
        outcome = retention_is_month(txn, r->office, &r->is_month, fault);
    if (!outcome && r->is_month)
        outcome = retention_find(txn, r->office, &r->found, fault);
    if (!outcome && r->is_month && r->found.count)
        r->todo = TODO_PROPOSE;
    if (!outcome && month_is_due && !r->todo)
        r->looked_at = now_mono;
    if (!outcome && !r->todo && !list)
        outcome = forget_list_unmerged(txn, &unmerged, fault);
    if (unmerged)
        r->todo = TODO_MERGE;
    r->waits = false;
    return outcome;
}

/* ---- the loop ---- */

/* What the piece led to; returns how soon to look again. */
static int64_t follow(struct retention_run *r)
{
    switch (r->todo) {
    case TODO_FORGET:
        step("retention.forgotten"); /* its files lie there until the next piece */
        r->begun = false;
        r->waits = r->step.waits;
        if (r->step.forgotten)
            log_event(LOG_INFO, NULL, "retention.forgotten", "list=%lld complaints=%lld files=%zu",
                (long long)r->step.list, (long long)r->step.forgotten, r->contents.count);
        r->todo = r->contents.count ? TODO_FILES : TODO_NOTHING;
        return REST_MS;
    case TODO_FILES:
        step("retention.files_removed");
        r->todo = TODO_NOTHING;
        return REST_MS;
    case TODO_MERGE:
        r->begun = true;
        if (r->merged)
            log_event(LOG_INFO, NULL, "retention.words_merged", "done=yes");
        r->todo = TODO_NOTHING;
        return REST_MS;
    case TODO_PROPOSE:
        r->looked_at = clock_mono_ms();
        log_event(LOG_INFO, NULL, "retention.proposed", "list=%lld", (long long)r->list);
        r->todo = TODO_NOTHING;
        return LOOK_MS;
    default:
        r->todo = TODO_NOTHING;
        return LOOK_MS;
    }
}

static void done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct retention_run *r = arg;
    r->running = false;
    if (outcome) {
        log_fault(book_failure_level(r->book, outcome), NULL, "retention.failed", outcome, fault);
        /* One complaint must not hold up all others. */
        r->stuck = outcome == OUTCOME_NEVER && r->todo == TODO_FORGET && !r->stuck ? r->step.last : 0;
        r->todo = r->todo == TODO_FILES ? TODO_FILES : TODO_NOTHING;
        arm(r, r->stuck ? 1 : RETRY_MS);
        return;
    }
    if (r->stuck) {
        r->stuck = 0;
        r->todo = TODO_NOTHING;
        arm(r, 1);
        return;
    }
    int64_t soon = follow(r);
    arm(r, soon);
}

static void write_piece(struct retention_run *r)
{
    r->running = true;
    r->job = (struct book_job){.work = work, .done = done, .arg = r};
    book_write(r->book, &r->job);
}

static void looked(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct retention_run *r = arg;
    r->running = false;
    if (outcome)
        done(r, outcome, fault);
    else if (r->todo && !r->stopped)
        write_piece(r);
    else
        arm(r, LOOK_MS);
}

static void run(struct retention_run *r)
{
    if (r->stuck)
        r->todo = TODO_FORGET;
    if (r->todo) { /* files of the piece before */
        write_piece(r);
        return;
    }
    r->running = true;
    r->job = (struct book_job){.work = look_work, .done = looked, .arg = r};
    book_read(r->book, &r->job);
}

static void due(void *arg)
{
    struct retention_run *r = arg;
    if (!r->running && !r->stopped)
        run(r);
}

enum outcome retention_run_new(struct retention_run **ret, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault)
{
    struct retention_run *r = calloc(1, sizeof *r);
    if (!r || !(r->timer = loop_timer_new(loop, due, r))) {
        free(r);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for retention");
    }
    r->book = book;
    r->office = office;
    *ret = r;
    return OUTCOME_DONE;
}

void retention_run_start(struct retention_run *r)
{
    arm(r, FIRST_MS);
}

void retention_run_stop(struct retention_run *r)
{
    r->stopped = true;
    loop_timer_cancel(r->timer);
}

void retention_run_free(struct retention_run *r)
{
    if (!r)
        return;
    loop_timer_free(r->timer);
    free(r);
}
