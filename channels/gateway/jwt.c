#include "jwt.h"
#include <jansson.h>
#include <sodium.h>
#include <string.h>

enum { TOKEN_MAX = 8192, LEEWAY_S = 60 /* two clocks never agree */ };

/* RFC 7515 section 2: base64url without padding, of a JSON object. The caller's; NULL = it is none. */
static json_t *decode(const char *text, size_t n, struct arena *scratch)
{
    size_t size;
    unsigned char *bytes = arena_alloc(scratch, n + 1);
    if (!bytes ||
        sodium_base642bin(bytes, n + 1, text, n, NULL, &size, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING))
        return NULL;
    return json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL);
}

/* RFC 7515 section 4.1.1: "none" and everything else but what we compute is refused. */
static bool is_hs256(const char *head, size_t n, struct arena *scratch)
{
    json_t *json = decode(head, n, scratch);
    const char *alg = json_string_value(json_object_get(json, "alg"));
    bool is = alg && !strcmp(alg, "HS256");
    json_decref(json);
    return is;
}

static bool is_signed(const char *token, size_t n, const char *signature, const char *secret)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES], offered[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    size_t size = 0;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)token, n);
    crypto_auth_hmacsha256_final(&state, mac);
    int bad = sodium_base642bin(offered, sizeof offered, signature, strlen(signature), NULL, &size, NULL,
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return !bad && size == sizeof mac && sodium_memcmp(mac, offered, sizeof mac) == 0;
}

/* RFC 7519 sections 4.1.4 and 4.1.5. A token that never expires would be a password sent in the clear. */
static bool is_current(const char *claims, size_t n, int64_t now_ms, struct arena *scratch)
{
    json_t *json = decode(claims, n, scratch);
    const json_t *expires = json_object_get(json, "exp"), *begins = json_object_get(json, "nbf");
    double now = (double)(now_ms / 1000);
    bool is = json && (!now_ms || (json_is_number(expires) && now < json_number_value(expires) + LEEWAY_S &&
                                      (!begins || now > json_number_value(begins) - LEEWAY_S)));
    json_decref(json);
    return is;
}

bool jwt_verify(const char *token, const char *secret, int64_t now_ms, struct arena *scratch)
{
    const char *claims = token && strlen(token) <= TOKEN_MAX ? strchr(token, '.') : NULL;
    const char *signature = claims ? strchr(claims + 1, '.') : NULL;
    if (!signature || !secret || !*secret)
        return false;
    size_t head = (size_t)(claims - token), body = (size_t)(signature - claims) - 1;
    return is_signed(token, head + 1 + body, signature + 1, secret) && is_hs256(token, head, scratch) &&
           is_current(claims + 1, body, now_ms, scratch);
}
