/* A mapping file as a technician writes it. One that is taken must then work: a callback is read with it, a text sent,
 * an answer judged. A refusal says in which file and never tells a secret. */
#include "preset.h"
#include "channels/gateway/mapping_event.h"
#include "channels/gateway/mapping_media.h"
#include <jansson.h>

static const char body[] = "{\"event\":\"message\",\"payload\":{\"id\":\"A1\",\"from\":\"6281234567890@c."
                           "us\",\"body\":\"Jalan rusak\","
                           "\"timestamp\":1795314600,\"hasMedia\":true,\"media\":{\"url\":\"http://x.example/"
                           "a\"},\"list\":[1,{\"a\":2}]}}";

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    json_object_seed(1);
    return 0;
}

static const char *no_header(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static void use_inward(const struct gateway_mapping *m, struct arena *arena)
{
    struct gateway_events events = {0};
    struct fault fault = {0};
    struct gateway_callback callback = {
        .header = no_header, .body = body, .body_size = sizeof body - 1, .peer = "::1"};
    const char *echo;
    (void)mapping_verify(m, &callback, arena);
    (void)mapping_handshake(m, "hub.mode=subscribe&hub.challenge=1", arena, &echo);
    require(mapping_events(m, body, sizeof body - 1, arena, &events, &fault) != OUTCOME_STOP);
    for (size_t i = 0; i < events.count; i++) {
        struct gateway_request request = {0};
        require(events.list[i].dedupe != NULL);
        (void)mapping_media_first(m, &events.list[i], arena, &request);
    }
}

static void use_outward(const struct gateway_mapping *m, struct arena *arena)
{
    static const char answer[] = "{\"status\":true,\"id\":[\"A1\"],\"error\":{\"code\":131026}}";
    const struct gateway_text text = {
        .chat = "+6281234567890", .text = "Baik {to} $X \"a\"\n", .reply_to = "A1"};
    struct gateway_request request = {0};
    struct fault fault = {0};
    const char *b64;
    if (mapping_send_fill(m, &text, arena, &request, &fault) == OUTCOME_DONE) {
        require(request.method && request.url && !request.body == !request.content_type);
        require(!fuzz_has_control(request.url));
        for (size_t i = 0; i < request.header_count; i++)
            require(
                !fuzz_has_control(request.headers[i].name) && !fuzz_has_control(request.headers[i].value));
        if (request.content_type && strstr(request.content_type, "json")) {
            json_t *json = json_loadb(request.body, request.body_size, 0, NULL);
            require(json != NULL);
            json_decref(json);
        }
    }
    (void)mapping_send_classify(m, "6281234567890", GATEWAY_ANSWERED, 400, answer, sizeof answer - 1, arena);
    (void)mapping_media_next(m, answer, sizeof answer - 1, arena, &request, &b64);
    (void)mapping_lid_ask(m, "251512345678901", arena, &request);
    (void)mapping_lid_answer(m, answer, sizeof answer - 1, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct gateway_lookup lookup = {preset_find, NULL};
    struct gateway_mapping *m = NULL;
    struct fault fault = {0};
    char *text = malloc(size ? size : 1);
    require(text != NULL);
    if (size)
        memcpy(text, data, size);
    enum outcome outcome = mapping_load("uji.json", text, size, &lookup, MAPPING_FOR_ALL, &m, &fault);
    free(text);
    bool tells = memmem(data, size, PRESET_SECRET, strlen(PRESET_SECRET)) != NULL; /* the file itself does */
    require(outcome == OUTCOME_DONE || outcome == OUTCOME_NEVER);
    if (outcome == OUTCOME_NEVER) {
        require(!strncmp(fault.public_text, "uji.json", 8));
        require(
            tells || (!strstr(fault.public_text, PRESET_SECRET) && !strstr(fault.internal, PRESET_SECRET)));
        require(fuzz_is_utf8_text(fault.public_text));
        return 0;
    }
    const struct gateway_ack *ack = mapping_ack(m);
    require(ack && ack->status >= 200 && ack->status <= 299 && ack->body);
    require(mapping_limits(m, false).chars > 0 && mapping_recipient_gap_ms(m) >= 0);
    struct arena *arena = arena_new(PRESET_ARENA);
    use_inward(m, arena);
    use_outward(m, arena);
    arena_free(arena);
    mapping_free(m);
    return 0;
}
