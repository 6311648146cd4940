/* One raw mail, any bytes at all, to the JSON of `pengaduand parse-mail` and its attachments. */
#ifndef PARSER_MAIL_H
#define PARSER_MAIL_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct mail {
    json_t *json;     /* owned: all members of the contract, whatever the mail was like */
    GPtrArray *bytes; /* owned: GByteArray of each attachment, in the order of json.attachments */
};

/* raw is borrowed and may be changed (line ends of old Macs, fields made to hurt). False without memory: *ret is then empty. */
bool mail_parse(char *raw, size_t n, struct mail *ret);

/* The JSON of a mail of which nothing could be read; defect says why. */
json_t *mail_unreadable(const char *defect);

void mail_release(struct mail *mail); /* an empty one is fine */

#endif
