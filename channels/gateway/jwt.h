/* JSON Web Tokens as gateways sign them: HS256 and nothing else (RFC 7519, RFC 7515, RFC 7518 section 3.2). Pure,
 * thread-safe. */
#ifndef GATEWAY_JWT_H
#define GATEWAY_JWT_H

#include "daemon/base/arena.h"
#include <stdbool.h>
#include <stdint.h>

/* now_ms 0 = the times in it are not looked at. token may be NULL; an empty secret verifies nothing. */
bool jwt_verify(const char *token, const char *secret, int64_t now_ms, struct arena *scratch);

#endif
