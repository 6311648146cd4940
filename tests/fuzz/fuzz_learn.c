/* A citizen's text, the first line, asked of what was learnt, the rest: bytes of a row of the book, whole or damaged. */
#include "fuzz.h"
#include "rules/learn.h"

static struct stemmer *stemmer;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    stemmer = stemmer_new();
    require(stemmer != NULL);
    return 0;
}

static void look_at(const struct learnt *learnt)
{
    for (size_t l = 0; l < learnt->labels; l++) {
        require(strlen(learnt_label(learnt, l)) < LEARN_LABEL_SIZE);
        learnt_label_cases(learnt, l);
        for (size_t as = 0; as < learnt->labels; as++)
            learnt_taken_for(learnt, l, as);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_line(&data, &size);
    struct arena *arena = arena_new(16 << 20);
    struct learnt learnt;
    struct learnt_answer answer;
    require(arena != NULL);
    if (learnt_open(&learnt, data, size)) {
        look_at(&learnt);
        require(learnt_ask(&learnt, stemmer, text, strlen(text), &answer, arena));
        require(answer.count <= learnt.labels && answer.word_count <= LEARN_WORDS_TOLD);
        require(answer.confidence >= 0 && answer.confidence <= 100);
        for (size_t i = 0; i < answer.count; i++)
            require(answer.ranked[i] < learnt.labels);
        for (size_t i = 0; i < answer.word_count; i++)
            require(answer.words[i][0]);
    }
    arena_free(arena);
    free(text);
    return 0;
}
