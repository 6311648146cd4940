#include "template.h"
#include "form.h"
#include <string.h>

enum { TEXT_MAX = 256 << 10 /* bytes of one filled text */ };

static size_t span(const char *s, const char *first, const char *others)
{
    return *s && strchr(first, *s) ? strspn(s, others) : 0;
}

/* Length of the reference at s with its marks, 0 = a literal character. */
static size_t reference(const char *s, struct template_piece *ret)
{
    if (*s == '{') {
        size_t n = span(s + 1, "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz0123456789_");
        *ret = (struct template_piece){.text = s + 1, .size = n, .is_name = true};
        return n && s[1 + n] == '}' ? n + 2 : 0;
    }
    if (*s == '$') {
        size_t n = span(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        *ret = (struct template_piece){.text = s + 1, .size = n, .is_name = true, .is_secret = true};
        return n ? n + 1 : 0;
    }
    return 0;
}

bool template_next(const char **text, struct template_piece *ret)
{
    const char *s = *text;
    if (!*s)
        return false;
    size_t n = reference(s, ret);
    if (!n) {
        struct template_piece ignored;
        n = 1;
        while (s[n] && !reference(s + n, &ignored))
            n++;
        *ret = (struct template_piece){.text = s, .size = n};
    }
    *text = s + n;
    return true;
}

static const char *find(const struct template_name *list, size_t count, const char *name, size_t n)
{
    for (size_t i = 0; i < count; i++)
        if (!strncmp(list[i].name, name, n) && !list[i].name[n])
            return list[i].value ? list[i].value : "";
    return NULL;
}

void template_text(
    struct str *out, const char *text, const struct template_names *names, enum template_escape escape)
{
    struct template_piece piece;
    while (template_next(&text, &piece)) {
        if (!piece.is_name) {
            str_add(out, piece.text, piece.size);
            continue;
        }
        const char *value = find(names->given, names->given_count, piece.text, piece.size);
        if (value && escape == TEMPLATE_URL)
            form_write_escaped(out, value, false);
        else
            str_adds(
                out, value ? value : find(names->settings, names->setting_count, piece.text, piece.size));
    }
}

bool template_key(
    const char *key, const struct template_names *names, struct arena *arena, const char **ret_key)
{
    const char *mark = strchr(key, '?');
    *ret_key = mark ? arena_strndup(arena, key, (size_t)(mark - key)) : key;
    if (!mark)
        return true;
    const char *value = find(names->given, names->given_count, mark + 1, strlen(mark + 1));
    if (!value)
        value = find(names->settings, names->setting_count, mark + 1, strlen(mark + 1));
    return value && *value;
}

static json_t *filled_string(const char *text, const struct template_names *names)
{
    struct str filled;
    str_init(&filled, TEXT_MAX);
    template_text(&filled, text, names, TEMPLATE_PLAIN);
    json_t *string = str_ok(&filled) ? json_stringn(filled.data, filled.len) : NULL;
    str_release(&filled);
    return string;
}

static json_t *filled_object(const json_t *template, const struct template_names *names, struct arena *arena)
{
    json_t *object = json_object(), *member;
    const char *key, *plain;
    json_object_foreach((json_t *)template, key, member)
    {
        if (!object || !template_key(key, names, arena, &plain))
            continue;
        if (!plain || json_object_set_new(object, plain, template_json(member, names, arena))) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

/* Recursion is bounded: the loader refuses templates deeper than it counts. */
json_t *template_json(const json_t *template, const struct template_names *names, struct arena *arena)
{
    if (json_is_string(template))
        return filled_string(json_string_value(template), names);
    if (json_is_object(template))
        return filled_object(template, names, arena);
    if (!json_is_array(template))
        return json_deep_copy(template);
    json_t *array = json_array();
    for (size_t i = 0; array && i < json_array_size(template); i++)
        if (json_array_append_new(array, template_json(json_array_get(template, i), names, arena))) {
            json_decref(array);
            array = NULL;
        }
    return array;
}

bool template_form(
    struct str *out, const json_t *template, const struct template_names *names, struct arena *arena)
{
    const char *key, *plain;
    json_t *member;
    json_object_foreach((json_t *)template, key, member)
    {
        if (!template_key(key, names, arena, &plain))
            continue;
        struct str value;
        str_init(&value, TEXT_MAX);
        template_text(&value, json_string_value(member), names, TEMPLATE_PLAIN);
        bool ok = plain && str_ok(&value);
        if (ok)
            form_write(out, plain, value.data);
        str_release(&value);
        if (!ok)
            return false;
    }
    return str_ok(out);
}
