/* A QR symbol for views: one path of an inline SVG, so that it prints sharp and needs no request of its
 * own. */
#ifndef WEB_QR_H
#define WEB_QR_H

#include <jansson.h>

/* {size, path}: modules a side with the quiet zone, and the d of a path in those units. NULL when the text is
 * absent or too long for a symbol, or without memory: the page does without. */
json_t *qr_json(const char *text);

#endif
