/* The text of a mail while it is put together from parts: clean UTF-8 (utf8.h) with LF line ends, and for each
 * of its lines what is known beyond its words. */
#ifndef PARSER_BODY_H
#define PARSER_BODY_H

#include "daemon/base/str.h"
#include "rules/text_reply.h"
#include <stdbool.h>
#include <stddef.h>

struct body {
    struct str text;
    struct str marks; /* an enum text_line as a byte for each line of text */
    bool cut;         /* there was more than fits */
    bool nul;         /* NUL bytes were left out */
    bool html;        /* it was written as HTML */
};

void body_init(struct body *body, size_t max); /* max: bytes of text */
void body_release(struct body *body);

/* Adds a piece on lines of its own. text: UTF-8 as it came, any line ends. marks: of the lines of text, NULL =
 * all of them are `mark`. */
void body_add(struct body *body, const char *text, size_t n, const struct str *marks, enum text_line mark);

/* Adds another body; its lines are at least as foreign as `least`. */
void body_join(struct body *body, const struct body *other, enum text_line least);

bool body_is_blank(const struct body *body); /* shows nothing */

#endif
