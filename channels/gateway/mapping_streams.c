/* Loading of "streams": which event a callback is, and where its fields stand. */
#include "mapping_private.h"
#include <string.h>

static const char *const field_names[] = {"id", "chat", "from", "lid", "name", "time", "group", "from_me",
    "kind", "text", "choice", "reply_to", "media", "media_b64", "mime", "filename", "lat", "lon", "emoji",
    "react_to", "device", "status", "error", "source", NULL};
static const char *const as_names[] = {"message", "status", "edit", "revoke", "session", NULL};
static const char *const kind_names[] = {"text", "image", "document", "audio", "video", "sticker", "location",
    "contact", "reaction", "choice", "poll", "system", "unsupported", "media", "unknown", NULL};
static const char *const status_names[] = {"accepted", "sent", "delivered", "read", "failed", NULL};

_Static_assert(
    sizeof field_names / sizeof *field_names == FIELD_COUNT + 1, "field_names and enum field_id differ");

static size_t load_words(
    struct check *c, const struct place *at, const json_t *list, size_t from, const char *const **ret_words)
{
    size_t count = json_array_size(list) - from;
    const char **words = arena_alloc(c->arena, count * sizeof *words);
    for (size_t i = 0; words && i < count; i++) {
        struct place here = {.parent = at, .index = from + i};
        words[i] = json_string_value(json_array_get(list, from + i));
        if (!words[i])
            check_fail(c, &here, "harus teks");
    }
    *ret_words = words;
    return words ? count : 0;
}

static void load_condition(struct check *c, const struct place *at, const json_t *list, struct condition *ret)
{
    const char *pointer = json_string_value(json_array_get(list, 0)),
               *test = json_string_value(json_array_get(list, 1));
    if (!pointer || !test) {
        check_fail(c, at, "harus [penunjuk, \"present\" | \"absent\" | \"in\", ...]");
        return;
    }
    const char *why = pointer_compile(pointer, strlen(pointer), false, c->arena, &ret->pointer);
    bool in = !strcmp(test, "in"), absent = !strcmp(test, "absent");
    ret->test = in ? WHEN_IN : absent ? WHEN_ABSENT : WHEN_PRESENT;
    if (why)
        check_fail(c, at, "\"%.60s\": %s", pointer, why);
    else if (!in && !absent && strcmp(test, "present"))
        check_fail(c, at, "\"%.40s\" tidak dikenal; pilih present, absent atau in", test);
    else if (in ? json_array_size(list) < 3 : json_array_size(list) != 2)
        check_fail(
            c, at, "%s", in ? "sesudah \"in\" harus ada paling sedikit satu kata" : "hanya boleh dua unsur");
    else if (in)
        ret->word_count = load_words(c, at, list, 2, &ret->words);
}

static void load_when(struct check *c, const struct place *at, const json_t *stream, struct stream *ret)
{
    const json_t *when = json_object_get(stream, "when");
    struct place here = {.parent = at, .key = "when"};
    if (!when)
        return;
    size_t count = json_array_size(when);
    if (!count || count > 16) {
        check_fail(c, &here, "harus daftar berisi 1 sampai 16 syarat");
        return;
    }
    struct condition *conditions = arena_alloc(c->arena, count * sizeof *conditions);
    for (size_t i = 0; conditions && i < count; i++) {
        struct place element = {.parent = &here, .index = i};
        load_condition(c, &element, json_array_get(when, i), &conditions[i]);
    }
    ret->has_when = true;
    ret->conditions = conditions;
    ret->condition_count = count;
}

static void load_fields(struct check *c, const struct place *at, const json_t *stream, struct stream *ret)
{
    struct place here = {.parent = at, .key = "fields"};
    const json_t *fields = json_object_get(stream, "fields");
    if (!check_keys(c, &here, fields, field_names))
        return;
    for (int f = 0; f < FIELD_COUNT; f++) {
        ret->fields[f] = check_field(c, &here, fields, field_names[f], false);
        for (size_t i = 0; i < ret->fields[f].count; i++)
            if (ret->fields[f].list[i].up && !ret->has_each) {
                struct place field = {.parent = &here, .key = field_names[f]};
                struct place element = {.parent = &field, .index = i};
                check_fail(c, &element, "\"^\" hanya boleh bila ada \"each\"");
            }
    }
}

static size_t load_pairs(struct check *c, const struct place *at, const json_t *stream, const char *key,
    const char *const *canonical, const struct word_pair **ret_pairs)
{
    struct place here = {.parent = at, .key = key};
    const json_t *object = json_object_get(stream, key);
    if (object && !json_is_object(object))
        check_fail(c, &here, "harus objek {...}");
    if (!object || c->failed)
        return 0;
    struct word_pair *pairs = arena_alloc(c->arena, json_object_size(object) * sizeof *pairs);
    const char *raw;
    json_t *ignored;
    size_t n = 0;
    if (pairs)
        json_object_foreach((json_t *)object, raw, ignored) pairs[n++] =
            (struct word_pair){raw, canonical[check_word(c, &here, object, raw, canonical, -1)]};
    *ret_pairs = pairs;
    return n;
}

static void load_dedupe(struct check *c, const struct place *at, const json_t *stream, struct stream *ret)
{
    size_t count;
    const char *const *names = check_texts(c, at, stream, "dedupe", &count);
    struct place here = {.parent = at, .key = "dedupe"};
    enum field_id *ids = arena_alloc(c->arena, (count + 1) * sizeof *ids);
    for (size_t i = 0; ids && !c->failed && i < count; i++) {
        int f = 0;
        while (f < FIELD_COUNT && strcmp(field_names[f], names[i]))
            f++;
        struct place element = {.parent = &here, .index = i};
        if (f == FIELD_COUNT)
            check_fail(c, &element, "\"%.40s\" bukan nama field", names[i]);
        ids[i] = (enum field_id)f;
    }
    ret->dedupe = ids;
    ret->dedupe_count = c->failed ? 0 : count;
}

static void load_stream(struct check *c, const struct place *at, const json_t *stream, struct stream *ret)
{
    static const char *const keys[] = {"as", "when", "each", "fields", "kinds", "statuses", "dedupe", NULL};
    if (!check_keys(c, at, stream, keys))
        return;
    ret->as = (enum stream_as)check_word(c, at, stream, "as", as_names, -1);
    load_when(c, at, stream, ret);
    ret->has_each = json_object_get(stream, "each") != NULL;
    if (ret->has_each)
        ret->each = check_pointer(c, at, stream, "each", true);
    load_fields(c, at, stream, ret);
    ret->kind_count = load_pairs(c, at, stream, "kinds", kind_names, &ret->kinds);
    ret->status_count = load_pairs(c, at, stream, "statuses", status_names, &ret->statuses);
    load_dedupe(c, at, stream, ret);
}

void mapping_load_streams(struct check *c, const json_t *root, struct gateway_mapping *m)
{
    const json_t *list = json_object_get(root, "streams");
    struct place here = {.key = "streams"};
    size_t count = json_array_size(list);
    if (!count || count > 32) {
        check_fail(c, &here, "wajib diisi: daftar berisi 1 sampai 32 objek");
        return;
    }
    struct stream *streams = arena_alloc(c->arena, count * sizeof *streams);
    for (size_t i = 0; streams && i < count; i++) {
        struct place element = {.parent = &here, .index = i};
        load_stream(c, &element, json_array_get(list, i), &streams[i]);
    }
    m->streams = streams;
    m->stream_count = streams ? count : 0;
}
