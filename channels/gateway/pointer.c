#include "pointer.h"
#include <stdint.h>
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

static const char *compile_step(
    const char *text, size_t n, bool wildcards, struct arena *arena, struct pointer_step *ret)
{
    char *key = arena_strndup(arena, text, n);
    if (!key || !unescape(key))
        return "\"~\" harus ditulis ~0 dan \"/\" di dalam nama ~1";
    ret->kind = !strcmp(key, "*") ? POINTER_EACH : !strcmp(key, "!") ? POINTER_ONLY : POINTER_MEMBER;
    if (ret->kind == POINTER_EACH && !wildcards)
        return "\"*\" hanya boleh di \"each\"";
    ret->key = key;
    ret->index = array_index(key);
    return NULL;
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

static const json_t *take_step(const struct pointer_step *step, const json_t *from)
{
    if (step->kind == POINTER_ONLY)
        return json_array_size(from) == 1 ? json_array_get(from, 0) : NULL;
    if (json_is_object(from))
        return json_object_get(from, step->key);
    return step->index == SIZE_MAX ? NULL : json_array_get(from, step->index);
}

const json_t *pointer_get(const struct pointer *p, const json_t *from)
{
    for (size_t i = 0; from && i < p->count; i++)
        from = take_step(&p->steps[i], from);
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
        go_on = walk_from(w, step + 1, take_step(s, here));
    w->item.depth = depth;
    return go_on;
}

bool pointer_each(const struct pointer *p, const json_t *root,
    bool (*visit)(void *context, const struct pointer_item *item), void *context)
{
    struct walk w = {.pointer = p, .visit = visit, .context = context};
    return walk_from(&w, 0, root);
}
