/* One link of a chain of hashes: parts one after another into a SHA-256, each preceded by its length as 8 bytes
 * big-endian, so that no two different lists of parts are the same bytes. Numbers are parts of decimal text. */
#ifndef BOOK_CHAIN_H
#define BOOK_CHAIN_H

#include <sodium.h>
#include <stddef.h>
#include <stdint.h>

enum { CHAIN_DIGEST = crypto_hash_sha256_BYTES };

void chain_part(crypto_hash_sha256_state *h, const void *bytes, size_t size);
void chain_number(crypto_hash_sha256_state *h, int64_t number);

#endif
