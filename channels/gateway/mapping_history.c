#include "mapping_history.h"
#include "mapping_private.h"
#include "mapping_request.h"
#include "rules/moment.h"
#include <string.h>

bool mapping_has_history(const struct gateway_mapping *m)
{
    return m->history.url != NULL;
}

/* Filled with what is known of the time and the chat. */
static bool make(const struct gateway_mapping *m, const char *url, const json_t *json, const char *chat,
    int64_t since_ms, struct arena *arena, struct gateway_request *ret)
{
    char date[MOMENT_TEXT];
    moment_print(since_ms, date);
    const struct template_name given[] = {{"chat", chat},
        {"since", arena_printf(arena, "%lld", (long long)(since_ms / 1000))},
        {"since_date", arena_strndup(arena, date, 10)}};
    struct template_names names = {m->settings, m->setting_count, given, sizeof given / sizeof *given};
    struct gateway_request request = {.method = json ? "POST" : "GET", .ours = true};
    if (!mapping_request_url(url, &names, arena, &request.url) ||
        !mapping_request_headers(&m->history.headers, &names, arena, &request) ||
        (json && !mapping_request_json(json, &names, arena, &request)))
        return false;
    *ret = request;
    return true;
}

bool mapping_history_chats(
    const struct gateway_mapping *m, int64_t since_ms, struct arena *arena, struct gateway_request *ret)
{
    return m->history.chats_url && make(m, m->history.chats_url, NULL, NULL, since_ms, arena, ret);
}

bool mapping_history_messages(const struct gateway_mapping *m, const char *chat, int64_t since_ms,
    struct arena *arena, struct gateway_request *ret)
{
    return make(m, m->history.url, m->history.json, chat, since_ms, arena, ret);
}

/* ---- chats ---- */

struct listing {
    const struct gateway_mapping *mapping;
    struct arena *arena;
    int64_t since_ms;
    const char **chats;
    size_t count, most;
};

static bool add_chat(void *context, const struct pointer_item *item)
{
    struct listing *l = context;
    const struct history_part *h = &l->mapping->history;
    struct value v;
    int64_t at;
    const char *chat = field_text(&h->chat, item, l->arena);
    bool known = field_value(&h->time, item, l->arena, &v) && value_time(&v, l->arena, &at);
    enum phone_id_kind kind = mapping_id_kind(l->mapping, chat);
    bool crowd = kind == PHONE_ID_GROUP || kind == PHONE_ID_CHANNEL || kind == PHONE_ID_STATUS;
    if (chat && !crowd && (!known || at >= l->since_ms))
        l->chats[l->count++] = chat;
    return l->count < l->most;
}

static void release_json(void *json)
{
    json_decref(json);
}

enum outcome mapping_history_read_chats(const struct gateway_mapping *m, const char *body, size_t size,
    int64_t since_ms, size_t most, struct arena *arena, const char ***ret_chats, size_t *ret_count,
    struct fault *fault)
{
    struct listing l = {.mapping = m,
        .arena = arena,
        .since_ms = since_ms,
        .chats = arena_alloc(arena, (most + 1) * sizeof *l.chats),
        .most = most};
    json_t *root = json_loadb(body, size, JSON_ALLOW_NUL, NULL);
    if (!root)
        return fault_set(fault, OUTCOME_NEVER, NULL, "list of chats is no JSON");
    if (!arena_defer(arena, release_json, root) || !l.chats)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a list of chats");
    for (size_t i = 0; i < m->history.each_count && l.count < most; i++)
        pointer_each(&m->history.each[i], root, add_chat, &l);
    *ret_chats = l.chats;
    *ret_count = l.count;
    return arena_ok(arena) ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory for chats");
}

/* ---- loading ---- */

static const char *const given[] = {"chat", "since", "since_date", NULL};

static void load_chats(
    struct check *c, const struct place *at, const json_t *history, struct history_part *ret)
{
    static const char *const keys[] = {"url", "each", "chat", "time", NULL};
    struct place here = {.parent = at, .key = "chats"};
    const json_t *chats = json_object_get(history, "chats");
    if (!chats || !check_keys(c, &here, chats, keys))
        return;
    ret->chats_url = check_url(c, &here, chats, "url", given, true);
    ret->each = check_pointers(c, &here, chats, "each", true, &ret->each_count);
    if (!ret->each_count)
        check_fail(c, &here, "memerlukan each");
    ret->chat = check_field(c, &here, chats, "chat", true);
    ret->time = check_field(c, &here, chats, "time", false);
}

static void load_messages(
    struct check *c, const struct place *at, const json_t *history, struct history_part *ret)
{
    static const char *const keys[] = {"url", "json", NULL};
    struct place here = {.parent = at, .key = "messages"}, json = {.parent = &here, .key = "json"};
    const json_t *messages = json_object_get(history, "messages");
    if (!check_keys(c, &here, messages, keys))
        return;
    ret->url = check_url(c, &here, messages, "url", given, true);
    ret->json = json_object_get(messages, "json");
    if (ret->json)
        check_json(c, &json, ret->json, given, false);
}

void mapping_load_history(struct check *c, const json_t *root, struct gateway_mapping *m)
{
    static const char *const keys[] = {"headers", "chats", "messages", "streams", NULL};
    struct place here = {.key = "history"};
    const json_t *history = json_object_get(root, "history");
    if (!history || !check_keys(c, &here, history, keys))
        return;
    m->history.headers = mapping_load_headers(c, &here, history, given);
    load_chats(c, &here, history, &m->history);
    load_messages(c, &here, history, &m->history);
    m->history.streams = mapping_load_stream_list(c, &here, history, &m->history.stream_count);
}
