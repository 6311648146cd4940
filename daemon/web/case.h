/* One complaint's page: case.c takes requests, case_show.c shows. */
#ifndef WEB_CASE_H
#define WEB_CASE_H

#include "page.h"

enum outcome case_show(struct page *page, int64_t id, bool identity_opened);

#endif
