/* Text as it may stand on paper or in a cell: whatever a stranger wrote comes out as characters in their order. */
#ifndef PRINTER_TEXT_H
#define PRINTER_TEXT_H

#include "daemon/base/arena.h"
#include <stddef.h>

/* A copy of n bytes of UTF-8 without control characters (a blank stands for each, line ends stay), marks that turn the
 * direction of text around, and what XML may not hold; cut at most bytes with an ellipsis. NULL without memory. */
const char *text_clean(struct arena *arena, const char *text, size_t n, size_t most);

#endif
