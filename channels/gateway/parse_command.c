#include "parse_command.h"
#include "mapping_auth.h"
#include "mapping_event.h"
#include "daemon/base/file.h"
#include "daemon/base/str.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

enum { BODY_MAX = 64 << 20, HEADERS_MAX = 256 << 10, ARENA_MAX = 128 << 20 };

struct capture {
    struct arena *arena;
    struct gateway_mapping *mapping;
    char *body, *headers;
    size_t body_size;
};

static const char *fault_text(const struct fault *fault)
{
    return fault->public_text[0] ? fault->public_text : fault->internal;
}

/* "Name: value" lines (RFC 9112 section 5), names without regard to case; the value is copied into the
 * arena. */
static const char *find_header(void *context, const char *name)
{
    const struct capture *capture = context;
    size_t n = strlen(name);
    for (const char *line = capture->headers; line && *line;
         line += strcspn(line, "\n"), line += *line == '\n') {
        if (strncasecmp(line, name, n) || line[n] != ':')
            continue;
        const char *value = line + n + 1;
        value += strspn(value, " \t");
        size_t size = strcspn(value, "\r\n");
        while (size && strchr(" \t", value[size - 1]))
            size--;
        return arena_strndup(capture->arena, value, size);
    }
    return NULL;
}

static char *memdup_with_nul(const char *bytes, size_t n)
{
    char *copy = malloc(n + 1);
    if (copy)
        memcpy(copy, bytes, n + 1); /* a str ends in a NUL */
    return copy;
}

static enum outcome read_input(FILE *in, char **ret_data, size_t *ret_size, struct fault *fault)
{
    char block[16384];
    struct str data;
    str_init(&data, BODY_MAX);
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
        str_add(&data, block, n);
    bool ok = !ferror(in) && str_ok(&data);
    *ret_size = data.len;
    *ret_data = ok ? memdup_with_nul(data.data, data.len) : NULL;
    str_release(&data);
    return *ret_data ? OUTCOME_DONE
                     : fault_set(fault, OUTCOME_LATER, "masukan tidak terbaca", "standard input");
}

static int load(struct capture *capture, const struct gateway_parse_options *o, FILE *err)
{
    struct fault fault = {0};
    int purpose = o->headers_path ? MAPPING_FOR_AUTH : MAPPING_FOR_EVENTS;
    enum outcome outcome = mapping_load(o->mapping_name, o->mapping_text, strlen(o->mapping_text), &o->lookup,
        purpose, &capture->mapping, &fault);
    if (outcome != OUTCOME_DONE) {
        fprintf(err, "%s\n", fault_text(&fault));
        return outcome == OUTCOME_NEVER ? EX_CONFIG : EX_SOFTWARE;
    }
    outcome = strcmp(o->body_path, "-")
                  ? file_read(o->body_path, BODY_MAX, &capture->body, &capture->body_size, &fault)
                  : read_input(stdin, &capture->body, &capture->body_size, &fault);
    size_t ignored;
    const char *path = o->body_path;
    if (outcome == OUTCOME_DONE && o->headers_path) {
        path = o->headers_path;
        outcome = file_read(path, HEADERS_MAX, &capture->headers, &ignored, &fault);
    }
    if (outcome != OUTCOME_DONE) {
        fprintf(err, "%s: tidak dapat dibaca (%s)\n", path, fault_text(&fault));
        return EX_NOINPUT;
    }
    capture->arena = arena_new(ARENA_MAX);
    return capture->arena ? EX_OK : EX_SOFTWARE;
}

static enum gateway_authenticity judge(struct capture *capture)
{
    struct gateway_callback callback = {
        .header = find_header,
        .header_context = capture,
        .body = capture->body,
        .body_size = capture->body_size,
        .captured = true,
    };
    return capture->headers ? mapping_verify(capture->mapping, &callback, capture->arena) : GATEWAY_UNJUDGED;
}

static int print_events(struct capture *capture, const struct gateway_parse_options *o, FILE *out, FILE *err)
{
    struct fault fault = {0};
    struct gateway_events events;
    enum gateway_authenticity authentic = judge(capture);
    enum outcome outcome =
        mapping_events(capture->mapping, capture->body, capture->body_size, capture->arena, &events, &fault);
    if (outcome != OUTCOME_DONE) {
        fprintf(err, "%s: %s\n", o->body_path, fault_text(&fault));
        return outcome == OUTCOME_NEVER ? EX_DATAERR : EX_SOFTWARE;
    }
    for (size_t i = 0; i < events.count; i++) {
        char *line = gateway_event_json(&events.list[i], authentic);
        bool printed = line && fprintf(out, "%s\n", line) >= 0;
        free(line);
        if (!printed)
            return EX_SOFTWARE;
    }
    if (!events.count)
        fprintf(err, "%s: tidak ada kejadian di dalamnya bagi pemetaan %s\n", o->body_path, o->mapping_name);
    return fflush(out) ? EX_SOFTWARE : EX_OK;
}

int gateway_parse_command(const struct gateway_parse_options *options, FILE *out, FILE *err)
{
    struct capture capture = {0};
    int code = load(&capture, options, err);
    if (code == EX_OK)
        code = print_events(&capture, options, out, err);
    arena_free(capture.arena);
    mapping_free(capture.mapping);
    free(capture.body);
    free(capture.headers);
    return code;
}
