/* What the tests of channels/gateway share: samples, presets, the secrets the samples were signed with.
 * Included by test files only; run from the top of the tree. */
#ifndef TESTS_UNIT_GATEWAY_SUPPORT_H
#define TESTS_UNIT_GATEWAY_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "channels/gateway/mapping.h"
#include "daemon/base/arena.h"
#include "daemon/base/embedded.h"
#include "daemon/base/str.h"

struct support_setting {
    const char *name, *value;
};

static const struct support_setting support_settings[] = {
    {"META_APP_SECRET", "appsecret-test"},
    {"META_VERIFY_TOKEN", "token-rahasia"},
    {"META_TOKEN", "EAAB-token"},
    {"phone_number_id", "106540352242922"},
    {"GOWA_SECRET", "secret-gowa"},
    {"GOWA_BASIC", "dXNlcjpzZWNyZXQ="},
    {"device", "kec-sukamaju"},
    {"base", "http://127.0.0.1:3000"},
    {"PATH_TOKEN", "0123456789abcdef0123456789abcdef"},
    {"FONNTE_TOKEN", "DEVICE_TOKEN"},
    {"WABLAS_TOKEN", "TOKEN"},
    {"WABLAS_SECRET", "SECRET_KEY"},
    {"server", "solo"},
    {"WAHA_HMAC_KEY", "waha-hmac-key"},
    {"WAHA_KEY", "waha-api-key"},
    {"session", "default"},
    {"EVO_HOOK_TOKEN", "rahasia-evo"},
    {"EVO_JWT_KEY", "evo-jwt-key"},
    {"EVO_KEY", "INSTANCE_TOKEN"},
    {"instance", "kec-sukamaju"},
    {"TWILIO_TOKEN", "twilio-token-test"},
    {"TWILIO_BASIC", "QUMwOnRva2Vu"},
    {"public_url", "https://aduan.contoh.go.id/hook/twilio"},
    {"status_url", "https://aduan.contoh.go.id/hook/twilio/status"},
    {"sid", "AC0"},
    {"sender", "+14155238886"},
    {"page_id", "100200300400"},
    {"ig_id", "100200300400"},
    {"TELEGRAM_SECRET", "rahasia-telegram"},
    {"TELEGRAM_TOKEN", "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"},
    {NULL, NULL},
};

static inline const char *support_find(void *context, const char *name)
{
    for (const struct support_setting *s = context; s && s->name; s++)
        if (!strcmp(s->name, name))
            return s->value;
    for (const struct support_setting *s = support_settings; s->name; s++)
        if (!strcmp(s->name, name))
            return s->value;
    return NULL;
}

/* The preset `name` with the settings above; more (may be NULL, ends with a NULL name) come first. */
static inline struct gateway_mapping *support_preset(const char *name, const struct support_setting *more)
{
    char path[100];
    snprintf(path, sizeof path, "config/gateways/%s.json", name);
    const struct embedded_file *file = embedded_find(path);
    assert_non_null(file);
    struct gateway_lookup lookup = {support_find, (void *)(uintptr_t)more};
    struct gateway_mapping *m = NULL;
    struct fault fault = {0};
    if (mapping_load(path, file->data, file->size, &lookup, MAPPING_FOR_ALL, &m, &fault) != OUTCOME_DONE)
        fail_msg("%s", fault.public_text);
    return m;
}

static inline struct gateway_mapping *support_mapping(const char *text)
{
    struct gateway_lookup lookup = {support_find, NULL};
    struct gateway_mapping *m = NULL;
    struct fault fault = {0};
    if (mapping_load("uji.json", text, strlen(text), &lookup, MAPPING_FOR_ALL, &m, &fault) != OUTCOME_DONE)
        fail_msg("%s", fault.public_text);
    return m;
}

/* A sample's bytes with a NUL behind them; the caller frees. path below tests/data/gateways/. */
static inline char *support_sample(const char *path, size_t *ret_size)
{
    char full[256];
    snprintf(full, sizeof full, "tests/data/gateways/%s", path);
    FILE *f = fopen(full, "rb");
    if (!f)
        fail_msg("%s is missing (run from the top of the tree)", full);
    char *data = calloc(1, 65536);
    assert_non_null(data);
    *ret_size = fread(data, 1, 65535, f);
    fclose(f);
    return data;
}

static inline json_t *support_sample_json(const char *path)
{
    char full[256];
    json_error_t error;
    snprintf(full, sizeof full, "tests/data/gateways/%s", path);
    json_t *json = json_load_file(full, 0, &error);
    if (!json)
        fail_msg("%s: %s", full, error.text);
    return json;
}

/* header() of a gateway_callback over "Name: value" lines; the value lives until the next call. */
static inline const char *support_header(void *context, const char *name)
{
    static char value[1024];
    size_t n = strlen(name);
    for (const char *line = context; line && *line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        if (strncasecmp(line, name, n) || line[n] != ':')
            continue;
        const char *from = line + n + 1 + strspn(line + n + 1, " ");
        snprintf(value, sizeof value, "%.*s", (int)strcspn(from, "\r\n"), from);
        return value;
    }
    return NULL;
}

#endif
