/* Was a mail written by a program? Such mail is never answered (RFC 3834 2) and never opens a complaint by
 * itself.
 *
 * Judges from header fields, the kind of MIME parts and a few set phrases. People also write "Balasan
 * otomatis dari kecamatan tidak membantu", paste a bounce or are called Noreplyanto: a phrase alone counts
 * only where programs put it.
 *
 * Pure. Texts are UTF-8, decoded; NULL = the field is absent. */
#ifndef RULES_TEXT_AUTOMATIC_H
#define RULES_TEXT_AUTOMATIC_H

#include <stdbool.h>
#include <stddef.h>

struct text_header {
    const char *name, *value;
};

struct text_mail_signs {
    const struct text_header *headers; /* all of them, in order */
    size_t header_count;
    const char *from_address, *from_name; /* decoded */
    const char *subject;                  /* decoded */
    const char *reply;                    /* the writer's own words */
    const char *text;                     /* all of it */
    const char *report_type;              /* of multipart/report: "delivery-status"; "" when it names none */
    bool report;                          /* the mail is multipart/report */
    bool delivery_status;                 /* a part message/delivery-status is there */
    bool calendar;                        /* a part text/calendar with a method is there */
};

enum text_automatic {
    TEXT_BY_HAND,
    TEXT_AUTO_REPLY,
    TEXT_OUT_OF_OFFICE,
    TEXT_BOUNCE, /* also delay reports */
    TEXT_BULK,   /* newsletters, and what people write through a list */
};

enum text_automatic text_automatic(const struct text_mail_signs *signs);

/* "auto-reply", "out-of-office", "bounce", "bulk"; NULL for TEXT_BY_HAND. */
const char *text_automatic_name(enum text_automatic kind);

#endif
