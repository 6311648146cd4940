#include "signature.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char PREFIX[] = "sha256=";

static bool read_timestamp(const char *text, int64_t *ret_seconds)
{
    size_t n = text ? strlen(text) : 0;
    if (!n || n > 12 || strspn(text, "0123456789") != n)
        return false;
    *ret_seconds = strtoll(text, NULL, 10);
    return true;
}

static bool read_signature(const char *text, unsigned char mac[crypto_auth_hmacsha256_BYTES])
{
    size_t n;
    if (!text || strncmp(text, PREFIX, sizeof PREFIX - 1))
        return false;
    text += sizeof PREFIX - 1;
    return strlen(text) == 2 * crypto_auth_hmacsha256_BYTES &&
           !sodium_hex2bin(mac, crypto_auth_hmacsha256_BYTES, text, strlen(text), NULL, &n, NULL) &&
           n == crypto_auth_hmacsha256_BYTES;
}

static void sign(const char *secret, const char *timestamp, const void *body, size_t length,
    unsigned char out[crypto_auth_hmacsha256_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)timestamp, strlen(timestamp));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
    crypto_auth_hmacsha256_update(&state, body, length);
    crypto_auth_hmacsha256_final(&state, out);
}

void signature_make(
    const char *secret, const char *timestamp, const void *body, size_t length, char out[SIGNATURE_SIZE])
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    sign(secret, timestamp, body, length, mac);
    memcpy(out, PREFIX, sizeof PREFIX - 1);
    sodium_bin2hex(out + sizeof PREFIX - 1, SIGNATURE_SIZE - (sizeof PREFIX - 1), mac, sizeof mac);
}

enum signature signature_check(const char *secret, const char *timestamp, const char *signature,
    const void *body, size_t length, int64_t now_ms, long max_age_seconds)
{
    unsigned char given[crypto_auth_hmacsha256_BYTES], ours[crypto_auth_hmacsha256_BYTES];
    int64_t seconds;
    if (!read_timestamp(timestamp, &seconds) || !read_signature(signature, given))
        return SIGNATURE_MISSING;
    sign(secret, timestamp, body, length, ours);
    if (sodium_memcmp(given, ours, sizeof ours))
        return SIGNATURE_WRONG;
    int64_t age = now_ms / 1000 - seconds;
    return age > max_age_seconds || age < -max_age_seconds ? SIGNATURE_OLD : SIGNATURE_GOOD;
}
