/* The e-mail channel's life: configuration, bookmark, health, and the table of its calls. */
#include "email_private.h"
#include "mailbox_protocol.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EMAIL_WINDOW = 8 };

/* ---- health ---- */

void email_health(struct email *e, bool good, const char *text)
{
    if (e->state == EMAIL_OFF && *e->name)
        return;
    if (good == e->good && !strcmp(text, e->health))
        return;
    e->good = good;
    snprintf(e->health, sizeof e->health, "%s", text);
    e->host->health(e->host->desk, &e->base, good, e->health);
}

static int zone_hours(const char *zone)
{
    return zone && !strcmp(zone, "WIT") ? 9 : zone && !strcmp(zone, "WITA") ? 8 : 7;
}

void email_health_lost(struct email *e, const struct fault *fault)
{
    char text[EMAIL_TEXT_SIZE], when[40];
    const char *zone = config_text(e->config, "office", NULL, "timezone");
    const char *why = fault->public_text[0] ? fault->public_text : "Terjadi gangguan pada sistem.";
    time_t seconds = (time_t)(e->good_at / 1000) + zone_hours(zone) * 3600;
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(when, sizeof when, "%d-%m-%Y %H.%M", &tm);
    if (e->good_at)
        snprintf(text, sizeof text, "Surat belum terambil sejak %s %s. %s", when, zone ? zone : "WIB", why);
    else
        snprintf(text, sizeof text, "Surat belum terambil sejak pengaduand dijalankan. %s", why);
    email_health(e, false, text);
}

/* ---- life ---- */

static void email_free(struct channel *channel)
{
    struct email *e = (struct email *)channel;
    if (!e)
        return;
    email_session_free(e);
    email_batch_free(e);
    email_send_free(e);
    loop_timer_free(e->give_up);
    free(e->reply_to);
    free(e);
}

/* Answers shall come to a mailbox that is watched: this one's, or the first one's for the channel that only
 * sends. */
static const char *email_watched_address(const struct email *e)
{
    const char *name = *e->name ? e->name : NULL;
    if (!name && config_count(e->config, "mailbox"))
        name = config_instance(e->config, "mailbox", 0);
    const char *user = name ? config_text(e->config, "mailbox", name, "user") : NULL;
    return user && smtp_address_ok(user) ? user : NULL;
}

static enum outcome email_prepare(struct email *e, struct fault *fault)
{
    const char *watched = email_watched_address(e);
    e->end = &e->first;
    e->retry = loop_timer_new(e->loop, email_session_begin, e);
    e->watch = loop_timer_new(e->loop, email_session_watch, e);
    e->again = loop_timer_new(e->loop, email_batch_again, e);
    e->give_up = loop_timer_new(e->loop, email_send_give_up, e);
    e->reply_to = watched ? strdup(watched) : NULL;
    if (!e->retry || !e->watch || !e->again || !e->give_up || (watched && !e->reply_to))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for channel %s", e->id);
    return config_has(e->config, "smtp") ? mailer_hold(&e->mailer, e->loop, e->config, fault) : OUTCOME_DONE;
}

static enum outcome email_open(
    struct channel **ret_channel, const struct channel_context *context, struct fault *fault)
{
    const char *name = context->name ? context->name : "";
    struct email *e = calloc(1, sizeof *e);
    if (!e)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for an e-mail channel");
    int length = snprintf(e->id, sizeof e->id, *name ? "email:%s" : "email%s", name);
    e->name = *name ? e->id + strlen("email:") : "";
    e->base = (struct channel){&email_channel, e->id};
    e->config = context->config;
    e->host = context->host;
    e->loop = context->loop;
    e->parser = context->parser;
    enum outcome outcome = length < (int)sizeof e->id
                               ? email_prepare(e, fault)
                               : fault_set(fault, OUTCOME_STOP, "Nama kotak surat terlalu panjang.",
                                     "mailbox name of %zu bytes", strlen(name));
    if (outcome != OUTCOME_DONE) {
        email_free(&e->base);
        return outcome;
    }
    *ret_channel = &e->base;
    return OUTCOME_DONE;
}

/* "uidvalidity/last_uid"; anything else is as if nothing was ever fetched, which is safe: doubles are
 * no-ops. */
static void email_read_bookmark(struct email *e, const char *bookmark)
{
    char *end = NULL;
    unsigned long uidvalidity = bookmark ? strtoul(bookmark, &end, 10) : 0;
    if (!uidvalidity || uidvalidity > UINT32_MAX || *end != '/')
        return;
    unsigned long last_uid = strtoul(end + 1, &end, 10);
    if (*end || last_uid > UINT32_MAX)
        return;
    e->uidvalidity = (uint32_t)uidvalidity;
    e->last_uid = (uint32_t)last_uid;
}

/* Which of the last mails were flagged before we ended, nobody remembers: a kill between the commit and the flag
 * leaves mails of two batches that look unread. Setting a flag twice does no harm, nor does a UID that is gone
 * (RFC 3501 6.4.8). */
static void email_flag_last_batches(struct email *e)
{
    long mails = MAILBOX_BATCHES_MOST * config_number(e->config, "mailbox", e->name, "batch");
    uint32_t count = mails < EMAIL_FLAGS_MOST ? (uint32_t)mails : EMAIL_FLAGS_MOST;
    if (count > e->last_uid)
        count = e->last_uid;
    for (uint32_t i = 0; i < count; i++)
        e->flags[i] = e->last_uid - count + 1 + i;
    e->flag_count = count;
}

static void email_start(struct channel *channel, const char *bookmark)
{
    struct email *e = (struct email *)channel;
    if (!*e->name) {
        email_health(e, true, "Siap mengirim.");
        return;
    }
    email_read_bookmark(e, bookmark);
    email_flag_last_batches(e);
    e->state = EMAIL_RESTING;
    loop_timer_set(e->retry, 0);
}

static void email_settled(
    struct channel *channel, struct inbound *in, enum outcome outcome, const struct inbound_result *result)
{
    (void)result;
    email_batch_settled((struct email *)channel, in, outcome);
}

static void email_stop(struct channel *channel)
{
    struct email *e = (struct email *)channel;
    email_session_stop(e);
    email_send_stop(e);
}

static bool email_was_on_wire(const struct channel *channel, int64_t outbox_id)
{
    const struct email *e = (const struct email *)channel;
    return !e->mailer || mailer_was_on_wire(e->mailer, outbox_id);
}

const struct channel_ops email_channel = {
    .family = "email",
    .can_repeat = false, /* the Message-ID stays the same, but no relay is obliged to look at it */
    .window = EMAIL_WINDOW,
    .strict_order = false,
    .open = email_open,
    .start = email_start,
    .settled = email_settled,
    .was_on_wire = email_was_on_wire,
    .send = email_send,
    .stop = email_stop,
    .free = email_free,
};
