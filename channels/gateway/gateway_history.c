/* Catching up: GOWA, Twilio and others forget what they could not deliver while we were away. Once after the start their
 * history is read, one request after the other, as far back as the last arrival that is in the book, and what is there
 * goes the way of callbacks. The ledger knows what came in time. A gateway that is away itself is asked again, a while. */
#include "daemon/base/clock.h"
#include "daemon/base/json_read.h"
#include "daemon/base/log.h"
#include "gateway_private.h"
#include "mapping_history.h"
#include <stdlib.h>
#include <string.h>

enum {
    ARENA_MAX = 16 << 20,
    TIMEOUT_SECONDS = 30,
    ANSWER_MAX = 8 << 20,
    CHATS_MOST = 100,
    TRIES_MOST = 6,
    RETRY_FIRST_MS = 5000,
    RETRY_MOST_MS = 5 * 60 * 1000,
};
static const int64_t OVERLAP_MS = 10 * 60 * 1000; /* clocks differ, and what was on its way was lost */
static const int64_t SPAN_MOST_MS = 7LL * 24 * 3600 * 1000; /* what is older is not news any more */

struct history {
    struct gateway *gateway;
    struct arena *arena; /* of the list of chats */
    int64_t since_ms;
    const char **chats;
    size_t chat, chat_count;
    bool listing; /* the list of chats is asked for */
    bool calling;
    unsigned tries; /* of the request that is being made */
    size_t taken, failed;
    struct loop_timer *next;
};

static void ask(void *arg);

static void end(struct history *h)
{
    struct gateway *g = h->gateway;
    log_event(h->failed ? LOG_WARN : LOG_INFO, NULL, "gateway.caught_up",
        "channel=%s chats=%zu messages=%zu failed=%zu", g->id, h->chat_count, h->taken, h->failed);
    gateway_history_free(g);
}

static void go_on(struct history *h)
{
    h->listing = false;
    h->tries = 0;
    h->chat++;
    loop_timer_set(h->next, 0);
}

/* ---- answers ---- */

static void take_events(struct history *h, const char *body, size_t size)
{
    struct gateway_events events = {0};
    struct fault fault;
    struct arena *arena = arena_new(ARENA_MAX);
    enum outcome outcome =
        arena ? mapping_history_events(h->gateway->mapping, body, size, arena, &events, &fault)
              : fault_set(&fault, OUTCOME_LATER, NULL, "no memory for a history");
    if (outcome) {
        log_fault(LOG_WARN, NULL, "gateway.history_unreadable", outcome, &fault);
        h->failed++;
    }
    for (size_t i = 0; !outcome && i < events.count; i++) {
        const struct gateway_event *e = &events.list[i];
        if (e->time_ms == GATEWAY_NO_TIME || e->time_ms < h->since_ms || e->group)
            continue;
        char *raw = json_text(e->item, JSON_COMPACT);
        if (raw) {
            gateway_take_event(h->gateway, e, raw, strlen(raw), NULL, NULL);
            h->taken++;
        }
        free(raw);
    }
    arena_free(arena);
}

static void take_chats(struct history *h, const char *body, size_t size)
{
    struct fault fault;
    enum outcome outcome = mapping_history_read_chats(h->gateway->mapping, body, size, h->since_ms,
        CHATS_MOST, h->arena, &h->chats, &h->chat_count, &fault);
    if (outcome) {
        log_fault(LOG_WARN, NULL, "gateway.history_unreadable", outcome, &fault);
        h->failed++;
        h->chat_count = 0;
    }
    h->chat = (size_t)-1; /* go_on() begins with the first */
}

static void answered(void *arg, const struct http_answer *http)
{
    struct history *h = arg;
    struct gateway *g = h->gateway;
    bool good = http->sent == HTTP_ANSWERED && http->status >= 200 && http->status < 300;
    h->calling = false;
    if (g->stopping) {
        gateway_history_free(g);
        return;
    }
    if (!good && ++h->tries < TRIES_MOST) {
        loop_timer_set(h->next, loop_backoff_ms(h->tries, RETRY_FIRST_MS, RETRY_MOST_MS));
        return;
    }
    if (!good) {
        log_event(LOG_WARN, NULL, "gateway.history_failed", "channel=%s status=%d reason=\"%s\"", g->id,
            http->sent == HTTP_ANSWERED ? http->status : 0,
            http->sent == HTTP_ANSWERED ? "" : http->fault.internal);
        h->failed++;
        if (h->listing)
            h->chat_count = 0;
    } else if (h->listing) {
        take_chats(h, http->body, http->length);
    } else {
        take_events(h, http->body, http->length);
    }
    if (!good && h->listing)
        h->chat = 0;
    go_on(h);
}

/* ---- requests ---- */

static bool make_request(struct history *h, struct arena *arena, struct gateway_request *ret)
{
    const struct gateway_mapping *m = h->gateway->mapping;
    if (h->listing)
        return mapping_history_chats(m, h->since_ms, arena, ret);
    return mapping_history_messages(m, h->chats ? h->chats[h->chat] : NULL, h->since_ms, arena, ret);
}

static void ask(void *arg)
{
    struct history *h = arg;
    struct gateway *g = h->gateway;
    struct gateway_request request;
    struct http_header headers[GATEWAY_HEADERS_MAX + 2];
    struct fault fault;
    if (g->stopping || (!h->listing && h->chat >= h->chat_count)) {
        end(h);
        return;
    }
    struct arena *arena = arena_new(1 << 20);
    bool made = arena && make_request(h, arena, &request);
    if (made) {
        const struct http_call call = gateway_call(g, &request, headers, TIMEOUT_SECONDS, ANSWER_MAX);
        made = http_client_call(g->context.calls, &call, answered, h, &fault) == OUTCOME_DONE;
        h->calling = made;
    }
    arena_free(arena);
    if (!made) {
        h->failed++;
        h->chat_count = h->listing ? 0 : h->chat_count;
        go_on(h);
    }
}

void gateway_history_start(struct gateway *g, const char *bookmark)
{
    int64_t last = bookmark ? strtoll(bookmark, NULL, 10) : 0, now = clock_now_ms();
    struct gateway_request request;
    if (last <= 0 || !mapping_has_history(g->mapping) || !g->catch_up)
        return;
    struct history *h = calloc(1, sizeof *h);
    if (!h)
        return;
    g->history = h;
    *h = (struct history){.gateway = g, .arena = arena_new(ARENA_MAX), .chat_count = 1};
    h->since_ms = last - OVERLAP_MS > now - SPAN_MOST_MS ? last - OVERLAP_MS : now - SPAN_MOST_MS;
    h->next = loop_timer_new(g->context.loop, ask, h);
    if (!h->arena || !h->next) {
        gateway_history_free(g);
        return;
    }
    h->listing = mapping_history_chats(g->mapping, h->since_ms, h->arena, &request);
    loop_timer_set(h->next, 0);
}

/* A call on the wire ends with the client, before the channels are freed (serve.c). */
void gateway_history_free(struct gateway *g)
{
    struct history *h = g->history;
    g->history = NULL;
    if (!h)
        return;
    loop_timer_free(h->next);
    arena_free(h->arena);
    free(h);
}
