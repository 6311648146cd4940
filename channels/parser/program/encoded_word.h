/* Encoded words of header fields (RFC 2047), rewritten so that GMime reads them whole. */
#ifndef PARSER_ENCODED_WORD_H
#define PARSER_ENCODED_WORD_H

#include <stddef.h>

/* GMime 3.2.13 loses everything behind a padded B word that is followed by another of the same charset
 * (issues #133, #150: a folded subject). A Q word cannot lose its neighbour, and GMime still joins characters
 * split between words. g_free. */
char *encoded_words_safe(const char *value, size_t n);

#endif
