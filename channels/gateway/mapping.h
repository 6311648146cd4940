/* A mapping: one JSON file that says how a WhatsApp or social gateway speaks, so that an office's technician
 * can add a gateway without a programmer. Presets are config/gateways/NAME.json, embedded in the binary.
 *
 *   mapping_load()            text -> checked mapping, or where it is wrong, in words for that technician
 *   mapping_auth.h            is this callback from the gateway?     GET handshake
 *   mapping_event.h           its body -> canonical events
 *   mapping_send.h            a text -> HTTP request;                its answer -> what to do
 *   mapping_media.h           an event's file -> HTTP requests;      a LID -> the request that resolves it
 *
 * The file (all keys; anything else is an error):
 *   auth[]      see mapping_auth.h; at least one that is not "optional"
 *   handshake   {mode, expect_mode, token, secret, echo}: names of query parameters
 *   ack         {status, type, body}: the answer to every callback that was recorded
 *   parse       json | form | json_or_form
 *   streams[]   {as, when[[alternative, present|absent|in|not, ...]], each, where[[...]], within,
 *               fields{name:[alternatives]}, details[], more_media[], kinds{}, statuses{}, states{}, dedupe[]}.
 *               `when` is relative to the body, `where` to the item. A stream with `when` that holds is the
 *               last one tried; one without `when` always runs and does not stop the next. `each`: one pointer
 *               or several. `within`: the first of these pointers that leads anywhere is "@". In kinds "*"
 *               stands for all other words. Alternatives: field.h, transform.h
 *   identity    scheme of its people's ids ("psid"); absent = WhatsApp's, told apart by their form
 *   ids         global | chat: whether a message id is unique, or only within its chat
 *   send        {method, url, headers{}, to, accepts[], json{} or form{}, ok[], message_id[], error[],
 *               error_text[], retry_after[], retry_codes[], window_codes[], dead_codes[], config_codes[],
 *               unknown_codes[], neutralise, max_chars, max_bytes, per_recipient_gap_ms, window_hours,
 *               outside{needs, hours, json{} or form{}, max_chars}}
 *   media, lid  see mapping_media.h
 *   history     see mapping_history.h
 *   defaults    {name: text}: settings that an office need not set
 *
 * $NAME is a secret, {name} a setting; both are asked of `lookup` once, at load. A "key?name" member is left
 * out when that setting or value is empty, so such settings need not exist.
 *
 * A mapping is read-only after load: any number of threads may use it. */
#ifndef GATEWAY_MAPPING_H
#define GATEWAY_MAPPING_H

#include "daemon/base/fault.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gateway_mapping;

/* Where $NAME and {name} come from; NULL or "" = not set. The name is given without its marks. The text is
 * copied. */
struct gateway_lookup {
    const char *(*find)(void *context, const char *name);
    void *context;
};

/* What the mapping will be used for: settings of other parts may be missing. Everything is checked in any
 * case. */
enum { MAPPING_FOR_EVENTS = 0, MAPPING_FOR_AUTH = 1, MAPPING_FOR_SENDING = 2, MAPPING_FOR_ALL = 3 };

/* name stands in messages: the file. DONE; NEVER: fault's public text is "name: /json/pointer: what is wrong,
 * what is expected" (Indonesian); LATER: no memory. Secrets never stand in a fault. */
enum outcome mapping_load(const char *name, const char *text, size_t size,
    const struct gateway_lookup *lookup, int purpose, struct gateway_mapping **ret, struct fault *fault);
void mapping_free(struct gateway_mapping *m); /* NULL is fine */

/* The answer to a recorded callback. Owned by the mapping. Never add to the body: some gateways text it to
 * the citizen. */
struct gateway_ack {
    int status;
    const char *type, *body;
};
const struct gateway_ack *mapping_ack(const struct gateway_mapping *m);

/* Of one text message. */
struct gateway_limits {
    size_t chars; /* UTF-16 units */
    size_t bytes; /* 0 = any */
    size_t parts; /* 1 = it cannot be split, the rest is cut off; 0 = any */
};
struct gateway_limits mapping_limits(const struct gateway_mapping *m, bool outside);

/* How a text may go, so long after the last message of the chat's citizen (Meta's 24-hour window). */
enum gateway_way {
    GATEWAY_WAY_FREE,    /* as it is */
    GATEWAY_WAY_OUTSIDE, /* as the mapping's "outside" says: an approved template, a tag */
    GATEWAY_WAY_NONE,    /* not by this gateway */
};
enum gateway_way mapping_way(const struct gateway_mapping *m, int64_t since_ms);
enum gateway_way mapping_way_outside(
    const struct gateway_mapping *m); /* OUTSIDE, or NONE when there is no such way */

const char *mapping_setting(const struct gateway_mapping *m, const char *name); /* NULL = not set */
/* between two messages to one citizen; 0 = none */
long mapping_recipient_gap_ms(const struct gateway_mapping *m);

#endif
