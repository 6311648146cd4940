/* Is the sender who he says he is, in the judgement of the office's own mail server: its Authentication-Results
 * header (RFC 8601). Only the topmost one that carries the configured name is believed: what stands below it may have
 * come with the mail. Pure, linear. */
#ifndef EMAIL_AUTHENTICITY_H
#define EMAIL_AUTHENTICITY_H

#include <stddef.h>

/* "asli", "tidak_pasti" or "palsu". from: address of the From header; NULL = none. */
const char *authenticity_of(const void *raw, size_t size, const char *authserv_id, const char *from);

#endif
