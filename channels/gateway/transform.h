/* The small steps a mapping may apply to a value: "/timestamp|unix", "/message|not:non-text message".
 *
 *   present    as it is, unless it is nothing        wa         a phone identifier -> "+62...", or nothing
 *   true       true, "True", 1 or "1"              jid        a chat identifier without its ":device" part
 *   nonempty   a text or number that is not ""     digits     its digits alone
 *   nonzero    neither 0 nor "" nor "0"            suffix:X   the value if it ends in X
 *   string     the value if it is a JSON string    before:X   what stands before the first X
 *   not:X      the value unless it is X            split:S:I  part I (from 0) of the value split at S
 *   eq:X       the value if it is X                unix       seconds or milliseconds, also as text -> a time
 *   const:X    X instead of the value              time       RFC 3339 text, or as unix -> a time
 *   prepend:X  the value with X in front of it
 *
 * Nothing is null, "", false and [] (gateways fill unused members with any of them); kinds, states and truths
 * are read without regard to capitals.
 *
 * A transform that does not apply yields nothing, and the field's next alternative is tried. Pure,
 * thread-safe. */
#ifndef GATEWAY_TRANSFORM_H
#define GATEWAY_TRANSFORM_H

#include "daemon/base/arena.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum value_type { VALUE_JSON, VALUE_TEXT, VALUE_TIME };

/* A value on its way through the transforms. Texts are borrowed from the document or live in the arena. */
struct value {
    enum value_type type;
    const json_t *json; /* VALUE_JSON, never null */
    const char *text;   /* VALUE_TEXT */
    int64_t time_ms;    /* VALUE_TIME, since 1970 */
};

struct transform_rule;

struct transform {
    const struct transform_rule *rule;
    const char *argument; /* X or S */
    unsigned index;       /* I */
};

/* text: one transform without bars. NULL when fine, else what is wrong (Indonesian, static). */
const char *transform_compile(const char *text, size_t n, struct arena *arena, struct transform *ret);

bool transform_apply(const struct transform *t, struct value *v, struct arena *arena); /* false = nothing */

/* Text of a scalar; NULL for objects and arrays. NUL characters become U+FFFD. */
const char *value_text(const struct value *v, struct arena *arena);
bool value_time(const struct value *v, struct arena *arena, int64_t *ret_ms); /* as `time` */
bool value_truth(const struct value *v); /* false for false, 0, "0", "false" and "" */
bool value_number(const struct value *v, struct arena *arena, double *ret);

#endif
