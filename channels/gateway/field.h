/* One field of a mapping: a list of alternatives, the first that yields a value wins.
 *
 *   "/text/body"             JSON Pointer relative to the item
 *   "^1/contacts/!/name"     the same from the object that encloses the item (^2: the one around that ...)
 *   "=text"                  a constant
 *   "@/imageMessage/caption" from the place that the stream's "within" found
 *   "/timestamp|unix"        followed by any transforms, each behind a bar, and at the end by one of
 *     then:B   B instead, if there was a value until here:  "/fromMe|true|then:/to"
 *     same:B   the value if B has the same text:            "/from/id|same:^2/id"
 *     with:B   the value, a blank and B, if B has one:      "/first_name|with:/last_name"
 *   where B is itself an alternative, with all that stands behind it.
 *
 * An alternative that ends in an empty text yields nothing. Pure, thread-safe. */
#ifndef GATEWAY_FIELD_H
#define GATEWAY_FIELD_H

#include "pointer.h"
#include "transform.h"

struct alternative {
    unsigned up;      /* N of ^N, 0 = the item itself */
    bool from_within; /* "@" */
    struct pointer pointer;
    const char *constant; /* NULL = the pointer counts */
    const struct transform *transforms;
    size_t transform_count;
    enum { LINK_NONE, LINK_THEN, LINK_SAME, LINK_WITH } link;
    const struct alternative *other; /* B of the link */
};

struct field {
    const struct alternative *list;
    size_t count; /* 0 = the mapping does not have this field */
};

/* NULL when fine, else what is wrong (Indonesian, static). */
const char *alternative_compile(const char *text, struct arena *arena, struct alternative *ret);

bool alternative_value(
    const struct alternative *a, const struct pointer_item *item, struct arena *arena, struct value *ret);

bool field_value(
    const struct field *f, const struct pointer_item *item, struct arena *arena, struct value *ret);
/* NULL = none */
const char *field_text(const struct field *f, const struct pointer_item *item, struct arena *arena);
/* item = document */
const char *field_text_of(const struct field *f, const json_t *document, struct arena *arena);

#endif
