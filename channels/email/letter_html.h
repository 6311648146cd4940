/* The text of a letter as simple HTML: paragraphs, line breaks, links, nothing else, so that it looks like a letter in
 * every program. Pure. */
#ifndef EMAIL_LETTER_HTML_H
#define EMAIL_LETTER_HTML_H

#include "daemon/base/str.h"

void letter_html(struct str *out, const char *text);

#endif
