/* application/x-www-form-urlencoded, as Twilio and Fonnte speak it (WHATWG URL standard, section 5).
 * Pure, thread-safe. */
#ifndef GATEWAY_FORM_H
#define GATEWAY_FORM_H

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { FORM_PAIRS_MAX = 500 };

struct form_pair {
    const char *name, *value;     /* decoded, NUL behind them, in the arena */
    size_t name_size, value_size; /* bytes: a decoded text may hold NUL */
};

/* Pairs in the order they came. false: too many, or no memory (the arena knows). */
bool form_read(
    const char *text, size_t n, struct arena *arena, struct form_pair **ret_pairs, size_t *ret_count);

/* A flat object of strings, so that a mapping's pointers work unchanged; of two pairs with one name the last
 * wins. NULL: as form_read, or not UTF-8. The caller owns it. */
json_t *form_object(const char *text, size_t n, struct arena *arena);

/* The value of one name in a query string; NULL = not there. query may be NULL. */
const char *form_query_value(const char *query, const char *name, struct arena *arena);

void form_add(
    struct str *out, const char *name, const char *value); /* "name=value", "&" before all but the first */
void form_add_escaped(struct str *out, const char *text, bool plus); /* plus: space as "+", not "%20" */

#endif
