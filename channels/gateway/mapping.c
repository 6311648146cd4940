#include "mapping_private.h"
#include "form.h"
#include "daemon/base/json_read.h"
#include <stdio.h>
#include <string.h>

enum { MAPPING_TEXT_MAX = 256 << 10, MAPPING_ARENA_MAX = 2 << 20, BODY_DEPTH_MAX = 128 };

/* Members of the file itself have no parent: "/auth", not "//auth". */
static const struct place *const top = NULL;

static void load_ack(struct check *c, const json_t *root, struct gateway_mapping *m)
{
    static const char *const keys[] = {"status", "type", "body", NULL};
    struct place here = {.parent = top, .key = "ack"};
    m->ack = (struct gateway_ack){.status = 200, .type = "text/plain", .body = ""};
    const json_t *ack = json_object_get(root, "ack");
    if (!ack || !check_keys(c, &here, ack, keys))
        return;
    m->ack.status = (int)check_integer(c, &here, ack, "status", 200, 299, 200);
    const char *type = check_text(c, &here, ack, "type", false),
               *body = check_text(c, &here, ack, "body", false);
    m->ack.type = type ? type : m->ack.type;
    m->ack.body = body ? body : m->ack.body;
}

static void load_handshake(struct check *c, const json_t *root, struct gateway_mapping *m)
{
    static const char *const keys[] = {"mode", "expect_mode", "token", "secret", "echo", NULL};
    struct place here = {.parent = top, .key = "handshake"};
    const json_t *handshake = json_object_get(root, "handshake");
    if (!handshake || !check_keys(c, &here, handshake, keys))
        return;
    m->handshake = (struct handshake){
        .mode = check_text(c, &here, handshake, "mode", true),
        .expect_mode = check_text(c, &here, handshake, "expect_mode", true),
        .token = check_text(c, &here, handshake, "token", true),
        .secret = check_secret(c, &here, handshake, "secret", 8),
        .echo = check_text(c, &here, handshake, "echo", true),
    };
}

/* {name: text}, of settings only: a secret has no default. */
static void load_defaults(struct check *c, const json_t *root)
{
    struct place here = {.parent = top, .key = "defaults"};
    const char *name;
    json_t *value;
    c->defaults = json_object_get(root, "defaults");
    if (c->defaults && !json_is_object(c->defaults))
        check_fail(c, &here, "harus objek");
    json_object_foreach((json_t *)c->defaults, name, value)
    {
        struct place at = {.parent = &here, .key = name};
        if (!json_is_string(value) || (*name >= 'A' && *name <= 'Z'))
            check_fail(c, &at, "harus nama setelan dan teks");
    }
}

static void load_identity(struct check *c, const json_t *root, struct gateway_mapping *m)
{
    static const char *const scopes[] = {"global", "chat", NULL};
    struct place here = {.parent = top, .key = "identity"};
    m->identity = check_text(c, top, root, "identity", false);
    if (m->identity &&
        (!*m->identity || strspn(m->identity, "abcdefghijklmnopqrstuvwxyz") != strlen(m->identity)))
        check_fail(c, &here, "harus satu kata huruf kecil, misalnya psid");
    m->ids_of_chat = check_word(c, top, root, "ids", scopes, 0) == 1;
}

enum phone_id_kind mapping_id_kind(const struct gateway_mapping *m, const char *id)
{
    return m->identity ? PHONE_ID_OTHER : phone_id_kind(id);
}

static void load_parts(struct check *c, const json_t *root, int purpose, struct gateway_mapping *m)
{
    static const char *const keys[] = {"auth", "handshake", "ack", "parse", "identity", "ids", "streams",
        "send", "media", "lid", "history", "defaults", NULL};
    static const char *const formats[] = {"json", "form", "json_or_form", NULL};
    if (!check_keys(c, top, root, keys))
        return;
    load_defaults(c, root);
    c->needed = (purpose & MAPPING_FOR_AUTH) != 0;
    mapping_load_auth(c, root, m);
    load_handshake(c, root, m);
    load_ack(c, root, m);
    m->format = (enum body_format)check_word(c, top, root, "parse", formats, -1);
    load_identity(c, root, m);
    mapping_load_streams(c, root, m);
    c->needed = (purpose & MAPPING_FOR_SENDING) != 0;
    mapping_load_send(c, root, m);
    mapping_load_media(c, root, m);
    mapping_load_history(c, root, m);
    m->setting_count = c->setting_count;
    m->settings = arena_memdup(c->arena, c->settings, c->setting_count * sizeof *c->settings);
}

static void release_json(void *json)
{
    json_decref(json);
}

/* Duplicate keys are refused here and not in callbacks: in a file written by hand the second one is a
 * mistake. */
static json_t *read_file(struct check *c, const char *text, size_t size)
{
    json_error_t error;
    if (size > MAPPING_TEXT_MAX) {
        check_fail(c, top, "berkas terlalu besar (paling banyak 256 KiB)");
        return NULL;
    }
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        check_fail(
            c, top, "baris %d kolom %d: bukan JSON yang sah (%s)", error.line, error.column, error.text);
        return NULL;
    }
    return arena_defer(c->arena, release_json, root) ? root : NULL;
}

enum outcome mapping_load(const char *name, const char *text, size_t size,
    const struct gateway_lookup *lookup, int purpose, struct gateway_mapping **ret, struct fault *fault)
{
    struct fault ignored;
    struct arena *arena = arena_new(MAPPING_ARENA_MAX);
    struct gateway_mapping *m = arena ? arena_alloc(arena, sizeof *m) : NULL;
    struct check c = {.name = name, .arena = arena, .lookup = lookup, .fault = fault ? fault : &ignored};
    json_t *root = m ? read_file(&c, text, size) : NULL;
    if (root) {
        m->arena = arena;
        load_parts(&c, root, purpose, m);
    }
    if (c.failed) { /* check_fail has filled the fault */
        arena_free(arena);
        return OUTCOME_NEVER;
    }
    if (!root || !arena_ok(arena)) {
        arena_free(arena);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for gateway mapping %s", name);
    }
    *ret = m;
    return OUTCOME_DONE;
}

void mapping_free(struct gateway_mapping *m)
{
    if (m)
        arena_free(m->arena); /* m itself lives there */
}

const struct gateway_ack *mapping_ack(const struct gateway_mapping *m)
{
    return &m->ack;
}

struct gateway_limits mapping_limits(const struct gateway_mapping *m, bool outside)
{
    return (struct gateway_limits){.chars = outside ? m->send.outside.body.max_chars : m->send.body.max_chars,
        .bytes = m->send.max_bytes,
        .parts = outside ? 1 : 0};
}

enum gateway_way mapping_way(const struct gateway_mapping *m, int64_t since_ms)
{
    const struct send *s = &m->send;
    const int64_t hour = 3600 * 1000;
    if (!s->window_hours || since_ms < s->window_hours * hour)
        return GATEWAY_WAY_FREE;
    bool has = s->outside.needs && mapping_setting(m, s->outside.needs);
    return has && (!s->outside.hours || since_ms < s->outside.hours * hour) ? GATEWAY_WAY_OUTSIDE
                                                                            : GATEWAY_WAY_NONE;
}

enum gateway_way mapping_way_outside(const struct gateway_mapping *m)
{
    return m->send.outside.needs && mapping_setting(m, m->send.outside.needs) ? GATEWAY_WAY_OUTSIDE
                                                                              : GATEWAY_WAY_NONE;
}

const char *mapping_setting(const struct gateway_mapping *m, const char *name)
{
    for (size_t i = 0; i < m->setting_count; i++)
        if (!strcmp(m->settings[i].name, name))
            return m->settings[i].value;
    return NULL;
}

long mapping_recipient_gap_ms(const struct gateway_mapping *m)
{
    return m->send.gap_ms;
}

/* ---- bodies ---- */

/* jansson would recurse 2048 levels deep, in parsing and again in freeing; no gateway nests beyond a few
 * dozen (a quote of a quote of a quote), so deeper bodies are refused before they cost anything. */
static bool is_too_deep(const char *body, size_t size)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < size; i++) {
        char ch = body[i];
        if (in_string && ch == '\\')
            i++;
        else if (ch == '"')
            in_string = !in_string;
        else if (!in_string && (ch == '{' || ch == '[') && ++depth > BODY_DEPTH_MAX)
            return true;
        else if (!in_string && (ch == '}' || ch == ']'))
            depth--;
    }
    return false;
}

static bool looks_like_json(const char *body, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!strchr(" \t\r\n", body[i]))
            return body[i] == '{' || body[i] == '[';
    return false;
}

/* Callbacks with duplicate keys are taken, the last one counts (no JSON_REJECT_DUPLICATES): the body is
 * authenticated as bytes and read by nobody but us, so two readings cannot be played against each other,
 * while a refused callback of a hand-made serialiser would be a lost complaint. \u0000 is taken too and shown
 * as U+FFFD. */
enum outcome mapping_parse_body(const struct gateway_mapping *m, const char *body, size_t size,
    struct arena *arena, json_t **ret, struct fault *fault)
{
    bool as_json = m->format == BODY_JSON || (m->format == BODY_EITHER && looks_like_json(body, size));
    json_error_t error = {0};
    json_t *root = NULL;
    if (as_json && is_too_deep(body, size))
        return fault_set(fault, OUTCOME_NEVER, "isinya bersarang terlalu dalam", "body nested deeper than %d",
            BODY_DEPTH_MAX);
    bool no_memory = false;
    if (as_json)
        root = json_read(body, size, JSON_ALLOW_NUL, &error, &no_memory);
    else
        root = form_object(body, size, arena);
    if (!root && (!arena_ok(arena) || no_memory))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to read a callback of %zu bytes", size);
    if (!root) {
        char text[80];
        snprintf(text, sizeof text,
            as_json ? "baris %d kolom %d: bukan JSON yang sah" : "bukan isi formulir yang sah", error.line,
            error.column);
        /* jansson quotes what stands there: a citizen's words, which no log may hold. */
        return fault_set(fault, OUTCOME_NEVER, text, "body is no %s: %.*s at byte %d",
            as_json ? "JSON" : "form", as_json ? (int)strcspn(error.text, "'\"") : 64,
            as_json ? error.text : "not UTF-8 or too many pairs", error.position);
    }
    *ret = root;
    return OUTCOME_DONE;
}
