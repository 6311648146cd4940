/* What mail systems without RFC 3464 write about a mail they could not deliver. Part of text_bounce.c. */
#ifndef RULES_TEXT_BOUNCE_PROSE_H
#define RULES_TEXT_BOUNCE_PROSE_H

#include "text_bounce.h"
#include "text_match.h"

enum { TEXT_BOUNCE_PROSE = 16 << 10 }; /* bytes: the report stands at the top, below it the mail given back */

/* Adds the recipients that the text names as not reached, without status. *ret_status gets the first status
 * code of the text, empty when there is none. */
void text_bounce_prose(
    const struct text_bounce_signs *signs, struct text_bounce *ret, char *ret_status, size_t status_size);

/* Does the report end here and the mail given back begin? */
bool text_bounce_returned(struct span line);

/* Does the text speak of a delay that is not the end of it? */
bool text_bounce_temporary(const struct text_bounce_signs *signs);

#endif
