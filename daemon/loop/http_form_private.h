/* What http_form.c (urlencoded, queries) and http_multipart.c share. Pure. */
#ifndef LOOP_HTTP_FORM_PRIVATE_H
#define LOOP_HTTP_FORM_PRIVATE_H

#include "http_form.h"

struct form_builder {
    struct http_form *form;
    struct http_field **tail;
    struct arena *arena;
    int fields, files;
};

/* Adds a field whose members are filled; false beyond the limits. */
bool form_add(struct form_builder *builder, const struct http_field *field);

/* Valid UTF-8 (RFC 3629: no overlong forms, no surrogates, <= U+10FFFF) without NUL. */
bool form_utf8(const char *bytes, size_t length);

int form_hex(char c); /* 0..15, or -1 */

/* Copies the parameter `name` of a header value such as `form-data; name="a b"; filename=c`. Quoted or token.
 * 1 = found, 0 = absent, -1 = malformed. */
int form_parameter(const char *value, const char *name, char *out, size_t size);

enum outcome form_malformed(struct fault *fault, const char *what);

enum outcome form_multipart(struct form_builder *builder, const char *content_type, const char *body,
    size_t length, struct fault *fault);

#endif
