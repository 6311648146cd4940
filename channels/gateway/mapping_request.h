/* Building requests out of templates: shared by sending, media and LID. Private to mapping_*.c. */
#ifndef GATEWAY_MAPPING_REQUEST_H
#define GATEWAY_MAPPING_REQUEST_H

#include "mapping_private.h"
#include "mapping_send.h"

/* Each returns false when memory ran out or a filled value would break out of its place (control bytes). */
bool mapping_request_url(
    const char *template, const struct template_names *names, struct arena *arena, const char **ret_url);
bool mapping_request_headers(const struct headers *headers, const struct template_names *names,
    struct arena *arena, struct gateway_request *ret);
bool mapping_request_json(const json_t *template, const struct template_names *names, struct arena *arena,
    struct gateway_request *ret);
bool mapping_request_form(const json_t *template, const struct template_names *names, struct arena *arena,
    struct gateway_request *ret);

#endif
