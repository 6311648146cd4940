/* The pages behind the HTTP server: turns requests into pages (page.h), runs them in the book's transactions
 * and sends the answers after the commit.
 *
 *   request ── form, query, files' types ──▶ book job: session, role, CSRF, page ── COMMIT ──▶ reply
 *
 * GET runs on a reader, POST on the writer. Loop thread only. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "config/config.h"
#include "daemon/base/fault.h"
#include "daemon/book/book.h"
#include "daemon/loop/http_server.h"
#include "daemon/loop/loop.h"

struct web;
struct desk;
struct scanner; /* daemon/loop/scanner.h */
struct printer; /* channels/printer/printer.h */

/* Tells done what n bytes are, by their content; data lives until then. media_type lives during done, is
 * never NULL ("application/octet-stream" when unknown). done is called exactly once, on the loop, maybe at
 * once. */
/* done() with NULL: it cannot be asked now for want of memory, the visitor is told to come again. */
typedef void web_file_type(
    void *context, const void *data, size_t n, void (*done)(void *arg, const char *media_type), void *arg);

struct web_options {
    struct loop *loop;
    struct http_server *http;
    struct book *book;
    struct desk *desk;           /* outlives the web */
    const struct config *config; /* outlives the web */
    web_file_type *file_type;    /* the parser child; NULL = all files are application/octet-stream */
    void *file_type_context;
    struct printer *printer; /* of documents; NULL = none can be made */
    struct scanner *scanner; /* of uploaded files; NULL = they are not scanned */
};

/* Parses the views and adds all routes, /statis/, /healthz (the loop turns) and /readyz (the book can be
 * read). STOP or NEVER when a view or route is faulty. */
enum outcome web_new(struct web **ret_web, const struct web_options *options, struct fault *fault);

/* After the HTTP server is idle, the parser child stopped and the book closed; NULL is fine. */
void web_free(struct web *web);

#endif
