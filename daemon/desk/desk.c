#include "desk_private.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/book/alarm.h"
#include "daemon/book/arrival.h"
#include "daemon/book/media.h"
#include "daemon/book/outbox.h"
#include "classify_proposal.h"
#include "clocks.h"
#include "intake.h"
#include "rule_keep.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESULT_ARENA_MAX = 4 << 20, STOP_MS = 4000, LOOK_AGAIN_MS = 60 * 1000 };

struct desk_channel *desk_find(struct desk *desk, const struct channel *channel)
{
    for (size_t i = 0; i < desk->count; i++)
        if (desk->channels[i].channel == channel)
            return &desk->channels[i];
    return NULL;
}

/* ---- arrivals ------------------------------------------------------------------------------------------------- */

struct arrival_job {
    struct book_job job;
    struct desk *desk;
    struct channel *channel;
    struct inbound *in;
    struct intake_way way; /* proposal is owned */
    struct arena *arena;   /* of the result; renewed at each replay */
    struct intake_result result;
};

static enum outcome write_arrival(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct arrival_job *j = arg;
    arena_free(j->arena);
    j->arena = arena_new(RESULT_ARENA_MAX);
    if (!j->arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for an arrival");
    return intake_record(txn, j->desk->office, j->channel->id, j->in, &j->way, &j->result, j->arena, fault);
}

static void arrival_written(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct arrival_job *j = arg;
    struct desk *desk = j->desk;
    const struct intake_result *r = &j->result;
    if (outcome)
        log_fault(book_failure_level(desk->book, outcome), NULL, "intake.failed", outcome, fault);
    else
        log_event(LOG_INFO, r->number, "intake.written", "channel=%s outcome=%s", j->channel->id, r->outcome);
    const struct inbound_result result = {.outcome = r->outcome, .number = r->number, .code = r->code};
    chat_clock_at(desk->chats, outcome ? 0 : r->wake_at);
    desk->arrivals--;
    j->channel->ops->settled(j->channel, j->in, outcome, &result);
    arena_free(j->arena);
    json_decref(j->way.proposal);
    free(j);
    desk_check_stopped(desk);
}

/* Here and not in the transaction: the rules take longer than most of its statements, and all others wait for it.
 * What cannot be done now is done there. */
static void consider(struct arrival_job *j)
{
    struct fault fault;
    j->way.considered = j->in->kind == INBOUND_MESSAGE && !j->in->automatic &&
                        !classify_propose(j->desk->office, j->channel->id, j->in, &j->way.proposal, &fault);
}

static void desk_arrived(void *arg, struct channel *channel, struct inbound *in)
{
    static const struct inbound_result nothing;
    struct desk *desk = arg;
    struct arrival_job *j = calloc(1, sizeof *j);
    if (!j) {
        log_event(LOG_ERROR, NULL, "intake.failed", "channel=%s reason=\"no memory\"", channel->id);
        channel->ops->settled(channel, in, OUTCOME_LATER, &nothing);
        return;
    }
    *j = (struct arrival_job){.desk = desk, .channel = channel, .in = in};
    j->job = (struct book_job){.work = write_arrival, .done = arrival_written, .arg = j};
    consider(j);
    desk->arrivals++;
    book_write_together(desk->book, &j->job);
}

/* ---- health ----------------------------------------------------------------------------------------------------- */

static long minutes_since(int64_t at)
{
    return (long)((clock_now_ms() - at) / 60000);
}

void desk_status(const struct desk *desk, struct str *out)
{
    for (size_t i = 0; i < desk->count; i++) {
        const struct desk_channel *dc = &desk->channels[i];
        str_addf(out, "%-20s %s", dc->channel->id,
            dc->health == CHANNEL_GOOD && !dc->held_since ? "baik" : "TERGANGGU");
        if (dc->health != CHANNEL_GOOD && dc->good_at)
            str_addf(out, ", terakhir baik %ld menit lalu", minutes_since(dc->good_at));
        str_addf(out, "%s%s\n", *dc->health_text ? ": " : "", dc->health_text);
        if (dc->held_since)
            str_addf(out, "%-20s kiriman tertunda sejak %ld menit: %s\n", "", minutes_since(dc->held_since),
                dc->held_text);
    }
}

void desk_show(struct desk_channel *dc)
{
    struct desk *desk = dc->desk;
    size_t index = (size_t)(dc - desk->channels);
    struct desk_seen *seen = &desk->seen[index];
    pthread_mutex_lock(&desk->seen_lock);
    *seen = (struct desk_seen){
        .health = dc->health, .good_at = dc->good_at, .bad_at = dc->bad_at, .held_since = dc->held_since};
    snprintf(seen->id, sizeof seen->id, "%s", dc->channel->id);
    snprintf(seen->text, sizeof seen->text, "%s", dc->health_text);
    snprintf(seen->held_text, sizeof seen->held_text, "%s", dc->held_since ? dc->held_text : "");
    if (index >= desk->seen_count)
        desk->seen_count = index + 1;
    pthread_mutex_unlock(&desk->seen_lock);
}

size_t desk_look(struct desk *desk, struct desk_seen *ret, size_t most)
{
    pthread_mutex_lock(&desk->seen_lock);
    size_t count = desk->seen_count < most ? desk->seen_count : most;
    memcpy(ret, desk->seen, count * sizeof *ret);
    pthread_mutex_unlock(&desk->seen_lock);
    return count;
}

/* ---- life ------------------------------------------------------------------------------------------------------- */

enum outcome desk_new(struct desk **ret_desk, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault)
{
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the desk");
    pthread_mutex_init(&desk->seen_lock, NULL);
    desk->loop = loop;
    desk->book = book;
    desk->office = office;
    desk->host = (struct channel_host){.desk = desk,
        .arrived = desk_arrived,
        .sent = outbox_run_sent,
        .fetched = media_run_fetched,
        .health = desk_health,
        .try_again = desk_try_again};
    enum outcome outcome = chat_clock_new(&desk->chats, loop, book, office, fault);
    if (!outcome)
        outcome = clockwork_new(&desk->clocks, loop, book, office, fault);
    if (!outcome)
        outcome = alike_run_new(&desk->alike, loop, book, fault);
    if (!outcome)
        outcome = retention_run_new(&desk->retention, loop, book, office, fault);
    if (!outcome)
        outcome = learn_run_new(&desk->learning, loop, book, office, fault);
    if (outcome)
        desk_free(desk);
    else
        *ret_desk = desk;
    return outcome;
}

enum outcome desk_scan_by(struct desk *desk, struct scanner *scanner, struct fault *fault)
{
    return scan_run_new(&desk->scans, desk->loop, desk->book, scanner, fault);
}

const struct office *desk_office(const struct desk *desk)
{
    return desk->office;
}

const struct channel_host *desk_host(struct desk *desk)
{
    return &desk->host;
}

static void channel_due(void *arg)
{
    outbox_run_wake(arg);
}

static void media_due(void *arg)
{
    media_run_wake(arg);
}

enum outcome desk_add(struct desk *desk, struct channel *channel, struct fault *fault)
{
    if (desk->count == DESK_CHANNELS_MAX)
        return fault_set(
            fault, OUTCOME_STOP, "Terlalu banyak saluran.", "more than %d channels", DESK_CHANNELS_MAX);
    struct desk_channel *dc = &desk->channels[desk->count];
    *dc = (struct desk_channel){.desk = desk, .channel = channel};
    dc->due = loop_timer_new(desk->loop, channel_due, dc);
    dc->alarm = loop_timer_new(desk->loop, desk_alarm_due, dc);
    dc->rewrite = loop_timer_new(desk->loop, outbox_run_rewrite, dc);
    dc->media_due = loop_timer_new(desk->loop, media_due, dc);
    desk->count++; /* half made it can be freed */
    if (!dc->due || !dc->alarm || !dc->rewrite || !dc->media_due)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for channel %s", channel->id);
    desk_show(dc);
    return OUTCOME_DONE;
}

static bool may_have_left(const void *arg, int64_t id)
{
    const struct channel *channel = arg;
    if (channel->ops->can_repeat) /* then it does no harm to send it again */
        return false;
    return !channel->ops->was_on_wire || channel->ops->was_on_wire(channel, id);
}

/* What was told to people before a restart is still to be called off. */
static enum outcome recall_alarms(
    struct desk *desk, struct book_txn *txn, struct arena *arena, struct fault *fault)
{
    struct alarm *alarms = NULL;
    enum outcome outcome = alarm_list(txn, &alarms, arena, fault);
    for (; alarms && !outcome; alarms = alarms->next) {
        bool was, known = false;
        for (size_t i = 0; i < desk->count; i++)
            if (!strcmp(desk->channels[i].channel->id, alarms->key))
                known = desk->channels[i].alarmed = true;
        if (!known) /* the channel is configured no more */
            outcome = alarm_clear(txn, alarms->key, &was, fault);
    }
    return outcome;
}

/* One transaction before anything moves: rows that a crash left half sent, and where each channel resumes. */
static enum outcome prepare(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct desk *desk = arg;
    enum outcome outcome = OUTCOME_DONE;
    struct arena *arena = arena_new(RESULT_ARENA_MAX);
    for (size_t i = 0; arena && i < desk->count && !outcome; i++) {
        struct desk_channel *dc = &desk->channels[i];
        const char *bookmark = NULL;
        int64_t rows;
        outcome = outbox_recover(txn, dc->channel->id, may_have_left, dc->channel, &rows, fault);
        if (!outcome)
            outcome = media_recover(txn, dc->channel->id, fault);
        if (!outcome)
            outcome = bookmark_get(txn, dc->channel->id, &bookmark, arena, fault);
        free(dc->bookmark);
        dc->bookmark = bookmark ? strdup(bookmark) : NULL;
        if (bookmark && !dc->bookmark)
            outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for a bookmark");
    }
    if (arena && !outcome)
        outcome = recall_alarms(desk, txn, arena, fault);
    if (arena && !outcome)
        outcome = clocks_settle(txn, desk->office, arena, fault);
    if (arena && !outcome)
        outcome = rule_keep_refresh(desk->office->rules, txn, fault);
    arena_free(arena);
    return arena ? outcome : fault_set(fault, OUTCOME_LATER, NULL, "no memory to start the desk");
}

/* ---- rules that came into force ---- */

static enum outcome refresh_rules(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct desk *desk = arg;
    return rule_keep_refresh(desk->office->rules, txn, fault);
}

static void look_at_rules(struct desk *desk);

static void rules_refreshed(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct desk *desk = arg;
    bool again = desk->rules_again;
    if (outcome) /* the next commit looks again */
        log_fault(book_failure_level(desk->book, outcome), NULL, "rules.not_refreshed", outcome, fault);
    desk->rules_running = desk->rules_again = false;
    if (again && !desk->stopping)
        look_at_rules(desk);
}

static void look_at_rules(struct desk *desk)
{
    desk->rules_again = desk->rules_running;
    if (desk->rules_running)
        return;
    desk->rules_running = true;
    desk->rules_job = (struct book_job){.work = refresh_rules, .done = rules_refreshed, .arg = desk};
    book_read(desk->book, &desk->rules_job);
}

static void wake_all(void *arg)
{
    struct desk *desk = arg;
    for (size_t i = 0; i < desk->count; i++)
        outbox_run_wake(&desk->channels[i]);
    for (size_t i = 0; i < desk->count; i++)
        media_run_wake(&desk->channels[i]);
    alike_run_wake(desk->alike);
    scan_run_wake(desk->scans);
    look_at_rules(desk);
}

static void prepared(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct desk *desk = arg;
    for (size_t i = 0; i < desk->count && !outcome && !desk->stopping; i++) {
        struct desk_channel *dc = &desk->channels[i];
        dc->started = true;
        dc->channel->ops->start(dc->channel, dc->bookmark);
    }
    book_on_outbox(desk->book, wake_all, desk);
    if (!outcome) {
        wake_all(desk);
        chat_clock_at(desk->chats, 1); /* what the last life left waiting */
        clockwork_start(desk->clocks);
        retention_run_start(desk->retention);
        learn_run_start(desk->learning);
    }
    desk->started(desk->started_arg, outcome, fault);
}

void desk_start(struct desk *desk, void (*started)(void *, enum outcome, const struct fault *), void *arg)
{
    desk->started = started;
    desk->started_arg = arg;
    desk->start_job = (struct book_job){.work = prepare, .done = prepared, .arg = desk};
    book_write(desk->book, &desk->start_job);
}

static void stop_now(struct desk *desk)
{
    loop_fn *stopped = desk->stopped;
    desk->stopped = NULL;
    if (stopped)
        stopped(desk->stopped_arg);
}

static void stop_overdue(void *arg)
{
    struct desk *desk = arg;
    log_event(LOG_WARN, NULL, "desk.stop_overdue", "arrivals=%zu", desk->arrivals);
    stop_now(desk);
}

void desk_look_at(struct loop_timer *timer, int64_t at)
{
    int64_t wait = at - clock_now_ms();
    if (at)
        loop_timer_set(timer, wait > LOOK_AGAIN_MS ? LOOK_AGAIN_MS : wait > 0 ? wait : 1);
}

void desk_check_stopped(struct desk *desk)
{
    size_t busy = desk->arrivals;
    for (size_t i = 0; i < desk->count; i++)
        busy += (size_t)(desk->channels[i].in_flight + desk->channels[i].fetching) +
                desk->channels[i].claiming + desk->channels[i].media_claiming;
    if (desk->stopping && !busy)
        stop_now(desk);
}

void desk_stop(struct desk *desk, loop_fn *stopped, void *arg)
{
    desk->stopping = true;
    chat_clock_stop(desk->chats);
    clockwork_stop(desk->clocks);
    alike_run_stop(desk->alike);
    scan_run_stop(desk->scans);
    retention_run_stop(desk->retention);
    learn_run_stop(desk->learning);
    desk->stopped = stopped;
    desk->stopped_arg = arg;
    for (size_t i = 0; i < desk->count; i++) {
        loop_timer_cancel(desk->channels[i].due);
        loop_timer_cancel(desk->channels[i].media_due);
        loop_timer_cancel(desk->channels[i].alarm);
        loop_timer_cancel(desk->channels[i].rewrite);
        outbox_run_rewrite(
            &desk->channels[i]); /* the last chance: what fails now is known as "belum pasti" */
        desk->channels[i].channel->ops->stop(desk->channels[i].channel);
    }
    desk->stop_timer = loop_timer_new(desk->loop, stop_overdue, desk);
    if (desk->stop_timer)
        loop_timer_set(desk->stop_timer, STOP_MS);
    desk_check_stopped(desk);
}

void desk_free(struct desk *desk)
{
    if (!desk)
        return;
    for (size_t i = 0; i < desk->count; i++) {
        loop_timer_free(desk->channels[i].due);
        loop_timer_free(desk->channels[i].alarm);
        loop_timer_free(desk->channels[i].rewrite);
        loop_timer_free(desk->channels[i].media_due);
        free(desk->channels[i].bookmark);
    }
    chat_clock_free(desk->chats);
    clockwork_free(desk->clocks);
    alike_run_free(desk->alike);
    scan_run_free(desk->scans);
    retention_run_free(desk->retention);
    learn_run_free(desk->learning);
    loop_timer_free(desk->stop_timer);
    pthread_mutex_destroy(&desk->seen_lock);
    free(desk);
}
