/* The register as pages and files: register_filter.c reads which part of it is wanted, register_page.c shows it,
 * register_saved.c keeps filters by name, register_file.c gives it away as a file. */
#ifndef WEB_REGISTER_H
#define WEB_REGISTER_H

#include "daemon/book/complaint.h"
#include "page.h"

/* What is filtered, by the query (by the form, where one is sent): what it does not understand it leaves out. The strings are the request's. */
struct complaint_filter register_filter(const struct page *page);

bool register_filtered(const struct page *page); /* anything beside the words */

/* The fields of the filter's form for the view: {q, from, to, channels, states, sections, services, kinds}. */
enum outcome register_choices(struct page *page, json_t *data);

/* "dari 1-11-2026, semua saluran, ...": for the head of the printed page. */
json_t *register_scope(const struct page *page);

/* What is filtered by, as [{field_name, field_value}]. */
json_t *register_fields(const struct page *page);

/* Adds saved: the officer's own filters; to_save: the fields of this one, when there are any. */
enum outcome register_saved_add(struct page *page, json_t *data);

page_handler register_file, register_sheet, register_paper; /* /buku/unduh, .xlsx, .pdf */

/* path?WHAT=value with the same filter; value 0 and what NULL = only the filter. NULL without memory. */
json_t *register_url(const struct page *page, const char *path, const char *what, int64_t value);

#endif
