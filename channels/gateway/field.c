#include "field.h"
#include <string.h>

enum { TRANSFORMS_MAX = 8 };

static const char *compile_transforms(const char *text, struct arena *arena, struct alternative *ret)
{
    size_t count = 0;
    for (const char *p = text; *p; p++)
        count += *p == '|';
    if (count > TRANSFORMS_MAX)
        return "terlalu banyak pengubah (paling banyak 8)";
    struct transform *list = arena_alloc(arena, (count + 1) * sizeof *list);
    if (!list)
        return "memori tidak cukup";
    for (size_t i = 0; i < count; i++) {
        size_t n = strcspn(++text, "|");
        const char *why = transform_compile(text, n, arena, &list[i]);
        if (why)
            return why;
        text += n;
    }
    ret->transforms = list;
    ret->transform_count = count;
    return NULL;
}

const char *alternative_compile(const char *text, struct arena *arena, struct alternative *ret)
{
    *ret = (struct alternative){0};
    if (*text == '=') {
        size_t n = strcspn(++text, "|");
        ret->constant = arena_strndup(arena, text, n);
        return n ? compile_transforms(text + n, arena, ret) : "tetapan sesudah \"=\" tidak boleh kosong";
    }
    if (*text == '^') {
        if (text[1] < '1' || text[1] > '9')
            return "sesudah \"^\" harus ada satu angka 1-9, misalnya ^1/metadata";
        ret->up = (unsigned)(text[1] - '0');
        text += 2;
    }
    size_t n = strcspn(text, "|");
    const char *why = pointer_compile(text, n, false, arena, &ret->pointer);
    return why ? why : compile_transforms(text + n, arena, ret);
}

static bool start_value(const struct alternative *a, const struct pointer_item *item, struct value *ret)
{
    if (a->constant) {
        *ret = (struct value){.type = VALUE_TEXT, .text = a->constant};
        return true;
    }
    if (a->up > item->depth)
        return false;
    const json_t *from = a->up ? item->enclosing[item->depth - a->up] : item->value;
    *ret = (struct value){.type = VALUE_JSON, .json = pointer_get(&a->pointer, from)};
    return ret->json != NULL;
}

static bool is_empty_text(const struct value *v)
{
    return v->type == VALUE_TEXT
               ? !*v->text
               : v->type == VALUE_JSON && json_is_string(v->json) && !json_string_length(v->json);
}

static bool alternative_value(
    const struct alternative *a, const struct pointer_item *item, struct arena *arena, struct value *ret)
{
    if (!start_value(a, item, ret))
        return false;
    for (size_t i = 0; i < a->transform_count; i++)
        if (!transform_apply(&a->transforms[i], ret, arena))
            return false;
    return !is_empty_text(ret);
}

bool field_value(
    const struct field *f, const struct pointer_item *item, struct arena *arena, struct value *ret)
{
    for (size_t i = 0; i < f->count; i++)
        if (alternative_value(&f->list[i], item, arena, ret))
            return true;
    return false;
}

/* An object or array is no text: the next alternative may have one. */
const char *field_text(const struct field *f, const struct pointer_item *item, struct arena *arena)
{
    struct value v;
    for (size_t i = 0; i < f->count; i++) {
        const char *text = alternative_value(&f->list[i], item, arena, &v) ? value_text(&v, arena) : NULL;
        if (text)
            return text;
    }
    return NULL;
}

const char *field_text_of(const struct field *f, const json_t *document, struct arena *arena)
{
    struct pointer_item item = {.value = document};
    return field_text(f, &item, arena);
}
