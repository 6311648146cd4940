/* What learning (learn.c) and asking (learnt.c) share; for those files only.
 *
 * The bytes of what was learnt, little-endian numbers of 4 bytes unless said otherwise:
 *
 *   "PGL1"; labels, words, cases, right, proposed, proposed_right
 *   a label: LEARN_LABEL_SIZE bytes, its cases, the sum of its counts
 *   labels x labels: row = decided, column = answered
 *   LEARN_BANDS times: least, right, all
 *   a word, keys ascending: key, then for each label in how many of its texts it stands (2 bytes) */
#ifndef RULES_LEARN_PRIVATE_H
#define RULES_LEARN_PRIVATE_H

#include "learn.h"

enum {
    NUMBERS = 6,
    HEAD_SIZE = 4 + 4 * NUMBERS,
    LABEL_ROW = LEARN_LABEL_SIZE + 8,
    BAND_ROW = 12,
    COUNT_MOST = 65535
};
#define LEARN_MAGIC "PGL1"

struct known_word {
    uint32_t key;
    const char *text;
};

/* Its first different stems by key. False without memory. */
bool learn_words(struct stemmer *stemmer, const char *text, size_t size, struct known_word **ret_words,
    size_t *ret_count, struct arena *arena);

/* What is counted, either in a lesson or in the bytes of what was learnt. */
struct counts {
    size_t labels, words;
    const uint32_t *sums; /* a label: sum of its counts */
    uint32_t all;         /* of these */
    int32_t base[LEARN_LABELS_MOST];
};

void learn_set_base(struct counts *c);

/* How much a word speaks for each label; false when no text has it. */
bool learn_weigh(const struct counts *c, const uint32_t *row, int32_t *ret_weights);

struct ranking {
    int32_t points[LEARN_LABELS_MOST];
    size_t order[LEARN_LABELS_MOST];
    size_t count, known; /* labels with cases; words it knew */
};

void learn_rank(const struct counts *c, struct ranking *r);
int32_t learn_lead(const struct ranking *r);

#endif
