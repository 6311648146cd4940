/* Two complaints as anybody may write them, the first line and the rest: how much of them is the same. */
#include "fuzz.h"
#include "rules/alike.h"

static struct stemmer *stemmer;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    stemmer = stemmer_new();
    require(stemmer != NULL);
    return 0;
}

static void sketch(const char *text, struct alike_sketch *ret, struct arena *arena)
{
    require(alike_sketch_of(stemmer, text, strlen(text), ret, arena));
    require(ret->count <= ALIKE_SKETCH && ret->count <= 2 * ret->words);
    for (size_t i = 1; i < ret->count; i++)
        require(ret->keys[i - 1] < ret->keys[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *first = fuzz_line(&data, &size), *second = fuzz_text(data, size);
    struct arena *arena = arena_new(16 << 20);
    struct alike_sketch a, b;
    struct alike_verdict v, turned;
    const char *reasons[ALIKE_REASONS_MOST];
    require(arena != NULL);
    sketch(first, &a, arena);
    sketch(second, &b, arena);
    int share = alike_share(&a, &b);
    require(share >= 0 && share <= 100 && share == alike_share(&b, &a));
    require(alike_share(&a, &a) == (a.count ? 100 : 0));
    const struct alike_facts one = {.at = 1, .citizen_id = 1, .place = first, .sketch = &a},
                             other = {.at = 2, .citizen_id = 1, .place = second, .sketch = &b};
    bool same = alike_judge(&one, &other, &v);
    require(same == alike_judge(&other, &one, &turned) && v.points == turned.points);
    require(!same || (v.points >= ALIKE_POINTS && v.share > 0));
    size_t count = alike_reasons(&v, first, NULL, reasons, arena);
    require(count >= 1 && count <= ALIKE_REASONS_MOST);
    arena_free(arena);
    free(first);
    free(second);
    return 0;
}
