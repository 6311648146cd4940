/* Jobs on their way to a thread, and what a thread does when none come. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <semaphore.h>
#include <stdbool.h>
#include <time.h>
#include "daemon/book/job_queue.h"

enum { PATIENCE_S = 20, JOBS = 3 };

struct worker {
    struct job_queue queue;
    pthread_t thread;
    struct job_rest rest;
    sem_t rested, done;
    int rests, jobs;
};

static void rested(void *arg)
{
    struct worker *w = arg;
    w->rests++;
    assert_int_equal(job_queue_length(&w->queue), 0); /* the queue is not locked meanwhile */
    sem_post(&w->rested);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    while (job_queue_wait(&w->queue, 1, &w->rest)) {
        w->jobs++;
        sem_post(&w->done);
    }
    return NULL;
}

static void await_event(sem_t *event)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    assert_int_equal(sem_timedwait(event, &until), 0);
}

static void begin(struct worker *w, int after_ms)
{
    *w = (struct worker){.rest = {after_ms, rested, w}};
    job_queue_init(&w->queue);
    sem_init(&w->rested, 0, 0);
    sem_init(&w->done, 0, 0);
    assert_int_equal(pthread_create(&w->thread, NULL, work, w), 0);
}

static void end(struct worker *w)
{
    job_queue_close(&w->queue);
    pthread_join(w->thread, NULL);
    job_queue_destroy(&w->queue);
}

static void a_thread_without_jobs_rests_once_until_the_next(void **state)
{
    struct worker w;
    struct book_job jobs[JOBS] = {0};
    (void)state;
    begin(&w, 1);
    for (int i = 0; i < JOBS; i++) {
        await_event(&w.rested);
        assert_true(job_queue_put(&w.queue, &jobs[i], NULL));
        await_event(&w.done);
    }
    await_event(&w.rested);
    end(&w);
    assert_int_equal(w.rests, JOBS + 1);
    assert_int_equal(w.jobs, JOBS);
}

static void a_busy_thread_does_not_rest(void **state)
{
    struct worker w;
    struct book_job jobs[JOBS] = {0};
    (void)state;
    begin(&w, 3600 * 1000);
    for (int i = 0; i < JOBS; i++)
        assert_true(job_queue_put(&w.queue, &jobs[i], NULL));
    for (int i = 0; i < JOBS; i++)
        await_event(&w.done);
    end(&w); /* wakes it */
    assert_int_equal(w.rests, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_without_jobs_rests_once_until_the_next),
        cmocka_unit_test(a_busy_thread_does_not_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
