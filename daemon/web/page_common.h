/* The fields every page has, and the constants page.c and the request glue share. */
#ifndef WEB_PAGE_COMMON_H
#define WEB_PAGE_COMMON_H

#include "page.h"

#define PAGE_HTML "text/html; charset=utf-8"

bool page_add_common(const struct page *page, json_t *data); /* false without memory */

/* 64 hex digits: HMAC-SHA256 of a fixed word under the session token. The token is 256 random bits that only
 * this browser has, so the value tells nobody anything, needs no key of ours and survives a restart. */
void page_csrf(const char *session_token, char out[65]);

#endif
