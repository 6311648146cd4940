/* Loading of "streams": which event a callback is, and where its fields stand. */
#include "mapping_private.h"
#include <string.h>

static const char *const field_names[] = {"id", "chat", "from", "lid", "name", "time", "group", "from_me",
    "kind", "text", "choice", "reply_to", "media", "media_b64", "mime", "filename", "lat", "lon", "emoji",
    "react_to", "device", "status", "error", "source", "event", "alias", "watermark", NULL};
static const char *const as_names[] = {"message", "status", "edit", "revoke", "session", NULL};
static const char *const kind_names[] = {"text", "image", "document", "audio", "video", "sticker", "location",
    "contact", "reaction", "choice", "poll", "system", "unsupported", "media", "unknown", NULL};
static const char *const status_names[] = {"accepted", "sent", "delivered", "read", "failed", NULL};
static const char *const state_names[] = {"good", "waiting", "lost", NULL};

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

static const char *const condition_shape =
    "harus [penunjuk, \"present\" | \"absent\" | \"in\" | \"not\", ...]";

static void load_condition(struct check *c, const struct place *at, const json_t *list, struct condition *ret)
{
    static const char *const tests[] = {"present", "absent", "in", "not"};
    const char *value = json_string_value(json_array_get(list, 0)),
               *test = json_string_value(json_array_get(list, 1));
    if (!value || !test) {
        check_fail(c, at, "%s", condition_shape);
        return;
    }
    size_t t = 0;
    while (t < sizeof tests / sizeof *tests && strcmp(tests[t], test))
        t++;
    const char *why = alternative_compile(value, c->arena, &ret->value);
    ret->test = (int)t;
    bool has_words = t >= WHEN_IN;
    if (why)
        check_fail(c, at, "\"%.60s\": %s", value, why);
    else if (t == sizeof tests / sizeof *tests)
        check_fail(c, at, "\"%.40s\" tidak dikenal; pilih present, absent, in atau not", test);
    else if (has_words ? json_array_size(list) < 3 : json_array_size(list) != 2)
        check_fail(c, at, "%s",
            has_words ? "sesudah \"in\" dan \"not\" harus ada paling sedikit satu kata"
                      : "hanya boleh dua unsur");
    else if (has_words)
        ret->word_count = load_words(c, at, list, 2, &ret->words);
}

/* How many objects are around what "each" leads to: every step there but "*" begins at one. */
static unsigned objects_around(const struct stream *s)
{
    unsigned most = 0;
    for (size_t i = 0; i < s->each_count; i++) {
        unsigned n = 0;
        for (size_t step = 0; step < s->each[i].count; step++)
            n += s->each[i].steps[step].kind != POINTER_EACH;
        most = n > most ? n : most;
    }
    return most;
}

/* "^" and "@" need something to stand for; a link leads to another alternative that may use them too. */
static void check_roots(
    struct check *c, const struct place *at, const struct alternative *a, unsigned around, bool has_within)
{
    for (; a && !c->failed; a = a->other) {
        if (a->up && !around)
            check_fail(c, at, "\"^\" hanya boleh bila ada \"each\"");
        else if (a->up > around)
            check_fail(c, at, "\"^%u\": hanya ada %u objek di sekelilingnya", a->up, around);
        if (a->from_within && !has_within)
            check_fail(c, at, "\"@\" hanya boleh bila ada \"within\"");
    }
}

/* around, has_within: what its alternatives may begin from. */
static struct conditions load_conditions(struct check *c, const struct place *at, const json_t *stream,
    const char *key, unsigned around, bool has_within)
{
    const json_t *list = json_object_get(stream, key);
    struct place here = {.parent = at, .key = key};
    size_t count = json_array_size(list);
    if (!list)
        return (struct conditions){0};
    if (!count || count > 16) {
        check_fail(c, &here, "harus daftar berisi 1 sampai 16 syarat");
        return (struct conditions){0};
    }
    struct condition *conditions = arena_alloc(c->arena, count * sizeof *conditions);
    for (size_t i = 0; conditions && i < count; i++) {
        struct place element = {.parent = &here, .index = i};
        load_condition(c, &element, json_array_get(list, i), &conditions[i]);
        check_roots(c, &element, &conditions[i].value, around, has_within);
    }
    return (struct conditions){.list = conditions, .count = conditions ? count : 0};
}

static struct field load_field(
    struct check *c, const struct place *at, const json_t *object, const char *key, const struct stream *s)
{
    struct field field = check_field(c, at, object, key, false);
    struct place here = {.parent = at, .key = key};
    for (size_t i = 0; i < field.count; i++) {
        struct place element = {.parent = &here, .index = i};
        check_roots(c, &element, &field.list[i], objects_around(s), s->within_count);
    }
    return field;
}

static void load_fields(struct check *c, const struct place *at, const json_t *stream, struct stream *ret)
{
    struct place here = {.parent = at, .key = "fields"};
    const json_t *fields = json_object_get(stream, "fields");
    if (!check_keys(c, &here, fields, field_names))
        return;
    for (int f = 0; f < FIELD_COUNT; f++)
        ret->fields[f] = load_field(c, &here, fields, field_names[f], ret);
    ret->details = load_field(c, at, stream, "details", ret);
    ret->more_media = load_field(c, at, stream, "more_media", ret);
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
    static const char *const keys[] = {"as", "when", "each", "where", "within", "fields", "details",
        "more_media", "kinds", "statuses", "states", "dedupe", NULL};
    if (!check_keys(c, at, stream, keys))
        return;
    ret->as = (enum stream_as)check_word(c, at, stream, "as", as_names, -1);
    ret->has_when = json_object_get(stream, "when") != NULL;
    ret->each = check_pointers(c, at, stream, "each", true, &ret->each_count);
    ret->within = check_pointers(c, at, stream, "within", false, &ret->within_count);
    ret->when = load_conditions(c, at, stream, "when", 0, ret->within_count);
    ret->where = load_conditions(c, at, stream, "where", objects_around(ret), ret->within_count);
    load_fields(c, at, stream, ret);
    ret->kind_count = load_pairs(c, at, stream, "kinds", kind_names, &ret->kinds);
    ret->status_count = load_pairs(c, at, stream, "statuses", status_names, &ret->statuses);
    ret->state_count = load_pairs(c, at, stream, "states", state_names, &ret->states);
    load_dedupe(c, at, stream, ret);
}

const struct stream *mapping_load_stream_list(
    struct check *c, const struct place *at, const json_t *object, size_t *ret_count)
{
    const json_t *list = json_object_get(object, "streams");
    struct place here = {.parent = at, .key = "streams"};
    size_t count = json_array_size(list);
    *ret_count = 0;
    if (!count || count > 32) {
        check_fail(c, &here, "wajib diisi: daftar berisi 1 sampai 32 objek");
        return NULL;
    }
    struct stream *streams = arena_alloc(c->arena, count * sizeof *streams);
    for (size_t i = 0; streams && i < count; i++) {
        struct place element = {.parent = &here, .index = i};
        load_stream(c, &element, json_array_get(list, i), &streams[i]);
    }
    *ret_count = streams ? count : 0;
    return streams;
}

void mapping_load_streams(struct check *c, const json_t *root, struct gateway_mapping *m)
{
    m->streams = mapping_load_stream_list(c, NULL, root, &m->stream_count);
}
