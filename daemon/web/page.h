/* Pages: plain functions that run on a book thread (GET: reader, POST: writer) inside one transaction, read or
 * write the book, and fill a response that leaves after the commit. This file is all a page sees.
 *
 * web.c turns requests into pages: session cookie -> officer, CSRF check of every POST by an officer, form and
 * query parsing, security headers, the error page in the visitor's language. Uploaded files' types are found out
 * by the parser child before the page runs. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "daemon/base/arena.h"
#include "daemon/book/book.h"
#include "daemon/book/officer.h"
#include "daemon/loop/http_form.h"
#include "view.h"
#include <jansson.h>
#include <stdbool.h>

struct desk;   /* daemon/desk/desk.h */
struct config; /* config/config.h */

struct page {
    /* lent: the request */
    const char *path; /* decoded */
    const char *rest; /* behind the route's '*', "" else */
    bool post;
    const struct http_form *query, *form; /* never NULL */
    const char *peer;
    const struct officer *officer; /* NULL = not logged in */
    const char *session_token;     /* NULL = none */
    const char *csrf;              /* token for forms of this session */
    /* lent: the house */
    struct book_txn *txn;
    struct desk *desk;
    const struct config *config;
    struct arena *arena; /* everything of this page */
    struct fault *fault;
    /* owned: the answer. A page that returns DONE has called one page_* function below */
    int status;
    const char *content_type;
    struct str body;
    const char *location;
    const char *set_cookie;   /* whole value of one Set-Cookie; NULL = none */
    const char *disposition;  /* Content-Disposition; NULL = none */
    bool cache;               /* may be kept by browsers (static files) */
};

/* NEVER = 404 or 422 with fault's public text; LATER = 503; both roll back. */
typedef enum outcome page_handler(struct page *page);

/* One row a page; rows stand in the page's own file and are listed once in routes.c. */
struct page_route {
    const char *pattern; /* as in loop/http_server.h */
    page_handler *get, *post; /* NULL = 405 */
    unsigned roles;      /* bit set of 1u << enum role; 0 = public. Others are sent to /masuk, or 403 */
    size_t max_body;     /* bytes of a POST; 0 = 64 KiB */
};

/* Renders view with data (reference is taken over) under the common fields: office, officer, navigation, csrf. */
enum outcome page_view(struct page *page, const char *view, json_t *data);
enum outcome page_view_status(struct page *page, int status, const char *view, json_t *data);
enum outcome page_redirect(struct page *page, const char *location); /* 303; own paths only */
enum outcome page_bytes(struct page *page, const char *content_type, const void *data, size_t size);

#endif
