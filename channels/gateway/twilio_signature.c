#include "twilio_signature.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static int compare_bytes(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

static int by_name_then_value(const void *left, const void *right)
{
    const struct form_pair *a = left, *b = right;
    int order = compare_bytes(a->name, a->name_size, b->name, b->name_size);
    return order ? order : compare_bytes(a->value, a->value_size, b->value, b->value_size);
}

const char *twilio_signature(
    const char *token, const char *url, const char *body, size_t body_size, struct arena *arena)
{
    struct form_pair *pairs;
    size_t count;
    if (!form_read(body, body_size, arena, &pairs, &count))
        return NULL;
    qsort(pairs, count, sizeof *pairs, by_name_then_value);
    struct str text;
    str_init(&text, strlen(url) + body_size);
    str_adds(&text, url);
    for (size_t i = 0; i < count; i++) {
        /* One value sent twice under one name is signed once. */
        if (i && !by_name_then_value(&pairs[i - 1], &pairs[i]))
            continue;
        str_add(&text, pairs[i].name, pairs[i].name_size);
        str_add(&text, pairs[i].value, pairs[i].value_size);
    }
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool ok = str_ok(&text) && HMAC(EVP_sha1(), token, (int)strlen(token), (const unsigned char *)text.data,
                                   text.len, mac, &size);
    str_release(&text);
    char base64[sodium_base64_ENCODED_LEN(EVP_MAX_MD_SIZE, sodium_base64_VARIANT_ORIGINAL)];
    return ok ? arena_strdup(arena,
                    sodium_bin2base64(base64, sizeof base64, mac, size, sodium_base64_VARIANT_ORIGINAL))
              : NULL;
}
