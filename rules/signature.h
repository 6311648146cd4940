/* What two servers who share a secret sign their words with: forms of the office's own website on their way in, webhooks on
 * their way out. Pure.
 *
 *   X-Pengaduan-Timestamp: 1795314600               seconds since 1970 (UTC) when it was sent
 *   X-Pengaduan-Signature: sha256=<64 hex digits>   HMAC-SHA256(secret, timestamp "." raw body)
 *
 * The time is part of what is signed, so a copy sent again later is refused; a copy sent again in time has the same
 * bytes and is the same arrival (the ledger's key). */
#ifndef RULES_SIGNATURE_H
#define RULES_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum signature {
    SIGNATURE_GOOD,
    SIGNATURE_MISSING, /* a header is absent or has not the form above */
    SIGNATURE_WRONG,
    SIGNATURE_OLD, /* right, but older (or newer) than max_age_seconds */
};

enum signature signature_check(const char *secret, const char *timestamp, const char *signature,
    const void *body, size_t length, int64_t now_ms, long max_age_seconds);

/* The value of X-Pengaduan-Signature. */
enum { SIGNATURE_SIZE = 7 + 64 + 1 };
void signature_make(
    const char *secret, const char *timestamp, const void *body, size_t length, char out[SIGNATURE_SIZE]);

#endif
