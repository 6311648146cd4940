#include "mapping_request.h"
#include "daemon/base/json_read.h"
#include <stdlib.h>
#include <string.h>

enum { URL_MAX = 8192, HEADER_MAX = 8192, BODY_MAX = 1 << 20 };

static bool is_clean(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7F)
            return false;
    return true;
}

static bool filled(const char *template, const struct template_names *names, size_t max,
    enum template_escape escape, struct arena *arena, const char **ret)
{
    struct str text;
    str_init(&text, max);
    template_text(&text, template, names, escape);
    const char *copy =
        str_ok(&text) && is_clean(text.data) ? arena_strndup(arena, text.data, text.len) : NULL;
    str_release(&text);
    *ret = copy;
    return copy != NULL;
}

bool mapping_request_url(
    const char *template, const struct template_names *names, struct arena *arena, const char **ret_url)
{
    return filled(template, names, URL_MAX, TEMPLATE_URL, arena, ret_url);
}

bool mapping_request_headers(const struct headers *headers, const struct template_names *names,
    struct arena *arena, struct gateway_request *ret)
{
    struct gateway_header *list = arena_alloc(arena, (headers->count + 1) * sizeof *list);
    size_t count = 0;
    for (size_t i = 0; list && i < headers->count; i++) {
        if (!template_key(headers->keys[i], names, arena, &list[count].name))
            continue;
        if (!list[count].name ||
            !filled(headers->values[i], names, HEADER_MAX, TEMPLATE_PLAIN, arena, &list[count].value))
            return false;
        count++;
    }
    ret->headers = list;
    ret->header_count = count;
    return list != NULL;
}

bool mapping_request_json(const json_t *template, const struct template_names *names, struct arena *arena,
    struct gateway_request *ret)
{
    json_t *body = template_json(template, names, arena);
    char *text = body ? json_text(body, JSON_COMPACT) : NULL;
    json_decref(body);
    ret->body = arena_strdup(arena, text);
    ret->body_size = text ? strlen(text) : 0;
    ret->content_type = "application/json";
    free(text);
    return ret->body != NULL;
}

bool mapping_request_form(const json_t *template, const struct template_names *names, struct arena *arena,
    struct gateway_request *ret)
{
    struct str body;
    str_init(&body, BODY_MAX);
    bool ok = template_form(&body, template, names, arena);
    ret->body = ok ? arena_strndup(arena, body.data, body.len) : NULL;
    ret->body_size = body.len;
    ret->content_type = "application/x-www-form-urlencoded";
    str_release(&body);
    return ret->body != NULL;
}
