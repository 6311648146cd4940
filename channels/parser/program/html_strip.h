/* HTML by its tags alone, without a tree: first a look whether a tree is affordable, else the text between
 * the tags. */
#ifndef PARSER_HTML_STRIP_H
#define PARSER_HTML_STRIP_H

#include "flow.h"
#include <stdbool.h>
#include <stddef.h>

/* Can gumbo build the tree in reasonable time and stack? It is quadratic in depth, in the attributes of one
 * tag and in unclosed formatting (its issues #387, #391, #393), and frees the tree recursively. */
bool html_is_affordable(const char *html, size_t n);

void html_strip(const char *html, size_t n, struct flow *flow);

#endif
