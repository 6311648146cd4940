/* Twilio's request signature: base64(HMAC-SHA1(token, public URL + every POST parameter sorted by name, name
 * and value joined without a mark)). Pure, thread-safe. */
#ifndef GATEWAY_TWILIO_SIGNATURE_H
#define GATEWAY_TWILIO_SIGNATURE_H

#include "form.h"

/* url with its query. The text lives in the arena; NULL: the body is no form, or no memory. */
const char *twilio_signature(
    const char *token, const char *url, const char *body, size_t body_size, struct arena *arena);

#endif
