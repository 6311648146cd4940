/* Shared by web.c, error.c and the visit*.c files only. */
#ifndef WEB_WEB_PRIVATE_H
#define WEB_WEB_PRIVATE_H

#include "limit.h"
#include "live.h"
#include "house.h"
#include "page.h"
#include "web.h"

enum { WEB_ROUTES_MAX = 128, WEB_POST_MAX = 64 * 1024, WEB_PREPARING_MAX = 64, WEB_FILES_MAX = 8 };

struct web_route {
    struct web *web;
    const struct page_route *page;
};

struct visit;

struct web {
    struct web_options options;
    struct house house;
    struct limit *guesses, *logins, *surveys;
    struct live *live;
    struct gate *gate;
    struct kept *kept;
    int files; /* in parts, on their way */
    struct web_route routes[WEB_ROUTES_MAX];
    size_t route_count;
    /* Visits whose prepare() is running (the first) or waits for it. Loop thread. */
    struct visit *preparing, **preparing_last;
    size_t preparing_count;
};

/* http_handler; arg is a struct web_route. */
void visit_begin(struct http_request *request, void *arg);

/* Answers with the error page. text NULL = the usual words for that status. officer: leads back to the desk
 * instead of the public pages. */
void error_reply(struct web *web, struct http_request *request, int status, const char *text, bool officer);

enum { WEB_HEADERS_MAX = 16 };

/* The security headers of an answer, ends with name NULL; returns how many there are. content_type decides
 * the policy: only our own HTML may load our style sheet and post forms. framed: the policy of a page that some sites may
 * hold in a frame (framed_policy); NULL = nobody may. */
size_t headers_fill(
    struct http_header headers[WEB_HEADERS_MAX], const char *content_type, bool secret, const char *framed);

/* Whether this route's pages may stand in a frame of the sites that the office has named: the policy that says so, written
 * into room; NULL = not. */
enum { WEB_POLICY_MAX = 2400 };
const char *framed_policy(const struct web *web, const struct page_route *route, char room[WEB_POLICY_MAX]);

#endif
