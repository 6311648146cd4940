#include "random.h"
#include <sodium.h>

static void (*source)(void *, size_t) = randombytes_buf;

void random_bytes(void *out, size_t n)
{
    source(out, n);
}

uint32_t random_below(uint32_t bound)
{
    uint32_t limit = UINT32_MAX - UINT32_MAX % bound, x;
    do
        random_bytes(&x, sizeof x);
    while (x >= limit); /* a remainder alone would favour small numbers */
    return x % bound;
}

void random_replace(void (*fill)(void *out, size_t n))
{
    source = fill ? fill : randombytes_buf;
}
