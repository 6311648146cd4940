/* The office head on pages that are also papers. */
#ifndef WEB_LETTERHEAD_PAGE_H
#define WEB_LETTERHEAD_PAGE_H

#include "page.h"

/* {head: {government, office, address, phone, email, camat, rank, nip, logo}} for {{>letterhead}}. */
enum outcome letterhead_add(struct page *page, json_t *data);

#endif
