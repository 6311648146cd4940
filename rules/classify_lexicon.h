/* The words of a rule file, and which of them a citizen's word may be.
 *
 * A word of the file in its plain form stands for all that is made of it (lapor: dilaporkan, laporan); one written with
 * affixes only for itself. From sure to bold, stopping at the first that finds something: the word itself or its stem; without a colloquial
 * affix (lampune, omahku, ngurusx); one typing error in a long word (admnistrasi); vowels left out (smph, tndakan).
 * Immutable after lexicon_close(). */
#ifndef RULES_CLASSIFY_LEXICON_H
#define RULES_CLASSIFY_LEXICON_H

#include "daemon/base/arena.h"
#include "stem.h"
#include <stdbool.h>
#include <stddef.h>

struct lexicon;

/* A word of the file; pointers are unique, so words are compared by them. */
struct lexeme {
    const char *text; /* normalised */
    size_t length;
    bool exact;  /* "=kata": as it stands, no stem and no errors */
    bool prefix; /* "kata*" */
    bool number; /* "#": any number */
    unsigned id; /* 0, 1, 2 ... */
    struct lexeme *next;
};

enum { LEXICON_MEANINGS = 12 };

struct lexicon *lexicon_new(struct arena *arena); /* in the arena; NULL without memory */
/* The lexeme of a word as it is written in the file, flags included, abbreviations known so far spelled out; NULL when it is no word or without memory. */
const struct lexeme *lexicon_add(struct lexicon *lexicon, const char *word, size_t size);
bool lexicon_abbreviate(
    struct lexicon *lexicon, const char *shorter, size_t size, const char *longer, size_t longer_size);
/* Makes the index; false without memory. */
bool lexicon_close(struct lexicon *lexicon);
size_t lexicon_size(const struct lexicon *lexicon); /* ids are below it */

struct lexicon_meaning {
    const struct lexeme *words[LEXICON_MEANINGS];
    size_t count;
};

/* What a normalised word of a text stands for. False without memory. */
bool lexicon_look_up(const struct lexicon *lexicon, struct stemmer *stemmer, const char *word, bool number,
    struct lexicon_meaning *ret_meaning);

#endif
