#include "form.h"
#include <string.h>

bool form_read(const char *text, size_t n, struct arena *arena, struct http_form *ret)
{
    struct fault fault;
    *ret = (struct http_form){0};
    return !http_form_parse(ret, "application/x-www-form-urlencoded", text, n, arena, &fault) &&
           arena_ok(arena);
}

json_t *form_object(const char *text, size_t n, struct arena *arena)
{
    struct http_form form;
    if (!form_read(text, n, arena, &form))
        return NULL;
    json_t *object = json_object();
    for (const struct http_field *f = form.fields; object && f; f = f->next)
        if (json_object_set_new(object, f->name, json_stringn(f->value, f->length))) {
            json_decref(object);
            object = NULL;
        }
    return object;
}

const char *form_query_value(const char *query, const char *name, struct arena *arena)
{
    struct http_form form = {0};
    struct fault fault;
    if (!query || http_query_parse(&form, query, arena, &fault))
        return NULL;
    return http_form_get(&form, name);
}

void form_write_escaped(struct str *out, const char *text, bool plus)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("-._", c);
        if (plain)
            str_addc(out, *text);
        else if (c == ' ' && plus)
            str_addc(out, '+');
        else
            str_addf(out, "%%%02X", c);
    }
}

void form_write(struct str *out, const char *name, const char *value)
{
    if (out->len)
        str_addc(out, '&');
    form_write_escaped(out, name, true);
    str_addc(out, '=');
    form_write_escaped(out, value, true);
}
