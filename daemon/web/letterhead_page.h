/* The office head on pages that are also papers. */
#ifndef WEB_LETTERHEAD_PAGE_H
#define WEB_LETTERHEAD_PAGE_H

#include "page.h"

/* {head: {government, office, address, phone, email, camat, rank, nip, logo}} for {{>letterhead}}. */
enum outcome letterhead_add(struct page *page, json_t *data);

/* The same where no page is: in a file of its own. */
enum outcome letterhead_put(struct book_txn *txn, const struct office *office, json_t *data,
    struct arena *arena, struct fault *fault);

#endif
