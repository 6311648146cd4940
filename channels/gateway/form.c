#include "form.h"
#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A stray "%" stands for itself. */
static const char *decode(const char *text, size_t n, struct arena *arena, size_t *ret_size)
{
    char *out = arena_strndup(arena, text, n);
    size_t size = 0;
    for (size_t i = 0; out && i < n; i++) {
        int high = text[i] == '%' && i + 2 < n ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            out[size++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[size++] = text[i] == '+' ? ' ' : text[i];
        }
    }
    if (out)
        out[size] = '\0';
    *ret_size = size;
    return out;
}

bool form_read(
    const char *text, size_t n, struct arena *arena, struct form_pair **ret_pairs, size_t *ret_count)
{
    size_t max = 1, count = 0;
    for (size_t i = 0; i < n; i++)
        max += text[i] == '&';
    if (max > FORM_PAIRS_MAX)
        return false;
    struct form_pair *pairs = arena_alloc(arena, max * sizeof *pairs);
    const char *end = text + n;
    while (pairs && text < end) {
        const char *amp = memchr(text, '&', (size_t)(end - text));
        const char *stop = amp ? amp : end;
        const char *equals = memchr(text, '=', (size_t)(stop - text));
        const char *name_end = equals ? equals : stop;
        if (stop > text) {
            struct form_pair *p = &pairs[count++];
            p->name = decode(text, (size_t)(name_end - text), arena, &p->name_size);
            const char *value = equals ? equals + 1 : stop;
            p->value = decode(value, (size_t)(stop - value), arena, &p->value_size);
        }
        if (!amp)
            break;
        text = amp + 1;
    }
    *ret_pairs = pairs;
    *ret_count = count;
    return pairs && arena_ok(arena);
}

json_t *form_object(const char *text, size_t n, struct arena *arena)
{
    struct form_pair *pairs;
    size_t count;
    if (!form_read(text, n, arena, &pairs, &count))
        return NULL;
    json_t *object = json_object();
    for (size_t i = 0; object && i < count; i++)
        if (json_object_set_new(object, pairs[i].name, json_stringn(pairs[i].value, pairs[i].value_size))) {
            json_decref(object);
            object = NULL;
        }
    return object;
}

const char *form_query_value(const char *query, const char *name, struct arena *arena)
{
    struct form_pair *pairs;
    size_t count;
    if (!query || !form_read(query, strlen(query), arena, &pairs, &count))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(pairs[i].name, name))
            return pairs[i].value;
    return NULL;
}

void form_add_escaped(struct str *out, const char *text, bool plus)
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

void form_add(struct str *out, const char *name, const char *value)
{
    if (out->len)
        str_addc(out, '&');
    form_add_escaped(out, name, true);
    str_addc(out, '=');
    form_add_escaped(out, value, true);
}
