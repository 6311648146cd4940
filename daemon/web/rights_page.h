/* Rights over personal data on other pages: a complaint's own, and the citizen's tracking page. */
#ifndef WEB_RIGHTS_PAGE_H
#define WEB_RIGHTS_PAGE_H

#include "daemon/book/complaint.h"
#include "daemon/book/rights.h"
#include "page.h"

/* Adds privacy: what holds of its data, the requests, and for whom may the form to write one down. */
enum outcome rights_page_add(struct page *page, const struct complaint *c, json_t *data);
/* POST /aduan/ID/hak */
enum outcome rights_page_record(struct page *page, int64_t complaint_id);

/* Adds rights: the requests of this complaint and the form, for the citizen; problem NULL = none. */
enum outcome rights_page_track(
    struct page *page, const struct complaint *c, const char *problem, json_t *data);

/* All that the book has on who made this complaint; for a view with {{>rights_copy_body}}. */
enum outcome rights_copy_add(struct page *page, const struct complaint *c, json_t *data);

/* Beside the inbox: requests and proposals that wait for this officer. */
enum outcome rights_inbox_add(struct page *page, json_t *data);

#endif
