/* What browsers and programs post. Input: the content type on the first line, then the body; a body that begins with
 * "--boundary" needs no such line, "?" before a first line makes the rest of that line a query string. */
#include "fuzz.h"
#include "daemon/base/str.h"
#include "daemon/loop/http_form.h"

enum { ARENA_MAX = 8 << 20 };

static void check_file(const struct http_field *f, const char *body, size_t length)
{
    require(fuzz_is_utf8_text(f->filename) && !fuzz_has_control(f->filename));
    require(!f->filename[strcspn(f->filename, "/\\")]);
    require(!f->length || (f->value >= body && f->value + f->length <= body + length));
}

static void check_fields(const struct http_form *form, const char *body, size_t length)
{
    int fields = 0, files = 0;
    size_t bytes = 0;
    for (const struct http_field *f = form->fields; f; f = f->next) {
        fields++;
        files += f->filename != NULL;
        bytes += f->length;
        require(fuzz_is_utf8_text(f->name) && fuzz_is_utf8_text(f->content_type));
        if (f->filename)
            check_file(f, body, length);
        else
            require(f->value && strlen(f->value) == f->length && fuzz_is_utf8(f->value, f->length));
        const struct http_field *first = http_form_find(form, f->name);
        require(first && http_form_get(form, f->name) == (first->filename ? NULL : first->value));
    }
    require(fields <= HTTP_FORM_MAX_FIELDS && files <= HTTP_FORM_MAX_FILES);
    require(bytes <= length);
}

static void add_escaped(struct str *out, const char *text)
{
    for (; *text; text++)
        str_addf(out, "%%%02X", (unsigned char)*text);
}

/* What was read, written again and read again, is the same. */
static void check_again(const struct http_form *form)
{
    struct str query;
    struct fault fault;
    struct http_form again = {0};
    struct arena *arena = arena_new(ARENA_MAX);
    str_init(&query, ARENA_MAX);
    for (const struct http_field *f = form->fields; f; f = f->next) {
        str_adds(&query, f == form->fields ? "" : "&");
        add_escaped(&query, f->name);
        str_addc(&query, '=');
        add_escaped(&query, f->value);
    }
    require(http_query_parse(&again, query.data, arena, &fault) == OUTCOME_DONE);
    const struct http_field *b = again.fields;
    for (const struct http_field *a = form->fields; a; a = a->next) {
        if (!*a->name && !*a->value && !b)
            break; /* "=" alone may be left out */
        require(b && !strcmp(a->name, b->name) && !strcmp(a->value, b->value));
        b = b->next;
    }
    require(!b);
    arena_free(arena);
    str_release(&query);
}

static void check_query(const char *query)
{
    struct fault fault = {0};
    struct http_form form = {0};
    struct arena *arena = arena_new(ARENA_MAX);
    enum outcome outcome = http_query_parse(&form, query, arena, &fault);
    require(outcome == OUTCOME_DONE || outcome == OUTCOME_NEVER);
    if (outcome == OUTCOME_DONE) {
        check_fields(&form, query, strlen(query));
        check_again(&form);
    }
    arena_free(arena);
}

static void check_body(const char *type, const char *body, size_t length)
{
    struct fault fault = {0};
    struct http_form form = {0};
    struct arena *arena = arena_new(ARENA_MAX);
    enum outcome outcome = http_form_parse(&form, type, body, length, arena, &fault);
    require(outcome == OUTCOME_DONE || (outcome == OUTCOME_NEVER && *fault.internal));
    if (outcome == OUTCOME_DONE)
        check_fields(&form, body, length);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *all = data;
    size_t all_size = size;
    char *type = fuzz_line(&data, &size);
    if (*type == '?')
        check_query(type + 1);
    if (!strncmp(type, "--", 2)) {
        struct str made;
        type[strcspn(type, "\r")] = 0;
        str_init(&made, all_size + 64);
        str_addf(&made, "multipart/form-data; boundary=\"%s\"", type + 2);
        free(type);
        type = str_detach(&made, NULL);
        data = all;
        size = all_size;
    }
    char *body = malloc(size ? size : 1);
    require(type && body);
    if (size)
        memcpy(body, data, size);
    check_body(type, body, size);
    free(body);
    free(type);
    return 0;
}
