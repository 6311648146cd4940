/* What gateways call a time. Milliseconds since 1970-01-01T00:00:00Z. Pure, thread-safe. */
#ifndef GATEWAY_TRANSFORM_TIME_H
#define GATEWAY_TRANSFORM_TIME_H

#include <stdbool.h>
#include <stdint.h>

bool transform_time_from_unix(double number, int64_t *ret_ms); /* seconds below 1e11, milliseconds above */
/* "Sat, 22 Nov 2026 02:30:00 +0000" (RFC 5322 section 3.3), as Twilio writes its history. */
bool transform_time_from_rfc5322(const char *text, int64_t *ret_ms);
bool transform_time_from_rfc3339(const char *text, int64_t *ret_ms);

enum { TRANSFORM_TIME_TEXT = 24 }; /* bytes of "2026-11-22T03:00:00Z" and more */
void transform_time_print(int64_t ms, char out[TRANSFORM_TIME_TEXT]);

#endif
