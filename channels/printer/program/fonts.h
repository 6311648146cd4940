/* The fonts of paper: a fixed list of Debian's, read before the cage shuts, so that a document looks the same on every
 * machine and no file is opened behind it. */
#ifndef PRINTER_FONTS_H
#define PRINTER_FONTS_H

#include <pango/pangocairo.h>

/* NULL, or why there are none (English, static). */
const char *fonts_open(void);

/* A layout with that font: owned by the caller. description: "Noto Sans Bold 10", sizes in points. */
PangoLayout *fonts_layout(const char *description);

/* The families of text. */
#define FONTS_SANS "Noto Sans, DejaVu Sans"
#define FONTS_SERIF "Noto Serif, DejaVu Serif, Noto Sans, DejaVu Sans"

#endif
