/* Shared by desk.c (arrivals, life and death), outbox_run.c (what leaves) and media_run.c (files to fetch). */
#ifndef DESK_DESK_PRIVATE_H
#define DESK_DESK_PRIVATE_H

#include "alike_run.h"
#include "learn_run.h"
#include "chat_clock.h"
#include "clockwork.h"
#include "desk.h"
#include "scan_run.h"
#include "retention_run.h"
#include <pthread.h>

enum { DESK_CHANNELS_MAX = 64, HEALTH_TEXT = 400 };

/* One channel at the desk. */
struct desk_channel {
    struct desk *desk;
    struct channel *channel;
    char *bookmark; /* owned; NULL = none */
    bool started;
    enum channel_health health;
    char health_text[HEALTH_TEXT];
    int64_t good_at; /* ms; last time it was good, 0 = never */
    int64_t bad_at;  /* ms; disturbed since, 0 = it is not */
    struct loop_timer *alarm;
    bool alarmed; /* told to people, and to be called off */
    /* outbox_run.c */
    int in_flight;      /* given to the channel, not yet back */
    int returning;      /* of these, back to be tried again, which the book does not know yet */
    bool claiming;      /* a claim job is with the writer */
    bool more;          /* woken meanwhile: claim again */
    int64_t held_since; /* ms; since then what is sent has to be tried again; 0 = it goes */
    char held_text[sizeof((struct fault *)0)->public_text];
    unsigned setbacks;    /* failures in a row: back-off of the whole channel */
    int64_t paused_until; /* mono ms; 0 = not paused */
    struct loop_timer *due;
    struct parcel *unwritten; /* fates that the book could not take yet */
    struct loop_timer *rewrite;
    /* media_run.c */
    int fetching;
    bool media_claiming, media_more;
    struct loop_timer *media_due;
};

struct desk {
    struct loop *loop;
    struct book *book;
    const struct office *office;
    struct channel_host host;
    struct desk_channel channels[DESK_CHANNELS_MAX];
    size_t count;
    /* What other threads may see of them. */
    pthread_mutex_t seen_lock;
    struct desk_seen seen[DESK_CHANNELS_MAX];
    size_t seen_count;
    size_t arrivals; /* with the writer */
    bool stopping;
    loop_fn *stopped;
    void *stopped_arg;
    struct chat_clock *chats;
    struct clockwork *clocks;
    struct alike_run *alike;
    struct scan_run *scans; /* NULL = files are not scanned */
    struct retention_run *retention;
    struct learn_run *learning;
    struct book_job rules_job; /* looks which rules are in force */
    bool rules_running, rules_again;
    struct loop_timer *stop_timer;
    struct book_job start_job;
    void (*started)(void *, enum outcome, const struct fault *);
    void *started_arg;
};

/* desk_alarm.c: a channel's health, and people who are told when it is bad for too long. */
void desk_health(void *desk, struct channel *channel, enum channel_health health, const char *text);
void desk_try_again(void *desk, struct channel *channel);
void desk_alarm_due(void *channel);

/* Shows other threads what has changed of that channel. */
void desk_show(struct desk_channel *dc);

struct desk_channel *desk_find(struct desk *desk, const struct channel *channel);

/* The timer runs at that time (ms, 0 = never); before it, when that is far off: the clock may be set meanwhile. */
void desk_look_at(struct loop_timer *timer, int64_t at);

/* Looks whether the channel may take more rows, and claims them. */
void outbox_run_wake(struct desk_channel *dc);
void outbox_run_sent(
    void *desk, struct channel *channel, struct outbound *out, const struct sent_result *result);

/* Submits again the fates that could not be written; a loop_fn. */
void outbox_run_rewrite(void *desk_channel);

/* The same for files. */
void media_run_wake(struct desk_channel *dc);
void media_run_fetched(
    void *desk, struct channel *channel, struct fetch *fetch, const struct fetch_result *result);

/* Reports stopped() when nothing is in flight any more. */
void desk_check_stopped(struct desk *desk);

#endif
