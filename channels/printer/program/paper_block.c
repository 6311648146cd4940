/* What stands on paper beside tables: the office head, titles, words, facts, the tracking code, figures, bars, signatures. */
#include "paper_private.h"
#include <math.h>
#include <qrencode.h>
#include <string.h>

enum { LOGO = 54 /* points */, LOGO_PIXELS_MOST = 3000, QR = 92, QUIET = 4, SIGNING = 46, PARTS = 4 };

static double inner(void)
{
    return paper.right - paper.left;
}

static struct paper_words plain(const char *text)
{
    return (struct paper_words){.text = text, .size = paper.serif ? 11 : 10};
}

/* ---- the office head ---- */

struct png {
    const unsigned char *bytes;
    size_t left;
};

static cairo_status_t read_png(void *closure, unsigned char *data, unsigned length)
{
    struct png *png = closure;
    if (length > png->left)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, png->bytes, length);
    png->bytes += length;
    png->left -= length;
    return CAIRO_STATUS_SUCCESS;
}

static unsigned number_at(const unsigned char *p, int n)
{
    unsigned value = 0;
    while (n--)
        value = value << 8 | *p++;
    return value;
}

static bool has_size(unsigned width, unsigned height)
{
    return width && height && width <= LOGO_PIXELS_MOST && height <= LOGO_PIXELS_MOST;
}

/* ITU T.81 B.2.2: width and height stand in the frame header. cairo puts the file into the document as it is. */
static cairo_surface_t *jpeg_surface(const unsigned char *p, size_t n)
{
    for (size_t at = 2; at + 9 < n && p[at] == 0xFF;) {
        unsigned marker = p[at + 1], length = number_at(p + at + 2, 2);
        if (marker >= 0xC0 && marker <= 0xC2) {
            unsigned height = number_at(p + at + 5, 2), width = number_at(p + at + 7, 2);
            if (!has_size(width, height))
                return NULL;
            cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
            unsigned char *copy = g_memdup2(p, n);
            if (cairo_surface_set_mime_data(s, CAIRO_MIME_TYPE_JPEG, copy, n, g_free, copy))
                g_free(copy);
            return s;
        }
        at += 2 + length;
    }
    return NULL;
}

/* NULL: it is none that can be drawn; the head stands without. */
static cairo_surface_t *logo_surface(const unsigned char *bytes, size_t n)
{
    struct png png = {bytes, n};
    if (n > 4 && bytes[0] == 0xFF && bytes[1] == 0xD8)
        return jpeg_surface(bytes, n);
    if (n < 24 || memcmp(bytes, "\x89PNG", 4) ||
        !has_size(number_at(bytes + 16, 4), number_at(bytes + 20, 4)))
        return NULL;
    cairo_surface_t *s = cairo_image_surface_create_from_png_stream(read_png, &png);
    if (cairo_surface_status(s) == CAIRO_STATUS_SUCCESS)
        return s;
    cairo_surface_destroy(s);
    return NULL;
}

static bool draw_logo(const struct job_block *b, double y)
{
    cairo_surface_t *s = b->logo ? logo_surface(b->logo, b->logo_size) : NULL;
    if (!s)
        return false;
    double w = cairo_image_surface_get_width(s), h = cairo_image_surface_get_height(s),
           scale = LOGO / MAX(w, h);
    cairo_save(paper.cr);
    cairo_translate(paper.cr, paper.left + (LOGO - w * scale) / 2, y + (LOGO - h * scale) / 2);
    cairo_scale(paper.cr, scale, scale);
    cairo_set_source_surface(paper.cr, s, 0, 0);
    cairo_paint(paper.cr);
    cairo_restore(paper.cr);
    cairo_surface_destroy(s);
    return true;
}

/* Permendagri on official letters: government, office, address, and a thick line over a thin one. */
static void put_head(const struct job_block *b)
{
    double y = paper.y, start = y, side = draw_logo(b, y) ? LOGO + 8 : 0, x = paper.left + side,
           w = inner() - 2 * side;
    char *government = g_utf8_strup(b->government, -1), *office = g_utf8_strup(b->office, -1);
    const struct paper_words lines[] = {
        {.text = government, .size = 12, .align = PAPER_CENTRE, .lines_most = 2},
        {.text = office, .size = 16, .bold = true, .align = PAPER_CENTRE, .lines_most = 2},
        {.text = b->address, .size = 9, .align = PAPER_CENTRE, .lines_most = 3}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (*lines[i].text)
            y += paper_write(&lines[i], x, y, w);
    g_free(government);
    g_free(office);
    y = MAX(y, start + (side > 0 ? LOGO : 0)) + 7;
    paper_rule(paper.left, y, paper.right, 2);
    paper_rule(paper.left, y + 2.6, paper.right, 0.6);
    paper.y = y + (paper.wide ? 12 : 20);
}

/* ---- words ---- */

static void put_title(const struct job_block *b)
{
    bool centre = b->style == STYLE_CENTRE;
    struct paper_words title = {.text = b->text,
        .size = centre ? 13 : 14,
        .bold = true,
        .underline = centre,
        .align = centre ? PAPER_CENTRE : PAPER_LEFT,
        .lines_most = 3};
    paper_need(40);
    paper.y += paper_write(&title, paper.left, paper.y, inner());
    if (*b->sub) {
        const struct paper_words sub = {.text = b->sub,
            .size = centre ? 10.5 : 9,
            .muted = !centre,
            .align = title.align,
            .lines_most = 3};
        paper.y += paper_write(&sub, paper.left, paper.y + 1, inner()) + 1;
    }
    paper.y += paper.wide ? 8 : 16;
}

static void put_text(const struct job_block *b)
{
    static const enum paper_align aligns[] = {
        [STYLE_RIGHT] = PAPER_RIGHT, [STYLE_JUSTIFY] = PAPER_JUSTIFY, [STYLE_CENTRE] = PAPER_CENTRE};
    struct paper_words words = plain(b->text);
    words.bold = b->style == STYLE_BOLD || b->style == STYLE_HEADING;
    words.size = b->style == STYLE_SMALL ? 8.5 : b->style == STYLE_HEADING ? 11 : words.size;
    words.muted = b->style == STYLE_SMALL;
    words.align = b->style < sizeof aligns / sizeof *aligns ? aligns[b->style] : PAPER_LEFT;
    if (b->style == STYLE_HEADING) {
        paper_need(60);
        paper.y += 4;
    }
    paper_flow(&words, paper.left, inner());
    paper.y += b->style == STYLE_HEADING ? 3 : 7;
}

static void put_facts(const struct job_block *b)
{
    double label_width = paper.serif ? 78 : 104, w = inner() - label_width - 10;
    for (size_t i = 0; i < b->row_count && !paper.wrong; i++) {
        const struct job_row *row = &b->rows[i];
        struct paper_words label = plain(row->cells[0]), value = plain(row->cells[1]), colon = plain(":");
        value.bold = *row->cells[2] != '\0';
        value.lines_most = 12;
        label.lines_most = 2;
        PangoLayout *layout = paper_layout(&value, w);
        double height = paper_layout_height(layout);
        paper_need(height);
        double own = paper_write(&label, paper.left, paper.y, label_width - 4);
        paper_write(&colon, paper.left + label_width, paper.y, 8);
        paper_layout_show(layout, paper.left + label_width + 10, paper.y, false);
        g_object_unref(layout);
        paper.y += MAX(height, own) + 3;
    }
    paper.y += 7;
}

/* ---- the tracking code ---- */

/* ISO/IEC 18004, with its quiet zone. Text that is too long for a symbol has none. */
static bool draw_qr(const char *text, double x, double y)
{
    QRcode *code = *text ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) : NULL;
    if (!code)
        return false;
    double module = (double)QR / (code->width + 2 * QUIET);
    cairo_set_source_rgb(paper.cr, 0, 0, 0);
    for (int row = 0; row < code->width; row++)
        for (int column = 0, run; column < code->width; column += run) {
            int dark = code->data[row * code->width + column] & 1;
            for (run = 1;
                 column + run < code->width && (code->data[row * code->width + column + run] & 1) == dark;
                 run++)
                continue;
            if (dark)
                cairo_rectangle(paper.cr, x + (column + QUIET) * module, y + (row + QUIET) * module,
                    run * module, module);
        }
    cairo_fill(paper.cr);
    QRcode_free(code);
    return true;
}

static void draw_frame(double x, double y, double w, double h)
{
    cairo_set_source_rgb(paper.cr, PAPER_LINE);
    cairo_set_line_width(paper.cr, 0.8);
    cairo_rectangle(paper.cr, x, y, w, h);
    cairo_stroke(paper.cr);
}

static void put_code(const struct job_block *b)
{
    double height = QR + 12, y, w = inner() - QR - 36;
    const struct paper_words label = {.text = b->text, .size = 9, .muted = true, .lines_most = 1},
                             code = {.text = b->code, .size = 22, .bold = true, .lines_most = 1},
                             sub = {.text = b->sub, .size = 9.5, .lines_most = 2},
                             small = {.text = b->small, .size = 8.5, .muted = true, .lines_most = 2};
    paper_need(height + 10);
    draw_frame(paper.left, paper.y, inner(), height);
    draw_qr(b->qr, paper.right - QR - 8, paper.y + 6);
    y = paper.y + 10;
    y += paper_write(&label, paper.left + 14, y, w);
    y += paper_write(&code, paper.left + 14, y, w) + 2;
    y += paper_write(&sub, paper.left + 14, y, w) + 1;
    paper_write(&small, paper.left + 14, y, w);
    paper.y += height + 14;
}

/* ---- figures ---- */

static void put_figures(const struct job_block *b)
{
    size_t count = MIN(b->row_count, (size_t)6);
    double gap = 8, w = count ? (inner() - gap * (double)(count - 1)) / (double)count : 0, height = 58;
    paper_need(height + 10);
    for (size_t i = 0; i < count; i++) {
        const struct job_row *row = &b->rows[i];
        double x = paper.left + (double)i * (w + gap), y = paper.y + 5;
        const struct paper_words number = {.text = row->cells[0], .size = 16, .bold = true, .lines_most = 1},
                                 label = {.text = row->cells[1], .size = 8.5, .bold = true, .lines_most = 1},
                                 small = {.text = row->cells[2], .size = 7.5, .muted = true, .lines_most = 1};
        draw_frame(x, paper.y, w, height);
        y += paper_write(&number, x + 8, y, w - 12);
        y += paper_write(&label, x + 8, y, w - 12);
        paper_write(&small, x + 8, y, w - 12);
    }
    paper.y += height + 14;
}

static double share(const struct job_row *row)
{
    double part = g_ascii_strtod(row->cells[1], NULL), whole = g_ascii_strtod(row->cells[2], NULL);
    return whole > 0 && part > 0 && isfinite(part / whole) ? MIN(part / whole, 1) : 0;
}

static void put_bars(const struct job_block *b)
{
    double label_width = 130, bar = inner() - label_width - 110, line = 16;
    struct paper_words title = {.text = b->text, .size = 10, .bold = true, .lines_most = 1};
    paper_need(2 * line + 20);
    if (*b->text)
        paper.y += paper_write(&title, paper.left, paper.y, inner()) + 4;
    for (size_t i = 0; i < b->row_count && !paper.wrong; i++) {
        const struct job_row *row = &b->rows[i];
        const struct paper_words label = {.text = row->cells[0], .size = 8.5, .lines_most = 1},
                                 words = {.text = row->cells[3], .size = 8.5, .bold = true, .lines_most = 1};
        paper_need(line);
        paper_write(&label, paper.left, paper.y, label_width - 6);
        cairo_set_source_rgb(paper.cr, 0.93, 0.92, 0.88);
        cairo_rectangle(paper.cr, paper.left + label_width, paper.y + 1, bar, line - 6);
        cairo_fill(paper.cr);
        cairo_set_source_rgb(paper.cr, PAPER_FILL);
        cairo_rectangle(paper.cr, paper.left + label_width, paper.y + 1, bar * share(row), line - 6);
        cairo_fill(paper.cr);
        paper_write(&words, paper.left + label_width + bar + 8, paper.y, 102);
        paper.y += line;
    }
    paper.y += 10;
}

/* ---- who signs ---- */

static struct paper_words signing(const char *text, int lines_most)
{
    struct paper_words words = plain(text);
    words.size = paper.serif ? words.size : 9.5;
    words.align = PAPER_CENTRE;
    words.lines_most = lines_most;
    return words;
}

/* The names of two stand at one height. */
static void put_signature(const struct job_block *b)
{
    double w = 220, height = 0;
    size_t count = MIN(b->row_count, (size_t)2);
    if (!paper_need(SIGNING + 90))
        paper.y += 8;
    for (size_t i = 0; i < count; i++) {
        const struct paper_words above = signing(b->rows[i].cells[0], PARTS);
        double x = i + 1 == count ? paper.right - w : paper.left;
        double own = paper_write(&above, x, paper.y, w);
        height = MAX(height, own);
    }
    paper.y += height + SIGNING;
    for (size_t i = 0; i < count; i++) {
        struct paper_words name = signing(b->rows[i].cells[1], 2),
                           below = signing(b->rows[i].cells[2], PARTS);
        double x = i + 1 == count ? paper.right - w : paper.left;
        name.bold = name.underline = true;
        paper_write(&below, x, paper.y + paper_write(&name, x, paper.y, w), w);
    }
    paper.y += 50;
}

void paper_block(const struct job_block *b)
{
    switch (b->kind) {
    case JOB_HEAD:
        put_head(b);
        break;
    case JOB_TITLE:
        put_title(b);
        break;
    case JOB_TEXT:
        put_text(b);
        break;
    case JOB_FACTS:
        put_facts(b);
        break;
    case JOB_CODE:
        put_code(b);
        break;
    case JOB_FIGURES:
        put_figures(b);
        break;
    case JOB_BARS:
        put_bars(b);
        break;
    case JOB_SIGNATURE:
        put_signature(b);
        break;
    case JOB_SPACE:
        paper.y += (double)MIN(b->of, 800);
        break;
    default:
        break;
    }
}
