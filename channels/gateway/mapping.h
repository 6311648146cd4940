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
 *   streams[]   {as, when[[pointer, present|absent|in, ...]], each, fields{name:[alternatives]}, kinds{},
 *               statuses{}, dedupe[]}. `when` is relative to the body. A stream with `when` that holds is the
 *               last one tried; one without `when` always runs and does not stop the next. Alternatives:
 *               field.h, transform.h
 *   send        {method, url, headers{}, to, accepts[], json{} or form{}, ok[], message_id[], error[],
 *               error_text[], retry_codes[], window_codes[], dead_codes[], config_codes[], unknown_codes[],
 *               neutralise, max_chars, per_recipient_gap_ms}
 *   media, lid  see mapping_media.h
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

size_t mapping_max_chars(const struct gateway_mapping *m); /* UTF-16 units of one text message */
/* between two messages to one citizen; 0 = none */
long mapping_recipient_gap_ms(const struct gateway_mapping *m);

#endif
