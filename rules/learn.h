/* What the decisions about earlier complaints say of a new one: naive Bayes over the stems of its words, each section
 * against all others. A word counts once a text, in whole numbers; logarithms are fixed point (1/1024 of a doubling), so
 * that every machine learns the same.
 *
 * How sure an answer is was measured, not computed: while learning, each tenth of the cases is asked of what the other
 * nine tenths taught, and of all answers that led by as much the share that was right is told with the answer.
 *
 * Pure. What was learnt is a row of bytes (learn.c has their order) that holds no words, only the keys of stems. */
#ifndef RULES_LEARN_H
#define RULES_LEARN_H

#include "daemon/base/arena.h"
#include "daemon/base/fault.h"
#include "daemon/base/str.h"
#include "stem.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LEARN_CASES_MOST = 20000,
    LEARN_CASES_LEAST = 20, /* of fewer nothing is learnt */
    LEARN_LABELS_MOST = 32,
    LEARN_LABEL_SIZE = 64,        /* bytes of a label with its NUL */
    LEARN_WORDS_MOST = 80,        /* different stems of a text that count */
    LEARN_VOCABULARY_MOST = 8192, /* stems that are kept: those that most texts have */
    LEARN_FOLDS = 10,
    LEARN_BANDS = 5,
    LEARN_WORDS_TOLD = 6,
    LEARN_SIZE_MOST = 1 << 20 /* bytes of what was learnt */
};

/* ---- learning ---- */

struct lesson;

struct lesson *lesson_new(void);         /* NULL without memory */
void lesson_free(struct lesson *lesson); /* NULL is fine */
size_t lesson_cases(const struct lesson *lesson);

/* One decided case: what its text was decided to be; `proposed`: what the rules had said, NULL = not known. A text without a
 * word that says something, a label that is too long, and what is too much are left out. False without memory. */
bool lesson_add(struct lesson *lesson, struct stemmer *stemmer, const char *text, size_t size,
    const char *label, const char *proposed, struct arena *scratch);

/* Adds what was learnt to `out`. NEVER: too few cases, or one label only. */
enum outcome lesson_learn(const struct lesson *lesson, struct str *out, struct fault *fault);

/* ---- what was learnt ---- */

struct learnt {
    size_t labels, words, cases;
    size_t right;                    /* of the cases, when they were asked of the others */
    size_t proposed, proposed_right; /* of how many the rules' word is known, and was the decision */
    /* private */
    const unsigned char *bytes;
};

/* bytes are borrowed as long as it is used. False when they are none of ours. */
bool learnt_open(struct learnt *ret, const void *bytes, size_t size);

const char *learnt_label(const struct learnt *learnt, size_t label);
size_t learnt_label_cases(const struct learnt *learnt, size_t label);
/* How many cases of one label were taken for another (or for itself) when they were asked. */
size_t learnt_taken_for(const struct learnt *learnt, size_t label, size_t as);

/* Answers that led by as much as this band's least, but not by the next one's: the surest band first. */
struct learnt_band {
    int32_t least;
    size_t right, all; /* all 0 = there is no such band */
};
struct learnt_band learnt_band(const struct learnt *learnt, size_t band);

struct learnt_answer {
    size_t ranked[LEARN_LABELS_MOST];    /* labels, likeliest first: as many as there are */
    size_t count;                        /* 0 = it knows none of the words */
    int confidence;                      /* per cent of answers as sure as this one that were right */
    const char *words[LEARN_WORDS_TOLD]; /* of the text, that spoke most for the first */
    size_t word_count;
};

/* False without memory; words live in the arena. */
bool learnt_ask(const struct learnt *learnt, struct stemmer *stemmer, const char *text, size_t size,
    struct learnt_answer *ret, struct arena *arena);

#endif
