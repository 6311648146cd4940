/* A gateway's answers to us, through every preset: to a sent text, to the question for a file, to the question for the
 * number behind a LID. Input: the HTTP status on the first line, then the answer's body. */
#include "preset.h"
#include "channels/gateway/mapping_media.h"
#include <jansson.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    json_object_seed(1);
    presets_load();
    return 0;
}

static void check_sent(const struct gateway_mapping *m, int status, const char *body, size_t size)
{
    struct arena *arena = arena_new(PRESET_ARENA);
    struct gateway_answer a =
        mapping_send_classify(m, "6281234567890", GATEWAY_ANSWERED, status, body, size, arena);
    require(a.verdict <= GATEWAY_UNKNOWN && gateway_verdict_name(a.verdict));
    require((a.verdict == GATEWAY_ACCEPTED) == !a.error_code);
    require(!a.message_id == !a.message_key);
    require(fuzz_is_utf8_text(a.message_id) && fuzz_is_utf8_text(a.error_code) &&
            fuzz_is_utf8_text(a.error_text));
    require(!fuzz_has_control(a.error_text) && !fuzz_has_control(a.error_code));
    a = mapping_send_classify(m, "6281234567890", GATEWAY_LOST, status, body, size, arena);
    require(a.verdict == GATEWAY_UNKNOWN);
    a = mapping_send_classify(m, "6281234567890", GATEWAY_NOT_SENT, status, body, size, arena);
    require(a.verdict == GATEWAY_RETRY);
    arena_free(arena);
}

static void check_file(const struct gateway_mapping *m, const char *body, size_t size)
{
    struct arena *arena = arena_new(PRESET_ARENA);
    struct gateway_request request = {0};
    const char *b64 = NULL;
    enum gateway_media media = mapping_media_next(m, body, size, arena, &request, &b64);
    require(media != GATEWAY_MEDIA_ASK);
    if (media == GATEWAY_MEDIA_INLINE)
        require(b64 && *b64 && fuzz_is_utf8_text(b64));
    if (media == GATEWAY_MEDIA_DOWNLOAD)
        require(request.url && !strncmp(request.url, "http", 4) && !fuzz_has_control(request.url));
    arena_free(arena);
}

static void check_lid(const struct gateway_mapping *m, const char *body, size_t size)
{
    struct arena *arena = arena_new(PRESET_ARENA);
    const char *number = mapping_lid_answer(m, body, size, arena);
    if (number)
        require(number[0] == '+' && strlen(number) <= 16 && !number[1 + strspn(number + 1, "0123456789")]);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *all = data;
    size_t all_size = size;
    char *line = fuzz_line(&data, &size);
    int status = (int)(strtoul(line, NULL, 10) % 1000);
    if (!status) { /* a sample without that line */
        status = 200;
        data = all;
        size = all_size;
    }
    char *body = malloc(size ? size : 1);
    require(body != NULL);
    if (size)
        memcpy(body, data, size);
    for (size_t i = 0; i < preset_count; i++) {
        check_sent(presets[i], status, body, size);
        check_file(presets[i], body, size);
        check_lid(presets[i], body, size);
    }
    free(body);
    free(line);
    return 0;
}
