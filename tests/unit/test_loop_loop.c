/* The loop: tasks from other threads, fairness towards sockets, timers, signals, back-off. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "daemon/base/random.h"
#include "daemon/loop/loop.h"

struct world {
    struct loop *loop;
    int ran;
    int order_broken;
    int last;
    int ran_at_timer;
};

static int setup(void **state)
{
    static struct world w;
    w = (struct world){.last = -1};
    assert_int_equal(loop_new(&w.loop, NULL), OUTCOME_DONE);
    *state = &w;
    return 0;
}

static int teardown(void **state)
{
    loop_free(((struct world *)*state)->loop);
    return 0;
}

enum { MANY = 5000 };

struct numbered {
    struct loop_task task;
    struct world *world;
    int number;
};

static void numbered_run(void *arg)
{
    struct numbered *n = arg;
    if (n->world->last != n->number - 1)
        n->world->order_broken++;
    n->world->last = n->number;
    if (++n->world->ran == MANY)
        loop_stop(n->world->loop);
}

static void *post_many(void *arg)
{
    struct numbered *all = arg;
    for (int i = 0; i < MANY; i++)
        loop_post(all[i].world->loop, &all[i].task);
    return NULL;
}

static void tasks_of_another_thread_run_in_order(void **state)
{
    struct world *w = *state;
    struct numbered *all = calloc(MANY, sizeof *all);
    for (int i = 0; i < MANY; i++)
        all[i] = (struct numbered){.task = {numbered_run, &all[i], NULL}, .world = w, .number = i};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, post_many, all), 0);
    loop_run(w->loop);
    pthread_join(thread, NULL);
    assert_int_equal(w->ran, MANY);
    assert_int_equal(w->order_broken, 0);
    free(all);
}

static void note_timer(void *arg)
{
    struct world *w = arg;
    w->ran_at_timer = w->ran;
}

static void a_long_queue_does_not_starve_timers(void **state)
{
    struct world *w = *state;
    struct numbered *all = calloc(MANY, sizeof *all);
    for (int i = 0; i < MANY; i++)
        all[i] = (struct numbered){.task = {numbered_run, &all[i], NULL}, .world = w, .number = i};
    post_many(all);
    struct loop_timer *timer = loop_timer_new(w->loop, note_timer, w);
    loop_timer_set(timer, 0);
    loop_run(w->loop);
    assert_int_equal(w->ran, MANY);
    assert_true(w->ran_at_timer <= 512);
    loop_timer_free(timer);
    free(all);
}

struct again {
    struct loop_task task;
    struct loop *loop;
    int left;
};

static void again_run(void *arg)
{
    struct again *a = arg;
    if (--a->left)
        loop_post(a->loop, &a->task);
    else
        loop_stop(a->loop);
}

static void a_task_may_post_itself(void **state)
{
    struct world *w = *state;
    struct again a = {.loop = w->loop, .left = 1000};
    a.task = (struct loop_task){again_run, &a, NULL};
    loop_post(w->loop, &a.task);
    loop_run(w->loop);
    assert_int_equal(a.left, 0);
}

static void stop(void *arg)
{
    loop_stop(arg);
}

static void count(void *arg)
{
    ++*(int *)arg;
}

static void a_recalled_task_does_not_run(void **state)
{
    struct world *w = *state;
    int ran = 0;
    struct loop_task first = {count, &ran, NULL}, second = {count, &ran, NULL}, last = {stop, w->loop, NULL};
    loop_post(w->loop, &first);
    loop_post(w->loop, &second);
    assert_true(loop_recall(w->loop, &second));
    assert_false(loop_recall(w->loop, &second));
    loop_post(w->loop, &last);
    loop_run(w->loop);
    assert_int_equal(ran, 1);
}

static void a_cancelled_timer_does_not_fire(void **state)
{
    struct world *w = *state;
    int fired = 0;
    struct loop_timer *cancelled = loop_timer_new(w->loop, count, &fired);
    struct loop_timer *end = loop_timer_new(w->loop, stop, w->loop);
    loop_timer_set(cancelled, 1);
    loop_timer_set(end, 20);
    loop_timer_cancel(cancelled);
    loop_run(w->loop);
    assert_int_equal(fired, 0);
    loop_timer_free(cancelled);
    loop_timer_free(end);
}

static void signals_arrive_on_the_loop(void **state)
{
    struct world *w = *state;
    assert_int_equal(loop_on_signal(w->loop, SIGUSR1, stop, w->loop, NULL), OUTCOME_DONE);
    kill(getpid(), SIGUSR1);
    loop_run(w->loop);
}

static void a_stop_before_the_run_ends_it_at_once(void **state)
{
    struct world *w = *state;
    loop_stop(w->loop);
    loop_run(w->loop);
}

static void backoff_doubles_within_jitter_and_bounds(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        int64_t one = loop_backoff_ms(1, 1000, 60000), three = loop_backoff_ms(3, 1000, 60000),
                many = loop_backoff_ms(4000000000u, 1000, 60000);
        assert_in_range(one, 800, 1200);
        assert_in_range(three, 3200, 4800);
        assert_in_range(many, 48000, 72000);
    }
    assert_int_equal(loop_backoff_ms(1, 0, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tasks_of_another_thread_run_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_queue_does_not_starve_timers, setup, teardown),
        cmocka_unit_test_setup_teardown(a_task_may_post_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(a_recalled_task_does_not_run, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cancelled_timer_does_not_fire, setup, teardown),
        cmocka_unit_test_setup_teardown(signals_arrive_on_the_loop, setup, teardown),
        cmocka_unit_test_setup_teardown(a_stop_before_the_run_ends_it_at_once, setup, teardown),
        cmocka_unit_test(backoff_doubles_within_jitter_and_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
