/* Jobs on their way to a thread, in order of submission. Thread-safe. */
#ifndef BOOK_JOB_QUEUE_H
#define BOOK_JOB_QUEUE_H

#include "book.h"
#include <pthread.h>

struct job_queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct book_job *first, **last;
    bool closed;
    size_t length; /* jobs not yet taken */
};

void job_queue_init(struct job_queue *q);
void job_queue_destroy(struct job_queue *q); /* empty, and nobody waits */

/* False when the queue is closed; the job was not taken over. *ret_first: it was the only one (may be NULL). */
bool job_queue_put(struct job_queue *q, struct book_job *job, bool *ret_first);

/* A whole list at once: whoever waits gets all of it together. False when the queue is closed. */
bool job_queue_put_list(struct job_queue *q, struct book_job *first);

/* What a thread does once when no job came for a while: not again before the next job. */
struct job_rest {
    int after_ms;
    void (*run)(void *arg); /* on the waiting thread, the queue unlocked */
    void *arg;
};

/* Up to most jobs as a list ending with next NULL; waits for the first one. NULL: closed and empty. */
struct book_job *job_queue_wait(struct job_queue *q, size_t most, const struct job_rest *rest);

/* The same without waiting; NULL: empty. *ret_more: some were left (may be NULL). */
struct book_job *job_queue_take(struct job_queue *q, size_t most, bool *ret_more);

void job_queue_close(struct job_queue *q); /* what is in it will still be taken */
size_t job_queue_length(struct job_queue *q);

#endif
