/* Stems of Indonesian words: Snowball's, and the readings Snowball drops. For full text and classification.
 *
 * A stemmer belongs to one thread. Pure otherwise. */
#ifndef RULES_STEM_H
#define RULES_STEM_H

#include <stddef.h>

struct stemmer;

enum { STEM_WORD_MOST = 40, STEM_READINGS = 4 };

struct stem_reading {
    char text[STEM_WORD_MOST + 4]; /* NUL-terminated; one letter more before, one after */
    int size;                      /* bytes */
};

struct stemmer *stemmer_new(void);          /* NULL without memory */
void stemmer_free(struct stemmer *stemmer); /* NULL is fine */

/* What the root of a lower-case word may be, the word itself left out: "menumpuk" gives umpuk and tumpuk. Only plain
 * a-z words of 4 to 40 letters have stems. Returns how many, -1 without memory. */
int stem_readings(
    struct stemmer *stemmer, const char *word, int size, struct stem_reading readings[STEM_READINGS]);

#endif
