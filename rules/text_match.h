/* Looking at pieces of text that are not NUL-terminated: lines of mails, header values.
 *
 * Case is folded for Latin, Greek and Cyrillic letters; other bytes must be equal. Pure, no allocation. */
#ifndef RULES_TEXT_MATCH_H
#define RULES_TEXT_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of somebody else's memory. */
struct span {
    const char *at;
    size_t len; /* bytes */
};

struct span span_of(const char *text); /* NULL gives an empty span */
struct span span_trim(struct span s);  /* without white space (also U+00A0, U+200B, U+FEFF) at both ends */
bool span_is_blank(struct span s);     /* shows nothing: white space and control bytes alone */
struct span span_next_line(struct span *rest); /* cuts the first line off *rest, without its CR LF */

bool span_equals(struct span s, const char *word);
bool span_starts(struct span s, const char *word);
bool span_ends(struct span s, const char *word);
bool span_has(struct span s, const char *word); /* anywhere, also inside a longer word */

/* The same, but letters or digits may not touch the word on either side. */
bool span_has_word(struct span s, const char *word);

/* For lists that end with NULL. */
bool span_has_any(struct span s, const char *const *words);
bool span_starts_any(struct span s, const char *const *words);
bool span_equals_any(struct span s, const char *const *words);

bool span_ends_any(struct span s, const char *const *words);

size_t span_find(struct span s, const char *word); /* where word begins, s.len when nowhere */
struct span span_from(struct span s, size_t at);   /* s without its first `at` bytes */

size_t span_count_words(struct span s); /* runs of anything but white space */

#endif
