/* Complaints as anybody may write them, by the shipped rules. */
#include "fuzz.h"
#include "daemon/desk/classify_source.h"
#include "rules/classify.h"

static struct classify_rules *rules;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    struct str problems;
    str_init(&problems, 4096);
    require(classify_source_read(&rules, NULL, NULL, &problems, NULL) == OUTCOME_DONE);
    str_release(&problems);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct arena *arena = arena_new(16 << 20);
    struct classify_verdict v;
    struct classify_facts facts = {.channel = "whatsapp", .text = text, .size = size};
    require(arena && classify(rules, &facts, &v, arena, NULL) == OUTCOME_DONE);
    require(v.kind && v.service && v.section && v.confidence >= 30 && v.confidence <= 98);
    require(
        v.reason_count <= CLASSIFY_REASONS_MOST && v.reason_count >= 1 && v.tag_count <= CLASSIFY_TAGS_MOST);
    for (size_t i = 0; i < v.reason_count; i++)
        require(fuzz_is_utf8_text(v.reasons[i]) && !fuzz_has_control(v.reasons[i]));
    require(strcmp(v.kind, "pengaduan_pengawasan") != 0 || !strcmp(v.section, "sekcam"));
    arena_free(arena);
    free(text);
    return 0;
}
