#include "job_queue.h"
#include "daemon/base/clock.h"
#include <errno.h>
#include <time.h>

void job_queue_init(struct job_queue *q)
{
    *q = (struct job_queue){.last = &q->first};
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->filled, NULL);
}

void job_queue_destroy(struct job_queue *q)
{
    pthread_cond_destroy(&q->filled);
    pthread_mutex_destroy(&q->lock);
}

bool job_queue_put(struct job_queue *q, struct book_job *job, bool *ret_first)
{
    job->next = NULL;
    pthread_mutex_lock(&q->lock);
    bool open = !q->closed;
    if (open) {
        if (ret_first)
            *ret_first = !q->first;
        *q->last = job;
        q->last = &job->next;
        q->length++;
        pthread_cond_signal(&q->filled);
    }
    pthread_mutex_unlock(&q->lock);
    return open;
}

bool job_queue_put_list(struct job_queue *q, struct book_job *first)
{
    pthread_mutex_lock(&q->lock);
    bool open = !q->closed;
    for (struct book_job *job = open ? first : NULL; job; job = job->next) {
        *q->last = job;
        q->last = &job->next;
        q->length++;
    }
    if (open)
        pthread_cond_signal(&q->filled);
    pthread_mutex_unlock(&q->lock);
    return open;
}

/* With the lock held. */
static struct book_job *cut(struct job_queue *q, size_t most)
{
    struct book_job *list = q->first, **end = &list;
    size_t n = 0;
    for (; n < most && *end; n++)
        end = &(*end)->next;
    q->first = *end;
    if (!q->first)
        q->last = &q->first;
    *end = NULL;
    q->length -= n;
    return list;
}

/* With the lock held. False when after_ms passed without a job. */
static bool wait_a_while(struct job_queue *q, int after_ms)
{
    int64_t until_ms = clock_mono_ms() + after_ms;
    const struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    while (!q->first && !q->closed)
        if (pthread_cond_clockwait(&q->filled, &q->lock, CLOCK_MONOTONIC, &until) == ETIMEDOUT)
            return false;
    return true;
}

struct book_job *job_queue_wait(struct job_queue *q, size_t most, const struct job_rest *rest)
{
    pthread_mutex_lock(&q->lock);
    if (!wait_a_while(q, rest->after_ms)) {
        pthread_mutex_unlock(&q->lock);
        rest->run(rest->arg);
        pthread_mutex_lock(&q->lock);
    }
    while (!q->first && !q->closed)
        pthread_cond_wait(&q->filled, &q->lock);
    struct book_job *list = cut(q, most);
    pthread_mutex_unlock(&q->lock);
    return list;
}

struct book_job *job_queue_take(struct job_queue *q, size_t most, bool *ret_more)
{
    pthread_mutex_lock(&q->lock);
    struct book_job *list = cut(q, most);
    if (ret_more)
        *ret_more = q->first;
    pthread_mutex_unlock(&q->lock);
    return list;
}

void job_queue_close(struct job_queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->filled);
    pthread_mutex_unlock(&q->lock);
}

size_t job_queue_length(struct job_queue *q)
{
    pthread_mutex_lock(&q->lock);
    size_t length = q->length;
    pthread_mutex_unlock(&q->lock);
    return length;
}
