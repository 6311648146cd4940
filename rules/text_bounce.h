/* Whom did a bounce not reach, and for good? From the machine-readable report (RFC 3464) when there is one,
 * else from the prose that mail systems write. Pure; time linear in the texts. */
#ifndef RULES_TEXT_BOUNCE_H
#define RULES_TEXT_BOUNCE_H

#include <stdbool.h>
#include <stddef.h>

struct text_bounce_signs {
    const char *status;            /* body of message/delivery-status, NULL when there is none */
    const char *failed_recipients; /* X-Failed-Recipients, or NULL */
    const char *subject, *text;    /* decoded; may be NULL */
    const char *own_address;  /* To: of the bounce: the office, never the one who was not reached; or NULL */
    const char *from_address; /* of the mail system */
};

struct text_bounce {
    char recipient[256]; /* the address as the office wrote it; empty = not said */
    char status[16];     /* RFC 3463, "5.1.1"; empty = not said */
    bool permanent;      /* false: the mail system goes on trying, or said that it is temporary */
};

void text_bounce(const struct text_bounce_signs *signs, struct text_bounce *ret);

#endif
