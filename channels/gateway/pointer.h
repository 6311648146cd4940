/* Paths into a JSON document: JSON Pointer (RFC 6901) and four steps of our own:
 *   *      every element of an array (only in a stream's "each")
 *   !      the one element of an array that has exactly one
 *   -1     the last element of an array: Telegram lists a photograph in all sizes, the largest last
 *   ?a=b   the element of an array whose member a says the same as member b of the item: Meta's contacts[] and
 *          messages[] of one batch belong together by wa_id and from, not by their places
 * An object member named "*" or "!" or beginning with "?" cannot be reached; no gateway has one.
 *
 * Compiled pointers live in the arena given. Pure, thread-safe. */
#ifndef GATEWAY_POINTER_H
#define GATEWAY_POINTER_H

#include "daemon/base/arena.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { POINTER_STEPS_MAX = 24 };

enum pointer_step_kind { POINTER_MEMBER, POINTER_EACH, POINTER_ONLY, POINTER_LAST, POINTER_FIND };

struct pointer_step {
    enum pointer_step_kind kind;
    const char *key;    /* unescaped; POINTER_FIND: the element's member */
    const char *equals; /* POINTER_FIND: the item's member */
    size_t index;       /* the key read as an array index; SIZE_MAX = it is none */
};

struct pointer {
    const struct pointer_step *steps;
    size_t count; /* 0 = the document itself */
};

/* One place a pointer with "*" leads to, and the OBJECTS on the way to it, outermost first (arrays are not
 * counted): "^1" of a field is enclosing[depth - 1]. Borrowed from the document. */
struct pointer_item {
    const json_t *value;
    const json_t *base; /* what "@" stands for; NULL = nothing */
    const json_t *enclosing[POINTER_STEPS_MAX + 1];
    size_t depth;
};

/* NULL when it is fine, else what is wrong with it (Indonesian, static). May leave *ret half filled then. */
const char *pointer_compile(
    const char *text, size_t n, bool wildcards, struct arena *arena, struct pointer *ret);

/* NULL = absent; JSON null is absent too: gateways use both for the same thing. item: what "?a=b" looks b up
 * in; NULL = it finds nothing. */
const json_t *pointer_get(const struct pointer *p, const json_t *from, const json_t *item);

/* Calls visit for every place in document order until it returns false; returns false in that case. */
bool pointer_each(const struct pointer *p, const json_t *root,
    bool (*visit)(void *context, const struct pointer_item *item), void *context);

#endif
