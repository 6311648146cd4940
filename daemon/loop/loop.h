/* The event loop: one thread, libevent underneath, I/O only (no SQL, no hashing, nothing over a few ms).
 * Everything here belongs to the loop thread except loop_post(). */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include "daemon/base/fault.h"
#include <stdbool.h>
#include <stdint.h>

struct loop;
struct event_base;

typedef void loop_fn(void *arg);

enum outcome loop_new(struct loop **ret_loop, struct fault *fault);
void loop_free(struct loop *loop);
void loop_run(struct loop *loop);  /* until loop_stop() */
void loop_stop(struct loop *loop); /* after the current turn */
struct event_base *loop_base(struct loop *loop);

/* A task lies inside the object it concerns, so that posting cannot fail. Owned by the poster until it runs. */
struct loop_task {
    loop_fn *run;
    void *arg;
    struct loop_task *next; /* private */
};

/* Runs task->run(task->arg) on the loop thread, in order of posting, at most 256 a turn so that I/O stays
 * alive. Thread-safe. The task may be posted again from inside its run. */
void loop_post(struct loop *loop, struct loop_task *task);

/* Takes a posted task back before it ran (loop thread): for owners that are freed. false = it was not waiting. */
bool loop_recall(struct loop *loop, struct loop_task *task);

struct loop_timer;
/* NULL without memory; not armed */
struct loop_timer *loop_timer_new(struct loop *loop, loop_fn *run, void *arg);
void loop_timer_set(struct loop_timer *timer, int64_t after_ms); /* once; re-arms a pending one */
void loop_timer_cancel(struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer); /* NULL is fine */

/* Calls run on the loop thread for each signal signo. For the life of the loop. */
enum outcome loop_on_signal(struct loop *loop, int signo, loop_fn *run, void *arg, struct fault *fault);

/* Delay before attempt n (1, 2, ...) in ms: doubles from first_ms up to most_ms, with +-20 % jitter (base/random). */
int64_t loop_backoff_ms(unsigned attempt, int64_t first_ms, int64_t most_ms);

#endif
