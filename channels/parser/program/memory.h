/* The parser without memory dies at once and is asked again in a fresh process (parser.c). To go on would mean a mail with an
 * attachment less, or with the name of another: libraries leave out what they have no memory for. */
#ifndef PROGRAM_MEMORY_H
#define PROGRAM_MEMORY_H

#include <stddef.h>

_Noreturn void memory_gone(void);
void *memory_get(size_t n); /* never NULL; free() */

#endif
