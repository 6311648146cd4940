/* Forms between us and gateways (application/x-www-form-urlencoded, as Twilio and Fonnte speak it): a callback's body
 * as a flat object so that a mapping's pointers work unchanged, and the writing of request bodies. Reading is
 * loop/http_form.h. Pure, thread-safe. */
#ifndef GATEWAY_FORM_H
#define GATEWAY_FORM_H

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/loop/http_form.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Fields in the order they came. false: not UTF-8, too many, or no memory (the arena knows). */
bool form_read(const char *text, size_t n, struct arena *arena, struct http_form *ret);

/* Of two fields with one name the last wins. NULL: as form_read. The caller owns it. */
json_t *form_object(const char *text, size_t n, struct arena *arena);

/* The value of one name in a query string; NULL = not there. query may be NULL. */
const char *form_query_value(const char *query, const char *name, struct arena *arena);

/* "name=value", "&" before all but the first */
void form_write(struct str *out, const char *name, const char *value);
void form_write_escaped(struct str *out, const char *text, bool plus); /* plus: space as "+", not "%20" */

#endif
