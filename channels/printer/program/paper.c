/* Paper by cairo and pango: pages leave as they are filled, so that a register of any length needs the memory of one. */
#include "fonts.h"
#include "paper_private.h"
#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

enum { MARGIN = 57 /* 2 cm */, MARGIN_WIDE = 40, MARGIN_END = 48, FOOTER = 30 };

struct paper paper;

static struct {
    cairo_surface_t *surface;
    GByteArray *ready; /* bytes of the document that were not taken yet */
    guint taken;
    bool ended;
} document;

static const char *open_fonts(void)
{
    return fonts_open();
}

/* ---- words ---- */

PangoLayout *paper_layout(const struct paper_words *words, double w)
{
    static const PangoAlignment aligns[] = {
        PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT, PANGO_ALIGN_LEFT};
    char *font = g_strdup_printf(
        "%s %s%.2f", paper.serif ? FONTS_SERIF : FONTS_SANS, words->bold ? "Bold " : "", words->size);
    PangoLayout *layout = fonts_layout(font);
    g_free(font);
    pango_layout_set_width(layout, (int)(w * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, aligns[words->align]);
    pango_layout_set_justify(layout, words->align == PAPER_JUSTIFY);
    pango_layout_set_line_spacing(layout, 1.15f);
    if (words->lines_most) {
        pango_layout_set_height(layout, -words->lines_most);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    PangoAttrList *list = pango_attr_list_new();
    pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE)); /* a code would be copied with them */
    if (words->underline)
        pango_attr_list_insert(list, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE));
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    pango_layout_set_text(layout, words->text, -1);
    return layout;
}

double paper_layout_height(PangoLayout *layout)
{
    int height;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

static void set_ink(bool muted)
{
    if (muted)
        cairo_set_source_rgb(paper.cr, PAPER_MUTED);
    else
        cairo_set_source_rgb(paper.cr, PAPER_INK);
}

void paper_layout_show(PangoLayout *layout, double x, double y, bool muted)
{
    set_ink(muted);
    cairo_move_to(paper.cr, x, y);
    pango_cairo_show_layout(paper.cr, layout);
}

double paper_write(const struct paper_words *words, double x, double y, double w)
{
    PangoLayout *layout = paper_layout(words, w);
    double height = paper_layout_height(layout);
    paper_layout_show(layout, x, y, words->muted);
    g_object_unref(layout);
    return height;
}

void paper_flow(const struct paper_words *words, double x, double w)
{
    PangoLayout *layout = paper_layout(words, w);
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    double above = 0, start = paper.y;
    do {
        int top, bottom, base = pango_layout_iter_get_baseline(iter);
        PangoRectangle line;
        pango_layout_iter_get_line_yrange(iter, &top, &bottom);
        pango_layout_iter_get_line_extents(iter, NULL, &line);
        if (start + (double)bottom / PANGO_SCALE - above > paper.bottom && start > paper.top) {
            paper_new_page();
            above = (double)top / PANGO_SCALE;
            start = paper.y;
        }
        set_ink(words->muted);
        cairo_move_to(paper.cr, x + (double)line.x / PANGO_SCALE, start + (double)base / PANGO_SCALE - above);
        pango_cairo_show_layout_line(paper.cr, pango_layout_iter_get_line_readonly(iter));
        paper.y = start + (double)bottom / PANGO_SCALE - above;
    } while (!paper.wrong && pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    g_object_unref(layout);
}

void paper_rule(double x1, double y, double x2, double thickness)
{
    cairo_set_source_rgb(paper.cr, PAPER_INK);
    cairo_set_line_width(paper.cr, thickness);
    cairo_move_to(paper.cr, x1, y);
    cairo_line_to(paper.cr, x2, y);
    cairo_stroke(paper.cr);
}

/* ---- pages ---- */

static void end_page(void)
{
    char *number = g_strdup_printf("Halaman %d", paper.page);
    double y = paper.height - FOOTER, w = paper.right - paper.left;
    const struct paper_words right = {.text = number, .size = 7.5, .muted = true, .align = PAPER_RIGHT},
                             left = {.text = paper.footer, .size = 7.5, .muted = true, .lines_most = 1};
    paper_write(&left, paper.left, y, w - 80);
    paper_write(&right, paper.right - 80, y, 80);
    g_free(number);
    cairo_show_page(paper.cr);
}

void paper_new_page(void)
{
    if (paper.page)
        end_page();
    if (++paper.page > PRINTER_PAGES_MOST)
        paper.wrong = "too many pages";
    paper.y = paper.top;
}

bool paper_need(double height)
{
    if (paper.y + height <= paper.bottom || paper.y <= paper.top)
        return false;
    paper_new_page();
    return true;
}

static cairo_status_t keep(void *closure, const unsigned char *data, unsigned length)
{
    (void)closure;
    g_byte_array_append(document.ready, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static void begin(const struct job_block *head)
{
    double margin = head->wide ? MARGIN_WIDE : MARGIN;
    paper = (struct paper){.width = head->wide ? 841.89 : 595.28,
        .height = head->wide ? 595.28 : 841.89,
        .wide = head->wide,
        .serif = head->serif,
        .footer = g_strdup(head->footer)};
    paper.left = margin;
    paper.right = paper.width - margin;
    paper.top = head->wide ? MARGIN_WIDE : MARGIN_END;
    paper.bottom = paper.height - MARGIN_END;
    document.ready = g_byte_array_new();
    document.surface = cairo_pdf_surface_create_for_stream(keep, NULL, paper.width, paper.height);
    cairo_pdf_surface_set_metadata(document.surface, CAIRO_PDF_METADATA_TITLE, head->title);
    cairo_pdf_surface_set_metadata(document.surface, CAIRO_PDF_METADATA_AUTHOR, head->office);
    cairo_pdf_surface_set_metadata(document.surface, CAIRO_PDF_METADATA_CREATOR, "pengaduand");
    paper.cr = cairo_create(document.surface);
    paper_new_page();
    paper_block(head);
}

static void finish(void)
{
    end_page();
    cairo_destroy(paper.cr);
    paper.cr = NULL;
    cairo_surface_finish(document.surface);
    if (cairo_surface_status(document.surface) != CAIRO_STATUS_SUCCESS)
        paper.wrong = cairo_status_to_string(cairo_surface_status(document.surface));
    cairo_surface_destroy(document.surface);
    document.surface = NULL;
    g_free(paper.footer);
    document.ended = true;
}

static const char *put(const struct job_block *block)
{
    if (document.ended || (block->kind == JOB_HEAD) == (document.surface != NULL))
        return "a job has one head, and begins with it";
    if (block->kind != JOB_ROWS && paper_table_open())
        paper_table_end();
    if (block->kind == JOB_HEAD)
        begin(block);
    else if (block->kind == JOB_TABLE)
        paper_table_begin(block);
    else if (block->kind == JOB_ROWS && !paper_table_open())
        paper.wrong = "rows without a table";
    else if (block->kind == JOB_ROWS)
        paper_table_rows(block);
    else if (block->kind == JOB_END)
        finish();
    else
        paper_block(block);
    if (!paper.wrong && paper.cr && cairo_status(paper.cr) != CAIRO_STATUS_SUCCESS)
        paper.wrong = cairo_status_to_string(cairo_status(paper.cr));
    return paper.wrong;
}

static const char *take(GByteArray *part, bool *ret_more)
{
    *ret_more = false;
    if (!document.ready)
        return NULL;
    guint left = document.ready->len - document.taken, n = MIN(left, (guint)PRINTER_PART_MOST);
    g_byte_array_append(part, document.ready->data + document.taken, n);
    document.taken += n;
    *ret_more = n < left;
    if (!*ret_more) {
        g_byte_array_set_size(document.ready, 0);
        document.taken = 0;
    }
    return NULL;
}

const struct document_ops paper_ops = {open_fonts, put, take};
