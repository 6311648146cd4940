/* Words that differ from a typed one by one slip of the hand: two letters swapped, one too much, one wrong, one missing. In
 * that order, which is how likely they are. Pure. */
#ifndef RULES_NEAR_WORD_H
#define RULES_NEAR_WORD_H

#include <stdbool.h>
#include <stddef.h>

enum { NEAR_WORD_LEAST = 4, NEAR_WORD_MOST = 16, NEAR_WORD_SIZE = NEAR_WORD_MOST + 2 };

/* Only words of a-z of those lengths are guessed at. */
bool near_word_may(const char *word);

/* The index-th one; false behind the last. May name the same word twice, and the word itself. */
bool near_word(const char *word, size_t index, char out[NEAR_WORD_SIZE]);

/* Whether two words are one slip apart; a word is not that from itself. Of any letters and lengths. */
bool near_word_is(const char *a, const char *b);

#endif
