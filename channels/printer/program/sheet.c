/* Spreadsheets by libxlsxwriter in its mode of constant memory: rows go to a file as they come. Every cell that is not a
 * number of ours or a date is written as a string: a formula is never written, whatever the text looks like. */
#include "document.h"
#include "scratch.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { WIDTH_LABEL = 28, SHEET_NAME_MOST = 31 /* characters: Excel's */ };

enum look {
    LOOK_PLAIN,
    LOOK_BOLD,
    LOOK_TITLE,
    LOOK_SMALL,
    LOOK_HEADER,
    LOOK_CELL,
    LOOK_RIGHT,
    LOOK_NUMBER,
    LOOK_MOMENT,
    LOOKS
};

static struct {
    lxw_workbook *book;
    lxw_worksheet *page;
    lxw_format *looks[LOOKS];
    lxw_row_t row, table_row;
    struct job_column columns[PRINTER_CELLS_MOST];
    size_t column_count;
    size_t widths; /* columns of this page that have their width */
    int64_t table_rows;
    bool frozen;
    lxw_error error;
} sheet;

static const char *open_files(void)
{
    return scratch_open() ? NULL : "no temporary files";
}

/* ---- looks ---- */

static lxw_format *look_new(bool bold, double size)
{
    lxw_format *f = workbook_add_format(sheet.book);
    if (f) {
        format_set_font_name(f, "Calibri");
        format_set_font_size(f, size);
        if (bold)
            format_set_bold(f);
    }
    return f;
}

static lxw_format *look_cell(bool bold, enum lxw_format_alignments align, const char *number)
{
    lxw_format *f = look_new(bold, 10);
    if (f) {
        format_set_border(f, LXW_BORDER_THIN);
        format_set_border_color(f, 0xB9C4C1);
        format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
        format_set_align(f, (uint8_t)align);
        format_set_text_wrap(f);
        if (number)
            format_set_num_format(f, number);
    }
    return f;
}

static bool make_looks(void)
{
    sheet.looks[LOOK_PLAIN] = look_new(false, 10);
    sheet.looks[LOOK_BOLD] = look_new(true, 10);
    sheet.looks[LOOK_TITLE] = look_new(true, 15);
    sheet.looks[LOOK_SMALL] = look_new(false, 9);
    sheet.looks[LOOK_HEADER] = look_cell(true, LXW_ALIGN_LEFT, NULL);
    sheet.looks[LOOK_CELL] = look_cell(false, LXW_ALIGN_LEFT, NULL);
    sheet.looks[LOOK_RIGHT] = look_cell(false, LXW_ALIGN_RIGHT, NULL);
    sheet.looks[LOOK_NUMBER] = look_cell(false, LXW_ALIGN_RIGHT, "#,##0");
    sheet.looks[LOOK_MOMENT] = look_cell(false, LXW_ALIGN_LEFT, "dd-mm-yyyy hh:mm");
    for (int i = 0; i < LOOKS; i++)
        if (!sheet.looks[i])
            return false;
    format_set_bg_color(sheet.looks[LOOK_HEADER], 0xE4EFEC);
    return true;
}

/* ---- cells ---- */

static void keep_error(lxw_error error)
{
    sheet.error = sheet.error ? sheet.error : error;
}

static void put_string(lxw_col_t column, const char *text, enum look look)
{
    if (*text)
        keep_error(worksheet_write_string(sheet.page, sheet.row, column, text, sheet.looks[look]));
    else
        keep_error(worksheet_write_blank(sheet.page, sheet.row, column, sheet.looks[look]));
}

/* "2026-11-22T10:30:00+07:00" as the clock on the wall showed it. */
static bool put_moment(lxw_col_t column, const char *text)
{
    int v[5];
    static const struct {
        int at, n;
    } parts[] = {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}};
    if (strlen(text) < 16 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':')
        return false;
    for (int i = 0; i < 5; i++) {
        char digits[5] = "";
        memcpy(digits, text + parts[i].at, (size_t)parts[i].n);
        if (strspn(digits, "0123456789") != (size_t)parts[i].n)
            return false;
        v[i] = (int)strtol(digits, NULL, 10);
    }
    if (v[0] < 1900 || !v[1] || v[1] > 12 || !v[2] || v[2] > 31 || v[3] > 23 || v[4] > 59)
        return false;
    lxw_datetime moment = {.year = v[0], .month = v[1], .day = v[2], .hour = v[3], .min = v[4]};
    keep_error(worksheet_write_datetime(sheet.page, sheet.row, column, &moment, sheet.looks[LOOK_MOMENT]));
    return true;
}

static bool put_number(lxw_col_t column, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (!digits || digits > 12 || text[digits])
        return false;
    keep_error(worksheet_write_number(
        sheet.page, sheet.row, column, (double)strtoll(text, NULL, 10), sheet.looks[LOOK_NUMBER]));
    return true;
}

static void put_cell(lxw_col_t column, const struct job_column *kind, const char *text)
{
    if (kind->type == TYPE_MOMENT && put_moment(column, text))
        return;
    if (kind->type == TYPE_NUMBER && put_number(column, text))
        return;
    put_string(column, text, kind->align == ALIGN_RIGHT ? LOOK_RIGHT : LOOK_CELL);
}

/* ---- pages ---- */

/* A name that Excel takes: without the characters that it uses in references. */
static const char *new_page(const char *wanted)
{
    char *name = g_utf8_substring(wanted, 0, MIN(g_utf8_strlen(wanted, -1), SHEET_NAME_MOST));
    g_strdelimit(name, "[]:*?/\\'", ' ');
    sheet.page = workbook_add_worksheet(sheet.book, *name ? name : NULL);
    g_free(name);
    if (!sheet.page)
        return "no such sheet can be added";
    worksheet_set_landscape(sheet.page);
    worksheet_set_paper(sheet.page, 9); /* A4 */
    worksheet_fit_to_pages(sheet.page, 1, 0);
    sheet.row = 0;
    sheet.widths = 0;
    sheet.frozen = false;
    return NULL;
}

static const char *put_head(const struct job_block *b)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    sheet.book = workbook_new_opt("buku.xlsx", &options);
    if (!sheet.book || !make_looks())
        return "no memory for a workbook";
    lxw_doc_properties about = {
        .title = (char *)(uintptr_t)b->title, .company = (char *)(uintptr_t)b->office};
    keep_error(workbook_set_properties(sheet.book, &about));
    const char *wrong = new_page(b->text);
    const char *const lines[] = {b->government, b->office, b->address};
    for (size_t i = 0; !wrong && i < sizeof lines / sizeof *lines; i++)
        if (*lines[i]) {
            put_string(0, lines[i], i == 1 ? LOOK_BOLD : LOOK_SMALL);
            sheet.row++;
        }
    sheet.row++;
    return wrong;
}

static void put_line(const char *text, enum look look)
{
    if (!*text)
        return;
    put_string(0, text, look);
    sheet.row++;
}

static void put_pairs(const struct job_block *b)
{
    for (size_t i = 0; i < b->row_count; i++, sheet.row++) {
        const struct job_row *row = &b->rows[i];
        bool number = b->kind == JOB_FIGURES;
        put_string(0, row->cells[number ? 1 : 0], LOOK_PLAIN);
        put_string(1, row->cells[number ? 0 : 1], LOOK_BOLD);
        if (number)
            put_string(2, row->cells[2], LOOK_SMALL);
    }
    sheet.row++;
}

static void put_bars(const struct job_block *b)
{
    static const struct job_column counts = {"", 0, ALIGN_RIGHT, TYPE_NUMBER};
    put_line(b->text, LOOK_BOLD);
    for (size_t i = 0; i < b->row_count; i++, sheet.row++) {
        put_string(0, b->rows[i].cells[0], LOOK_CELL);
        put_cell(1, &counts, b->rows[i].cells[1]);
        put_cell(2, &counts, b->rows[i].cells[2]);
        put_string(3, b->rows[i].cells[3], LOOK_CELL);
    }
    sheet.row++;
}

static void begin_table(const struct job_block *b)
{
    memcpy(sheet.columns, b->columns, sizeof sheet.columns);
    sheet.column_count = b->column_count;
    for (lxw_col_t i = 0; i < b->column_count; i++) {
        if (i >= sheet.widths)
            keep_error(worksheet_set_column(sheet.page, i, i, b->columns[i].width, NULL));
        put_string(i, b->columns[i].label, LOOK_HEADER);
    }
    sheet.widths = MAX(sheet.widths, b->column_count);
    sheet.table_row = sheet.row++;
    sheet.table_rows = 0;
    if (b->of && !sheet.frozen) { /* of: the table is what this page is about */
        worksheet_freeze_panes(sheet.page, sheet.row, 0);
        worksheet_repeat_rows(sheet.page, sheet.table_row, sheet.table_row);
        sheet.frozen = true;
    }
    /* Nothing of the job's last line may be kept: its arena is freed. */
    for (size_t i = 0; i < PRINTER_CELLS_MOST; i++)
        sheet.columns[i].label = "";
}

static const char *put_rows(const struct job_block *b)
{
    sheet.table_rows += (int64_t)b->row_count;
    if (!sheet.column_count)
        return "rows without a table";
    if (sheet.table_rows > PRINTER_ROWS_MOST)
        return "too many rows";
    for (size_t i = 0; i < b->row_count; i++, sheet.row++)
        for (lxw_col_t c = 0; c < sheet.column_count; c++)
            put_cell(c, &sheet.columns[c], b->rows[i].cells[c]);
    return NULL;
}

static const char *finish(void)
{
    lxw_error error = workbook_close(sheet.book);
    sheet.book = NULL;
    keep_error(error);
    return NULL;
}

static void end_table(const struct job_block *b)
{
    if (sheet.column_count && b->kind != JOB_ROWS) {
        sheet.column_count = 0;
        sheet.row++;
    }
}

static void put_words(const struct job_block *b)
{
    if (b->kind == JOB_TITLE)
        put_line(b->text, LOOK_TITLE);
    else
        put_line(b->text, b->style == STYLE_BOLD || b->style == STYLE_HEADING ? LOOK_BOLD : LOOK_PLAIN);
    put_line(b->code, LOOK_BOLD);
    put_line(b->sub, LOOK_SMALL);
    sheet.row += b->kind == JOB_TITLE;
}

static const char *put(const struct job_block *b)
{
    const char *wrong = NULL;
    if ((b->kind == JOB_HEAD) == (sheet.book != NULL))
        return "a job has one head, and begins with it";
    end_table(b);
    switch (b->kind) {
    case JOB_HEAD:
        wrong = put_head(b);
        break;
    case JOB_TITLE:
    case JOB_TEXT:
    case JOB_CODE:
        put_words(b);
        break;
    case JOB_FACTS:
    case JOB_FIGURES:
        put_pairs(b);
        break;
    case JOB_BARS:
        put_bars(b);
        break;
    case JOB_TABLE:
        begin_table(b);
        break;
    case JOB_ROWS:
        wrong = put_rows(b);
        break;
    case JOB_SHEET:
        wrong = new_page(b->text);
        break;
    case JOB_END:
        wrong = finish();
        break;
    default: /* signatures and space are of paper */
        break;
    }
    if (sheet.error)
        wrong = lxw_strerror(sheet.error);
    return wrong;
}

static const char *take(GByteArray *part, bool *ret_more)
{
    *ret_more = false;
    if (sheet.book || scratch_workbook() < 0)
        return NULL;
    static off_t at;
    guint had = part->len;
    g_byte_array_set_size(part, had + PRINTER_PART_MOST);
    ssize_t n = pread(scratch_workbook(), part->data + had, PRINTER_PART_MOST, at);
    g_byte_array_set_size(part, had + (guint)(n > 0 ? n : 0));
    at += n > 0 ? n : 0;
    *ret_more = n == PRINTER_PART_MOST;
    return n < 0 ? "cannot read the workbook" : NULL;
}

const struct document_ops sheet_ops = {open_files, put, take};
