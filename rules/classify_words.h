/* A citizen's text as words that can be compared: lower case, without accents, endless letters and emoji, cut at blanks
 * and punctuation ("JLN rusaaak!!" is jln, rusaak, !). What an abbreviation stands for is the rule file's business.
 *
 * Pure. Bounded: words behind the first CLASSIFY_WORDS_MOST are not looked at. */
#ifndef RULES_CLASSIFY_WORDS_H
#define RULES_CLASSIFY_WORDS_H

#include "daemon/base/arena.h"
#include <stdbool.h>
#include <stddef.h>

enum { CLASSIFY_WORDS_MOST = 2000, CLASSIFY_WORD_BYTES = 48 };

struct classify_word {
    const char *text; /* normalised; "?" and "!" are words too */
    const char *at;   /* where it stands in the text */
    size_t size;      /* bytes there */
    unsigned sentence;
    bool number; /* begins with a digit, or is money: 50rb, rp3.450.000 */
};

struct classify_words {
    struct classify_word *list;
    size_t count;
};

/* text is UTF-8 of `size` bytes; other bytes separate words. Words live in the arena. False without memory. */
bool classify_words_split(
    const char *text, size_t size, struct classify_words *ret_words, struct arena *arena);

/* Normalises one word of the rule file in the same way; "" when nothing is left. NULL without memory. */
const char *classify_word_normal(const char *text, size_t size, struct arena *arena);

#endif
