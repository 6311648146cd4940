/* Health of the channels. Who looks at `status` sees it at once; officers are told when it is bad for longer than the
 * configuration bears, or at once when nothing will move until a person acts: a line on their desk, and a letter to the
 * admins (by the channels that still work). It is called off by itself. */
#include "desk_private.h"
#include "compose.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/book/alarm.h"
#include "daemon/book/event.h"
#include "daemon/book/officer.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALARM_ARENA_MAX = 1 << 20 };

struct alarm_job {
    struct book_job job;
    const struct office *office;
    char channel[200], text[HEALTH_TEXT];
    int64_t since;
    bool raise;
};

/* One letter to each admin who has an address. */
struct letters {
    struct book_txn *txn;
    const struct alarm_job *job;
    struct arena *arena;
};

static enum outcome write_to(void *arg, const struct officer *o, struct fault *fault)
{
    struct letters *l = arg;
    if (o->role != ROLE_ADMIN || o->disabled || !o->email || !l->job->office->email_out)
        return OUTCOME_DONE;
    return compose_alarm(l->txn, l->job->office, o->email,
        arena_printf(l->arena, "Saluran %s terganggu", l->job->channel), l->job->text, l->arena, fault);
}

static enum outcome write_alarm(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct alarm_job *j = arg;
    bool news = false;
    enum outcome outcome = j->raise ? alarm_raise(txn, j->channel, j->text, j->since, &news, fault)
                                    : alarm_clear(txn, j->channel, &news, fault);
    if (outcome || !news)
        return outcome;
    json_t *data = json_pack("{s:s}", "channel", j->channel);
    outcome =
        event_append(txn, 0, NULL, j->raise ? "saluran_terganggu" : "saluran_pulih", "sistem", data, fault);
    json_decref(data);
    struct letters letters = {txn, j, arena_new(ALARM_ARENA_MAX)};
    if (!outcome && j->raise)
        outcome = letters.arena ? officer_list(txn, write_to, &letters, fault)
                                : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an alarm");
    arena_free(letters.arena);
    return outcome;
}

static void alarm_written(void *arg, enum outcome outcome, const struct fault *fault)
{
    if (outcome)
        log_fault(LOG_ERROR, NULL, "alarm.unwritten", outcome, fault);
    free(arg);
}

static void alarm_write(struct desk_channel *dc, bool raise)
{
    struct alarm_job *j = calloc(1, sizeof *j);
    if (!j)
        return; /* the next change of health tries again; `status` has it all the same */
    *j = (struct alarm_job){.office = dc->desk->office, .since = dc->bad_at, .raise = raise};
    snprintf(j->channel, sizeof j->channel, "%s", dc->channel->id);
    snprintf(j->text, sizeof j->text, "%s", dc->health_text);
    j->job = (struct book_job){.work = write_alarm, .done = alarm_written, .arg = j};
    dc->alarmed = raise;
    book_write(dc->desk->book, &j->job);
}

void desk_alarm_due(void *channel)
{
    struct desk_channel *dc = channel;
    if (dc->health != CHANNEL_GOOD && !dc->desk->stopping)
        alarm_write(dc, true);
}

/* What waited for a person need not wait for the clock too. */
static void end_pause(struct desk_channel *dc)
{
    if (!dc->paused_until)
        return;
    dc->paused_until = 0;
    outbox_run_wake(dc);
}

void desk_try_again(void *desk, struct channel *channel)
{
    struct desk_channel *dc = desk_find(desk, channel);
    if (dc && !dc->desk->stopping)
        end_pause(dc);
}

void desk_health(void *desk, struct channel *channel, enum channel_health health, const char *text)
{
    struct desk_channel *dc = desk_find(desk, channel);
    if (!dc || dc->desk->stopping)
        return;
    bool changed = dc->health != health || strcmp(dc->health_text, text);
    dc->health = health;
    snprintf(dc->health_text, sizeof dc->health_text, "%s", text);
    if (!changed)
        return;
    log_event(health == CHANNEL_GOOD ? LOG_INFO : LOG_WARN, NULL, "channel.health",
        "channel=%s good=%s text=\"%s\"", channel->id, health == CHANNEL_GOOD ? "yes" : "no", text);
    if (health == CHANNEL_GOOD) {
        dc->good_at = clock_now_ms();
        dc->bad_at = 0;
        loop_timer_cancel(dc->alarm);
        desk_show(dc);
        if (dc->alarmed)
            alarm_write(dc, false);
        end_pause(dc);
        return;
    }
    if (!dc->bad_at) {
        dc->bad_at = clock_now_ms();
        loop_timer_set(dc->alarm, dc->desk->office->alarm_ms);
    }
    desk_show(dc);
    if (health == CHANNEL_NEEDS_PERSON || dc->alarmed)
        desk_alarm_due(dc);
}
