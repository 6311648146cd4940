/* What of a text is struck out before everybody may read it: all that rules/identity.h finds, and what the book knows of
 * the citizen by himself, wherever it stands. Pure. */
#ifndef RULES_REDACT_H
#define RULES_REDACT_H

#include "daemon/base/arena.h"
#include <stdbool.h>
#include <stddef.h>

/* Struck out wherever it stands as a word of its own, in capitals or not. */
struct redact_known {
    const char *text;  /* NULL ends the list; shorter ones than REDACT_LEAST bytes are passed over */
    const char *label; /* what stands in its place: "[nama]" */
};

enum { REDACT_LEAST = 3, REDACT_KNOWN_MOST = 32 };

struct redact_span {
    size_t start, end; /* bytes */
    const char *label; /* static, or that of the known one */
};

struct redact_found {
    struct redact_span *spans; /* in order, none overlapping; in the arena */
    size_t count;
};

/* False without memory: then nothing is known and nothing may be published. known may be NULL. */
bool redact_find(
    const char *text, const struct redact_known *known, struct redact_found *ret_found, struct arena *arena);

/* The text with each span replaced by its label; NULL without memory. */
char *redact_strike(const char *text, const struct redact_found *found, struct arena *arena);

/* Fills known with the parts of a name that are names by themselves, the whole one first; returns how many, at most `most`.
 * NULL name is fine. Texts live in the arena. */
size_t redact_name(const char *name, struct redact_known *known, size_t most, struct arena *arena);

#endif
