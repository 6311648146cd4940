/* Shared by gateway.c (callbacks, life), event_inbound.c, gateway_send.c, gateway_fetch.c and gateway_history.c. */
#ifndef GATEWAY_GATEWAY_PRIVATE_H
#define GATEWAY_GATEWAY_PRIVATE_H

#include "daemon/loop/http_client.h"
#include "gateway.h"
#include "mapping.h"
#include "mapping_event.h"
#include "mapping_send.h"

struct sending;
struct fetching;
struct ascent;
struct history;

/* When the last message to a chat left. */
struct gateway_recent {
    char to[96];
    int64_t at; /* mono ms; 0 = free */
};

/* Whether the office's account can send (gateway_account.c). */
struct gateway_account {
    bool lost;        /* logged out, a QR code to scan: nothing is sent until it is well again */
    bool refused;     /* the gateway refused it; told once */
    int64_t since;    /* either; ms since 1970 */
    int64_t tried_at; /* mono ms: what waits was tried again because somebody was heard; 0 = not yet */
};

enum { GATEWAY_RECENT = 64 /* more chats at once than any pause is long */ };

struct gateway {
    struct channel channel;
    struct channel_context context;
    struct gateway_mapping *mapping;
    char *id;           /* "gateway:wa" */
    char *route, *deep; /* patterns of the callback */
    bool private_peer;
    bool stopping;
    bool catch_up;
    struct gateway_account account;
    int64_t stale_ms;           /* older messages are recorded, not answered */
    int64_t media_ms;           /* for one file, all its steps together */
    struct sending *sendings;   /* gateway_send.c: all that are not finished */
    struct fetching *fetchings; /* gateway_fetch.c */
    struct ascent *typing;      /* gateway.c: arrivals whose file is still looked at */
    struct gateway_recent recent[GATEWAY_RECENT];
    struct loop_timer *pace; /* the next one that waits for its turn */
    struct history *history; /* gateway_history.c; NULL = done */
};

/* The inbound of one event, with an arena of its own; raw is copied. NULL without memory. */
struct inbound *event_inbound(
    const struct gateway *g, const struct gateway_event *e, const void *raw, size_t size, int64_t now_ms);

/* A callback that holds nothing for us (kind OTHER) or cannot be read (UNREADABLE). NULL without memory. */
struct inbound *event_inbound_bare(enum inbound_kind kind, const char *reason, const void *raw, size_t size);

/* Hands one event up as a callback's are; what the book made of it goes to `settled` (may be NULL). */
typedef void gateway_settled_fn(void *arg, enum outcome outcome);
void gateway_take_event(struct gateway *g, const struct gateway_event *e, const void *raw, size_t size,
    gateway_settled_fn *settled, void *arg);

/* gateway_account.c: what an event, and what the gateway's answer to a send tell of the account. */
void gateway_account_heard(struct gateway *g, const struct gateway_event *e);
void gateway_account_sent(struct gateway *g, enum sent sent, const struct fault *fault);

void gateway_send(struct channel *channel, struct outbound *out);
void gateway_send_paced(void *gateway); /* the pace timer */
void gateway_send_stop(struct gateway *g);

void gateway_fetch(struct channel *channel, struct fetch *fetch);
void gateway_fetch_stop(struct gateway *g);

/* Looks for messages that came while we were away, once after the start. bookmark: ms of the last arrival, NULL = there
 * was none: what the telephone remembers of other times is not ours to read. */
void gateway_history_start(struct gateway *g, const char *bookmark);
void gateway_history_free(struct gateway *g);

/* The call of a request; its headers are borrowed until http_client_call() returns. max: of the answer, bytes. */
enum { GATEWAY_HEADERS_MAX = 32 };
struct http_call gateway_call(const struct gateway *g, const struct gateway_request *request,
    struct http_header headers[GATEWAY_HEADERS_MAX + 2], int timeout_seconds, size_t max);

#endif
