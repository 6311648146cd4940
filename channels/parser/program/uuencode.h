/* Files that old programs write into the text of a mail: "begin 644 foto.jpg" ... "end" (POSIX uuencode). */
#ifndef PARSER_UUENCODE_H
#define PARSER_UUENCODE_H

#include "rules/text_match.h"
#include <glib.h>
#include <stdbool.h>

struct uuencode {
    struct span name;  /* as the sender wrote it; may be empty */
    GByteArray *bytes; /* g_byte_array_unref */
};

/* Is there a whole file at the start of *rest? Then decodes it (at most max bytes, *ret_cut) and cuts its lines
 * off *rest. What only begins like one is left as text. *limit: lines that may still be looked at in all of
 * one text, so that many beginnings without an end cost no more than one. */
bool uuencode_take(struct span *rest, size_t max, size_t *limit, struct uuencode *ret, bool *ret_cut);

#endif
