/* The bytes of a MIME part, its transfer encoding undone. */
#ifndef PARSER_CONTENT_H
#define PARSER_CONTENT_H

#include <gmime/gmime.h>
#include <stdbool.h>

/* A new array (g_byte_array_unref), at most max bytes; *ret_cut tells when there were more. Never NULL. part
 * is a GMimePart or a GMimeMessagePart (then the nested message as it was sent). */
GByteArray *content_of(GMimeObject *part, size_t max, bool *ret_cut);

/* Adds what n bytes of base64 stand for: several padded pieces, or none of the padding, are fine. */
void content_add_base64(GByteArray *bytes, const char *text, gsize n);

#endif
