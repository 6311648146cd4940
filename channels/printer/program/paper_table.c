/* Tables over many pages: the header row stands on each, and a table with tallies ends each page with what it holds and
 * what there was up to there. */
#include "paper_private.h"
#include <string.h>

enum {
    PAD = 3,
    LINES_MOST = 12 /* of a cell */,
    CELL_BYTES_MOST = 1500,
    SHORT = 60 /* bytes: needs no cutting */,
    TOTALS = 16 /* points */
};

static struct {
    bool open;
    double size, x[PRINTER_CELLS_MOST + 1];
    size_t columns;
    char *labels[PRINTER_CELLS_MOST];
    enum job_align aligns[PRINTER_CELLS_MOST];
    char *tallies[JOB_TALLIES];
    size_t tally_count;
    int64_t of, on_page, so_far, tallied[JOB_TALLIES];
} table;

bool paper_table_open(void)
{
    return table.open;
}

static PangoLayout *cell_layout(size_t column, const char *text, bool bold)
{
    static const enum paper_align aligns[] = {
        [ALIGN_LEFT] = PAPER_LEFT, [ALIGN_RIGHT] = PAPER_RIGHT, [ALIGN_CENTRE] = PAPER_CENTRE};
    size_t n = strlen(text);
    char *cut = NULL;
    if (n > CELL_BYTES_MOST) /* no more of it would be seen, and pango takes long over a line without end */
        cut = g_strndup(text, (gsize)(g_utf8_find_prev_char(text, text + CELL_BYTES_MOST) - text));
    const struct paper_words words = {.text = cut ? cut : text,
        .size = table.size,
        .bold = bold,
        .align = aligns[table.aligns[column]],
        .lines_most = n > SHORT ? LINES_MOST : 0};
    PangoLayout *layout = paper_layout(&words, table.x[column + 1] - table.x[column] - 2 * PAD);
    g_free(cut);
    return layout;
}

static void draw_lines(double y, double height)
{
    cairo_set_source_rgb(paper.cr, PAPER_LINE);
    cairo_set_line_width(paper.cr, 0.6);
    for (size_t i = 0; i <= table.columns; i++) {
        cairo_move_to(paper.cr, table.x[i], y);
        cairo_line_to(paper.cr, table.x[i], y + height);
    }
    cairo_move_to(paper.cr, table.x[0], y + height);
    cairo_line_to(paper.cr, table.x[table.columns], y + height);
    cairo_stroke(paper.cr);
}

static void draw_header(void)
{
    PangoLayout *cells[PRINTER_CELLS_MOST];
    double height = 0;
    for (size_t i = 0; i < table.columns; i++) {
        cells[i] = cell_layout(i, table.labels[i], true);
        double own = paper_layout_height(cells[i]) + 2 * PAD;
        height = MAX(height, own);
    }
    cairo_set_source_rgb(paper.cr, 0.93, 0.95, 0.94);
    cairo_rectangle(paper.cr, table.x[0], paper.y, table.x[table.columns] - table.x[0], height);
    cairo_fill(paper.cr);
    for (size_t i = 0; i < table.columns; i++) {
        double own = paper_layout_height(cells[i]);
        paper_layout_show(cells[i], table.x[i] + PAD, paper.y + height - PAD - own, false);
        g_object_unref(cells[i]);
    }
    draw_lines(paper.y, height);
    paper_rule(table.x[0], paper.y, table.x[table.columns], 0.6);
    paper_rule(table.x[0], paper.y + height, table.x[table.columns], 1.2);
    paper.y += height;
}

/* "Jumlah halaman ini 10. Jumlah sampai halaman ini 10 dari 47. Selesai 6, dalam proses 4, terlambat 1." */
static void draw_totals(void)
{
    if (!table.tally_count)
        return;
    GString *text = g_string_new(NULL);
    g_string_append_printf(text,
        "Jumlah halaman ini %" G_GINT64_FORMAT ". Jumlah sampai halaman ini %" G_GINT64_FORMAT,
        (gint64)table.on_page, (gint64)table.so_far);
    if (table.of)
        g_string_append_printf(text, " dari %" G_GINT64_FORMAT, (gint64)table.of);
    g_string_append(text, ". ");
    for (size_t i = 0; i < table.tally_count; i++)
        g_string_append_printf(
            text, "%s%s %" G_GINT64_FORMAT, i ? ", " : "", table.tallies[i], (gint64)table.tallied[i]);
    g_string_append(text, ".");
    const struct paper_words words = {.text = text->str, .size = table.size, .bold = true, .lines_most = 1};
    paper_write(&words, table.x[0] + PAD, paper.y + 3, table.x[table.columns] - table.x[0] - 2 * PAD);
    g_string_free(text, TRUE);
    paper.y += TOTALS;
    table.on_page = 0;
}

void paper_table_begin(const struct job_block *block)
{
    double sum = 0, x = paper.left;
    table.open = true;
    table.columns = block->column_count;
    table.size = paper.wide ? 7.5 : 8.5;
    table.of = block->of;
    table.tally_count = block->tally_count;
    table.on_page = table.so_far = 0;
    for (size_t i = 0; i < block->column_count; i++)
        sum += block->columns[i].width;
    for (size_t i = 0; i < block->column_count; i++) {
        table.x[i] = x;
        x += block->columns[i].width * (paper.right - paper.left) / sum;
        table.labels[i] = g_strdup(block->columns[i].label);
        table.aligns[i] = block->columns[i].align;
    }
    table.x[block->column_count] = x;
    for (size_t i = 0; i < block->tally_count; i++) {
        table.tallies[i] = g_strdup(block->tallies[i]);
        table.tallied[i] = 0;
    }
    paper_need(70);
    draw_header();
}

static void add_row(const struct job_row *row)
{
    PangoLayout *cells[PRINTER_CELLS_MOST];
    double height = 0, totals = table.tally_count ? TOTALS : 0;
    bool sum = row->count && !strcmp(row->cells[0], "Jumlah");
    for (size_t i = 0; i < table.columns; i++) {
        cells[i] = cell_layout(i, row->cells[i], sum);
        double own = paper_layout_height(cells[i]) + 2 * PAD;
        height = MAX(height, own);
    }
    if (paper.y + height + totals > paper.bottom) {
        draw_totals();
        paper_new_page();
        draw_header();
    }
    for (size_t i = 0; i < table.columns; i++) {
        paper_layout_show(cells[i], table.x[i] + PAD, paper.y + PAD, false);
        g_object_unref(cells[i]);
    }
    draw_lines(paper.y, height);
    paper.y += height;
    table.on_page++;
    table.so_far++;
    if (row->tally >= 0 && (size_t)row->tally < table.tally_count)
        table.tallied[row->tally]++;
}

void paper_table_rows(const struct job_block *block)
{
    for (size_t i = 0; i < block->row_count && !paper.wrong; i++)
        add_row(&block->rows[i]);
}

void paper_table_end(void)
{
    paper_rule(table.x[0], paper.y, table.x[table.columns], 1.2);
    draw_totals();
    paper.y += 8;
    for (size_t i = 0; i < table.columns; i++)
        g_free(table.labels[i]);
    for (size_t i = 0; i < table.tally_count; i++)
        g_free(table.tallies[i]);
    table.open = false;
}
