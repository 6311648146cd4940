/* One outbound text, split into as many messages as the gateway's limit asks for, sent one after the other. To one chat
 * one text at a time, and with the gateway's pause between two messages: what is written first arrives first, and Meta
 * does not refuse the second (131056). Those that wait for their turn stand in g->sendings, oldest first. */
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/shortage.h"
#include "gateway_private.h"
#include "mapping_send.h"
#include "rules/text_whatsapp.h"
#include <stdio.h>
#include <string.h>

enum {
    ARENA_MAX = 4 << 20,
    TEXT_MAX = 512 * 1024,
    TIMEOUT_SECONDS = 30,
    ANSWER_MAX = 256 * 1024,
    STOP_MS = 2500, /* what is on the wire gets to end (channel.h: 3 s) */
};

struct sending {
    struct gateway *gateway;
    struct outbound *out; /* NULL = given back at the stop; what is on the wire ends with the client */
    struct arena *arena;
    const char *to;
    const char *next; /* the part to send */
    unsigned part, parts;
    bool outside; /* mapping_way(): as a template */
    bool calling;
    const char *external; /* of the first part: delivery states are told of it */
    struct sending *after;
};

/* ---- the end ---- */

static void unlink_sending(struct sending *s)
{
    struct sending **at = &s->gateway->sendings;
    while (*at && *at != s)
        at = &(*at)->after;
    if (*at)
        *at = s->after;
}

static void finish(struct sending *s, enum sent sent, int64_t after_ms, const struct fault *fault)
{
    struct gateway *g = s->gateway;
    const struct sent_result result = {
        .sent = sent, .external = s->external, .after_ms = after_ms, .fault = fault};
    unlink_sending(s);
    if (s->out)
        g->context.host->sent(g->context.host->desk, &g->channel, s->out, &result);
    arena_free(s->arena);
    if (!g->stopping)
        loop_timer_set(g->pace, 0); /* the next to that chat */
}

/* Something went wrong before this part left. If an earlier part did leave, repeating would send it twice. */
static void fail(struct sending *s, enum sent sent, int64_t after_ms, const struct fault *fault)
{
    if (s->part > 1 && sent != SENT_UNKNOWN) {
        struct fault half;
        fault_set(&half, OUTCOME_NEVER,
            "Baru sebagian pesan yang terkirim. Periksa di aplikasi kantor sebelum mengirim lagi.",
            "part %u of %u: %s", s->part, s->parts, fault->internal);
        finish(s, SENT_UNKNOWN, 0, &half);
    } else
        finish(s, sent, after_ms, fault);
}

/* ---- the pause between two messages to one chat ---- */

static struct gateway_recent *find_recent(struct gateway *g, const char *to)
{
    for (size_t i = 0; i < GATEWAY_RECENT; i++)
        if (g->recent[i].at && !strncmp(g->recent[i].to, to, sizeof g->recent[i].to - 1))
            return &g->recent[i];
    return NULL;
}

/* The oldest entry gives way. */
static void remember(struct gateway *g, const char *to)
{
    struct gateway_recent *r = find_recent(g, to);
    if (!r) {
        r = &g->recent[0];
        for (size_t i = 1; i < GATEWAY_RECENT; i++)
            if (g->recent[i].at < r->at)
                r = &g->recent[i];
    }
    r->at = clock_mono_ms();
    snprintf(r->to, sizeof r->to, "%s", to);
}

/* ms until a message may leave for that chat */
static int64_t pause_left(struct gateway *g, const char *to)
{
    const struct gateway_recent *r = find_recent(g, to);
    int64_t left = r ? r->at + mapping_recipient_gap_ms(g->mapping) - clock_mono_ms() : 0;
    return left > 0 ? left : 0;
}

static bool is_first_of_chat(const struct sending *s)
{
    const struct sending *other = s->gateway->sendings;
    while (other != s && strcmp(other->to, s->to))
        other = other->after;
    return other == s;
}

/* ---- one part ---- */

static void answered(void *arg, const struct http_answer *http);

struct http_call gateway_call(const struct gateway *g, const struct gateway_request *request,
    struct http_header headers[GATEWAY_HEADERS_MAX + 2], int timeout_seconds, size_t max)
{
    size_t n = 0;
    for (; n < request->header_count && n < GATEWAY_HEADERS_MAX; n++)
        headers[n] = (struct http_header){request->headers[n].name, request->headers[n].value};
    if (request->content_type)
        headers[n++] = (struct http_header){"Content-Type", request->content_type};
    headers[n] = (struct http_header){0};
    return (struct http_call){.method = request->method,
        .url = request->url,
        .headers = headers,
        .body = request->body,
        .length = request->body_size,
        .private_peer = g->private_peer && request->ours,
        .timeout_seconds = timeout_seconds,
        .max_answer = max};
}

static void send_part(struct sending *s)
{
    struct gateway *g = s->gateway;
    const json_t *payload = s->out->payload;
    struct gateway_text text = {.chat = s->to,
        .text = s->next,
        .outside = s->outside,
        .reply_to = s->part == 1 ? json_string_value(json_object_get(payload, "in_reply_to")) : NULL};
    struct gateway_request request;
    struct http_header headers[GATEWAY_HEADERS_MAX + 2];
    struct fault fault;
    unsigned long shortages = shortage_count();
    enum outcome outcome = mapping_send_fill(g->mapping, &text, s->arena, &request, &fault);
    if (shortage_count() != shortages)
        outcome = fault_set(&fault, OUTCOME_LATER, NULL, "no memory for all of a message");
    if (!outcome) {
        const struct http_call call = gateway_call(g, &request, headers, TIMEOUT_SECONDS, ANSWER_MAX);
        s->calling = true;
        remember(g, s->to);
        outcome = http_client_call(g->context.calls, &call, answered, s, &fault);
    }
    if (outcome) {
        s->calling = false;
        fail(s,
            outcome == OUTCOME_LATER  ? SENT_LATER
            : outcome == OUTCOME_STOP ? SENT_STOPPED
                                      : SENT_REFUSED,
            0, &fault);
    }
}

static enum sent judge(const struct gateway_answer *answer, struct fault *fault)
{
    static const struct {
        enum sent sent;
        const char *words;
    } verdicts[] = {
        [GATEWAY_ACCEPTED] = {SENT_ACCEPTED, ""},
        [GATEWAY_RETRY] = {SENT_LATER, "Gerbang pesan sedang tidak dapat mengirim; akan dicoba lagi."},
        [GATEWAY_WINDOW] = {SENT_CLOSED, GATEWAY_CLOSED_WORDS},
        [GATEWAY_DEAD] = {SENT_REFUSED, "Pesan tidak dapat disampaikan kepada pengadu lewat jalur ini."},
        [GATEWAY_CONFIG] = {SENT_STOPPED, "Gerbang pesan menolak akun kantor. Beri tahu admin."},
        [GATEWAY_UNKNOWN] = {SENT_UNKNOWN,
            "Belum pasti terkirim. Periksa di aplikasi kantor sebelum mengirim lagi."},
    };
    fault_set(fault, OUTCOME_LATER, verdicts[answer->verdict].words, "%s %s %s",
        gateway_verdict_name(answer->verdict), answer->error_code ? answer->error_code : "",
        answer->error_text ? answer->error_text : "");
    return verdicts[answer->verdict].sent;
}

static void answered(void *arg, const struct http_answer *http)
{
    struct sending *s = arg;
    if (!s->out) {
        unlink_sending(s);
        arena_free(s->arena);
        return;
    }
    static const enum gateway_transport transports[] = {[HTTP_NOT_SENT] = GATEWAY_NOT_SENT,
        [HTTP_UNKNOWN] = GATEWAY_LOST,
        [HTTP_ANSWERED] = GATEWAY_ANSWERED};
    struct gateway_answer answer = mapping_send_classify(
        s->gateway->mapping, s->to, transports[http->sent], http->status, http->body, http->length, s->arena);
    struct fault fault;
    s->calling = false;
    enum sent sent = judge(&answer, &fault);
    if (http->sent != HTTP_ANSWERED)
        snprintf(fault.internal, sizeof fault.internal, "%s", http->fault.internal);
    gateway_account_sent(s->gateway, sent, &fault);
    if (sent != SENT_ACCEPTED) {
        fail(s, sent, answer.retry_after_ms, &fault);
        return;
    }
    if (s->part == 1)
        s->external = answer.message_key;
    if (s->part == s->parts) {
        finish(s, SENT_ACCEPTED, 0, NULL);
        return;
    }
    s->next += strlen(s->next) + 1;
    s->part++;
    if (s->gateway->stopping) {
        fault_set(&fault, OUTCOME_LATER, "Layanan berhenti saat pesan ini dikirim.", "stopped between parts");
        fail(s, SENT_LATER, 0, &fault);
    } else {
        loop_timer_set(s->gateway->pace, 0);
    }
}

/* The time for answers is over: nobody knows what became of these. */
static void abandon(struct gateway *g)
{
    struct fault fault;
    fault_set(&fault, OUTCOME_STOP, "Layanan berhenti saat pesan ini dikirim.", "stopped during a call");
    const struct sent_result unknown = {.sent = SENT_UNKNOWN, .fault = &fault};
    for (struct sending *s = g->sendings; s; s = s->after) {
        struct outbound *out = s->out;
        s->out = NULL;
        if (out)
            g->context.host->sent(g->context.host->desk, &g->channel, out, &unknown);
    }
}

/* Sends what may be sent now. A send that ends at once changes the list: from the beginning again then. */
void gateway_send_paced(void *gateway)
{
    struct gateway *g = gateway;
    int64_t wait = -1;
    if (g->stopping) {
        abandon(g);
        return;
    }
    for (struct sending *s = g->sendings; s; s = s->after) {
        int64_t left = s->calling || !is_first_of_chat(s) ? -1 : pause_left(g, s->to);
        if (left == 0) {
            send_part(s);
            loop_timer_set(g->pace, 0);
            return;
        }
        if (left > 0 && (wait < 0 || left < wait))
            wait = left;
    }
    if (wait > 0)
        loop_timer_set(g->pace, wait);
}

/* What waits goes back; what is on the wire ends by its own deadline or with the client. */
void gateway_send_stop(struct gateway *g)
{
    struct fault fault;
    fault_set(&fault, OUTCOME_LATER, "Menunggu layanan dimulai lagi.", "stopped before it was sent");
    for (struct sending *s = g->sendings, *after; s; s = after) {
        after = s->after;
        if (!s->calling)
            fail(s, SENT_LATER, 0, &fault);
    }
    loop_timer_set(g->pace, STOP_MS);
}

/* ---- the whole ---- */

static void refuse(struct gateway *g, struct outbound *out, enum sent sent, const struct fault *fault)
{
    const struct sent_result result = {.sent = sent, .fault = fault};
    g->context.host->sent(g->context.host->desk, &g->channel, out, &result);
}

/* The parts one behind the other, each with a NUL behind it, in the arena; NULL: none, or no memory. A template takes
 * one: what does not fit is cut, the tracking page has the whole. */
static const char *cut(const char *text, struct gateway_limits limits, struct arena *arena,
    unsigned *ret_count, bool *ret_memory)
{
    const struct text_whatsapp_limits most = {limits.chars, limits.bytes};
    struct str parts;
    if (limits.parts == 1) {
        size_t n = text_whatsapp_first(text, most);
        *ret_count = n > 0;
        const char *copy = n ? arena_strndup(arena, text, n) : NULL;
        *ret_memory = copy || !n;
        return copy;
    }
    str_init(&parts, TEXT_MAX);
    *ret_count = text_whatsapp_split(&parts, text, most);
    const char *copy = *ret_count ? arena_memdup(arena, parts.data, parts.len + 1) : NULL;
    *ret_memory = str_ok(&parts) && (copy || !*ret_count);
    str_release(&parts);
    return copy;
}

static bool way_of(const struct gateway *g, const struct outbound *out, bool *ret_outside)
{
    int64_t now = clock_now_ms();
    enum gateway_way way = mapping_way(g->mapping, out->heard_at ? now - out->heard_at : now);
    if (way == GATEWAY_WAY_FREE && json_is_true(json_object_get(out->payload, "outside")))
        way = mapping_way_outside(g->mapping); /* the gateway told that its clock is another */
    *ret_outside = way == GATEWAY_WAY_OUTSIDE;
    return way != GATEWAY_WAY_NONE;
}

static struct sending *prepare(
    struct gateway *g, struct outbound *out, enum sent *ret_sent, struct fault *fault)
{
    const char *text = json_string_value(json_object_get(out->payload, "text")),
               *to = json_string_value(json_object_get(out->payload, "to"));
    bool outside = false, memory = false;
    unsigned count = 0;
    *ret_sent = SENT_LATER;
    if (g->account.lost) {
        *ret_sent = SENT_STOPPED;
        fault_set(
            fault, OUTCOME_STOP, "Gerbang pesan terputus dari akun kantor. Beri tahu admin.", "session lost");
        return NULL;
    }
    if (!way_of(g, out, &outside)) {
        *ret_sent = SENT_CLOSED;
        fault_set(fault, OUTCOME_NEVER, GATEWAY_CLOSED_WORDS, "window closed, last heard %lld",
            (long long)out->heard_at);
        return NULL;
    }
    struct arena *arena = arena_new(ARENA_MAX);
    struct sending *s = arena ? arena_alloc(arena, sizeof *s) : NULL;
    const char *parts =
        s && text ? cut(text, mapping_limits(g->mapping, outside), arena, &count, &memory) : NULL;
    if (parts && to) {
        *s = (struct sending){.gateway = g,
            .out = out,
            .arena = arena,
            .to = to,
            .next = parts,
            .part = 1,
            .parts = count,
            .outside = outside};
        return s;
    }
    bool never = s && (memory || !text || !to);
    *ret_sent = never ? SENT_REFUSED : SENT_LATER;
    fault_set(fault, OUTCOME_LATER, never ? "Teks kosong atau terlalu panjang untuk jalur ini." : NULL,
        never ? "text cannot be split into messages" : "no memory to send");
    arena_free(arena);
    return NULL;
}

void gateway_send(struct channel *channel, struct outbound *out)
{
    struct gateway *g = (struct gateway *)channel;
    struct fault fault;
    enum sent sent;
    struct sending *s = prepare(g, out, &sent, &fault);
    if (!s) {
        refuse(g, out, sent, &fault);
        return;
    }
    struct sending **end = &g->sendings;
    while (*end)
        end = &(*end)->after;
    *end = s;
    loop_timer_set(g->pace, 0);
}
