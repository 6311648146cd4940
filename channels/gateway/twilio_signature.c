#include "twilio_signature.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static int by_name_then_value(const void *left, const void *right)
{
    const struct http_field *a = *(const struct http_field *const *)left,
                            *b = *(const struct http_field *const *)right;
    int order = strcmp(a->name, b->name);
    return order ? order : strcmp(a->value, b->value);
}

const char *twilio_signature(
    const char *token, const char *url, const char *body, size_t body_size, struct arena *arena)
{
    struct http_form form;
    const struct http_field *fields[HTTP_FORM_MAX_FIELDS];
    size_t count = 0;
    if (!form_read(body, body_size, arena, &form))
        return NULL;
    for (const struct http_field *f = form.fields; f; f = f->next)
        fields[count++] = f;
    qsort(fields, count, sizeof(struct http_field *), by_name_then_value);
    struct str text;
    str_init(&text, strlen(url) + body_size);
    str_adds(&text, url);
    for (size_t i = 0; i < count; i++) {
        /* One value sent twice under one name is signed once. */
        if (i && !by_name_then_value(&fields[i - 1], &fields[i]))
            continue;
        str_adds(&text, fields[i]->name);
        str_adds(&text, fields[i]->value);
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
