/* The parts of a mail: which of them are its text, which are attachments, which say what happened to a mail
 * of ours. */
#ifndef PARSER_PART_H
#define PARSER_PART_H

#include "daemon/base/str.h"
#include <gmime/gmime.h>
#include <stdbool.h>

enum {
    PART_TEXT_MAX = 1 << 20,   /* bytes of text that are shown; the rest is in the raw mail */
    PART_ATTACHMENTS = 500,    /* of one mail */
    PART_BYTES_MAX = 40 << 20, /* of all attachments decoded: they and the JSON must fit into one frame */
};

struct part_attachment {
    char *filename; /* NULL when the sender gave none */
    char *type;     /* as the sender says: "image/jpeg" */
    bool is_inline; /* shown within the text (logo, signature), not sent as a file */
    GByteArray *bytes;
};

/* What was found; clear it with part_release. Borrowed by nobody after that. */
struct parts {
    GMimeParserOptions *options; /* borrowed */
    struct str plain, html;      /* UTF-8, not yet normalised */
    GArray *attachments;         /* struct part_attachment */
    size_t bytes;                /* of them all */
    struct str delivery_status;  /* bodies of message/delivery-status (RFC 3464) */
    size_t leaves;               /* parts that are not containers */
    bool has_html, has_delivery_status, has_calendar;
    bool bad_charset, text_cut, too_much;
};

void parts_init(struct parts *parts, GMimeParserOptions *options);
void parts_release(struct parts *parts);
void parts_collect(struct parts *parts, GMimeObject *root);

#endif
