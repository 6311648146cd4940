/* The office's public figures: figures_page.c has the pages. */
#ifndef WEB_FIGURES_PAGE_H
#define WEB_FIGURES_PAGE_H

#include "page.h"

/* Sets "month" {received, since, answered, in_time, median}: this month so far, when enough complained. */
enum outcome figures_add_month(struct page *page, json_t *data);

#endif
