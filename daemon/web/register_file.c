/* /buku/unduh, and the same as .xlsx and .pdf: what is filtered, oldest last like the page; part by part, so that a book of
 * any size needs no more memory than one part of it. */
#include "daemon/desk/register_job.h"
#include "present.h"
#include "register.h"

enum { ROWS_A_PART = 200 };

struct writing {
    struct page *page;
    enum register_format format;
    int seen;
};

static enum outcome add_line(void *arg, const struct complaint *c, struct fault *fault)
{
    struct writing *w = arg;
    w->seen++;
    w->page->part->next = c->id;
    return register_line(
        w->page->txn, present_office(w->page), w->page->officer, c, w->format, &w->page->body, fault);
}

static enum outcome add_part(struct page *page, enum register_format format)
{
    struct complaint_filter filter = register_filter(page);
    struct writing w = {page, format, 0};
    filter.limit = ROWS_A_PART;
    filter.before_id = page->part->next;
    enum outcome outcome = complaint_list(page->txn, &filter, add_line, &w, page->fault);
    page->part->more = w.seen == ROWS_A_PART;
    return outcome;
}

enum outcome register_file(struct page *page)
{
    str_clear(&page->body);
    if (!page->part->next)
        register_line_head(REGISTER_CSV, &page->body);
    enum outcome outcome = add_part(page, REGISTER_CSV);
    if (outcome)
        return outcome;
    page->disposition = "attachment; filename=\"buku-pengaduan.csv\"";
    return page_parts(page, "text/csv; charset=utf-8");
}

/* ---- by the printer ---- */

static enum outcome begin_document(struct page *page, struct register_job *what)
{
    struct complaint_filter filter = register_filter(page);
    filter.count_most = (what->format == REGISTER_PAPER ? REGISTER_PAPER_MOST : REGISTER_SHEET_MOST) + 1;
    enum outcome outcome = complaint_count(page->txn, &filter, &what->count, page->fault);
    if (!outcome)
        outcome = register_job_fits(what->format, what->count, page->fault);
    if (outcome == OUTCOME_NEVER)
        page->status = 422;
    json_t *scope = register_scope(page);
    what->scope = arena_strdup(page->arena, scope ? json_string_value(scope) : "");
    json_decref(scope);
    if (!outcome)
        outcome =
            register_job_begin(&page->body, page->txn, present_office(page), what, page->arena, page->fault);
    return outcome;
}

static enum outcome give_document(struct page *page, enum register_format format)
{
    struct register_job what = {.format = format, .officer = page->officer};
    str_clear(&page->body);
    enum outcome outcome = page->part->next ? OUTCOME_DONE : begin_document(page, &what);
    if (!outcome)
        outcome = add_part(page, format);
    if (!outcome && !page->part->more)
        outcome =
            register_job_end(&page->body, page->txn, present_office(page), &what, page->arena, page->fault);
    if (outcome)
        return outcome;
    return format == REGISTER_PAPER ? page_print(page, PRINT_PDF, "buku-pengaduan.pdf")
                                    : page_print(page, PRINT_XLSX, "buku-pengaduan.xlsx");
}

enum outcome register_sheet(struct page *page)
{
    return give_document(page, REGISTER_SHEET);
}

enum outcome register_paper(struct page *page)
{
    return give_document(page, REGISTER_PAPER);
}
