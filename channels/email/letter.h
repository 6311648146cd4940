/* A letter to a citizen or officer as an RFC 5322 message: one writer, which can only end lines with CRLF and
 * refuses header values that would end one. Pure: time comes in as an argument. */
#ifndef EMAIL_LETTER_H
#define EMAIL_LETTER_H

#include "daemon/base/fault.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct letter_office {
    const char *name;     /* display name of From, NULL = none */
    const char *from;     /* address */
    const char *reply_to; /* address that is watched; NULL = same as from */
};

/* Members are malloc'd; letter_release() frees what was not taken away. */
struct letter {
    char *
        envelope_from; /* "" = the null path of automatic mail (RFC 5321 4.5.5), so that nothing answers it */
    char *to;
    char *content;
    size_t length;
    char *message_id; /* without angle brackets */
};

/* payload: channels/channel.h, struct outbound. automatic: the letter is written by no person. answers_mail:
 * it is the receipt for a mail (Auto-Submitted: auto-replied instead of auto-generated, RFC 3834 5). NEVER:
 * an address, Message-ID or header value that cannot stand in a letter, or the letter is too long. */
enum outcome letter_build(struct letter *ret_letter, const json_t *payload,
    const struct letter_office *office, bool automatic, bool answers_mail, int64_t now_ms,
    struct fault *fault);
void letter_release(struct letter *letter);

#endif
