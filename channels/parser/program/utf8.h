/* UTF-8 as the daemon may keep it: valid, in Normalization Form C, without NUL. */
#ifndef PARSER_UTF8_H
#define PARSER_UTF8_H

#include "daemon/base/str.h"
#include <jansson.h>
#include <stddef.h>

/* Adds `bytes` to out: bytes that are no UTF-8 become U+FFFD, composed characters are composed (NFC), NUL
 * bytes are dropped (the daemon's JSON reader and many tools stop at them). Linear time: GLib's own
 * normaliser is quadratic and gets pieces. */
void utf8_add_clean(const char *bytes, size_t n, struct str *out);

/* A JSON string of `bytes` made clean; at most `max` bytes of it, cut between characters. NULL without
 * memory. */
json_t *utf8_json(const char *bytes, size_t n, size_t max);

/* The longest prefix of at most max bytes that does not end inside a character. */
size_t utf8_cut(const char *bytes, size_t n, size_t max);

#endif
