#include "chat_clock.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "dialog.h"
#include <stdlib.h>

enum { CHATS_A_TURN = 50, ARENA_MAX = 16 << 20 };

/* The wall clock may jump: nothing is waited for longer than that without a look. */
static const int64_t LOOK_MS = 60 * 1000, RETRY_MS = 10 * 1000;

struct chat_clock {
    struct loop_timer *timer;
    struct book *book;
    const struct office *office;
    struct book_job job;
    int64_t due_at; /* ms; 0 = nothing waits */
    int64_t next;   /* of the job that runs */
    bool running, stopped;
};

static enum outcome work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct chat_clock *clock = arg;
    enum outcome outcome = OUTCOME_DONE;
    clock->next = 1;
    for (int i = 0; i < CHATS_A_TURN && !outcome && clock->next && clock->next <= txn_now(txn); i++) {
        struct arena *arena = arena_new(ARENA_MAX);
        outcome = arena ? dialog_wake(txn, clock->office, &clock->next, arena, fault)
                        : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a conversation");
        arena_free(arena);
    }
    return outcome;
}

static void arm(struct chat_clock *clock)
{
    int64_t left = clock->due_at - clock_now_ms();
    if (clock->due_at && !clock->stopped)
        loop_timer_set(clock->timer, left < 1 ? 1 : left < LOOK_MS ? left : LOOK_MS);
}

static void done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct chat_clock *clock = arg;
    clock->running = false;
    if (outcome) {
        log_fault(book_failure_level(clock->book, outcome), NULL, "chat.wake_failed", outcome, fault);
        clock->next = clock_now_ms() + RETRY_MS;
    }
    if (clock->next && (!clock->due_at || clock->next < clock->due_at))
        clock->due_at = clock->next;
    arm(clock);
}

static void look(void *arg)
{
    struct chat_clock *clock = arg;
    if (clock->running || clock->stopped)
        return;
    if (clock->due_at > clock_now_ms()) {
        arm(clock);
        return;
    }
    clock->running = true;
    clock->due_at = 0;
    clock->job = (struct book_job){.work = work, .done = done, .arg = clock};
    book_write(clock->book, &clock->job);
}

enum outcome chat_clock_new(struct chat_clock **ret_clock, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault)
{
    struct chat_clock *clock = calloc(1, sizeof *clock);
    if (!clock || !(clock->timer = loop_timer_new(loop, look, clock))) {
        free(clock);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the conversations' clock");
    }
    clock->book = book;
    clock->office = office;
    *ret_clock = clock;
    return OUTCOME_DONE;
}

void chat_clock_at(struct chat_clock *clock, int64_t at)
{
    if (!at || (clock->due_at && clock->due_at <= at))
        return;
    clock->due_at = at;
    if (!clock->running)
        arm(clock);
}

void chat_clock_stop(struct chat_clock *clock)
{
    clock->stopped = true;
    loop_timer_cancel(clock->timer);
}

void chat_clock_free(struct chat_clock *clock)
{
    if (!clock)
        return;
    loop_timer_free(clock->timer);
    free(clock);
}
