#include "mapping_auth.h"
#include "form.h"
#include "jwt.h"
#include "mapping_private.h"
#include "twilio_signature.h"
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string.h>

enum { ECHO_MAX = 256 /* bytes of a handshake's challenge */ };

/* In constant time and without telling the length: digests of both are compared. An unset secret matches
 * nothing. */
static bool is_same(const char *secret, const char *offered)
{
    unsigned char a[crypto_hash_sha256_BYTES], b[crypto_hash_sha256_BYTES];
    if (!secret || !*secret || !offered)
        return false;
    crypto_hash_sha256(a, (const unsigned char *)secret, strlen(secret));
    crypto_hash_sha256(b, (const unsigned char *)offered, strlen(offered));
    return sodium_memcmp(a, b, sizeof a) == 0;
}

static const char *header(const struct gateway_callback *callback, const char *name)
{
    return callback->header ? callback->header(callback->header_context, name) : NULL;
}

/* Header without its prefix; NULL when absent or with another prefix. */
static const char *header_value(const struct gateway_callback *callback, const struct auth *a)
{
    const char *value = header(callback, a->name);
    size_t n = strlen(a->prefix);
    return value && !strncmp(value, a->prefix, n) ? value + n : NULL;
}

static size_t compute_mac(const struct auth *a, const char *body, size_t size, unsigned char mac[64])
{
    const unsigned char *key = (const unsigned char *)a->secret, *bytes = (const unsigned char *)body;
    size_t key_size = strlen(a->secret);
    if (a->hash == AUTH_SHA1) { /* libsodium has none */
        unsigned n = 0;
        return HMAC(EVP_sha1(), key, (int)key_size, bytes, size, mac, &n) ? n : 0;
    }
    if (a->hash == AUTH_SHA256) {
        crypto_auth_hmacsha256_state state;
        crypto_auth_hmacsha256_init(&state, key, key_size);
        crypto_auth_hmacsha256_update(&state, bytes, size);
        crypto_auth_hmacsha256_final(&state, mac);
        return crypto_auth_hmacsha256_BYTES;
    }
    crypto_auth_hmacsha512_state state;
    crypto_auth_hmacsha512_init(&state, key, key_size);
    crypto_auth_hmacsha512_update(&state, bytes, size);
    crypto_auth_hmacsha512_final(&state, mac);
    return crypto_auth_hmacsha512_BYTES;
}

/* The offered signature is decoded, so that upper and lower case hexadecimal digits are the same. */
static bool verify_hmac(const struct auth *a, const struct gateway_callback *callback)
{
    unsigned char mac[64], offered[64];
    size_t size = 0;
    const char *text = header_value(callback, a), *end = NULL;
    if (!text || !*a->secret)
        return false;
    int bad = a->base64 ? sodium_base642bin(offered, sizeof offered, text, strlen(text), NULL, &size, &end,
                              sodium_base64_VARIANT_ORIGINAL)
                        : sodium_hex2bin(offered, sizeof offered, text, strlen(text), NULL, &size, &end);
    if (bad || *end)
        return false;
    size_t expected = compute_mac(a, callback->body, callback->body_size, mac);
    return expected && size == expected && sodium_memcmp(mac, offered, expected) == 0;
}

/* RFC 7617 section 2: base64 of user ":" password; the scheme's name in any case. */
static bool verify_basic(const struct auth *a, const struct gateway_callback *callback, struct arena *scratch)
{
    const char *value = header(callback, "Authorization");
    const char *pair = arena_printf(scratch, "%s:%s", a->user, a->secret);
    if (!*a->secret || !value || strncasecmp(value, "Basic ", 6) || !pair)
        return false;
    size_t room = sodium_base64_encoded_len(strlen(pair), sodium_base64_VARIANT_ORIGINAL);
    char *encoded = arena_alloc(scratch, room);
    if (!encoded)
        return false;
    return is_same(sodium_bin2base64(encoded, room, (const unsigned char *)pair, strlen(pair),
                       sodium_base64_VARIANT_ORIGINAL),
        value + 6);
}

static enum gateway_authenticity verify_body_token(const struct gateway_mapping *m, const struct auth *a,
    const struct gateway_callback *callback, struct arena *scratch)
{
    json_t *root = NULL;
    if (mapping_parse_body(m, callback->body, callback->body_size, scratch, &root, NULL) != OUTCOME_DONE)
        return GATEWAY_MALFORMED;
    bool same = is_same(a->secret, json_string_value(pointer_get(&a->pointer, root, NULL)));
    json_decref(root);
    return same ? GATEWAY_AUTHENTIC : GATEWAY_NOT_AUTHENTIC;
}

static bool is_within(const struct auth_network *network, const unsigned char address[16])
{
    unsigned whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address, address, whole))
        return false;
    return !rest || (network->address[whole] ^ address[whole]) >> (8 - rest) == 0;
}

static bool verify_peer(const struct auth *a, const char *peer)
{
    unsigned char address[16] = {[10] = 0xFF, [11] = 0xFF};
    if (!peer || (inet_pton(AF_INET, peer, address + 12) != 1 && inet_pton(AF_INET6, peer, address) != 1))
        return false;
    for (size_t i = 0; i < a->network_count; i++)
        if (is_within(&a->networks[i], address))
            return true;
    return false;
}

/* The public URL is configured: behind a proxy it cannot be derived. Its query is what the request
 * carried. */
static enum gateway_authenticity verify_twilio(
    const struct auth *a, const struct gateway_callback *callback, struct arena *scratch)
{
    bool has_query = callback->query && *callback->query && !strchr(a->public_url, '?');
    const char *url =
        has_query ? arena_printf(scratch, "%s?%s", a->public_url, callback->query) : a->public_url;
    const char *expected =
        url && *a->secret ? twilio_signature(a->secret, url, callback->body, callback->body_size, scratch)
                          : NULL;
    if (!expected)
        return *a->secret ? GATEWAY_MALFORMED : GATEWAY_NOT_AUTHENTIC;
    return is_same(expected, header(callback, a->name)) ? GATEWAY_AUTHENTIC : GATEWAY_NOT_AUTHENTIC;
}

static enum gateway_authenticity from_bool(bool authentic)
{
    return authentic ? GATEWAY_AUTHENTIC : GATEWAY_NOT_AUTHENTIC;
}

static enum gateway_authenticity verify_one(const struct gateway_mapping *m, const struct auth *a,
    const struct gateway_callback *callback, struct arena *scratch);

/* The best of them: a proof beats what cannot be judged, which beats a failure. */
static enum gateway_authenticity verify_any(const struct gateway_mapping *m, const struct auth *a,
    const struct gateway_callback *callback, struct arena *scratch)
{
    enum gateway_authenticity best = GATEWAY_NOT_AUTHENTIC;
    for (size_t i = 0; i < a->any_count && best != GATEWAY_AUTHENTIC; i++) {
        enum gateway_authenticity one = verify_one(m, &a->any[i], callback, scratch);
        if (one == GATEWAY_AUTHENTIC || one == GATEWAY_UNJUDGED)
            best = one;
    }
    return best;
}

/* Recursion: verify_any(), once (the loader lets no "any" stand in an "any"). */
static enum gateway_authenticity verify_one(const struct gateway_mapping *m, const struct auth *a,
    const struct gateway_callback *callback, struct arena *scratch)
{
    switch (a->type) {
    case AUTH_HMAC:
        return from_bool(verify_hmac(a, callback));
    case AUTH_HEADER:
        return from_bool(is_same(a->secret, header_value(callback, a)));
    case AUTH_QUERY:
        return from_bool(is_same(a->secret, form_query_value(callback->query, a->name, scratch)));
    case AUTH_BASIC:
        return from_bool(verify_basic(a, callback, scratch));
    case AUTH_BODY_TOKEN:
        return verify_body_token(m, a, callback, scratch);
    case AUTH_PATH_TOKEN:
        return callback->captured ? GATEWAY_UNJUDGED : from_bool(is_same(a->secret, callback->path_token));
    case AUTH_IP:
        return callback->captured ? GATEWAY_UNJUDGED : from_bool(verify_peer(a, callback->peer));
    case AUTH_TWILIO:
        return verify_twilio(a, callback, scratch);
    case AUTH_JWT:
        return from_bool(jwt_verify(
            header_value(callback, a), a->secret, callback->captured ? 0 : callback->now_ms, scratch));
    case AUTH_ANY:
        return verify_any(m, a, callback, scratch);
    }
    return GATEWAY_NOT_AUTHENTIC;
}

enum gateway_authenticity mapping_verify(
    const struct gateway_mapping *m, const struct gateway_callback *callback, struct arena *scratch)
{
    enum gateway_authenticity all = GATEWAY_UNJUDGED;
    for (size_t i = 0; i < m->auth_count; i++) {
        enum gateway_authenticity one = verify_one(m, &m->auth[i], callback, scratch);
        if (one == GATEWAY_NOT_AUTHENTIC || one == GATEWAY_MALFORMED)
            return one;
        if (one == GATEWAY_AUTHENTIC)
            all = one;
    }
    return all;
}

enum gateway_handshake mapping_handshake(
    const struct gateway_mapping *m, const char *query, struct arena *arena, const char **ret_echo)
{
    const struct handshake *h = &m->handshake;
    if (!h->mode)
        return GATEWAY_HANDSHAKE_NONE;
    const char *mode = form_query_value(query, h->mode, arena),
               *echo = form_query_value(query, h->echo, arena);
    if (!mode || strcmp(mode, h->expect_mode) ||
        !is_same(h->secret, form_query_value(query, h->token, arena)))
        return GATEWAY_HANDSHAKE_BAD;
    if (!echo || strlen(echo) > ECHO_MAX)
        return GATEWAY_HANDSHAKE_BAD;
    for (const char *p = echo; *p; p++)
        if (*p < '!' || *p > '~')
            return GATEWAY_HANDSHAKE_BAD;
    *ret_echo = echo;
    return GATEWAY_HANDSHAKE_GOOD;
}
