#include "open311.h"
#include "config/config.h"
#include "daemon/base/json_read.h"
#include "xml.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MOST = 16 * 1024 * 1024 };

bool open311_resource(const char *path, char *name, size_t size, enum open311_format *ret_format)
{
    const char *dot = strrchr(path, '.');
    size_t n = dot ? (size_t)(dot - path) : strlen(path);
    if (n >= size || (dot && strcmp(dot, ".json") && strcmp(dot, ".xml")))
        return false;
    memcpy(name, path, n);
    name[n] = 0;
    *ret_format = dot && !strcmp(dot, ".json") ? OPEN311_JSON : OPEN311_XML;
    return true;
}

enum outcome open311_answer(
    struct page *page, enum open311_format format, int status, const char *root, json_t *value)
{
    struct str out;
    char *json = NULL;
    str_init(&out, ANSWER_MOST);
    if (format == OPEN311_JSON) {
        str_adds(&out, json = json_text(value, JSON_COMPACT));
    } else {
        str_adds(&out, XML_HEAD);
        xml_json(&out, root, value);
        str_adds(&out, "\n");
    }
    bool good = value && str_ok(&out) && (format == OPEN311_XML || json);
    enum outcome o =
        good ? page_bytes(page,
                   format == OPEN311_JSON ? "application/json; charset=utf-8" : "text/xml; charset=utf-8",
                   out.data, out.len)
             : fault_set(page->fault, OUTCOME_LATER, NULL, "open311: no memory, or too much");
    page->status = o ? 0 : status;
    free(json);
    json_decref(value);
    str_release(&out);
    return o;
}

enum outcome open311_error(struct page *page, enum open311_format format, int status, const char *description)
{
    page->secret = true;
    page->public_seconds = 0;
    return open311_answer(page, format, status, "errors",
        json_pack("[{s:i, s:s}]", "code", status, "description", description));
}

/* By their digests, so that neither length nor content shows in the time it takes. */
static bool same_key(const char *a, const char *b)
{
    unsigned char x[crypto_hash_sha256_BYTES], y[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(x, (const unsigned char *)a, strlen(a));
    crypto_hash_sha256(y, (const unsigned char *)b, strlen(b));
    return !sodium_memcmp(x, y, sizeof x);
}

const char *open311_channel(struct page *page, bool *ret_wrong)
{
    const char *key = page->post && *page_field(page, "api_key") ? page_field(page, "api_key")
                                                                 : page_query(page, "api_key");
    const char *found = NULL;
    for (size_t i = 0; *key && i < config_count(page->config, "open311"); i++) {
        const char *name = config_instance(page->config, "open311", i);
        if (same_key(key, config_text(page->config, "open311", name, "api_key")))
            found = arena_printf(page->arena, "open311:%s", name);
    }
    *ret_wrong = *key && !found;
    return found;
}
