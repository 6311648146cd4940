#include "field.h"
#include <string.h>

enum { TRANSFORMS_MAX = 8, LINKS_MAX = 4 };

static const char *compile_at_depth(
    const char *text, int depth, struct arena *arena, struct alternative *ret);

/* B of "then:B" and its like; NULL = it is no link. */
static const char *link_of(const char *text, struct alternative *ret)
{
    static const char *const words[] = {"", "then:", "same:", "with:"};
    for (int i = LINK_THEN; i <= LINK_WITH; i++)
        if (!strncmp(text, words[i], strlen(words[i]))) {
            ret->link = i;
            return text + strlen(words[i]);
        }
    return NULL;
}

static const char *compile_link(const char *b, int depth, struct arena *arena, struct alternative *ret)
{
    struct alternative *other = arena_alloc(arena, sizeof *other);
    if (depth == LINKS_MAX)
        return "terlalu banyak then:, same: dan with: (paling banyak 4)";
    ret->other = other;
    return other ? compile_at_depth(b, depth + 1, arena, other) : "memori tidak cukup";
}

static const char *compile_transforms(
    const char *text, int depth, struct arena *arena, struct alternative *ret)
{
    size_t count = 0;
    for (const char *p = text; *p; p++)
        count += *p == '|';
    if (count > TRANSFORMS_MAX)
        return "terlalu banyak pengubah (paling banyak 8)";
    struct transform *list = arena_alloc(arena, (count + 1) * sizeof *list);
    if (!list)
        return "memori tidak cukup";
    ret->transforms = list;
    for (size_t i = 0; i < count; i++) {
        size_t n = strcspn(++text, "|");
        const char *b = link_of(text, ret);
        if (b)
            return compile_link(b, depth, arena, ret);
        const char *why = transform_compile(text, n, arena, &list[i]);
        if (why)
            return why;
        text += n;
        ret->transform_count++;
    }
    return NULL;
}

static const char *compile_at_depth(const char *text, int depth, struct arena *arena, struct alternative *ret)
{
    *ret = (struct alternative){0};
    if (*text == '=') {
        size_t n = strcspn(++text, "|");
        ret->constant = arena_strndup(arena, text, n);
        return n ? compile_transforms(text + n, depth, arena, ret)
                 : "tetapan sesudah \"=\" tidak boleh kosong";
    }
    if (*text == '^') {
        if (text[1] < '1' || text[1] > '9')
            return "sesudah \"^\" harus ada satu angka 1-9, misalnya ^1/metadata";
        ret->up = (unsigned)(text[1] - '0');
        text += 2;
    }
    if (*text == '@') {
        ret->from_within = true;
        text++;
    }
    size_t n = strcspn(text, "|");
    const char *why = pointer_compile(text, n, false, arena, &ret->pointer);
    return why ? why : compile_transforms(text + n, depth, arena, ret);
}

const char *alternative_compile(const char *text, struct arena *arena, struct alternative *ret)
{
    return compile_at_depth(text, 0, arena, ret);
}

static bool start_value(const struct alternative *a, const struct pointer_item *item, struct value *ret)
{
    if (a->constant) {
        *ret = (struct value){.type = VALUE_TEXT, .text = a->constant};
        return true;
    }
    if (a->up > item->depth)
        return false;
    const json_t *from = a->up            ? item->enclosing[item->depth - a->up]
                         : a->from_within ? item->base
                                          : item->value;
    *ret = (struct value){.type = VALUE_JSON, .json = pointer_get(&a->pointer, from, item->value)};
    return ret->json != NULL;
}

static bool is_empty_text(const struct value *v)
{
    return v->type == VALUE_TEXT
               ? !*v->text
               : v->type == VALUE_JSON && json_is_string(v->json) && !json_string_length(v->json);
}

/* The recursion is as deep as compile_at_depth() let it be. */
static bool follow_link(
    const struct alternative *a, const struct pointer_item *item, struct arena *arena, struct value *ret)
{
    struct value other;
    bool has_other = alternative_value(a->other, item, arena, &other);
    if (a->link == LINK_THEN) {
        *ret = other;
        return has_other;
    }
    const char *left = value_text(ret, arena), *right = has_other ? value_text(&other, arena) : NULL;
    if (a->link == LINK_SAME)
        return left && right && !strcmp(left, right);
    if (left && right)
        *ret = (struct value){.type = VALUE_TEXT, .text = arena_printf(arena, "%s %s", left, right)};
    return ret->type != VALUE_TEXT || ret->text;
}

bool alternative_value(
    const struct alternative *a, const struct pointer_item *item, struct arena *arena, struct value *ret)
{
    if (!start_value(a, item, ret))
        return false;
    for (size_t i = 0; i < a->transform_count; i++)
        if (!transform_apply(&a->transforms[i], ret, arena))
            return false;
    return !is_empty_text(ret) && (a->link == LINK_NONE || follow_link(a, item, arena, ret));
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
