/* Bytes in whatever character set a mail claims to be in, to UTF-8.
 *
 * Mail programs name sets loosely: what says ISO-8859-1 is Windows-1252, GB2312 is GB18030, and so on; the
 * superset is used (WHATWG Encoding 4.2 has the same idea). A set that does not exist, is not loaded, or
 * damages the text is replaced by UTF-8 when the bytes are valid UTF-8, else by Windows-1252, which can read
 * anything. */
#ifndef PARSER_CHARSET_H
#define PARSER_CHARSET_H

#include "daemon/base/str.h"
#include <stdbool.h>
#include <stddef.h>

/* Opens and keeps the converters of all sets that real mail uses, so that nothing has to be opened in the
 * sandbox. Closing one would let glibc unload its module. Once, before confine_parser. */
void charset_preload(void);

/* Adds the text to out. label may be NULL or empty. False when the label could not be believed: the text is
 * there all the same. */
bool charset_to_utf8(const char *label, const char *bytes, size_t n, struct str *out);

bool charset_is_known(const char *label); /* can be converted, and is not plain ASCII */

/* The iconv name of the superset for a label; the label itself when it is not in the table. */
const char *charset_superset(const char *label);

#endif
