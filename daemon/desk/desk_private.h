/* Shared by desk.c (arrivals, life and death) and outbox_run.c (what leaves). */
#ifndef DESK_DESK_PRIVATE_H
#define DESK_DESK_PRIVATE_H

#include "desk.h"

enum { DESK_CHANNELS_MAX = 64, HEALTH_TEXT = 160 };

/* One channel at the desk. */
struct desk_channel {
    struct desk *desk;
    struct channel *channel;
    char *bookmark; /* owned; NULL = none */
    bool started;
    bool good;
    char health[HEALTH_TEXT];
    int64_t good_at; /* ms; last time it was good, 0 = never */
    /* outbox_run.c */
    int in_flight;        /* given to the channel, not yet back */
    bool claiming;        /* a claim job is with the writer */
    bool more;            /* woken meanwhile: claim again */
    unsigned setbacks;    /* failures in a row: back-off of the whole channel */
    int64_t paused_until; /* mono ms; 0 = not paused */
    struct loop_timer *due;
    struct parcel *unwritten;   /* owned; sent, but the book could not be told yet */
    unsigned rewrites;          /* attempts in a row to tell it */
    struct loop_timer *rewrite; /* the next one */
};

struct desk {
    struct loop *loop;
    struct book *book;
    const struct office *office;
    struct channel_host host;
    struct desk_channel channels[DESK_CHANNELS_MAX];
    size_t count;
    size_t arrivals; /* with the writer */
    bool stopping;
    loop_fn *stopped;
    void *stopped_arg;
    struct loop_timer *stop_timer;
    struct book_job start_job;
    void (*started)(void *, enum outcome, const struct fault *);
    void *started_arg;
};

struct desk_channel *desk_find(struct desk *desk, const struct channel *channel);

/* Looks whether the channel may take more rows, and claims them. */
void outbox_run_wake(struct desk_channel *dc);
void outbox_run_rewrite(void *dc);                /* the timer `rewrite` */
void outbox_run_release(struct desk_channel *dc); /* what the book was never told: the desk is freed */
void outbox_run_sent(
    void *desk, struct channel *channel, struct outbound *out, const struct sent_result *result);

/* Reports stopped() when nothing is in flight any more. */
void desk_check_stopped(struct desk *desk);

#endif
