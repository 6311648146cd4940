/* Header fields to text: encoded words, addresses, parameters, names of files. */
#ifndef PARSER_HEADER_H
#define PARSER_HEADER_H

#include <gmime/gmime.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Parser options for everything in this program; g_mime_parser_options_free. */
GMimeParserOptions *header_options(void);

/* Fields with raw 8-bit bytes that are no UTF-8 are read in the charset that the first text part below root
 * names, before Windows-1252 is tried. */
void header_learn_charset(GMimeParserOptions *options, GMimeObject *root);

/* Bytes of junk before the header ("---- Original ----", remains of an mbox): where the message begins. */
size_t header_skip_junk(const char *raw, size_t n);

/* The mail with an empty line below each header that has none: where a line that is no field follows and no field
 * of mail comes behind it. NULL when all is in order; g_string_free. *ret_header tells whether a header was
 * mended. */
GString *header_mend(const char *raw, size_t n, bool *ret_header);

/* Blanks what is too long in fields of MIME parts, in place: GMime needs quadratic time for their parameters. */
void header_tame(char *raw, size_t n);

/* The raw value of the first field of that name with its encoded words made safe for GMime, g_free; NULL when
 * absent. */
char *header_value(GMimeObject *object, const char *name);

/* An unstructured field decoded, or NULL when absent: g_free. */
char *header_text(GMimeObject *object, const char *name, GMimeParserOptions *options);

/* [{"name","address"}, ...]: groups are flattened. */
json_t *header_addresses(GMimeObject *object, const char *name, GMimeParserOptions *options);

/* {"name","address"} of the first From, of Sender when From has no address; never NULL but without memory.
 * *ret_odd when From is not an address. */
json_t *header_from(GMimeObject *object, GMimeParserOptions *options, bool *ret_odd);

/* Message ids without angle brackets. */
json_t *header_ids(GMimeObject *object, const char *name);

/* The name a sender gave to a part, fit to be shown and offered for download: last component of a path, no
 * control or direction characters, not hidden, at most 200 bytes, UTF-8. NULL when there is none: g_free. */
char *header_filename(GMimeObject *part, GMimeParserOptions *options);
char *header_safe_name(const char *name); /* the second half of it; g_free */

/* The same; when there is no such name, also one out of Content-Description or Content-Location that ends like
 * a file's name. */
char *header_any_filename(GMimeObject *part, GMimeParserOptions *options);

#endif
