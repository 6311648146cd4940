/* Query strings and application/x-www-form-urlencoded (WHATWG URL 5.1); multipart/form-data is
 * http_multipart.c. */
#include "http_form_private.h"
#include <string.h>
#include <strings.h>

enum outcome form_malformed(struct fault *fault, const char *what)
{
    return fault_set(fault, OUTCOME_NEVER, "Isi formulir tidak dapat dibaca.", "form: %s", what);
}

int form_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Bytes of the sequence at p, 0 = none is valid there (RFC 3629 4). */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return p[0] != 0;
    size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || left < n)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    bool surrogate = p[0] == 0xed && p[1] > 0x9f;
    bool beyond = p[0] == 0xf4 && p[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : n;
}

bool form_utf8(const char *bytes, size_t length)
{
    const unsigned char *p = (const unsigned char *)bytes;
    while (length) {
        size_t n = utf8_sequence(p, length);
        if (!n)
            return false;
        p += n;
        length -= n;
    }
    return true;
}

bool form_add(struct form_builder *builder, const struct http_field *field)
{
    if (++builder->fields > HTTP_FORM_MAX_FIELDS ||
        (field->filename && ++builder->files > HTTP_FORM_MAX_FILES))
        return false;
    struct http_field *copy = arena_memdup(builder->arena, field, sizeof *field);
    if (!copy)
        return true; /* the arena remembers; http_form_parse() asks it at the end */
    copy->next = NULL;
    *builder->tail = copy;
    builder->tail = &copy->next;
    return true;
}

/* '+' and %XX; a '%' without two digits stands for itself (WHATWG URL 1.3). */
static char *urlencoded_decode(struct arena *arena, const char *raw, size_t length, size_t *ret_len)
{
    char *text = arena_alloc(arena, length + 1);
    size_t n = 0;
    if (!text)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        char c = raw[i] == '+' ? ' ' : raw[i];
        int high = c == '%' && length - i > 2 ? form_hex(raw[i + 1]) : -1;
        int low = high < 0 ? -1 : form_hex(raw[i + 2]);
        if (high >= 0 && low >= 0) {
            c = (char)(high << 4 | low);
            i += 2;
        }
        text[n++] = c;
    }
    *ret_len = n;
    return text;
}

static enum outcome urlencoded_pair(
    struct form_builder *builder, const char *raw, size_t length, struct fault *fault)
{
    const char *equals = memchr(raw, '=', length);
    size_t name_length = equals ? (size_t)(equals - raw) : length, decoded = 0;
    const char *value = equals ? equals + 1 : raw + length;
    struct http_field field = {0};
    field.name = urlencoded_decode(builder->arena, raw, name_length, &decoded);
    field.value = urlencoded_decode(builder->arena, value, (size_t)(raw + length - value), &field.length);
    if (!field.name || !field.value)
        return fault_set(fault, OUTCOME_LATER, NULL, "form: no memory");
    if (!form_utf8(field.name, decoded) || !form_utf8(field.value, field.length))
        return form_malformed(fault, "not UTF-8, or a NUL");
    return form_add(builder, &field) ? OUTCOME_DONE : form_malformed(fault, "too many fields");
}

static enum outcome urlencoded(
    struct form_builder *builder, const char *raw, size_t length, struct fault *fault)
{
    const char *end = raw + length;
    while (raw < end) {
        const char *next = memchr(raw, '&', (size_t)(end - raw));
        size_t n = (size_t)((next ? next : end) - raw);
        enum outcome outcome = n ? urlencoded_pair(builder, raw, n, fault) : OUTCOME_DONE;
        if (outcome != OUTCOME_DONE)
            return outcome;
        raw += n + 1;
    }
    return OUTCOME_DONE;
}

/* `type/subtype` with or without parameters */
static bool is_type(const char *content_type, const char *type)
{
    size_t n = strlen(type);
    return content_type && !strncasecmp(content_type, type, n) && strchr("; \t", content_type[n]);
}

static struct form_builder form_begin(struct http_form *form, struct arena *arena)
{
    form->fields = NULL;
    return (struct form_builder){.form = form, .tail = &form->fields, .arena = arena};
}

static enum outcome form_end(struct form_builder *builder, enum outcome outcome, struct fault *fault)
{
    if (outcome == OUTCOME_DONE && !arena_ok(builder->arena))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "form: no memory");
    if (outcome != OUTCOME_DONE)
        builder->form->fields = NULL; /* half a form must not be read by mistake */
    return outcome;
}

enum outcome http_query_parse(
    struct http_form *form, const char *query, struct arena *arena, struct fault *fault)
{
    struct form_builder builder = form_begin(form, arena);
    enum outcome outcome = query ? urlencoded(&builder, query, strlen(query), fault) : OUTCOME_DONE;
    return form_end(&builder, outcome, fault);
}

enum outcome http_form_parse(struct http_form *form, const char *content_type, const void *body,
    size_t length, struct arena *arena, struct fault *fault)
{
    struct form_builder builder = form_begin(form, arena);
    enum outcome outcome;
    if (is_type(content_type, "application/x-www-form-urlencoded"))
        outcome = length ? urlencoded(&builder, body, length, fault) : OUTCOME_DONE;
    else if (is_type(content_type, "multipart/form-data"))
        outcome = form_multipart(&builder, content_type, body, length, fault);
    else
        outcome = form_malformed(fault, "neither urlencoded nor multipart/form-data");
    return form_end(&builder, outcome, fault);
}

const struct http_field *http_form_find(const struct http_form *form, const char *name)
{
    for (const struct http_field *f = form->fields; f; f = f->next)
        if (!strcmp(f->name, name))
            return f;
    return NULL;
}

const char *http_form_get(const struct http_form *form, const char *name)
{
    const struct http_field *field = http_form_find(form, name);
    return field && !field->filename ? field->value : NULL;
}
