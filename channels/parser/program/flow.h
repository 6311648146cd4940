/* Text as a reader of an HTML page sees it: white space collapsed, blocks on lines of their own, quotes
 * marked "> ".
 *
 * Both HTML readers (html.c by the tree, html_strip.c by tags alone) write through it. */
#ifndef PARSER_FLOW_H
#define PARSER_FLOW_H

#include "daemon/base/str.h"
#include <stdbool.h>
#include <stddef.h>

struct flow {
    struct str *out; /* borrowed */
    int breaks;      /* line ends owed before the next word: 1 a new line, 2 an empty line between */
    int quotes;      /* depth of blockquote */
    int written;     /* depth of the last line written */
    int verbatim;    /* depth of pre: white space counts */
    bool space;      /* a blank is owed before the next word */
    bool started;    /* something was written */
};

void flow_init(struct flow *flow, struct str *out);
void flow_text(struct flow *flow, const char *text, size_t n); /* UTF-8 */
void flow_break(struct flow *flow, int lines);                 /* a block begins or ends; lines 1 or 2 */
void flow_line(struct flow *flow);                             /* <br> */
void flow_space(struct flow *flow);                            /* cells of a table */

#endif
