/* Randomness comes in from here and nowhere else, so that tests can hold it. Backed by libsodium. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_bytes(void *out, size_t n);
uint32_t random_below(uint32_t bound); /* uniform in [0, bound); bound > 0 */

/* Replaces the source (NULL = the system's again). Before threads start. */
void random_replace(void (*fill)(void *out, size_t n));

#endif
