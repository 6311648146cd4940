#include "clockwork.h"
#include "clocks.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include <stdlib.h>

enum { ARENA_MAX = 16 << 20 };

/* A page may change the calendar at any time, and is not to know of us: a look costs a reader two rows. */
static const int64_t FIRST_MS = 1000, LOOK_MS = 3 * 1000, RETRY_MS = 10 * 1000, HOUR_MS = 60 * 60 * 1000,
                     JUMP_MS = 60 * 1000, SETTLE_MS = 10 * 60 * 1000;

struct clockwork {
    struct loop_timer *timer;
    struct book *book;
    const struct office *office;
    struct book_job job;
    bool running, stopped;
    int64_t apart;         /* wall clock less the one that never jumps, at the last look */
    int64_t believed_from; /* clock_mono_ms() */
    /* of the job that runs, and what it found */
    enum clocks_step step;
    int64_t id, next;
    int64_t stuck; /* complaint whose step can never be taken: it has to wait */
};

static enum outcome work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct clockwork *w = arg;
    if (w->stuck)
        return clocks_postpone(txn, w->stuck, txn_now(txn) + HOUR_MS, fault);
    struct arena *arena = arena_new(ARENA_MAX);
    enum outcome outcome = arena ? clocks_step(txn, w->office, &w->step, &w->id, &w->next, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a clock");
    if (arena && !outcome && !arena_ok(arena))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for a clock");
    arena_free(arena);
    return outcome;
}

static enum outcome look_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct clockwork *w = arg;
    return clocks_look(txn, &w->id, &w->next, fault);
}

static void arm(struct clockwork *w, int64_t ms)
{
    if (!w->stopped)
        loop_timer_set(w->timer, ms);
}

static void done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct clockwork *w = arg;
    w->running = false;
    if (outcome) {
        log_fault(book_failure_level(w->book, outcome), NULL, "clocks.step_failed", outcome, fault);
        /* A calendar that cannot be counted with is tried again; one reminder must not hold up all others. */
        w->stuck = outcome == OUTCOME_NEVER && !w->stuck && w->step == CLOCKS_TOLD ? w->id : 0;
        arm(w, w->stuck ? 1 : RETRY_MS);
        return;
    }
    bool more = w->stuck || w->step != CLOCKS_REST;
    w->stuck = 0;
    arm(w, more ? 1 : LOOK_MS);
}

static void looked(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct clockwork *w = arg;
    if (outcome || !w->id || w->stopped) {
        w->step = CLOCKS_REST;
        done(w, outcome, fault);
        return;
    }
    w->job = (struct book_job){.work = work, .done = done, .arg = w};
    book_write(w->book, &w->job);
}

/* false = the wall clock jumped a moment ago. */
static bool believable(struct clockwork *w)
{
    int64_t mono = clock_mono_ms(), apart = clock_now_ms() - mono, by = apart - w->apart;
    w->apart = apart;
    if (by > JUMP_MS || by < -JUMP_MS) {
        w->believed_from = mono + SETTLE_MS;
        log_event(LOG_WARN, NULL, "clocks.clock_jumped", "seconds=%lld", (long long)(by / 1000));
    }
    return mono >= w->believed_from;
}

static void look(void *arg)
{
    struct clockwork *w = arg;
    if (w->running || w->stopped)
        return;
    if (!believable(w)) {
        arm(w, LOOK_MS);
        return;
    }
    w->running = true;
    if (w->stuck)
        looked(w, OUTCOME_DONE, NULL);
    else {
        w->job = (struct book_job){.work = look_work, .done = looked, .arg = w};
        book_read(w->book, &w->job);
    }
}

enum outcome clockwork_new(struct clockwork **ret, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault)
{
    struct clockwork *w = calloc(1, sizeof *w);
    if (!w || !(w->timer = loop_timer_new(loop, look, w))) {
        free(w);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the clockwork");
    }
    w->book = book;
    w->office = office;
    w->apart = clock_now_ms() - clock_mono_ms();
    *ret = w;
    return OUTCOME_DONE;
}

void clockwork_start(struct clockwork *w)
{
    arm(w, FIRST_MS);
}

void clockwork_stop(struct clockwork *w)
{
    w->stopped = true;
    loop_timer_cancel(w->timer);
}

void clockwork_free(struct clockwork *w)
{
    if (!w)
        return;
    loop_timer_free(w->timer);
    free(w);
}
