#include "pointer.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* RFC 6901 section 4: digits without a leading zero. */
static size_t array_index(const char *key)
{
    size_t n = strlen(key), index = 0;
    if (!n || n > 6 || (n > 1 && key[0] == '0'))
        return SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        if (key[i] < '0' || key[i] > '9')
            return SIZE_MAX;
        index = index * 10 + (size_t)(key[i] - '0');
    }
    return index;
}

/* RFC 6901 section 3: "~1" is "/", "~0" is "~", in place; false for any other use of "~". */
static bool unescape(char *key)
{
    char *to = key;
    for (const char *from = key; *from; from++) {
        if (*from != '~') {
            *to++ = *from;
            continue;
        }
        from++;
        if (*from != '0' && *from != '1')
            return false;
        *to++ = *from == '1' ? '/' : '~';
    }
    *to = '\0';
    return true;
}

/* "?a=b", in place. */
static const char *compile_find(char *key, struct pointer_step *ret)
{
    char *equals = strchr(key, '=');
    if (!equals || equals == key + 1 || !equals[1])
        return "pencarian unsur harus ditulis ?a=b, misalnya ?wa_id=from";
    *equals = '\0';
    *ret =
        (struct pointer_step){.kind = POINTER_FIND, .key = key + 1, .equals = equals + 1, .index = SIZE_MAX};
    return NULL;
}

static const char *compile_step(
    const char *text, size_t n, bool wildcards, struct arena *arena, struct pointer_step *ret)
{
    char *key = arena_strndup(arena, text, n);
    if (!key || !unescape(key))
        return "\"~\" harus ditulis ~0 dan \"/\" di dalam nama ~1";
    static const struct {
        const char *key;
        enum pointer_step_kind kind;
    } words[] = {{"*", POINTER_EACH}, {"!", POINTER_ONLY}, {"-1", POINTER_LAST}};
    *ret = (struct pointer_step){.kind = POINTER_MEMBER, .key = key, .index = array_index(key)};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i].key, key))
            ret->kind = words[i].kind;
    if (ret->kind == POINTER_EACH && !wildcards)
        return "\"*\" hanya boleh di \"each\"";
    return *key == '?' ? compile_find(key, ret) : NULL;
}

const char *pointer_compile(
    const char *text, size_t n, bool wildcards, struct arena *arena, struct pointer *ret)
{
    *ret = (struct pointer){0};
    if (!n)
        return NULL;
    if (text[0] != '/')
        return "penunjuk JSON harus diawali \"/\"";
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += text[i] == '/';
    if (count > POINTER_STEPS_MAX)
        return "penunjuk JSON terlalu dalam (paling banyak 24 langkah)";
    struct pointer_step *steps = arena_alloc(arena, count * sizeof *steps);
    if (!steps)
        return "memori tidak cukup";
    const char *end = text + n, *from = text + 1;
    for (size_t i = 0; i < count; i++) {
        const char *slash = memchr(from, '/', (size_t)(end - from));
        const char *to = slash ? slash : end;
        const char *why = compile_step(from, (size_t)(to - from), wildcards, arena, &steps[i]);
        if (why)
            return why;
        from = to + (slash != NULL);
    }
    *ret = (struct pointer){.steps = steps, .count = count};
    return NULL;
}

/* An id is the same as a number and as a text. */
static bool says_same(const json_t *a, const json_t *b)
{
    char digits[2][24];
    const char *text[2];
    const json_t *values[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        snprintf(digits[i], sizeof digits[i], "%lld", (long long)json_integer_value(values[i]));
        text[i] = json_is_integer(values[i]) ? digits[i] : json_string_value(values[i]);
    }
    return text[0] && text[1] && !strcmp(text[0], text[1]);
}

static const json_t *find_element(const struct pointer_step *step, const json_t *array, const json_t *item)
{
    const json_t *wanted = json_object_get(item, step->equals);
    for (size_t i = 0; wanted && i < json_array_size(array); i++) {
        const json_t *element = json_array_get(array, i);
        if (says_same(json_object_get(element, step->key), wanted))
            return element;
    }
    return NULL;
}

static const json_t *take_step(const struct pointer_step *step, const json_t *from, const json_t *item)
{
    if (step->kind == POINTER_ONLY)
        return json_array_size(from) == 1 ? json_array_get(from, 0) : NULL;
    if (step->kind == POINTER_LAST)
        return json_array_get(from, json_array_size(from) - 1); /* of an empty one: none */
    if (step->kind == POINTER_FIND)
        return find_element(step, from, item);
    if (json_is_object(from))
        return json_object_get(from, step->key);
    return step->index == SIZE_MAX ? NULL : json_array_get(from, step->index);
}

const json_t *pointer_get(const struct pointer *p, const json_t *from, const json_t *item)
{
    for (size_t i = 0; from && i < p->count; i++)
        from = take_step(&p->steps[i], from, item);
    return json_is_null(from) ? NULL : from;
}

struct walk {
    const struct pointer *pointer;
    bool (*visit)(void *context, const struct pointer_item *item);
    void *context;
    struct pointer_item item;
};

/* Recursion is bounded by POINTER_STEPS_MAX, not by the document. */
static bool walk_from(struct walk *w, size_t step, const json_t *here)
{
    if (!here || json_is_null(here))
        return true;
    if (step == w->pointer->count) {
        w->item.value = here;
        return w->visit(w->context, &w->item);
    }
    size_t depth = w->item.depth;
    if (json_is_object(here))
        w->item.enclosing[w->item.depth++] = here;
    bool go_on = true;
    const struct pointer_step *s = &w->pointer->steps[step];
    if (s->kind == POINTER_EACH)
        for (size_t i = 0; go_on && i < json_array_size(here); i++)
            go_on = walk_from(w, step + 1, json_array_get(here, i));
    else
        go_on = walk_from(w, step + 1, take_step(s, here, NULL));
    w->item.depth = depth;
    return go_on;
}

bool pointer_each(const struct pointer *p, const json_t *root,
    bool (*visit)(void *context, const struct pointer_item *item), void *context)
{
    struct walk w = {.pointer = p, .visit = visit, .context = context};
    return walk_from(&w, 0, root);
}
