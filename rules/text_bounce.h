/* Whom did a bounce not reach, and for good? From the machine-readable report (RFC 3464) when there is one,
 * else from the prose that mail systems write, else from the mail that they give back. Pure; time linear in
 * the texts. */
#ifndef RULES_TEXT_BOUNCE_H
#define RULES_TEXT_BOUNCE_H

#include <stdbool.h>
#include <stddef.h>

enum { TEXT_BOUNCE_FAILURES = 20 }; /* of one report; our own letters have one recipient each */

struct text_bounce_signs {
    const char *status;            /* body of message/delivery-status, NULL when there is none */
    const char *failed_recipients; /* X-Failed-Recipients, or NULL */
    const char *subject, *text;    /* decoded; may be NULL */
    const char *own_address;  /* To: of the bounce: the office, never the one who was not reached; or NULL */
    const char *from_address; /* of the mail system */
    const char *returned_to;  /* To: of the mail that was given back, or NULL */
};

struct text_failure {
    char recipient[256]; /* the address as the office wrote it; empty = not said */
    char status[16];     /* RFC 3463, "5.1.1"; empty = not said */
    bool permanent;      /* false: the mail system goes on trying, or said that it is temporary */
};

struct text_bounce {
    struct text_failure failures[TEXT_BOUNCE_FAILURES]; /* the one to act upon first: final before delayed */
    size_t count;                                       /* at least 1 */
    bool arrived; /* a report, but of success (RFC 3464 2.3.3: delivered, relayed, expanded): no bounce */
};

void text_bounce(const struct text_bounce_signs *signs, struct text_bounce *ret);

/* The Message-ID in the header of a mail given back within the text, into id; false when there is none. */
bool text_bounce_returned_id(const char *text, char *id, size_t size);

#endif
