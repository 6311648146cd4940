/* The receipt of a complaint (tanda terima, UU 25/2009 article 41 and 42): as a page and on paper. */
#ifndef WEB_RECEIPT_H
#define WEB_RECEIPT_H

#include "daemon/book/complaint.h"
#include "page.h"

/* "di halaman lacak", "lewat e-mail": by which way the answer comes. */
const char *receipt_way(const struct page *page, const struct complaint *c);

#endif
