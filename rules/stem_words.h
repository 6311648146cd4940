/* A citizen's text as the stems that carry its meaning: without numbers, particles and forms of address, each form of a
 * word under one key ("menumpuk", "tumpukan", "ditumpuk"). For comparing texts with one another and for learning.
 *
 * Pure. */
#ifndef RULES_STEM_WORDS_H
#define RULES_STEM_WORDS_H

#include "classify_words.h"
#include "stem.h"
#include <stdint.h>

struct stem_word {
    uint32_t key;     /* of the stem */
    const char *text; /* the word as it stood, normalised */
};

struct stem_words {
    struct stem_word *list; /* in the order of the text */
    size_t count;           /* at most CLASSIFY_WORDS_MOST */
};

/* text is UTF-8; texts of the words live in the arena. False without memory. */
bool stem_words_of(
    struct stemmer *stemmer, const char *text, size_t size, struct stem_words *ret, struct arena *arena);

uint32_t stem_words_pair(uint32_t first, uint32_t second); /* the key of two neighbours */

#endif
