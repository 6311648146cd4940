/* What forms send: application/x-www-form-urlencoded (WHATWG URL 5.1) and multipart/form-data (RFC 7578),
 * and query strings. Pure, total, bounded; any thread. Values are UTF-8 or the form is refused. */
#ifndef LOOP_HTTP_FORM_H
#define LOOP_HTTP_FORM_H

#include "daemon/base/arena.h"
#include "daemon/base/fault.h"
#include <stdbool.h>
#include <stddef.h>

struct http_field {
    const char *name;         /* UTF-8 */
    const char *value;        /* NUL-terminated; for a file the raw bytes */
    size_t length;            /* bytes of value */
    const char *filename;     /* NULL = not a file; only the last path component, control bytes removed */
    const char *content_type; /* as the client says; NULL when it does not */
    struct http_field *next;  /* in order of arrival */
};

struct http_form {
    struct http_field *fields;
};

enum { HTTP_FORM_MAX_FIELDS = 200, HTTP_FORM_MAX_FILES = 10 };

/* Fields live in the arena; multipart file values point into body. NEVER = malformed or beyond the limits. */
enum outcome http_form_parse(struct http_form *form, const char *content_type, const void *body,
    size_t length, struct arena *arena, struct fault *fault);
enum outcome http_query_parse(
    struct http_form *form, const char *query, struct arena *arena, struct fault *fault);

const char *http_form_get(const struct http_form *form, const char *name); /* first value; NULL when absent */
const struct http_field *http_form_find(const struct http_form *form, const char *name);

#endif
