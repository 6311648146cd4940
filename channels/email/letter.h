/* A letter to a citizen or officer as an RFC 5322 message: one writer, which can only end lines with CRLF and
 * refuses header values that would end one. Pure: time comes in as an argument. */
#ifndef EMAIL_LETTER_H
#define EMAIL_LETTER_H

#include "channels/channel.h"
#include <jansson.h>

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

/* Who wrote it, for machines that get it (RFC 3834 5): whatever no person wrote carries Auto-Submitted. */
enum letter_author {
    LETTER_PERSON,
    LETTER_GENERATED, /* auto-generated because a person did something: he wants to know when it does not arrive */
    LETTER_AUTOMATIC, /* auto-generated: the null path, so that nothing answers it */
    LETTER_RECEIPT,   /* auto-replied, the null path */
};

/* Text and the same as simple HTML (RFC 2046 5.1.4), with the files behind them. payload, files: channels/channel.h,
 * struct outbound. NEVER: an address, Message-ID or header value that cannot stand in a letter, or the letter is too
 * long. */
enum outcome letter_build(struct letter *ret_letter, const json_t *payload, const struct inbound_file *files,
    const struct letter_office *office, enum letter_author author, int64_t now_ms, struct fault *fault);
void letter_release(struct letter *letter);

#endif
