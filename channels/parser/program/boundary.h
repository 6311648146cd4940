/* Line ends around the boundaries of a multipart. */
#ifndef PARSER_BOUNDARY_H
#define PARSER_BOUNDARY_H

#include <glib.h>
#include <stddef.h>

/* GMime 3.2.13 takes as many bytes off the end of a part as the boundary's own line end has: where one is LF and the
 * other CR LF (a body written on Unix, sent by a careful program) the last letter of the words went with it, or a CR
 * stayed; so it is when no line end follows the last boundary. Gives each the end that its boundary has. g_string_free;
 * NULL when nothing is to be mended. */
GString *boundary_mend(const char *raw, size_t n);

#endif
