/* The connection to one mailbox: dial, start the child, pump, watch, end, wait, again. The IMAP itself is the
 * child's (mailbox/), what it hands up is the batch's (email_batch.c). */
#include "email_private.h"
#include "daemon/base/json_read.h"
#include "mailbox_protocol.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include <event2/bufferevent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    SESSION_DIAL_SECONDS = 30,
    SESSION_WATCH_MS = 1000,
    SESSION_LEAST_BYTES_PER_S = 1024, /* which buy a second of patience, up to timeout_seconds of it */
    SESSION_REST_EXTRA_MS = 60000,    /* beyond the time after which the child itself rings */
    SESSION_LAST_WORDS_MS = 5000,     /* from the end of the line to the child's report */
    SESSION_IDLE_MOST_SECONDS =
        600,                 /* servers and NAT boxes forget idle lines sooner than RFC 2177's 29 minutes */
    SESSION_GOOD_MS = 60000, /* a session that came to rest and held so long was a good one */
    SESSION_FIRST_MS = 1000,
    SESSION_MOST_MS = 300000,
    SESSION_STOPPED_MS = 15 * 60000, /* a refused login is asked again only that often: accounts get locked */
    SESSION_AGAIN_MS = 200,          /* after a session that ended for our own reasons */
    STUCK_ONE_BY_ONE = 2,            /* broken sessions at one mail until mails are asked for alone */
    STUCK_GIVE_UP = 10,              /* until a person is asked to look at it */
};

static long email_number(const struct email *e, const char *key)
{
    return config_number(e->config, "mailbox", e->instance, key);
}

static bool email_flag(const struct email *e, const char *key)
{
    return config_flag(e->config, "mailbox", e->instance, key);
}

static const char *email_text(const struct email *e, const char *key)
{
    return config_text(e->config, "mailbox", e->instance, key);
}

static long session_rest_seconds(const struct email *e)
{
    long seconds = email_number(e, "poll_seconds");
    if (email_flag(e, "idle") && seconds > SESSION_IDLE_MOST_SECONDS)
        return SESSION_IDLE_MOST_SECONDS;
    return seconds;
}

/* ---- between sessions ---- */

static void session_rest(struct email *e, int64_t ms)
{
    e->state = EMAIL_RESTING;
    loop_timer_set(e->retry, ms);
}

/* A session came to nothing, or never came to be. */
static void session_failed(struct email *e, enum outcome outcome, const struct fault *fault)
{
    if (outcome == OUTCOME_STOP && e->token && !e->token_doubted) {
        /* A token may be called back before its time: another one is bought before anybody is troubled. */
        e->token_doubted = true;
        token_refused(e->token);
        session_rest(e, SESSION_AGAIN_MS);
        return;
    }
    e->failures++;
    log_fault(outcome == OUTCOME_STOP ? LOG_ERROR : LOG_WARN, NULL, "mailbox.failed", outcome, fault);
    email_health_lost(e, outcome, fault);
    session_rest(e, outcome == OUTCOME_STOP
                        ? SESSION_STOPPED_MS
                        : loop_backoff_ms(e->failures, SESSION_FIRST_MS, SESSION_MOST_MS));
}

/* A mail at which every session breaks must not hold up the ones behind it for ever. First they are asked for
 * one by one, so that it is known which one it is; in the end an officer is told where to find it. */
static void session_count_stuck(struct email *e)
{
    if (!e->busy || !e->busy_uid)
        return;
    e->stuck = e->busy_uid == e->stuck_uid ? e->stuck + 1 : 1;
    e->stuck_uid = e->busy_uid;
    if (e->stuck < STUCK_GIVE_UP || e->first || e->stuck_uid <= e->last_uid)
        return;
    log_event(LOG_ERROR, NULL, "mailbox.mail_given_up", "channel=%s uid=%u", e->id, e->stuck_uid);
    e->highest = e->last_uid;
    if (email_batch_gone(e, e->stuck_uid, "sambungan selalu terputus ketika surat ini diambil"))
        email_batch_close(e);
    e->stuck = 0;
}

/* ---- the child's end ---- */

static void session_close(struct email *e)
{
    loop_timer_cancel(e->watch);
    tls_pump_free(e->pump);
    e->pump = NULL;
    if (e->server)
        bufferevent_free(e->server);
    e->server = NULL;
    e->flags_sent = 0; /* not confirmed: the next session sets them */
    e->owed = 0;
}

static void session_ended(void *arg, bool clean, const char *how)
{
    struct email *e = arg;
    e->child = NULL;
    session_close(e);
    if (e->state == EMAIL_OFF)
        return;
    email_batch_close(e); /* everything up to its last mail was handed up */
    session_count_stuck(e);
    if (clean || !e->ending_fault.internal[0])
        fault_set(&e->ending_fault, OUTCOME_LATER, "Sambungan ke kotak surat terputus; akan dicoba lagi.",
            "the mailbox child ended: %s", how);
    bool good = e->progress || (e->rested && clock_mono_ms() - e->session_since > SESSION_GOOD_MS);
    if (good && e->ending == OUTCOME_LATER) {
        e->failures = 0; /* a line that broke after good work is dialled again at once, and is no alarm yet */
        log_event(
            LOG_INFO, NULL, "mailbox.broken", "channel=%s reason=\"%s\"", e->id, e->ending_fault.internal);
        session_rest(e, SESSION_AGAIN_MS);
        return;
    }
    session_failed(e, e->ending, &e->ending_fault);
}

/* The pump has ended. What the child got before is read by it first, then it sees the end of the line. */
static void session_cut(void *arg, const char *why)
{
    struct email *e = arg;
    if (!e->child)
        return;
    if (!strcmp(why, "more bytes than allowed")) {
        child_kill(e->child, why);
        return;
    }
    shutdown(bufferevent_getfd(child_net(e->child)), SHUT_WR);
    child_deadline(e->child, SESSION_LAST_WORDS_MS, why);
}

/* Patience runs out with time and grows with bytes, never beyond what it was at first: a large mail may take as long
 * as its line needs, and a line that dies in the middle of it is noticed as soon as one that never spoke. */
static void session_count_patience(struct email *e)
{
    int64_t now = clock_mono_ms(), most = email_number(e, "timeout_seconds") * 1000;
    size_t received = tls_pump_received(e->pump);
    e->patience += (int64_t)(received - e->watched_bytes) * 1000 / SESSION_LEAST_BYTES_PER_S;
    e->patience -= now - e->watched_at;
    if (e->patience > most)
        e->patience = most;
    e->watched_at = now;
    e->watched_bytes = received;
}

/* The doorbell rang and the child does not open: it reads what comes at once, so that the same bytes lie there only
 * while it hangs. */
static bool session_hangs(struct email *e, int64_t now)
{
    size_t unread = child_unread(e->child);
    if (!unread || unread != e->unread) {
        e->unread = unread;
        e->unread_since = now;
    }
    return unread && now - e->unread_since > email_number(e, "timeout_seconds") * 1000;
}

void email_session_watch(void *email)
{
    struct email *e = email;
    int64_t now = clock_mono_ms();
    if (!e->child)
        return;
    if (session_hangs(e, now)) {
        child_kill(e->child, "it does not read what is sent to it");
    } else if (e->busy) {
        session_count_patience(e);
        if (e->patience < 0)
            child_kill(e->child, "the server is too slow");
    } else if (e->rest_until && now > e->rest_until) {
        child_kill(e->child, "no sign of life while idle");
    }
    loop_timer_set(e->watch, SESSION_WATCH_MS);
}

/* ---- frames of the child ---- */

static void session_busy(struct email *e, uint32_t uid)
{
    e->busy = true;
    e->busy_uid = uid;
    e->patience = email_number(e, "timeout_seconds") * 1000;
    e->watched_at = clock_mono_ms();
    e->watched_bytes = tls_pump_received(e->pump);
    e->rest_until = 0;
}

static void session_send_settled(struct email *e)
{
    const uint32_t *news = e->flags + e->flags_sent;
    size_t count = e->flag_count - e->flags_sent;
    if (child_send(e->child, MAILBOX_SETTLED, e->last_uid, news, count * sizeof *news))
        e->flags_sent = e->flag_count;
}

/* The child says nothing while it waits for SETTLED: that is our time, not the server's. With nothing left to
 * settle it is its turn, and it has to say soon what it does. */
static void session_perhaps_waits(struct email *e)
{
    if (e->owed)
        e->busy = false;
    else
        session_busy(e, 0);
}

static bool session_flagged(struct email *e, uint32_t count)
{
    if (count > e->flags_sent)
        return false;
    e->flag_count -= count;
    e->flags_sent -= count;
    memmove(e->flags, e->flags + count, e->flag_count * sizeof *e->flags);
    session_perhaps_waits(e);
    return true;
}

static bool session_batch(struct email *e, uint32_t highest)
{
    if (highest != e->highest || !email_batch_open(e))
        return false;
    e->owed++;
    session_perhaps_waits(e);
    email_batch_close(e);
    return true;
}

static void session_idle(struct email *e)
{
    e->busy = false;
    e->rest_until = clock_mono_ms() + session_rest_seconds(e) * 1000 + SESSION_REST_EXTRA_MS;
    e->rested = true;
    e->stuck = 0;
    e->good_at = clock_now_ms();
    e->token_doubted = false;
    email_health(e, CHANNEL_GOOD, "Terhubung; semua surat sudah diambil.");
}

static bool session_folder(struct email *e, const char *body, size_t length)
{
    json_t *json = json_loadb(body, length, 0, NULL);
    json_int_t uidvalidity = json_integer_value(json_object_get(json, "uidvalidity"));
    json_int_t exists = json_integer_value(json_object_get(json, "exists"));
    json_decref(json);
    if (uidvalidity <= 0 || uidvalidity > UINT32_MAX)
        return false;
    log_event(LOG_INFO, NULL, "mailbox.selected", "channel=%s uidvalidity=%u last_uid=%u exists=%d", e->id,
        (uint32_t)uidvalidity, e->last_uid, (int)exists);
    if ((uint32_t)uidvalidity != e->uidvalidity) {
        if (e->uidvalidity)
            log_event(LOG_WARN, NULL, "mailbox.renumbered", "channel=%s was=%u", e->id, e->uidvalidity);
        e->uidvalidity = (uint32_t)uidvalidity;
        e->last_uid = e->highest = 0;
        e->flag_count = 0;
        e->stuck = 0;
    }
    if (e->flag_count)
        session_send_settled(e);
    return true;
}

static void session_reported(struct email *e, const char *body, size_t length)
{
    json_t *json = json_loadb(body, length, 0, NULL);
    const char *outcome = json_string_value(json_object_get(json, "outcome"));
    const char *public_text = json_string_value(json_object_get(json, "public"));
    const char *internal = json_string_value(json_object_get(json, "internal"));
    e->ending = outcome && !strcmp(outcome, "stop") ? OUTCOME_STOP : OUTCOME_LATER;
    fault_set(&e->ending_fault, e->ending, public_text, "%s: %s", e->id, internal ? internal : "?");
    json_decref(json);
}

static bool session_frame_ok(struct email *e, const struct frame *head, const char *body)
{
    switch (head->type) {
    case MAILBOX_BUSY:
        session_busy(e, head->id);
        return true;
    case MAILBOX_IDLE:
        session_idle(e);
        return true;
    case MAILBOX_FOLDER:
        return session_folder(e, body, head->length);
    case MAILBOX_MAIL:
        return email_batch_mail(e, head->id, body, head->length);
    case MAILBOX_LARGE:
        return email_batch_large(e, head->id, body, head->length);
    case MAILBOX_GONE:
        return email_batch_gone(e, head->id, head->length ? body : NULL);
    case MAILBOX_BATCH:
        return session_batch(e, head->id);
    case MAILBOX_FLAGGED:
        return session_flagged(e, head->id);
    case MAILBOX_FAILED:
        session_reported(e, body, head->length);
        return true;
    default:
        return false;
    }
}

static void session_frame(void *arg, const struct frame *head, const char *body)
{
    struct email *e = arg;
    if (e->state == EMAIL_RUNNING && !session_frame_ok(e, head, body))
        child_kill(e->child, "protocol error or no memory");
}

/* ---- beginning ---- */

static bool session_send_open(struct email *e)
{
    const char *keyword = email_text(e, "keyword");
    long batch = e->stuck >= STUCK_ONE_BY_ONE ? 1 : email_number(e, "batch");
    json_t *json = json_pack("{s:s, s:s?, s:s?, s:s, s:s?, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:s?}", "user",
        email_text(e, "user"), "password", email_text(e, "password"), "token", e->access, "folder", e->folder,
        "move_to", email_text(e, "move_to"), "uidvalidity", (json_int_t)e->uidvalidity, "last_uid",
        (json_int_t)e->last_uid, "idle_seconds",
        (json_int_t)(email_flag(e, "idle") ? session_rest_seconds(e) : 0), "poll_seconds",
        (json_int_t)email_number(e, "poll_seconds"), "batch", (json_int_t)batch, "max_bytes",
        (json_int_t)email_number(e, "max_bytes"), "seen", (int)email_flag(e, "seen"), "keyword", keyword);
    char *text = json ? json_text(json, JSON_COMPACT) : NULL;
    bool sent = text && child_send(e->child, MAILBOX_OPEN, 0, text, strlen(text));
    if (text)
        explicit_bzero(text, strlen(text));
    if (e->access)
        explicit_bzero(e->access, strlen(e->access));
    free(e->access);
    e->access = NULL;
    free(text);
    json_decref(json);
    return sent;
}

static enum outcome session_start_child(struct email *e, struct fault *fault)
{
    static const char *const argv[] = {"mailbox", NULL};
    static const struct child_calls calls = {session_frame, session_ended};
    char path[PATH_MAX];
    size_t max_bytes = (size_t)email_number(e, "max_bytes");
    enum outcome outcome = child_find("mailbox", path, sizeof path, fault);
    struct child_program program = {.path = path,
        .argv = argv,
        .frame_fd = MAILBOX_FRAME_FD,
        .net_fd = MAILBOX_NET_FD,
        .max_frame = max_bytes + (1 << 20)};
    if (outcome == OUTCOME_DONE)
        outcome = child_start(&e->child, e->loop, &program, &calls, e, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    /* Nothing an honest server says in one go is longer than a few mails; a long session that has settled
     * mail is simply dialled again. It also bounds what a line without end costs the child. */
    e->pump = tls_pump_new(e->server, child_net(e->child), 4 * max_bytes + (32 << 20), session_cut, e);
    if (!e->pump || !session_send_open(e)) {
        tls_pump_free(e->pump);
        e->pump = NULL;
        child_forget(e->child);
        e->child = NULL;
        return fault_set(fault, OUTCOME_LATER, NULL, "%s: no memory to start the mailbox child", e->id);
    }
    e->highest = e->last_uid;
    e->progress = e->rested = false;
    e->session_since = clock_mono_ms();
    e->ending = OUTCOME_LATER;
    e->ending_fault = (struct fault){0};
    session_busy(e, 0);
    loop_timer_set(e->watch, SESSION_WATCH_MS);
    return OUTCOME_DONE;
}

static void session_connected(
    void *arg, struct bufferevent *connection, enum outcome outcome, const struct fault *fault)
{
    struct email *e = arg;
    struct fault own;
    e->dial = NULL;
    if (!connection) {
        session_failed(e, outcome, fault);
        return;
    }
    e->server = connection;
    outcome = session_start_child(e, &own);
    if (outcome == OUTCOME_DONE) {
        e->state = EMAIL_RUNNING;
        return;
    }
    session_close(e);
    session_failed(e, outcome, &own);
}

static void session_dial(struct email *e)
{
    struct fault fault;
    struct tls_peer peer = {.host = email_text(e, "host"),
        .port = (int)email_number(e, "port"),
        .tls = email_flag(e, "tls"),
        .ca_file = email_text(e, "ca_file"),
        .pin = email_text(e, "pin"),
        .timeout_seconds = SESSION_DIAL_SECONDS};
    enum outcome outcome = tls_dial(&e->dial, e->loop, &peer, session_connected, e, &fault);
    if (outcome == OUTCOME_DONE)
        e->state = EMAIL_DIALLING;
    else
        session_failed(e, outcome, &fault);
}

static void session_token(void *arg, const char *token, enum outcome outcome, const struct fault *fault)
{
    struct email *e = arg;
    e->access = token ? strdup(token) : NULL;
    if (e->access) {
        session_dial(e);
        return;
    }
    e->token_doubted = true; /* it is the provider who refuses: another token would be no better */
    session_failed(e, token ? OUTCOME_LATER : outcome, fault);
}

void email_session_begin(void *email)
{
    struct email *e = email;
    struct fault fault;
    if (e->state != EMAIL_RESTING)
        return;
    e->connect_when_drained = !email_batch_empty(e);
    if (e->connect_when_drained)
        return;
    if (!e->token) {
        session_dial(e);
        return;
    }
    e->state = EMAIL_DIALLING;
    if (!token_ask(e->token, session_token, e))
        session_failed(e, OUTCOME_LATER,
            (fault_set(&fault, OUTCOME_LATER, NULL, "%s: no memory to ask for a token", e->id), &fault));
}

void email_session_settled(struct email *e)
{
    e->failures = 0;
    if (e->child && e->owed) {
        e->owed--;
        session_send_settled(e);
        if (!e->busy) /* else it is asking for a later batch: that goes on */
            session_perhaps_waits(e);
    }
    if (e->connect_when_drained)
        email_session_begin(e);
}

/* ---- end ---- */

void email_session_stop(struct email *e)
{
    if (e->token)
        token_cancel(e->token, e);
    if (e->dial)
        tls_dial_cancel(e->dial);
    e->dial = NULL;
    if (e->retry)
        loop_timer_cancel(e->retry);
    if (e->child)
        child_stop(e->child); /* it sees its socket close, logs out and goes */
    e->state = EMAIL_OFF;
}

void email_session_free(struct email *e)
{
    email_session_stop(e);
    tls_pump_free(e->pump); /* before the child, whose bufferevent it holds */
    e->pump = NULL;
    child_forget(e->child);
    e->child = NULL;
    if (e->server)
        bufferevent_free(e->server);
    e->server = NULL;
    loop_timer_free(e->retry);
    loop_timer_free(e->watch);
}
