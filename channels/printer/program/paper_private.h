/* Shared by the files of paper: the page under the pen. paper.c holds pages and words, paper_block.c what stands on them,
 * paper_table.c tables. */
#ifndef PRINTER_PAPER_PRIVATE_H
#define PRINTER_PAPER_PRIVATE_H

#include "document.h"
#include <cairo.h>
#include <pango/pangocairo.h>

#define PAPER_INK 0.10, 0.10, 0.10
#define PAPER_MUTED 0.36, 0.36, 0.36
#define PAPER_LINE 0.45, 0.45, 0.42
#define PAPER_FILL 0.06, 0.36, 0.32

enum paper_align { PAPER_LEFT, PAPER_CENTRE, PAPER_RIGHT, PAPER_JUSTIFY };

/* Words as they shall stand: how wide, how large, which line spacing. */
struct paper_words {
    const char *text;
    double size; /* points */
    bool bold, muted, underline;
    enum paper_align align;
    int lines_most; /* cut with an ellipsis behind; 0 = all */
};

struct paper {
    cairo_t *cr;
    double width, height;            /* of the sheet, points */
    double left, right, top, bottom; /* where words may stand */
    double y;                        /* of the pen */
    int page;
    bool wide, serif;
    char *footer;
    const char *wrong; /* what the whole document died of; NULL = nothing */
};
extern struct paper paper;

void paper_new_page(void);
/* Begins a new page when less than that is left of this one; true = it did. */
bool paper_need(double height);

/* A layout of these words, w points wide; the caller unrefs it. */
PangoLayout *paper_layout(const struct paper_words *words, double w);
double paper_layout_height(PangoLayout *layout);
void paper_layout_show(PangoLayout *layout, double x, double y, bool muted);

/* Words at x, y; how high they are. */
double paper_write(const struct paper_words *words, double x, double y, double w);
/* Words under the pen over the whole width, line by line over as many pages as they need; the pen moves on. */
void paper_flow(const struct paper_words *words, double x, double w);

void paper_rule(double x1, double y, double x2, double thickness);

void paper_block(const struct job_block *block); /* all but tables */

/* ---- tables ---- */

void paper_table_begin(const struct job_block *block);
void paper_table_rows(const struct job_block *block);
void paper_table_end(void);
bool paper_table_open(void);

#endif
