#include "channels/parser/parser.h"
#include "config/config.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/shortage.h"
#include "daemon/loop/http_server.h"
#include "gateway_private.h"
#include "mapping_auth.h"
#include "mapping_source.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Evolution may put a video of 16 MB into the callback, as base64. */
enum { BODY_MAX = 24 << 20, SCRATCH_MAX = 64 << 20, WINDOW = 8 };

/* One callback until all of its events are in the book. */
struct hook {
    struct gateway *gateway;
    struct http_request *request;
    struct arena *arena;
    size_t waiting;
    bool later; /* an event could not be written: the gateway must come again */
    int status; /* when everything was written; 0 = the mapping's acknowledgement */
};

static void reply(struct http_request *request, int status, const char *type, const char *body)
{
    const struct http_response response = {
        .status = status, .content_type = type, .body = body, .length = strlen(body)};
    http_reply(request, &response);
}

/* Never an error text in the body: some gateways send it to the citizen. */
static void hook_done(struct hook *h)
{
    const struct gateway_ack *ack = mapping_ack(h->gateway->mapping);
    if (h->later)
        reply(h->request, 503, "text/plain", "");
    else if (h->status)
        reply(h->request, h->status, "text/plain", "");
    else
        reply(h->request, ack->status, ack->type, ack->body);
    arena_free(h->arena);
    free(h);
}

/* ---- handing up ------------------------------------------------------------------------------------------------- */

/* One arrival on its way to the book; lives in the inbound's arena. */
struct ascent {
    struct gateway *gateway;
    struct inbound *in;
    gateway_settled_fn *settled;
    void *arg;
    struct ascent *next; /* in g->typing */
};

static void end_ascent(struct ascent *up, enum outcome outcome)
{
    gateway_settled_fn *settled = up->settled;
    void *arg = up->arg;
    arena_free(up->in->arena); /* up lives there */
    if (settled)
        settled(arg, outcome);
}

static void gateway_settled(
    struct channel *channel, struct inbound *in, enum outcome outcome, const struct inbound_result *result)
{
    (void)channel;
    (void)result;
    end_ascent(in->token, outcome);
}

static void arrive(struct ascent *up)
{
    const struct channel_host *host = up->gateway->context.host;
    host->arrived(host->desk, &up->gateway->channel, up->in);
}

static void stop_typing(struct ascent *up)
{
    struct ascent **at = &up->gateway->typing;
    while (*at && *at != up)
        at = &(*at)->next;
    if (*at)
        *at = up->next;
}

static void file_known(
    void *arg, enum outcome outcome, const struct parser_file *file, const struct fault *fault)
{
    struct ascent *up = arg;
    struct inbound_file *f = up->in->files;
    (void)fault;
    stop_typing(up);
    if (outcome == OUTCOME_LATER) {
        end_ascent(up, OUTCOME_LATER);
        return;
    }
    if (!outcome) {
        f->media_type = arena_strdup(up->in->arena, file->media_type);
        f->has_place = file->has_place;
        f->latitude = file->latitude;
        f->longitude = file->longitude;
    }
    if (f->media_type)
        arrive(up);
    else
        end_ascent(up, OUTCOME_LATER);
}

/* in NULL = no memory. settled may run inside. */
static void hand_up(struct gateway *g, struct inbound *in, gateway_settled_fn *settled, void *arg)
{
    struct ascent *up = in ? arena_alloc(in->arena, sizeof *up) : NULL;
    if (!up) {
        log_event(LOG_ERROR, NULL, "gateway.no_memory", "channel=%s answer=503", g->id);
        if (in)
            arena_free(in->arena);
        if (settled)
            settled(arg, OUTCOME_LATER);
        return;
    }
    *up = (struct ascent){.gateway = g, .in = in, .settled = settled, .arg = arg};
    in->token = up;
    in->bookmark = arena_printf(in->arena, "%lld", (long long)clock_now_ms());
    if (!in->files) {
        arrive(up);
        return;
    }
    up->next = g->typing; /* what is inside the callback rides on this commit, with its true type */
    g->typing = up;
    parser_file_facts(g->context.parser, in->files->data, in->files->size, file_known, up);
}

void gateway_take_event(struct gateway *g, const struct gateway_event *e, const void *raw, size_t size,
    gateway_settled_fn *settled, void *arg)
{
    gateway_account_heard(g, e);
    unsigned long shortages = shortage_count();
    struct inbound *in = event_inbound(g, e, raw, size, clock_now_ms());
    if (in && shortage_count() != shortages) {
        arena_free(in->arena);
        in = NULL;
    }
    hand_up(g, in, settled, arg);
}

/* ---- callbacks --------------------------------------------------------------------------------------------------- */

static void event_written(void *arg, enum outcome outcome)
{
    struct hook *h = arg;
    h->later |= outcome != OUTCOME_DONE;
    if (!--h->waiting)
        hook_done(h);
}

static const char *find_header(void *context, const char *name)
{
    return http_request_header(context, name);
}

static void take_bare(
    struct hook *h, enum inbound_kind kind, const char *reason, const void *body, size_t size)
{
    h->waiting++;
    hand_up(h->gateway, event_inbound_bare(kind, reason, body, size), event_written, h);
}

static void take_events(struct hook *h, const void *body, size_t size)
{
    struct gateway_events events = {0};
    struct fault fault;
    unsigned long shortages = shortage_count();
    enum outcome outcome = mapping_events(h->gateway->mapping, body, size, h->arena, &events, &fault);
    if (shortage_count() != shortages)
        outcome = fault_set(&fault, OUTCOME_LATER, NULL, "no memory for all of a callback");
    h->waiting = 1; /* this function itself: nothing is answered before all are handed up */
    if (outcome == OUTCOME_NEVER) {
        log_fault(LOG_WARN, NULL, "gateway.unreadable", outcome, &fault);
        h->status = 400;
        take_bare(h, INBOUND_UNREADABLE, "isi callback tidak dapat dibaca", body, size);
    } else if (outcome) {
        log_fault(LOG_ERROR, NULL, "gateway.failed", outcome, &fault);
        h->later = true;
    } else if (!events.count)
        take_bare(h, INBOUND_OTHER, "tidak ada pesan di dalamnya", body, size);
    for (size_t i = 0; !outcome && i < events.count; i++) {
        h->waiting++;
        gateway_take_event(h->gateway, &events.list[i], body, size, event_written, h);
    }
    event_written(h, OUTCOME_DONE);
}

static void refuse(struct hook *h, int status, const char *why)
{
    log_event(LOG_WARN, NULL, "gateway.refused", "channel=%s status=%d why=\"%s\" peer=%s", h->gateway->id,
        status, why, http_request_peer(h->request));
    reply(h->request, status, "text/plain", "");
    arena_free(h->arena);
    free(h);
}

static void post_hook(struct hook *h)
{
    size_t size;
    const unsigned char *body = http_request_body(h->request, &size);
    const struct gateway_callback callback = {.header = find_header,
        .header_context = h->request,
        .query = http_request_query(h->request),
        .body = (const char *)body,
        .body_size = size,
        .path_token = http_request_rest(h->request),
        .peer = http_request_client(h->request, h->arena),
        .now_ms = clock_now_ms()};
    switch (mapping_verify(h->gateway->mapping, &callback, h->arena)) {
    case GATEWAY_AUTHENTIC:
        take_events(h, body, size);
        return;
    case GATEWAY_MALFORMED:
        refuse(h, 400, "body cannot be read");
        return;
    case GATEWAY_NOT_AUTHENTIC:
    case GATEWAY_UNJUDGED:
        break;
    }
    refuse(h, arena_ok(h->arena) ? 401 : 503, "not authentic");
}

static void get_hook(struct hook *h)
{
    const char *echo = "";
    switch (mapping_handshake(h->gateway->mapping, http_request_query(h->request), h->arena, &echo)) {
    case GATEWAY_HANDSHAKE_GOOD:
    case GATEWAY_HANDSHAKE_NONE:
        reply(h->request, 200, "text/plain", echo ? echo : "");
        arena_free(h->arena);
        free(h);
        return;
    case GATEWAY_HANDSHAKE_BAD:
        refuse(h, 403, "wrong verify token");
        return;
    }
}

static void handle(struct http_request *request, void *arg)
{
    struct gateway *g = arg;
    struct hook *h = calloc(1, sizeof *h);
    struct arena *arena = arena_new(SCRATCH_MAX);
    if (!h || !arena || g->stopping) {
        log_event(LOG_WARN, NULL, "gateway.refused", "channel=%s status=503 why=\"%s\"", g->id,
            g->stopping ? "stopping" : "no memory");
        free(h);
        arena_free(arena);
        reply(request, 503, "text/plain", "");
        return;
    }
    *h = (struct hook){.gateway = g, .request = request, .arena = arena};
    if (http_request_method(request) == HTTP_POST)
        post_hook(h);
    else
        get_hook(h);
}

/* What the server refused before the callback was read. Without words: some gateways send an answer's words on to the
 * citizen. */
static void word_error(struct http_request *request, int status, void *arg)
{
    const struct gateway *g = arg;
    log_event(LOG_WARN, NULL, "gateway.refused", "channel=%s status=%d why=\"%s\" peer=%s", g->id, status,
        "the HTTP server refused it", http_request_peer(request));
    reply(request, status, "text/plain", "");
}

/* ---- opening ---------------------------------------------------------------------------------------------------- */

static enum outcome load_mapping(
    const struct channel_context *context, struct gateway_mapping **ret, struct fault *fault)
{
    struct mapping_source source;
    enum outcome outcome = mapping_source_read(&source, context->config, context->name, fault);
    if (outcome)
        return outcome;
    struct gateway_lookup lookup = mapping_source_lookup(&source);
    outcome = mapping_load(source.name, source.text, source.size, &lookup, MAPPING_FOR_ALL, ret, fault);
    mapping_source_release(&source);
    return outcome;
}

static void gateway_free(struct channel *channel)
{
    struct gateway *g = (struct gateway *)channel;
    gateway_history_free(g);
    loop_timer_free(g->pace);
    mapping_free(g->mapping);
    free(g->id);
    free(g->route);
    free(g->deep);
    free(g);
}

static enum outcome gateway_open(
    struct channel **ret_channel, const struct channel_context *context, struct fault *fault)
{
    struct gateway *g = calloc(1, sizeof *g);
    if (!g)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a gateway");
    *g = (struct gateway){.channel = {.ops = &gateway_channel},
        .context = *context,
        .private_peer = config_flag(context->config, "gateway", context->name, "private"),
        .catch_up = config_flag(context->config, "gateway", context->name, "catch_up"),
        .stale_ms = config_number(context->config, "gateway", context->name, "stale_minutes") * 60000,
        .media_ms = config_number(context->config, "gateway", context->name, "media_seconds") * 1000,
        .pace = loop_timer_new(context->loop, gateway_send_paced, g)};
    if (asprintf(&g->id, "gateway:%s", context->name) < 0)
        g->id = NULL;
    if (asprintf(&g->route, "/hook/gateway/%s", context->name) < 0)
        g->route = NULL;
    if (asprintf(&g->deep, "/hook/gateway/%s/*", context->name) < 0)
        g->deep = NULL;
    g->channel.id = g->id;
    enum outcome outcome = g->id && g->route && g->deep && g->pace
                               ? load_mapping(context, &g->mapping, fault)
                               : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a gateway");
    if (!outcome)
        outcome =
            http_server_route(context->http, HTTP_GET | HTTP_POST, g->route, BODY_MAX, handle, g, fault);
    if (!outcome)
        outcome = http_server_route(context->http, HTTP_GET | HTTP_POST, g->deep, BODY_MAX, handle, g, fault);
    if (!outcome)
        outcome = http_server_on_error(context->http, g->route, word_error, g, fault);
    if (!outcome)
        outcome = http_server_on_error(context->http, g->deep, word_error, g, fault);
    if (outcome) {
        gateway_free(&g->channel);
        return outcome == OUTCOME_NEVER ? OUTCOME_STOP : outcome;
    }
    *ret_channel = &g->channel;
    return OUTCOME_DONE;
}

static void gateway_start(struct channel *channel, const char *bookmark)
{
    struct gateway *g = (struct gateway *)channel;
    g->context.host->health(g->context.host->desk, channel, CHANNEL_GOOD, "menunggu callback");
    gateway_history_start(g, bookmark);
}

/* Callbacks on their way are still written; sends on the wire end by their own deadline or with the client. */
static void gateway_stop(struct channel *channel)
{
    struct gateway *g = (struct gateway *)channel;
    g->stopping = true;
    gateway_send_stop(g);
    gateway_fetch_stop(g);
    while (g->typing) { /* its gateway will bring it again */
        struct ascent *up = g->typing;
        parser_forget(g->context.parser, up);
        stop_typing(up);
        end_ascent(up, OUTCOME_LATER);
    }
}

const struct channel_ops gateway_channel = {
    .family = "gateway",
    .can_repeat = false,
    .window = WINDOW,
    .open = gateway_open,
    .start = gateway_start,
    .settled = gateway_settled,
    .send = gateway_send,
    .fetch = gateway_fetch,
    .stop = gateway_stop,
    .free = gateway_free,
};
