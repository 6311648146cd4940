/* Is a callback from the gateway? All entries of the mapping's "auth" must agree:
 *
 *   {type: hmac, alg: sha1|sha256|sha512, header, prefix, encoding: hex|base64, over: body, secret}
 *   {type: header, header, prefix, secret}      a fixed header the gateway was told to send
 *   {type: query, name, secret}                 a parameter of the callback's URL
 *   {type: basic, user, secret}                 RFC 7617
 *   {type: body_token, pointer, secret}         a member of the body
 *   {type: path_token, secret}                  the last segment of the callback's path; at least 128 bits
 *   {type: ip_allow, allow: ["10.0.0.0/8", ...]}
 *   {type: twilio, header, secret, public_url}  Twilio's signature over the public URL and the sorted parameters
 *   {type: jwt, header, prefix, secret}         an HS256 token (RFC 7519) that has not expired; it does not bind
 *                                               the body (Evolution)
 *   {type: any, of: [...]}                      one of these is enough
 *
 * With "optional": true an entry counts only when its secret is set in the configuration.
 *
 * Signatures are taken over the body's bytes as received, never over a re-serialisation. Secrets are compared
 * in constant time. Pure, thread-safe. */
#ifndef GATEWAY_MAPPING_AUTH_H
#define GATEWAY_MAPPING_AUTH_H

#include "mapping.h"
#include "daemon/base/arena.h"
#include <stdint.h>

/* One callback as it came. All texts borrowed, NULL = absent. */
struct gateway_callback {
    /* by name without regard to case; NULL = not sent */
    const char *(*header)(void *context, const char *name);
    void *header_context;
    const char *query; /* behind the "?", undecoded */
    const char *body;  /* the bytes as received; may hold NUL */
    size_t body_size;
    const char *path_token; /* TOKEN of /hook/gateway/NAME/TOKEN */
    const char *peer;       /* numeric address, behind a proxy the one the proxy names */
    int64_t now_ms;         /* for what expires */
    bool captured; /* a file, not a request: path_token and ip_allow cannot be judged and are passed over, and
                      nothing expires */
};

enum gateway_authenticity {
    GATEWAY_AUTHENTIC,
    GATEWAY_NOT_AUTHENTIC, /* answer 401 and record nothing but the attempt */
    GATEWAY_MALFORMED,     /* the body must be read to judge, and cannot be */
    GATEWAY_UNJUDGED,      /* captured, and nothing in the capture could prove it */
};

/* scratch: for what must be decoded on the way. When arena_ok(scratch) is false afterwards nothing was
 * judged: 503. */
enum gateway_authenticity mapping_verify(
    const struct gateway_mapping *m, const struct gateway_callback *callback, struct arena *scratch);

enum gateway_handshake {
    GATEWAY_HANDSHAKE_NONE, /* this gateway asks no such question: answer a GET with 200 and nothing */
    GATEWAY_HANDSHAKE_GOOD, /* 200, text/plain, the echo as the whole body */
    GATEWAY_HANDSHAKE_BAD,  /* 403 */
};

/* GET of the callback's URL. *ret_echo lives in the arena. */
enum gateway_handshake mapping_handshake(
    const struct gateway_mapping *m, const char *query, struct arena *arena, const char **ret_echo);

#endif
