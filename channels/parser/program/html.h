/* The text of an HTML mail. */
#ifndef PARSER_HTML_H
#define PARSER_HTML_H

#include "daemon/base/str.h"
#include <stdbool.h>
#include <stddef.h>

enum { HTML_MAX = 1 << 20 }; /* bytes that are read; what is longer is cut (the raw mail is kept) */

/* Adds the visible text of html (UTF-8) to out: blocks on lines of their own, blockquotes marked "> ", the
 * address of a link behind its words in angle brackets. False when the page was too deep or odd for the tree
 * and was stripped of tags instead. The text must still be made clean (utf8.h): gumbo lets the number of a character
 * reference overflow ("&#xccccccccc;") and writes what is no UTF-8 then. marks (may be NULL) gets an enum
 * text_line as a byte for each line of out: what mail programs mark as not the writer's own. */
bool html_to_text(const char *html, size_t n, struct str *out, struct str *marks);

/* The charset that <meta> names within the first 2 KiB, into buffer; false when there is none. */
bool html_meta_charset(const char *html, size_t n, char *buffer, size_t size);

#endif
