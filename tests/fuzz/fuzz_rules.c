/* An office's rule file: either every mistake is told, or any text can be read by it. */
#include "fuzz.h"
#include "rules/classify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char sample[] = "jln rusak di Lajuk gk ada pungli? minta 50rb";
    char *text = fuzz_text(data, size);
    struct classify_rules *rules = NULL;
    struct str problems;
    str_init(&problems, 1 << 16);
    enum outcome outcome = classify_rules_parse(&rules, "aturan", text, size, &problems, NULL);
    require((outcome == OUTCOME_DONE) == (rules != NULL));
    require(outcome != OUTCOME_NEVER || problems.len || problems.failed);
    if (rules) {
        struct arena *arena = arena_new(16 << 20);
        struct classify_verdict v;
        struct classify_facts facts = {
            .channel = "email", .sender = "a@b.example", .text = sample, .size = sizeof sample - 1};
        require(arena && classify(rules, &facts, &v, arena, NULL) == OUTCOME_DONE);
        require(v.kind && v.service && v.section);
        arena_free(arena);
    }
    classify_rules_free(rules);
    str_release(&problems);
    free(text);
    return 0;
}
