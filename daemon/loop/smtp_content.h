/* The bytes of a letter as they stand between DATA and its answer (RFC 5321 4.5.2). Private to daemon/loop. */
#ifndef LOOP_SMTP_CONTENT_H
#define LOOP_SMTP_CONTENT_H

#include "smtp_client.h"

struct evbuffer;

enum { SMTP_PIECE = 64 << 10 }; /* bytes handed over at once */

/* The next piece with its dots doubled, and the final one behind the last; *handed moves on. false = no memory. */
bool smtp_content_piece(const struct smtp_letter *letter, size_t *handed, struct evbuffer *out);

#endif
