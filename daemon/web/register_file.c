/* /buku/unduh: what is filtered, as CSV, oldest last like the page; part by part, so that a book of any size needs no more
 * memory than one part of it. */
#include "daemon/desk/register_line.h"
#include "present.h"
#include "register.h"

enum { ROWS_A_PART = 200 };

struct writing {
    struct page *page;
    int seen;
};

static enum outcome add_line(void *arg, const struct complaint *c, struct fault *fault)
{
    struct writing *w = arg;
    w->seen++;
    w->page->part->next = c->id;
    return register_line(
        w->page->txn, present_office(w->page), w->page->officer, c, REGISTER_CSV, &w->page->body, fault);
}

enum outcome register_file(struct page *page)
{
    struct complaint_filter filter = register_filter(page);
    struct writing w = {page, 0};
    filter.limit = ROWS_A_PART;
    filter.before_id = page->part->next;
    str_clear(&page->body);
    if (!page->part->next)
        register_line_head(REGISTER_CSV, &page->body);
    enum outcome outcome = complaint_list(page->txn, &filter, add_line, &w, page->fault);
    if (outcome)
        return outcome;
    page->part->more = w.seen == ROWS_A_PART;
    page->disposition = "attachment; filename=\"buku-pengaduan.csv\"";
    return page_parts(page, "text/csv; charset=utf-8");
}
