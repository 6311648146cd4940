/* The loop thread: libevent's base, the queue by which other threads hand it finished work, timers and
 * signals.
 *
 * The queue is a list under a mutex and an eventfd that is written only when the list was empty: a thousand
 * posts between two turns cost one system call. */
#include "loop.h"
#include "daemon/base/log.h"
#include "daemon/base/random.h"
#include "daemon/base/reserve.h"
#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { TASKS_A_TURN = 256 };

struct task_list {
    struct loop_task *first;
    struct loop_task **tail;
};

struct loop_signal {
    struct event *event;
    loop_fn *run;
    void *arg;
    struct loop_signal *next;
};

struct loop {
    struct event_base *base;
    struct event *wake;
    int wake_fd;
    pthread_mutex_t lock;
    struct task_list posted; /* by any thread, under the lock */
    struct task_list ready;  /* taken over by the loop thread */
    struct loop_signal *signals;
    bool stopping;
};

static void task_list_init(struct task_list *list)
{
    list->first = NULL;
    list->tail = &list->first;
}

static void task_list_add(struct task_list *list, struct loop_task *task)
{
    task->next = NULL;
    *list->tail = task;
    list->tail = &task->next;
}

static struct loop_task *task_list_take(struct task_list *list)
{
    struct loop_task *task = list->first;
    if (!task)
        return NULL;
    list->first = task->next;
    if (!list->first)
        list->tail = &list->first;
    return task;
}

static bool task_list_remove(struct task_list *list, const struct loop_task *task)
{
    for (struct loop_task **at = &list->first; *at; at = &(*at)->next) {
        if (*at != task)
            continue;
        *at = task->next;
        if (!*at)
            list->tail = at;
        return true;
    }
    return false;
}

static void loop_wake(struct loop *loop)
{
    uint64_t one = 1;
    /* The counter cannot overflow and the descriptor is ours: only EINTR is possible. */
    while (write(loop->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

static void loop_woken(evutil_socket_t fd, short what, void *arg)
{
    struct loop *loop = arg;
    uint64_t count;
    (void)what;
    while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
        continue;
    pthread_mutex_lock(&loop->lock);
    if (loop->posted.first) {
        *loop->ready.tail = loop->posted.first;
        loop->ready.tail = loop->posted.tail;
        task_list_init(&loop->posted);
    }
    pthread_mutex_unlock(&loop->lock);
    for (int i = 0; i < TASKS_A_TURN; i++) {
        struct loop_task *task = task_list_take(&loop->ready);
        if (!task)
            return;
        task->run(task->arg); /* may post the task again, or free it */
    }
    if (loop->ready.first)
        loop_wake(loop); /* the rest after a look at the sockets: an event_active() would run before it */
}

static void loop_libevent_said(int severity, const char *text)
{
    if (severity == EVENT_LOG_ERR)
        log_event(LOG_ERROR, NULL, "loop.libevent_failed", "reason=\"%s\"", text);
    else
        log_event(LOG_DEBUG, NULL, "loop.libevent_said", "text=\"%s\"", text); /* strangers can cause these */
}

enum outcome loop_new(struct loop **ret_loop, struct fault *fault)
{
    struct loop *loop = calloc(1, sizeof *loop);
    if (!loop)
        return fault_set(fault, OUTCOME_LATER, NULL, "loop: no memory");
    task_list_init(&loop->posted);
    task_list_init(&loop->ready);
    pthread_mutex_init(&loop->lock, NULL);
    event_set_mem_functions(reserve_malloc, reserve_realloc, reserve_free);
    event_set_log_callback(loop_libevent_said);
    signal(SIGPIPE, SIG_IGN); /* a peer that went away is an error code, not the end of the process */
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    loop->base = event_base_new();
    if (loop->base && loop->wake_fd >= 0)
        loop->wake = event_new(loop->base, loop->wake_fd, EV_READ | EV_PERSIST, loop_woken, loop);
    if (!loop->wake || event_add(loop->wake, NULL)) {
        loop_free(loop);
        return fault_set(fault, OUTCOME_LATER, NULL, "loop: event base: %s", strerror(errno));
    }
    *ret_loop = loop;
    return OUTCOME_DONE;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    while (loop->signals) {
        struct loop_signal *s = loop->signals;
        loop->signals = s->next;
        event_free(s->event);
        free(s);
    }
    if (loop->wake)
        event_free(loop->wake);
    if (loop->base)
        event_base_free(loop->base);
    if (loop->wake_fd >= 0)
        close(loop->wake_fd);
    pthread_mutex_destroy(&loop->lock);
    free(loop);
}

void loop_run(struct loop *loop)
{
    while (!loop->stopping) {
        if (event_base_loop(loop->base, EVLOOP_ONCE) < 0) {
            log_event(LOG_ERROR, NULL, "loop.failed", "reason=\"%s\"", strerror(errno));
            abort(); /* epoll itself failed; a restart is safe, the book is the truth */
        }
    }
    loop->stopping = false;
}

void loop_stop(struct loop *loop)
{
    loop->stopping = true;
    loop_wake(loop);
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}

void loop_post(struct loop *loop, struct loop_task *task)
{
    pthread_mutex_lock(&loop->lock);
    bool was_empty = !loop->posted.first;
    task_list_add(&loop->posted, task);
    pthread_mutex_unlock(&loop->lock);
    if (was_empty)
        loop_wake(loop);
}

bool loop_recall(struct loop *loop, struct loop_task *task)
{
    pthread_mutex_lock(&loop->lock);
    bool found = task_list_remove(&loop->posted, task);
    pthread_mutex_unlock(&loop->lock);
    return found || task_list_remove(&loop->ready, task);
}

struct loop_timer {
    struct event *event;
    loop_fn *run;
    void *arg;
};

static void loop_timer_fired(evutil_socket_t fd, short what, void *arg)
{
    struct loop_timer *timer = arg;
    (void)fd;
    (void)what;
    timer->run(timer->arg); /* may free the timer */
}

struct loop_timer *loop_timer_new(struct loop *loop, loop_fn *run, void *arg)
{
    struct loop_timer *timer = calloc(1, sizeof *timer);
    if (!timer)
        return NULL;
    timer->run = run;
    timer->arg = arg;
    timer->event = evtimer_new(loop->base, loop_timer_fired, timer);
    if (!timer->event) {
        free(timer);
        return NULL;
    }
    return timer;
}

void loop_timer_set(struct loop_timer *timer, int64_t after_ms)
{
    if (after_ms < 0)
        after_ms = 0;
    struct timeval tv = {.tv_sec = after_ms / 1000, .tv_usec = after_ms % 1000 * 1000};
    event_add(timer->event, &tv);
}

void loop_timer_cancel(struct loop_timer *timer)
{
    event_del(timer->event);
}

void loop_timer_free(struct loop_timer *timer)
{
    if (!timer)
        return;
    event_free(timer->event);
    free(timer);
}

static void loop_signalled(evutil_socket_t signo, short what, void *arg)
{
    struct loop_signal *s = arg;
    (void)signo;
    (void)what;
    s->run(s->arg);
}

enum outcome loop_on_signal(struct loop *loop, int signo, loop_fn *run, void *arg, struct fault *fault)
{
    struct loop_signal *s = calloc(1, sizeof *s);
    if (!s)
        return fault_set(fault, OUTCOME_LATER, NULL, "signal %d: no memory", signo);
    s->run = run;
    s->arg = arg;
    s->event = evsignal_new(loop->base, signo, loop_signalled, s);
    if (!s->event || event_add(s->event, NULL)) {
        if (s->event)
            event_free(s->event);
        free(s);
        return fault_set(fault, OUTCOME_LATER, NULL, "signal %d: cannot be watched", signo);
    }
    s->next = loop->signals;
    loop->signals = s;
    return OUTCOME_DONE;
}

int64_t loop_backoff_ms(unsigned attempt, int64_t first_ms, int64_t most_ms)
{
    int64_t delay = first_ms;
    for (unsigned n = 1; n < attempt && delay < most_ms; n++)
        delay = delay > most_ms / 2 ? most_ms : delay * 2;
    if (delay > most_ms)
        delay = most_ms;
    if (delay > 24 * 3600 * 1000) /* keeps the jitter within 32 bits; no caller waits longer than a day */
        delay = 24 * 3600 * 1000;
    /* Jitter, so that fifty mailboxes of one server do not come back in the same second. */
    uint32_t fifth = (uint32_t)(delay / 5);
    return fifth ? delay - fifth + random_below(2 * fifth + 1) : delay;
}
