/* Text as a reader of an HTML page sees it: white space collapsed, blocks on lines of their own, quotes
 * marked "> ".
 *
 * Both HTML readers (html.c by the tree, html_strip.c by tags alone) write through it. */
#ifndef PARSER_FLOW_H
#define PARSER_FLOW_H

#include "daemon/base/str.h"
#include "rules/text_reply.h"
#include <stdbool.h>
#include <stddef.h>

struct flow {
    struct str *out;     /* borrowed */
    struct str *marks;   /* borrowed, may be NULL: an enum text_line as a byte for each line of out */
    int breaks;          /* line ends owed before the next word: 1 a new line, 2 an empty line between */
    int quotes;          /* depth of blockquote */
    int written;         /* depth of the last line written */
    int verbatim;        /* depth of pre: white space counts */
    int announcing;      /* depth of elements that tell whose words follow */
    int foreign;         /* depth of elements that hold somebody else's words */
    bool heralded;       /* the next line is such an announcement, whatever element it stands in */
    bool space;          /* a blank is owed before the next word */
    bool tab;            /* a gap between cells of a table is owed before the next word */
    bool started;        /* something was written */
    enum text_line line; /* what is known of the line that is being written */
};

void flow_init(struct flow *flow, struct str *out, struct str *marks);
void flow_end(struct flow *flow); /* completes the marks; nothing may be written afterwards */
void flow_text(struct flow *flow, const char *text, size_t n); /* UTF-8 */
void flow_break(struct flow *flow, int lines);                 /* a block begins or ends; lines 1 or 2 */
void flow_line(struct flow *flow);                             /* <br> */
void flow_cell(struct flow *flow);                             /* a cell of a table begins */

#endif
