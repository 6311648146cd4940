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

void email_health(struct email *e, enum channel_health health, const char *text)
{
    if (e->state == EMAIL_OFF && *e->name)
        return;
    if (e->health_told && health == e->health_kind && !strcmp(text, e->health))
        return;
    e->health_told = true;
    e->health_kind = health;
    snprintf(e->health, sizeof e->health, "%s", text);
    e->host->health(e->host->desk, &e->base, health, e->health);
}

static int zone_hours(const char *zone)
{
    return zone && !strcmp(zone, "WIT") ? 9 : zone && !strcmp(zone, "WITA") ? 8 : 7;
}

void email_health_lost(struct email *e, enum outcome outcome, const struct fault *fault)
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
    email_health(e, outcome == OUTCOME_STOP ? CHANNEL_NEEDS_PERSON : CHANNEL_AWAY, text);
}

/* ---- life ---- */

static void email_free(struct channel *channel)
{
    struct email *e = (struct email *)channel;
    if (!e)
        return;
    if (e->token)
        token_cancel(e->token, e);
    email_session_free(e);
    email_batch_free(e);
    email_send_free(e);
    loop_timer_free(e->give_up);
    token_release(e->token);
    free(e->access);
    free(e->reply_to);
    free(e->instance);
    free(e);
}

/* Answers shall come to a mailbox that is watched: this one's, or the first one's for the channel that only
 * sends. */
static const char *email_watched_address(const struct email *e)
{
    const char *name = *e->instance ? e->instance : NULL;
    if (!name && config_count(e->config, "mailbox"))
        name = config_instance(e->config, "mailbox", 0);
    const char *user = name ? config_text(e->config, "mailbox", name, "user") : NULL;
    return user && smtp_address_ok(user) ? user : NULL;
}

static enum outcome email_prepare(struct email *e, const struct channel_context *context, struct fault *fault)
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
    const char *oauth = *e->instance ? config_text(e->config, "mailbox", e->instance, "oauth") : NULL;
    enum outcome outcome =
        oauth ? token_hold(&e->token, e->loop, context->calls, e->config, oauth, fault) : OUTCOME_DONE;
    if (outcome == OUTCOME_DONE && config_has(e->config, "smtp"))
        outcome = mailer_hold(&e->mailer, e->loop, context->calls, e->config, fault);
    return outcome;
}

/* ---- names ---- */

/* The folder number `index` of a list separated by commas. */
static bool nth_folder(const char *list, size_t index, char *out, size_t size)
{
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, ","), begin = strspn(p, " "), end = n;
        while (end > begin && p[end - 1] == ' ')
            end--;
        if (end > begin && !index--) {
            snprintf(out, size, "%.*s", (int)(end - begin), p + begin);
            return end - begin < size;
        }
        p += n + (p[n] == ',');
    }
    return false;
}

bool email_channel_name(
    const struct config *config, const char *instance, size_t index, char out[EMAIL_NAME_SIZE])
{
    size_t n = (size_t)snprintf(out, EMAIL_NAME_SIZE, "%s", instance);
    if (!index)
        return n < EMAIL_NAME_SIZE;
    if (n + 1 >= EMAIL_NAME_SIZE)
        return false;
    out[n] = '/';
    return nth_folder(
        config_text(config, "mailbox", instance, "folder"), index, out + n + 1, EMAIL_NAME_SIZE - n - 1);
}

/* "kantor/Spam" into its two halves; the first folder has no half of its own. */
static bool email_split_name(struct email *e)
{
    char folder[EMAIL_NAME_SIZE] = "";
    size_t n = strcspn(e->name, "/");
    if (e->name[n])
        snprintf(folder, sizeof folder, "%s", e->name + n + 1);
    e->instance = calloc(1, n + sizeof folder + 2);
    if (!e->instance)
        return false;
    memcpy(e->instance, e->name, n);
    if (n && !*folder &&
        !nth_folder(config_text(e->config, "mailbox", e->instance, "folder"), 0, folder, sizeof folder))
        snprintf(folder, sizeof folder, "INBOX");
    memcpy(e->instance + n + 1, folder, strlen(folder));
    e->folder = e->instance + n + 1;
    return true;
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
    if (length < (int)sizeof e->id && !email_split_name(e)) {
        free(e);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for an e-mail channel");
    }
    enum outcome outcome = length < (int)sizeof e->id
                               ? email_prepare(e, context, fault)
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
    long mails = MAILBOX_BATCHES_MOST * config_number(e->config, "mailbox", e->instance, "batch");
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
        email_health(e, CHANNEL_GOOD, "Siap mengirim.");
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
