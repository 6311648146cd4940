/* Templates of a mapping: texts with {name} and $NAME in them, and JSON whose strings are such texts.
 *
 * A name is filled in exactly once: what a value contains is never looked at again, and JSON is filled after
 * it was parsed, so no text of a citizen can add a member or end a string. "key?name" as a member's or
 * header's key leaves it out when that name is empty. Pure, thread-safe. */
#ifndef GATEWAY_TEMPLATE_H
#define GATEWAY_TEMPLATE_H

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct template_name {
    /* "base" of {base}, "META_TOKEN" of $META_TOKEN: small and capital letters keep them apart */
    const char *name;
    const char *value; /* NULL = empty */
};

struct template_names {
    const struct template_name *settings; /* known since the mapping was loaded */
    size_t setting_count;
    const struct template_name *given; /* of this message; they win */
    size_t given_count;
};

struct template_piece {
    const char *text; /* literal, or the name without its marks; not NUL-terminated */
    size_t size;
    bool is_name;
    bool is_secret; /* $NAME */
};

/* Takes the next piece off *text; false at the end. */
bool template_next(const char **text, struct template_piece *ret);

enum template_escape { TEMPLATE_PLAIN, TEMPLATE_URL /* given values are percent-encoded */ };
void template_text(
    struct str *out, const char *text, const struct template_names *names, enum template_escape escape);

/* false: "key?name" and that name is empty. *ret_key: the key without "?name", in the arena. */
bool template_key(
    const char *key, const struct template_names *names, struct arena *arena, const char **ret_key);

/* NULL: memory */
json_t *template_json(const json_t *template, const struct template_names *names, struct arena *arena);
bool template_form(
    struct str *out, const json_t *template, const struct template_names *names, struct arena *arena);

#endif
