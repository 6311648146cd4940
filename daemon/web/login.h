/* The cookie of a session. */
#ifndef WEB_LOGIN_H
#define WEB_LOGIN_H

#include "page.h"

/* Sets it in the answer; token NULL: the browser forgets it. LATER without memory. */
enum outcome login_cookie(struct page *page, const char *token);

#endif
