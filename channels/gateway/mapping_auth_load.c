/* Loading of "auth". */
#include "mapping_private.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SECRET_MIN = 8,
    PATH_TOKEN_HEX = 32,
    PATH_TOKEN_WORDS = 22 /* 22 characters of base64url hold 132 bits */
};

static const char *const type_names[] = {
    "hmac", "header", "query", "basic", "body_token", "path_token", "ip_allow", "twilio", "jwt", "any", NULL};

/* Both families as IPv6, so that a daemon listening on [::] sees the same network (RFC 4291 section
 * 2.5.5.2). */
static bool read_network(const char *text, struct auth_network *ret)
{
    char address[INET6_ADDRSTRLEN];
    size_t n = strcspn(text, "/");
    if (n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    struct in_addr v4;
    bool is_v4 = inet_pton(AF_INET, address, &v4) == 1;
    if (is_v4) {
        memset(ret->address, 0, 10);
        memset(ret->address + 10, 0xFF, 2);
        memcpy(ret->address + 12, &v4, 4);
    } else if (inet_pton(AF_INET6, address, ret->address) != 1) {
        return false;
    }
    unsigned long most = is_v4 ? 32 : 128, bits = most;
    if (text[n] == '/') {
        size_t digits = strspn(text + n + 1, "0123456789");
        if (!digits || digits > 3 || text[n + 1 + digits])
            return false;
        bits = strtoul(text + n + 1, NULL, 10);
    }
    ret->bits = (unsigned)(bits + 128 - most);
    return bits <= most;
}

static void load_networks(struct check *c, const struct place *at, const json_t *entry, struct auth *ret)
{
    size_t count;
    const char *const *texts = check_texts(c, at, entry, "allow", &count);
    struct place here = {.parent = at, .key = "allow"};
    if (!count)
        check_fail(c, &here, "wajib diisi: daftar alamat, misalnya [\"10.0.0.0/8\"]");
    struct auth_network *networks = arena_alloc(c->arena, (count + 1) * sizeof *networks);
    for (size_t i = 0; networks && !c->failed && i < count; i++) {
        struct place element = {.parent = &here, .index = i};
        if (!read_network(texts[i], &networks[i]))
            check_fail(c, &element, "\"%.60s\" bukan alamat IP atau jaringan", texts[i]);
    }
    ret->networks = networks;
    ret->network_count = count;
}

/* Guessing must be hopeless, and the token must survive in a URL. */
static void check_path_token(struct check *c, const struct place *at, const char *token)
{
    size_t n = strlen(token);
    bool is_hex = strspn(token, "0123456789abcdefABCDEF") == n;
    bool is_word = strspn(token, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == n;
    if (!n) /* not loaded for authentication, or already reported */
        return;
    if (!is_word || n < (is_hex ? PATH_TOKEN_HEX : PATH_TOKEN_WORDS))
        check_fail(c, at,
            "token alamat harus acak 128 bit: paling sedikit 32 angka heksadesimal, atau 22 dari A-Z a-z 0-9 "
            "- _");
}

static void load_hmac(struct check *c, const struct place *at, const json_t *entry, struct auth *ret)
{
    static const char *const hashes[] = {"sha1", "sha256", "sha512", NULL};
    static const char *const encodings[] = {"hex", "base64", NULL};
    static const char *const overs[] = {"body", NULL};
    ret->hash = (enum auth_hash)check_word(c, at, entry, "alg", hashes, -1);
    ret->base64 = check_word(c, at, entry, "encoding", encodings, 0) == 1;
    check_word(c, at, entry, "over", overs, 0);
    ret->name = check_text(c, at, entry, "header", true);
}

static const char *settled_url(struct check *c, const char *template)
{
    struct str url;
    str_init(&url, 2048);
    struct template_names names = {.settings = c->settings, .setting_count = c->setting_count};
    if (template)
        template_text(&url, template, &names, TEMPLATE_PLAIN);
    const char *copy = arena_strdup(c->arena, url.data);
    str_release(&url);
    return copy;
}

static const char *const *allowed_keys(enum auth_type type)
{
    static const char *const hmac[] = {
        "type", "optional", "secret", "alg", "header", "prefix", "encoding", "over", NULL};
    static const char *const header[] = {"type", "optional", "secret", "header", "prefix", NULL};
    static const char *const query[] = {"type", "optional", "secret", "name", NULL};
    static const char *const basic[] = {"type", "optional", "secret", "user", NULL};
    static const char *const body_token[] = {"type", "optional", "secret", "pointer", NULL};
    static const char *const path_token[] = {"type", "optional", "secret", NULL};
    static const char *const ip_allow[] = {"type", "allow", NULL};
    static const char *const twilio[] = {"type", "optional", "secret", "header", "public_url", NULL};
    static const char *const any[] = {"type", "of", NULL};
    static const char *const *const of_type[] = {
        hmac, header, query, basic, body_token, path_token, ip_allow, twilio, header, any};
    return of_type[type];
}

static const struct auth *load_list(
    struct check *c, const struct place *at, const json_t *list, int depth, size_t *ret_kept);

/* One of "of" is enough; those whose secret nobody set do not exist, but one must. */
static void load_any(
    struct check *c, const struct place *at, const json_t *entry, int depth, struct auth *ret)
{
    struct place here = {.parent = at, .key = "of"};
    if (depth)
        check_fail(c, at, "any tidak boleh berada di dalam any");
    else
        ret->any = load_list(c, &here, json_object_get(entry, "of"), depth + 1, &ret->any_count);
    if (!ret->any_count && c->needed)
        check_fail(c, &here, "isi paling sedikit satu rahasianya di konfigurasi");
}

static void load_entry(
    struct check *c, const struct place *at, const json_t *entry, int depth, struct auth *ret)
{
    struct place secret = {.parent = at, .key = "secret"};
    const char *prefix = check_text(c, at, entry, "prefix", false);
    ret->prefix = prefix ? prefix : "";
    if (ret->type != AUTH_IP && ret->type != AUTH_ANY)
        ret->secret = check_secret(c, at, entry, "secret", SECRET_MIN);
    switch (ret->type) {
    case AUTH_HMAC:
        load_hmac(c, at, entry, ret);
        break;
    case AUTH_HEADER:
    case AUTH_JWT:
        ret->name = check_text(c, at, entry, "header", true);
        break;
    case AUTH_QUERY:
        ret->name = check_text(c, at, entry, "name", true);
        break;
    case AUTH_BASIC:
        ret->user = check_text(c, at, entry, "user", true);
        break;
    case AUTH_BODY_TOKEN:
        ret->pointer = check_pointer(c, at, entry, "pointer", false);
        break;
    case AUTH_PATH_TOKEN:
        check_path_token(c, &secret, ret->secret);
        break;
    case AUTH_IP:
        load_networks(c, at, entry, ret);
        break;
    case AUTH_TWILIO:
        ret->name = check_text(c, at, entry, "header", true);
        ret->public_url = settled_url(c, check_url(c, at, entry, "public_url", NULL, true));
        break;
    case AUTH_ANY:
        load_any(c, at, entry, depth, ret);
        break;
    }
}

/* An optional entry whose secret nobody set does not exist. */
static bool is_waived(struct check *c, const struct place *at, const json_t *entry)
{
    const char *secret = json_string_value(json_object_get(entry, "secret"));
    if (!check_bool(c, at, entry, "optional") || !secret || *secret != '$')
        return false;
    const char *value = c->lookup && c->lookup->find ? c->lookup->find(c->lookup->context, secret + 1) : NULL;
    return !value || !*value;
}

/* The entries that count; NULL after a mistake. Recursion: load_any(), once. */
static const struct auth *load_list(
    struct check *c, const struct place *at, const json_t *list, int depth, size_t *ret_kept)
{
    size_t count = json_array_size(list), kept = 0;
    if (!count || count > 8) {
        check_fail(c, at,
            "wajib diisi: daftar 1 sampai 8 cara memastikan asal panggilan; tanpa itu siapa pun dapat "
            "menulis ke buku");
        return NULL;
    }
    struct auth *auth = arena_alloc(c->arena, count * sizeof *auth);
    for (size_t i = 0; auth && !c->failed && i < count; i++) {
        struct place element = {.parent = at, .index = i};
        const json_t *entry = json_array_get(list, i);
        if (!json_is_object(entry))
            check_fail(c, &element, "harus objek {...}");
        auth[kept].type = (enum auth_type)check_word(c, &element, entry, "type", type_names, -1);
        if (!check_keys(c, &element, entry, allowed_keys(auth[kept].type)))
            return NULL;
        if (!is_waived(c, &element, entry))
            load_entry(c, &element, entry, depth, &auth[kept++]);
    }
    *ret_kept = kept;
    return auth;
}

void mapping_load_auth(struct check *c, const json_t *root, struct gateway_mapping *m)
{
    const json_t *list = json_object_get(root, "auth");
    struct place here = {.key = "auth"};
    size_t firm = 0;
    m->auth = load_list(c, &here, list, 0, &m->auth_count);
    for (size_t i = 0; i < json_array_size(list); i++)
        firm += !json_is_true(json_object_get(json_array_get(list, i), "optional"));
    if (!firm)
        check_fail(c, &here, "paling sedikit satu cara harus tanpa \"optional\"");
}
