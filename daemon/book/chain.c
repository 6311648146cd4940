#include "chain.h"
#include <inttypes.h>
#include <stdio.h>

void chain_part(crypto_hash_sha256_state *h, const void *bytes, size_t size)
{
    unsigned char length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)((uint64_t)size >> (56 - 8 * i));
    crypto_hash_sha256_update(h, length, sizeof length);
    crypto_hash_sha256_update(h, bytes, size);
}

void chain_number(crypto_hash_sha256_state *h, int64_t number)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRId64, number);
    chain_part(h, text, (size_t)n);
}
