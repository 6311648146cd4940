/* The parts of a mail: which of them are its text, which are attachments, which say what happened to a mail
 * of ours. */
#ifndef PARSER_PART_H
#define PARSER_PART_H

#include "body.h"
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

/* What was found; clear it with parts_release. Borrowed by nobody after that.
 *
 * The text is what a reader would see: parts one below the other, of alternatives the plain one, mails within
 * the mail under a head line, marked as somebody else's words. Their files stand among the attachments too. */
struct parts {
    GMimeParserOptions *options; /* borrowed */
    struct body body;            /* the text */
    struct body html;    /* the other version of it, of the first alternative that has two; may be blank */
    struct body spare;   /* texts of other kinds, for a mail that says nothing else */
    GArray *attachments; /* struct part_attachment */
    size_t bytes;        /* of them all */
    struct str delivery_status; /* bodies of message/delivery-status (RFC 3464) */
    struct str inner_status;    /* those within mails within the mail: some gateways wrap a report */
    char *returned;             /* Message-ID of the first mail within, which a report gives back; or NULL */
    char *returned_to;          /* its To:, decoded; or NULL */
    size_t leaves;              /* parts that are not containers */
    size_t raw_left, uu_left;   /* what may still be read: bytes of text, lines of uuencoded files */
    int mails_shown, texts;     /* mails and text parts within this one that were shown */
    bool has_html, has_delivery_status, has_calendar;
    bool bad_charset, html_stripped, too_much;
};

void parts_init(struct parts *parts, GMimeParserOptions *options);
void parts_release(struct parts *parts);
void parts_collect(struct parts *parts, GMimeObject *root);

/* Does a mail of n bytes look as if it had more parts than there is time and memory for? */
bool parts_too_many(const char *raw, size_t n);

/* Bytes that are no mail, or none that can be taken apart, as text. */
void parts_take_text(struct parts *parts, const char *bytes, size_t n);

#endif
