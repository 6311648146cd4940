#include "mapping_event.h"
#include "event_identity.h"
#include "mapping_history.h"
#include "mapping_private.h"
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 64 << 10, SHORT_MAX = 1024 /* bytes; ids, names, URLs are shorter everywhere */ };

static const char *const kind_names[] = {"unknown", "text", "image", "document", "audio", "video", "sticker",
    "location", "contact", "reaction", "choice", "poll", "system", "unsupported", "media"};

const char *gateway_kind_name(enum gateway_kind kind)
{
    return kind_names[kind];
}

struct extraction {
    const struct gateway_mapping *mapping;
    const struct stream *streams;
    size_t stream_count;
    const struct stream *stream;
    const json_t *root;
    struct arena *arena;
    struct gateway_event *list;
    size_t count, room;
    bool too_many;
};

/* ---- single fields ---- */

/* Cut at max bytes, before a character rather than inside it. */
static const char *limited(const char *text, size_t max, struct arena *arena)
{
    size_t n = text ? strlen(text) : 0;
    if (n <= max)
        return text;
    for (n = max; n && ((unsigned char)text[n] & 0xC0) == 0x80; n--)
        ;
    return arena_strndup(arena, text, n);
}

static const char *get(const struct extraction *x, enum field_id field, const struct pointer_item *item)
{
    const char *text = field_text(&x->stream->fields[field], item, x->arena);
    if (field == FIELD_TEXT)
        return limited(text, TEXT_MAX, x->arena);
    if (field == FIELD_NAME || field == FIELD_CHOICE || field == FIELD_FILENAME || field == FIELD_MEDIA_B64)
        return field == FIELD_MEDIA_B64 ? text : limited(text, SHORT_MAX, x->arena);
    /* An identifier cut short would be another one. */
    return text && strlen(text) > (field == FIELD_MEDIA ? 4 * SHORT_MAX : SHORT_MAX) ? NULL : text;
}

static bool get_bool(const struct extraction *x, enum field_id field, const struct pointer_item *item)
{
    struct value v;
    return field_value(&x->stream->fields[field], item, x->arena, &v) && value_truth(&v);
}

static int64_t get_time(const struct extraction *x, enum field_id field, const struct pointer_item *item)
{
    struct value v;
    int64_t ms;
    bool known = field_value(&x->stream->fields[field], item, x->arena, &v) && value_time(&v, x->arena, &ms);
    return known ? ms : GATEWAY_NO_TIME;
}

static double get_degrees(
    const struct extraction *x, enum field_id field, const struct pointer_item *item, double most)
{
    struct value v;
    double degrees;
    bool known =
        field_value(&x->stream->fields[field], item, x->arena, &v) && value_number(&v, x->arena, &degrees);
    return known && degrees >= -most && degrees <= most ? degrees : GATEWAY_NO_PLACE;
}

static const char *find_word(const struct word_pair *pairs, size_t count, const char *raw)
{
    for (size_t i = 0; raw && i < count; i++)
        if (!strcasecmp(pairs[i].raw, raw))
            return pairs[i].canonical;
    return NULL;
}

static const char *canonical(const struct word_pair *pairs, size_t count, const char *raw)
{
    const char *word = find_word(pairs, count, raw);
    return word ? word : raw;
}

static bool find_kind(const char *word, enum gateway_kind *ret)
{
    for (size_t i = 0; word && i < sizeof kind_names / sizeof *kind_names; i++)
        if (!strcasecmp(kind_names[i], word)) {
            *ret = (enum gateway_kind)i;
            return true;
        }
    return false;
}

/* The mapping's word, a word that is canonical already, or what the mapping says of all others ("*"). */
static enum gateway_kind kind_of(const struct stream *s, const char *raw)
{
    enum gateway_kind kind = GATEWAY_KIND_UNKNOWN;
    if (raw && !find_kind(canonical(s->kinds, s->kind_count, raw), &kind))
        find_kind(find_word(s->kinds, s->kind_count, "*"), &kind);
    return kind;
}

static const char *const fates[] = {"", "accepted", "sent", "delivered", "read", "failed"};

static enum gateway_fate fate_of(const char *word)
{
    for (size_t i = 1; word && i < sizeof fates / sizeof *fates; i++)
        if (!strcasecmp(fates[i], word))
            return (enum gateway_fate)i;
    return GATEWAY_FATE_OTHER;
}

static enum gateway_state state_of(const struct stream *s, const char *raw)
{
    static const char *const states[] = {"", "good", "waiting", "lost"};
    const char *word = find_word(s->states, s->state_count, raw);
    for (size_t i = 1; word && i < sizeof states / sizeof *states; i++)
        if (!strcmp(states[i], word))
            return (enum gateway_state)i;
    return GATEWAY_STATE_OTHER;
}

/* ---- whole events ---- */

static const char *const *read_more_media(const struct extraction *x, const struct pointer_item *item)
{
    const struct field *all = &x->stream->more_media;
    const char **list = all->count ? arena_alloc(x->arena, (all->count + 1) * sizeof *list) : NULL;
    size_t n = 0;
    for (size_t i = 0; list && i < all->count; i++) {
        const struct field one = {.list = &all->list[i], .count = 1};
        const char *text = field_text(&one, item, x->arena);
        if (text && strlen(text) <= 4 * SHORT_MAX)
            list[n++] = text;
    }
    return n ? list : NULL;
}

static const char *read_details(const struct extraction *x, const struct pointer_item *item)
{
    const struct field *all = &x->stream->details;
    struct str out;
    str_init(&out, TEXT_MAX);
    for (size_t i = 0; i < all->count; i++) {
        const struct field one = {.list = &all->list[i], .count = 1};
        const char *text = limited(field_text(&one, item, x->arena), SHORT_MAX, x->arena);
        if (text)
            str_addf(&out, "%s%s", out.len ? ", " : "", text);
    }
    const char *copy = out.len && str_ok(&out) ? arena_strndup(x->arena, out.data, out.len) : NULL;
    str_release(&out);
    return copy;
}

static void read_place(const struct extraction *x, const struct pointer_item *item, struct gateway_event *e)
{
    e->lat = get_degrees(x, FIELD_LAT, item, 90);
    e->lon = get_degrees(x, FIELD_LON, item, 180);
    if (e->lat > 90 || e->lon > 180)
        e->lat = e->lon = GATEWAY_NO_PLACE;
}

static void read_event(const struct extraction *x, const struct pointer_item *item, struct gateway_event *e)
{
    const struct stream *s = x->stream;
    e->as = (enum gateway_as)s->as;
    e->item = item->value;
    e->id = get(x, FIELD_ID, item);
    e->chat = get(x, FIELD_CHAT, item);
    e->id_key = gateway_id_key(x->mapping, e->chat, e->id, x->arena);
    e->name = get(x, FIELD_NAME, item);
    e->time_ms = get_time(x, FIELD_TIME, item);
    e->from_me = get_bool(x, FIELD_FROM_ME, item);
    e->group = get_bool(x, FIELD_GROUP, item) || event_identity_is_crowd(x->mapping, e->chat);
    e->source = get(x, FIELD_SOURCE, item);
    e->kind = kind_of(s, get(x, FIELD_KIND, item));
    e->text = get(x, FIELD_TEXT, item);
    e->choice = get(x, FIELD_CHOICE, item);
    e->reply_to = get(x, FIELD_REPLY_TO, item);
    e->media = get(x, FIELD_MEDIA, item);
    e->media_b64 = get(x, FIELD_MEDIA_B64, item);
    e->mime = get(x, FIELD_MIME, item);
    e->filename = get(x, FIELD_FILENAME, item);
    e->emoji = get(x, FIELD_EMOJI, item);
    e->react_to = get(x, FIELD_REACT_TO, item);
    e->device = get(x, FIELD_DEVICE, item);
    e->more_media = read_more_media(x, item);
    e->details = read_details(x, item);
    e->event = get(x, FIELD_EVENT, item);
    e->alias = get(x, FIELD_ALIAS, item);
    e->watermark_ms = get_time(x, FIELD_WATERMARK, item);
    const char *status = get(x, FIELD_STATUS, item);
    e->state = state_of(s, status);
    e->status = canonical(s->statuses, s->status_count, status);
    e->fate = e->as == GATEWAY_STATUS ? fate_of(e->status) : GATEWAY_FATE_OTHER;
    if (e->fate)
        e->status = fates[e->fate];
    e->error = get(x, FIELD_ERROR, item);
    read_place(x, item, e);
    event_identity_read(x->mapping, e, get(x, FIELD_FROM, item), get(x, FIELD_LID, item), x->arena);
}

static bool condition_holds(const struct condition *c, const struct pointer_item *item, struct arena *arena)
{
    struct value v;
    bool found = alternative_value(&c->value, item, arena, &v);
    if (c->test == WHEN_PRESENT || c->test == WHEN_ABSENT)
        return found == (c->test == WHEN_PRESENT);
    const char *text = found ? value_text(&v, arena) : NULL;
    for (size_t i = 0; text && i < c->word_count; i++)
        if (!strcmp(c->words[i], text))
            return c->test == WHEN_IN;
    return c->test == WHEN_NOT;
}

static bool conditions_hold(
    const struct conditions *all, const struct pointer_item *item, struct arena *arena)
{
    for (size_t i = 0; i < all->count; i++)
        if (!condition_holds(&all->list[i], item, arena))
            return false;
    return true;
}

static const json_t *find_within(const struct stream *s, const json_t *item)
{
    const json_t *found = NULL;
    for (size_t i = 0; !found && i < s->within_count; i++)
        found = pointer_get(&s->within[i], item, item);
    return found;
}

static struct gateway_event *new_event(struct extraction *x)
{
    if (x->count == x->room) { /* doubled: the copies left behind cost no more than the list */
        size_t room = x->room ? x->room * 2 : 4;
        struct gateway_event *list = arena_alloc(x->arena, room * sizeof *list);
        if (!list)
            return NULL;
        if (x->count)
            memcpy(list, x->list, x->count * sizeof *list);
        x->list = list;
        x->room = room;
    }
    x->list[x->count] = (struct gateway_event){0};
    return &x->list[x->count++];
}

static bool add_event(void *context, const struct pointer_item *found)
{
    struct extraction *x = context;
    struct pointer_item item = *found;
    item.base = find_within(x->stream, item.value);
    if (!conditions_hold(&x->stream->where, &item, x->arena))
        return true;
    if (x->count == GATEWAY_EVENTS_MAX) {
        x->too_many = true;
        return false;
    }
    struct gateway_event *e = new_event(x);
    if (!e)
        return false;
    read_event(x, &item, e);
    event_identity_dedupe(e, x->stream->dedupe, x->stream->dedupe_count, x->arena);
    return arena_ok(x->arena);
}

static void run_stream(struct extraction *x)
{
    const struct pointer_item whole = {.value = x->root};
    if (!x->stream->each_count)
        add_event(x, &whole);
    for (size_t i = 0; i < x->stream->each_count && !x->too_many && arena_ok(x->arena); i++)
        pointer_each(&x->stream->each[i], x->root, add_event, x);
}

static void run_streams(struct extraction *x)
{
    struct pointer_item whole = {.value = x->root};
    for (size_t i = 0; i < x->stream_count; i++) {
        x->stream = &x->streams[i];
        whole.base = find_within(x->stream, x->root);
        if (!conditions_hold(&x->stream->when, &whole, x->arena))
            continue;
        run_stream(x);
        if (x->stream->has_when || x->too_many || !arena_ok(x->arena))
            return;
    }
}

static void release_json(void *json)
{
    json_decref(json);
}

static enum outcome read_events(
    struct extraction x, json_t *root, struct gateway_events *ret, struct fault *fault)
{
    struct arena *arena = x.arena;
    /* The events borrow the document's texts: a photograph in base64 is not copied. */
    if (!arena_defer(arena, release_json, root))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for events");
    x.root = root;
    run_streams(&x);
    if (x.too_many)
        return fault_set(
            fault, OUTCOME_NEVER, NULL, "more than %d events in one callback", GATEWAY_EVENTS_MAX);
    if (!arena_ok(arena))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for events");
    *ret = (struct gateway_events){.list = x.list, .count = x.count};
    return OUTCOME_DONE;
}

enum outcome mapping_events(const struct gateway_mapping *m, const char *body, size_t size,
    struct arena *arena, struct gateway_events *ret, struct fault *fault)
{
    json_t *root;
    const struct extraction x = {
        .mapping = m, .streams = m->streams, .stream_count = m->stream_count, .arena = arena};
    enum outcome outcome = mapping_parse_body(m, body, size, arena, &root, fault);
    return outcome ? outcome : read_events(x, root, ret, fault);
}

enum outcome mapping_history_events(const struct gateway_mapping *m, const char *body, size_t size,
    struct arena *arena, struct gateway_events *ret, struct fault *fault)
{
    const struct extraction x = {
        .mapping = m, .streams = m->history.streams, .stream_count = m->history.stream_count, .arena = arena};
    json_t *root = json_loadb(body, size, JSON_ALLOW_NUL, NULL);
    return root ? read_events(x, root, ret, fault)
                : fault_set(fault, OUTCOME_NEVER, NULL, "history is no JSON");
}
