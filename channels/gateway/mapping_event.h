/* Body of a callback -> canonical events. One body may hold many (Meta sends several messages of several
 * people and statuses in one POST) or none that matter to us. Pure, thread-safe. */
#ifndef GATEWAY_MAPPING_EVENT_H
#define GATEWAY_MAPPING_EVENT_H

#include "mapping.h"
#include "mapping_auth.h"
#include "daemon/base/arena.h"
#include <jansson.h>
#include <stdint.h>

enum { GATEWAY_EVENTS_MAX = 1000 };

enum gateway_as { GATEWAY_MESSAGE, GATEWAY_STATUS, GATEWAY_EDIT, GATEWAY_REVOKE, GATEWAY_SESSION };

enum gateway_kind {
    GATEWAY_KIND_UNKNOWN,
    GATEWAY_KIND_TEXT,
    GATEWAY_KIND_IMAGE,
    GATEWAY_KIND_DOCUMENT,
    GATEWAY_KIND_AUDIO,
    GATEWAY_KIND_VIDEO,
    GATEWAY_KIND_STICKER,
    GATEWAY_KIND_LOCATION,
    GATEWAY_KIND_CONTACT,
    GATEWAY_KIND_REACTION,
    GATEWAY_KIND_CHOICE,
    GATEWAY_KIND_POLL,
    GATEWAY_KIND_SYSTEM,
    GATEWAY_KIND_UNSUPPORTED,
    GATEWAY_KIND_MEDIA,
};

/* What became of something we sent. Monotone: a late "delivered" must not undo "read". */
enum gateway_fate {
    GATEWAY_FATE_OTHER,
    GATEWAY_FATE_ACCEPTED,
    GATEWAY_FATE_SENT,
    GATEWAY_FATE_DELIVERED,
    GATEWAY_FATE_READ,
    GATEWAY_FATE_FAILED
};

/* What became of the gateway's own session with the network. */
enum gateway_state {
    GATEWAY_STATE_OTHER,
    GATEWAY_STATE_GOOD,
    GATEWAY_STATE_WAITING, /* connecting: nothing to say yet */
    GATEWAY_STATE_LOST     /* logged out, banned, a QR code to scan: nothing goes until a person acts */
};

/* One event. All texts in the arena, UTF-8, NULL = the gateway did not say. */
struct gateway_event {
    enum gateway_as as;
    const char *id;     /* message id as given: quote with it. STATUS, EDIT, REVOKE: of the message meant */
    const char *id_key; /* the same message's id in every spelling of this gateway (WAHA): compare with it */
    const char *chat;   /* where an answer goes: as given, never rebuilt from a number */
    const char *from;   /* "+62...", NULL when the gateway hides the number */
    /* "phone" "+62...", "lid" "2515...", "bsuid" "ID.1349...", "id" any */
    const char *sender_scheme, *sender_value;
    const char *alias_scheme, *alias_value; /* a second identity of the same person in the same event */
    const char *chat_scheme, *chat_value;   /* whom the chat is with, when it is one person's */
    const char *name;                       /* as the person calls itself; not proven */
    int64_t time_ms;    /* since 1970; GATEWAY_NO_TIME = not said: use the time of receipt */
    bool group;         /* of a group, a channel or the status feed: ignore */
    bool from_me;       /* sent from the office's own number */
    const char *source; /* "api": our own call, "app": an officer's hand on the phone; WAHA alone says so */
    enum gateway_kind kind;
    const char *text, *choice, *reply_to;
    const char *media;             /* id, path or URL: for mapping_media.h only */
    const char *media_b64;         /* the file itself */
    const char *const *more_media; /* further files of the same message, as media; ends with NULL */
    const char *details; /* for people, not printed: name of a place, a contact's number, a poll's words */
    const char *mime, *filename;
    double lat, lon;              /* degrees; GATEWAY_NO_PLACE both = none */
    const char *emoji, *react_to; /* a reaction without emoji takes one back */
    const char *device;
    const char *status;     /* canonical word where the mapping knows one, else the gateway's own */
    enum gateway_fate fate; /* STATUS */
    const char *error;      /* code */
    const char *alias;      /* STATUS: a second name that later states of the same thing may use */
    int64_t watermark_ms; /* STATUS without id: all sent to the chat until then; GATEWAY_NO_TIME = not said */
    enum gateway_state state; /* SESSION */
    const char *event;        /* the gateway's number for the event itself */

    const json_t *item;   /* what it was read from; lives as long as the arena */
    const char *dedupe;   /* unique within the gateway: a thing told twice has the same key. Never NULL */
    bool dedupe_windowed; /* made without id or time: only within minutes is an equal key the same thing */
};

#define GATEWAY_NO_TIME INT64_MIN
#define GATEWAY_NO_PLACE 999.0

struct gateway_events {
    const struct gateway_event *list;
    size_t count; /* 0 = nothing here is for us: record as ignored */
};

/* DONE; NEVER: the body cannot be read (keep it, a person must look); LATER: no memory. The arena must
 * outlive the events and hold a few times the texts (the parsed body is kept by it too, outside its
 * maximum). */
enum outcome mapping_events(const struct gateway_mapping *m, const char *body, size_t size,
    struct arena *arena, struct gateway_events *ret, struct fault *fault);

/* The JSON object of `pengaduand parse-gateway` on one line, absent values left out. UNJUDGED prints
 * "authentic":null. malloc'd, the caller frees; NULL: no memory. */
char *gateway_event_json(const struct gateway_event *e, enum gateway_authenticity authentic);

/* A message id in the one spelling that is compared: "true_6281...@c.us_3EB0" -> "3EB0"; where ids are
 * unique within a chat only, "chat/id". Others as they are. id and chat may be NULL. */
const char *gateway_id_key(
    const struct gateway_mapping *m, const char *chat, const char *id, struct arena *arena);

const char *gateway_kind_name(enum gateway_kind kind);

#endif
