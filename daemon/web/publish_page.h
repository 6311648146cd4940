/* /aduan/ID/publikasi and what the complaint's page says of it. Called by case.c, which holds the route. */
#ifndef WEB_PUBLISH_PAGE_H
#define WEB_PUBLISH_PAGE_H

#include "daemon/book/complaint.h"
#include "page.h"

enum outcome publish_page_show(struct page *page, int64_t id);
enum outcome publish_page_post(struct page *page, int64_t id);

/* Sets "publication" in data for those who may publish it, or take it back. */
enum outcome publish_page_add(struct page *page, const struct complaint *c, json_t *data);

#endif
