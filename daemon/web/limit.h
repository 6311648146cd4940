/* How often one address may do something, guess wrong for one: a fixed table, so that a crowd of addresses costs no memory.
 * Each time takes a token; so many may be used at once, one comes back every refill_ms. An IPv6
 * network of 64 bits counts as one address, for whoever has one address of it has all. Thread-safe.
 *
 * Tracking codes have 50 random bits and passwords lock their account: this keeps guessers from loading the
 * book, which spends tens of milliseconds on each password. */
#ifndef WEB_LIMIT_H
#define WEB_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

enum { LIMIT_SLOTS = 1024, LIMIT_TOKENS = 10, LIMIT_REFILL_MS = 30 * 1000 };

struct limit;

struct limit_rate {
    int tokens;
    int64_t refill_ms;
};

#define LIMIT_GUESSES ((struct limit_rate){LIMIT_TOKENS, LIMIT_REFILL_MS})

struct limit *limit_new(struct limit_rate rate); /* NULL without memory */
void limit_free(struct limit *limit);

bool limit_allows(struct limit *limit, const char *peer, int64_t now_ms); /* takes nothing */
void limit_count(struct limit *limit, const char *peer, int64_t now_ms);  /* once */

#endif
