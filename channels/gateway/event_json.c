/* The outside face of an event: what `pengaduand parse-gateway` prints. */
#include "mapping_event.h"
#include "daemon/base/json_read.h"
#include "rules/moment.h"
#include <jansson.h>

enum { REAL_DIGITS = 10 /* of a coordinate: 0.1 mm; 17 would print 106.80600000000000 */ };

/* A failed addition makes the object NULL for good. */
static void add(json_t **object, const char *key, json_t *value)
{
    if (*object && json_object_set_new(*object, key, value)) {
        json_decref(*object);
        *object = NULL;
    } else if (!*object) {
        json_decref(value);
    }
}

static void add_text(json_t **object, const char *key, const char *text)
{
    if (text)
        add(object, key, json_string(text));
}

static json_t *authenticity(enum gateway_authenticity authentic)
{
    return authentic == GATEWAY_UNJUDGED ? json_null() : json_boolean(authentic == GATEWAY_AUTHENTIC);
}

static void add_who(json_t **object, const struct gateway_event *e)
{
    add_text(object, "id", e->id);
    add_text(object, "chat", e->chat);
    add_text(object, "from", e->from);
    if (e->sender_scheme && e->sender_value)
        add(object, "sender", json_sprintf("%s:%s", e->sender_scheme, e->sender_value));
    add_text(object, "name", e->name);
    char time[MOMENT_TEXT];
    if (e->time_ms != GATEWAY_NO_TIME) {
        moment_print(e->time_ms, time);
        add_text(object, "time", time);
    }
}

char *gateway_event_json(const struct gateway_event *e, enum gateway_authenticity authentic)
{
    static const char *const as_names[] = {"message", "status", "edit", "revoke", "session"};
    json_t *object = json_object();
    add_text(&object, "as", as_names[e->as]);
    add(&object, "authentic", authenticity(authentic));
    add_who(&object, e);
    if (e->as == GATEWAY_MESSAGE || e->as == GATEWAY_EDIT || e->as == GATEWAY_REVOKE) {
        add(&object, "group", json_boolean(e->group));
        add(&object, "from_me", json_boolean(e->from_me));
    }
    if (e->as == GATEWAY_MESSAGE)
        add_text(&object, "kind", gateway_kind_name(e->kind));
    add_text(&object, "text", e->text);
    add_text(&object, "choice", e->choice);
    add_text(&object, "reply_to", e->reply_to);
    add_text(&object, "media", e->media);
    add_text(&object, "mime", e->mime);
    add_text(&object, "filename", e->filename);
    if (e->lat <= 90) {
        add(&object, "lat", json_real(e->lat));
        add(&object, "lon", json_real(e->lon));
    }
    add_text(&object, "emoji", e->emoji);
    add_text(&object, "react_to", e->react_to);
    add_text(&object, "device", e->device);
    add_text(&object, "status", e->status);
    add_text(&object, "error", e->error);
    char *line = object ? json_text(object, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS)) : NULL;
    json_decref(object);
    return line;
}
