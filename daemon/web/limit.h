/* How often one address may guess wrong: a fixed table, so that a crowd of addresses costs no memory. Each
 * wrong guess takes a token; LIMIT_TOKENS may be used at once, one comes back every LIMIT_REFILL_MS. An IPv6
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

struct limit *limit_new(void); /* NULL without memory */
void limit_free(struct limit *limit);

bool limit_allows(struct limit *limit, const char *peer, int64_t now_ms); /* takes nothing */
void limit_count(struct limit *limit, const char *peer, int64_t now_ms);  /* one wrong guess */

#endif
