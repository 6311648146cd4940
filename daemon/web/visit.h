/* One request on its way through the house; each line is a stage, a file of its own where it is more than a few lines:
 *
 *   loop    visit_begin     is it from our own pages? query, form                                      visit.c
 *   loop    file_look       the parser child says what each uploaded file is, clamd (where there is
 *                           one) what is in it                                                         file_look.c
 *   reader  visit_prepare   for PAGE_POST_READS: what takes too long for the writer                    visit.c
 *   book    visit_work      session, role, CSRF (visit_admit.c); the page. Runs again from the start
 *                           when the batch is replayed                                                 visit.c
 *   loop    visit_answer    after the COMMIT: the answer leaves, whole or as a stream                  visit_answer.c
 *           visit_parts     in parts, as the visitor takes them                                        visit_parts.c
 *           visit_print     as a document, which the printer child makes of it                         visit_print.c
 *   writer  visit_noted     that an officer was here, a few times an hour                              visit_admit.c
 *
 * Everything the request lends (path, headers, body) stays valid until http_reply(), so nothing is copied. Shared by the
 * visit_*.c files only. */
#ifndef WEB_VISIT_H
#define WEB_VISIT_H

#include "channels/printer/printer.h"
#include "file_look.h"
#include "web_private.h"

enum { VISIT_MEMORY = 1024 * 1024 /* beyond twice the body: form and query */ };

struct visit {
    struct web *web;
    const struct page_route *route;
    struct http_request *request;
    struct arena *arena; /* of the request; holds the visit itself */
    struct http_form query, form;
    struct file_look look; /* at what was uploaded */
    const char *token;     /* of the session cookie; NULL = none */
    int64_t seen_at;       /* when the book last knew of this session being used */
    struct visit *next;    /* in web->preparing */
    page_handler *write;   /* of page_write(); NULL = none yet */
    struct book_job job;
    struct page_part part;
    struct http_stream *stream; /* of an answer in parts; NULL = not begun, or the visitor has gone */
    bool running;               /* the next part is being made */
    struct print *print;        /* of page_print(); NULL = none, or it has ended */
    struct str printed;         /* of the document, as long as nothing of it has left */
    enum print_state printing;  /* what the printer said last */
    struct page page;
};

/* Loop thread. visit_fail answers with the error page and ends the visit, as visit_answer does. */
void visit_free(struct visit *v);
void visit_fail(struct visit *v, int status, const char *text);
void visit_submit(struct visit *v); /* the files are known: to the book */
void visit_answer(struct visit *v);
void visit_parts(struct visit *v, const struct http_header *headers);
void visit_print(struct visit *v);
void visit_noted(const struct visit *v);

/* The headers of the answer, ends with name NULL; policy is room for one of them. Without what may be kept by everybody. */
size_t visit_headers(
    const struct visit *v, struct http_header headers[WEB_HEADERS_MAX], char policy[WEB_POLICY_MAX]);
/* Keeps what the page still reads of a request that is gone once the head of its answer leaves. false: no memory. */
bool visit_keep(struct visit *v);

bool visit_from_own_page(const struct visit *v);
const char *visit_session_token(struct visit *v); /* what the browser holds for one; NULL = nothing */

/* book_job's work; arg is the visit. */
enum outcome visit_work(struct book_txn *txn, void *arg, struct fault *fault);

/* Book thread, within visit_work. Sets the page's officer when the token opens a session; visit_admitted looks whether he
 * may see this page: DONE with *ret_go false = answered already. */
enum outcome visit_find_officer(struct visit *v, struct officer *officer);
enum outcome visit_admitted(const struct visit *v, struct page *page, bool *ret_go);

#endif
