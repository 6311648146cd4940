/* Loading of "send". */
#include "mapping_private.h"
#include "mapping_send_load.h"
#include "rules/phone.h"
#include <stdlib.h>
#include <string.h>

static const char *const given[] = {
    "to", "to_phone", "to_id", "to_comment", "text", "line", "line_json", "reply_to", NULL};

struct headers mapping_load_headers(
    struct check *c, const struct place *at, const json_t *object, const char *const *names)
{
    struct place here = {.parent = at, .key = "headers"};
    const json_t *headers = json_object_get(object, "headers");
    if (!headers)
        return (struct headers){0};
    check_json(c, &here, headers, names, true);
    size_t room = json_object_size(headers) + 1, count = 0;
    const char **keys = arena_alloc(c->arena, room * sizeof *keys),
               **values = arena_alloc(c->arena, room * sizeof *values);
    const char *key;
    json_t *value;
    if (keys && values && !c->failed)
        json_object_foreach((json_t *)headers, key, value)
        {
            struct place header = {.parent = &here, .key = key};
            if (strpbrk(key, ": \r\n\t") || !*key)
                check_fail(c, &header, "bukan nama header HTTP");
            keys[count] = key;
            values[count++] = json_string_value(value);
        }
    return (struct headers){.keys = keys, .values = values, .count = c->failed ? 0 : count};
}

/* "phone", "lid" ... -> bits of enum phone_id_kind; "comment": "comment:ID", answered where only its writer sees it. */
static unsigned load_accepts(struct check *c, const struct place *at, const json_t *send)
{
    static const struct {
        const char *name;
        unsigned bit;
    } words[] = {{"phone", 1u << PHONE_ID_PHONE}, {"lid", 1u << PHONE_ID_LID},
        {"bsuid", 1u << PHONE_ID_BSUID}, {"id", 1u << PHONE_ID_OTHER}, {"comment", ACCEPTS_COMMENT}};
    size_t count;
    const char *const *list = check_texts(c, at, send, "accepts", &count);
    struct place here = {.parent = at, .key = "accepts"};
    unsigned bits = count ? 0 : 1u << PHONE_ID_PHONE;
    for (size_t i = 0; !c->failed && i < count; i++) {
        size_t w = 0;
        while (w < sizeof words / sizeof *words && strcmp(words[w].name, list[i]))
            w++;
        struct place element = {.parent = &here, .index = i};
        if (w == sizeof words / sizeof *words)
            check_fail(
                c, &element, "\"%.40s\" tidak dikenal; pilih phone, lid, bsuid, id atau comment", list[i]);
        else
            bits |= words[w].bit;
    }
    return bits;
}

static struct code_list load_codes(
    struct check *c, const struct place *at, const json_t *send, const char *key)
{
    struct code_list list;
    list.codes = check_texts(c, at, send, key, &list.count);
    struct place here = {.parent = at, .key = key};
    for (size_t i = 0; !c->failed && i < list.count; i++) {
        struct place element = {.parent = &here, .index = i};
        char *end;
        long from = strtol(list.codes[i], &end, 10);
        if (end > list.codes[i] && *end == '-' && from > strtol(end + 1, NULL, 10))
            check_fail(c, &element, "\"%.40s\": rentang harus dari yang kecil ke yang besar", list.codes[i]);
    }
    return list;
}

/* A template that does not say the text would send every citizen the same words. */
static void load_body(struct check *c, const struct place *at, const json_t *send, struct send_body *ret)
{
    static const char *const words[] = {"text", "line", "line_json", NULL};
    struct place json = {.parent = at, .key = "json"}, form = {.parent = at, .key = "form"};
    ret->json = json_object_get(send, "json");
    ret->form = json_object_get(send, "form");
    if (!ret->json == !ret->form)
        check_fail(c, at, "harus ada tepat satu dari \"json\" dan \"form\"");
    if (ret->json)
        check_json(c, &json, ret->json, given, false);
    else if (ret->form)
        check_json(c, &form, ret->form, given, true);
    if (!c->failed && !check_mentions(ret->json ? ret->json : ret->form, words))
        check_fail(c, ret->json ? &json : &form, "tidak memuat {text}: isi pesan tidak akan terkirim");
    ret->max_chars = (size_t)check_integer(c, at, send, "max_chars", 64, 65536, 4096);
}

/* The way that is left when the window is over. Its settings may be missing together with the one it needs. */
static void load_outside(struct check *c, const struct place *at, const json_t *send, struct send *s)
{
    static const char *const keys[] = {"needs", "hours", "json", "form", "max_chars", NULL};
    struct place here = {.parent = at, .key = "outside"};
    const json_t *outside = json_object_get(send, "outside");
    if (!outside || !check_keys(c, &here, outside, keys))
        return;
    s->outside.needs = check_text(c, &here, outside, "needs", true);
    s->outside.hours = check_integer(c, &here, outside, "hours", 1, 8760, 0);
    bool needed = c->needed;
    c->needed = needed && s->outside.needs && check_setting(c, s->outside.needs);
    load_body(c, &here, outside, &s->outside.body);
    c->needed = needed;
    if (!s->window_hours)
        check_fail(c, &here, "memerlukan window_hours");
}

void mapping_load_send(struct check *c, const json_t *root, struct gateway_mapping *m)
{
    static const char *const keys[] = {"method", "url", "headers", "to", "accepts", "json", "form", "ok",
        "message_id", "error", "error_text", "retry_after", "retry_codes", "window_codes", "dead_codes",
        "config_codes", "unknown_codes", "neutralise", "max_chars", "max_bytes", "per_recipient_gap_ms",
        "window_hours", "outside", NULL};
    static const char *const methods[] = {"POST", "PUT", NULL};
    static const char *const forms[] = {
        "digits", "digits@c.us", "digits@s.whatsapp.net", "whatsapp:+digits", "chat", NULL};
    const json_t *send = json_object_get(root, "send");
    struct place here = {.key = "send"};
    struct send *s = &m->send;
    if (!send || !check_keys(c, &here, send, keys))
        return;
    s->present = true;
    s->method = methods[check_word(c, &here, send, "method", methods, 0)];
    s->url = check_url(c, &here, send, "url", given, true);
    s->headers = mapping_load_headers(c, &here, send, given);
    s->to = (enum to_form)check_word(c, &here, send, "to", forms, -1);
    s->accepts = load_accepts(c, &here, send);
    load_body(c, &here, send, &s->body);
    s->ok = check_field(c, &here, send, "ok", true);
    s->message_id = check_field(c, &here, send, "message_id", false);
    s->error = check_field(c, &here, send, "error", false);
    s->error_text = check_field(c, &here, send, "error_text", false);
    s->retry_after = check_field(c, &here, send, "retry_after", false);
    s->retry = load_codes(c, &here, send, "retry_codes");
    s->window = load_codes(c, &here, send, "window_codes");
    s->dead = load_codes(c, &here, send, "dead_codes");
    s->config = load_codes(c, &here, send, "config_codes");
    s->unknown = load_codes(c, &here, send, "unknown_codes");
    s->neutralise = check_text(c, &here, send, "neutralise", false);
    s->max_bytes = (size_t)check_integer(c, &here, send, "max_bytes", 64, 65536, 0);
    s->gap_ms = check_integer(c, &here, send, "per_recipient_gap_ms", 0, 3600000, 0);
    s->window_hours = check_integer(c, &here, send, "window_hours", 0, 8760, 0);
    load_outside(c, &here, send, s);
}
