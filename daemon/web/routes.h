/* All pages: each file of pages has its table, routes.c lists the tables. */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "page.h"

/* The i-th page of all tables; NULL behind the last. */
const struct page_route *routes_at(size_t index);

const struct page_route *routes_find(const char *pattern); /* NULL when there is no such page */

#endif
