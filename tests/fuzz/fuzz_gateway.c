/* A gateway's callback through every preset: who says so, what events are in it, and whether a gateway that nobody
 * believes could be believed. The body stands for the query string and the headers too. */
#include "preset.h"
#include "channels/gateway/gateway_private.h"
#include "channels/gateway/mapping_event.h"
#include "channels/gateway/mapping_media.h"
#include <jansson.h>
#include <math.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    json_object_seed(1);
    presets_load();
    return 0;
}

static const char *forged_header(void *context, const char *name)
{
    (void)name;
    return context;
}

/* The secrets are not in the input, so nothing may be proven. */
static void check_forged(const struct gateway_mapping *m, const char *body, size_t size, const char *text)
{
    char header[300];
    snprintf(header, sizeof header, "%s", text);
    struct gateway_callback callback = {.header = forged_header,
        .header_context = header,
        .query = text,
        .body = body,
        .body_size = size,
        .path_token = text,
        .peer = "192.0.2.7"};
    struct arena *scratch = arena_new(PRESET_ARENA);
    require(mapping_verify(m, &callback, scratch) != GATEWAY_AUTHENTIC && arena_ok(scratch));
    const char *echo = NULL;
    require(mapping_handshake(m, text, scratch, &echo) != GATEWAY_HANDSHAKE_GOOD);
    arena_free(scratch);
}

static void check_who(const struct gateway_event *e)
{
    require(!e->sender_scheme == !e->sender_value && !e->alias_scheme == !e->alias_value);
    if (e->from) {
        size_t n = strlen(e->from);
        require(e->from[0] == '+' && n >= 8 && n <= 16 && !e->from[1 + strspn(e->from + 1, "0123456789")]);
    }
}

static void check_place(const struct gateway_event *e)
{
    bool none = e->lat == GATEWAY_NO_PLACE && e->lon == GATEWAY_NO_PLACE;
    require(none || (fabs(e->lat) <= 90 && fabs(e->lon) <= 180));
}

/* What the desk gets to see of it. */
static void check_inbound(
    struct gateway_mapping *m, const struct gateway_event *e, const char *body, size_t size)
{
    const struct gateway gateway = {.id = "gateway:wa", .mapping = m};
    struct inbound *in = event_inbound(&gateway, e, body, size, INT64_C(1795314600000));
    require(in && arena_ok(in->arena) && in->external && *in->external);
    require(in->raw_size == size && in->kind <= INBOUND_UNREADABLE);
    require(in->kind != INBOUND_MESSAGE || (in->text && fuzz_is_utf8_text(in->text)));
    /* about one thing by its name, or about all until a moment */
    require(in->kind != INBOUND_DELIVERY ||
            (in->own_reference ? in->delivery_state || in->delivery_alias
                               : in->delivery_state && in->delivery_until && in->reply_to));
    require(in->kind != INBOUND_OTHER || in->reason);
    require(!in->identity_scheme == !in->identity_value && fuzz_is_utf8_text(in->external));
    require(fuzz_is_utf8_text(in->reason) && fuzz_is_utf8_text(in->nama) && fuzz_is_utf8_text(in->reply_to));
    arena_free(in->arena);
}

static void check_event(const struct gateway_mapping *m, const struct gateway_event *e)
{
    const char *const texts[] = {e->id, e->id_key, e->chat, e->sender_value, e->alias_value, e->name,
        e->source, e->text, e->choice, e->reply_to, e->media, e->media_b64, e->mime, e->filename, e->emoji,
        e->react_to, e->device, e->status, e->error, e->dedupe};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        require(fuzz_is_utf8_text(texts[i]));
    require(e->as <= GATEWAY_SESSION && e->kind <= GATEWAY_KIND_MEDIA && e->fate <= GATEWAY_FATE_FAILED);
    require(e->dedupe && *e->dedupe && gateway_kind_name(e->kind));
    check_who(e);
    check_place(e);
    char *line = gateway_event_json(e, GATEWAY_UNJUDGED);
    json_t *json = line ? json_loads(line, 0, NULL) : NULL;
    require(json_is_object(json) && !strchr(line, '\n'));
    json_decref(json);
    free(line);
    struct arena *arena = arena_new(PRESET_ARENA);
    struct gateway_request request = {0};
    enum gateway_media media = mapping_media_first(m, e, arena, &request);
    if (media == GATEWAY_MEDIA_DOWNLOAD || media == GATEWAY_MEDIA_ASK) {
        require(request.url && !strncmp(request.url, "http", 4) && !fuzz_has_control(request.url));
        require(!strchr(request.url, ' '));
    }
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *body = malloc(size ? size : 1), *text = fuzz_text(data, size);
    require(body != NULL);
    if (size)
        memcpy(body, data, size);
    for (size_t i = 0; i < preset_count; i++) {
        struct gateway_events events = {0};
        struct fault fault = {0};
        struct arena *arena = arena_new(PRESET_ARENA);
        enum outcome outcome = mapping_events(presets[i], body, size, arena, &events, &fault);
        require(outcome == OUTCOME_DONE || (outcome == OUTCOME_NEVER && *fault.internal));
        require(outcome == OUTCOME_DONE || events.count == 0);
        require(events.count <= GATEWAY_EVENTS_MAX);
        for (size_t k = 0; k < events.count; k++) {
            check_event(presets[i], &events.list[k]);
            check_inbound(presets[i], &events.list[k], body, size);
        }
        arena_free(arena);
        check_forged(presets[i], body, size, text);
    }
    free(text);
    free(body);
    return 0;
}
