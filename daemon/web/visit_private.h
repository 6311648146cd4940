/* Shared by visit.c, visit_parts.c and visit_print.c: one request on its way through the house (visit.c). */
#ifndef WEB_VISIT_PRIVATE_H
#define WEB_VISIT_PRIVATE_H

#include "channels/printer/printer.h"
#include "web_private.h"

struct visit {
    struct web *web;
    const struct page_route *route;
    struct http_request *request;
    struct arena *arena; /* of the request; holds the visit itself */
    struct http_form query, form;
    struct http_field *file; /* whose type is being asked for */
    const char *token;       /* of the session cookie; NULL = none */
    int64_t seen_at;         /* when the book last knew of this session being used */
    struct visit *next;      /* in web->preparing */
    page_handler *write;     /* of page_write(); NULL = none yet */
    struct book_job job;
    struct page_part part;
    struct http_stream *stream; /* of an answer in parts; NULL = not begun, or the visitor has gone */
    bool running;               /* the next part is being made */
    struct print *print;        /* of page_print(); NULL = none, or it has ended */
    struct str printed;         /* of the document, as long as nothing of it has left */
    enum print_state printing;  /* what the printer said last */
    struct page page;
};

void visit_free(struct visit *v);
void visit_fail(struct visit *v, int status, const char *text);

/* On a book thread: session, role, CSRF, page. */
enum outcome visit_work(struct book_txn *txn, void *arg, struct fault *fault);

/* The headers of the answer, ends with name NULL; policy is room for one of them. */
size_t visit_headers(
    const struct visit *v, struct http_header headers[WEB_HEADERS_MAX], char policy[WEB_POLICY_MAX]);

/* Keeps what the page still reads of a request that is gone once the head of its answer leaves. false: no memory. */
bool visit_keep(struct visit *v);

void visit_send_parts(struct visit *v, const struct http_header *headers);
void visit_print(struct visit *v);

#endif
