/* What machines write for a moment: gateways, programs that ask. Milliseconds since 1970-01-01T00:00:00Z. Pure, thread-safe. */
#ifndef RULES_MOMENT_H
#define RULES_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

bool moment_from_unix(double number, int64_t *ret_ms); /* seconds below 1e11, milliseconds above */
/* "Sat, 22 Nov 2026 02:30:00 +0000" (RFC 5322 section 3.3), as Twilio writes its history. */
bool moment_from_rfc5322(const char *text, int64_t *ret_ms);
bool moment_from_rfc3339(const char *text, int64_t *ret_ms);

enum { MOMENT_TEXT = 24 }; /* bytes of "2026-11-22T03:00:00Z" and more */
void moment_print(int64_t ms, char out[MOMENT_TEXT]);

#endif
