#include "visit.h"
#include "daemon/base/log.h"
#include <string.h>

enum {
    PAGE_MEMORY = 32 * 1024 * 1024, /* one run of a page: rows, messages */
    ANSWER_MAX = 64 * 1024 * 1024,  /* an attachment or an export */
};

void visit_free(struct visit *v)
{
    str_release(&v->page.body);
    str_release(&v->printed);
    arena_free(v->page.arena);
    arena_free(v->arena);
}

void visit_fail(struct visit *v, int status, const char *text)
{
    error_reply(v->web, v->request, status, text, v->page.officer != NULL);
    visit_free(v);
}

/* ---- on a book thread ---- */

/* Jobs may be replayed: every run begins with nothing of the one before. */
static bool begin_run(struct visit *v, struct book_txn *txn, struct fault *fault)
{
    struct page *page = &v->page;
    arena_free(page->arena);
    page->arena = arena_new(PAGE_MEMORY);
    page->txn = txn;
    page->fault = fault;
    page->officer = NULL;
    page->session_token = page->csrf = NULL;
    page->status = 0;
    page->content_type = page->location = page->set_cookie = page->disposition = NULL;
    page->secret = page->streams = page->in_parts = page->prints = false;
    page->public_seconds = 0;
    page->next = NULL;
    str_clear(&page->body);
    return page->arena != NULL;
}

static page_handler *handler_of(const struct visit *v)
{
    return !v->page.post ? v->route->get : v->write ? v->write : v->route->post;
}

enum outcome visit_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct visit *v = arg;
    struct page *page = &v->page;
    if (!begin_run(v, txn, fault))
        return fault_set(fault, OUTCOME_LATER, NULL, "%s: no memory", page->path);
    struct officer *officer = arena_alloc(page->arena, sizeof *officer);
    enum outcome o =
        officer ? visit_find_officer(v, officer) : fault_set(fault, OUTCOME_LATER, NULL, "no memory");
    bool go = true;
    if (o == OUTCOME_DONE && v->route->roles & PAGE_EVERY_OFFICER)
        o = visit_admitted(v, page, &go);
    if (o == OUTCOME_DONE && go)
        o = handler_of(v)(page);
    if (o == OUTCOME_DONE && !arena_ok(page->arena))
        o = fault_set(fault, OUTCOME_LATER, NULL, "%s: no memory, or too much for one page", page->path);
    return o;
}

/* ---- after it ---- */

static int failure_status(const struct page *page, enum outcome outcome)
{
    /* STOP too: a person has to mend something here first, but the request is as right as before. */
    if (outcome != OUTCOME_NEVER)
        return 503;
    return page->status >= 400 ? page->status : page->post ? 422 : 404;
}

static void visit_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct visit *v = arg;
    if (outcome == OUTCOME_DONE && v->page.status) {
        visit_noted(v);
        if (v->page.prints)
            visit_print(v);
        else
            visit_answer(v);
        return;
    }
    int status = failure_status(&v->page, outcome);
    log_fault(status >= 500 ? book_failure_level(v->web->options.book, outcome) : LOG_INFO, NULL,
        "web.refused", outcome, fault);
    visit_fail(v, status, fault ? fault->public_text : NULL);
}

/* ---- on the loop, before the book ---- */

static void prepare_next(struct web *web);

static void visit_prepared(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct visit *v = arg;
    struct web *web = v->web;
    web->preparing = v->next;
    web->preparing_count--;
    v->write = outcome == OUTCOME_DONE ? v->page.next : NULL;
    if (v->write)
        visit_submit(v);
    else
        visit_done(v, outcome, fault);
    prepare_next(web);
}

static void prepare_next(struct web *web)
{
    struct visit *v = web->preparing;
    if (!v)
        return;
    v->job = (struct book_job){.work = visit_work, .done = visit_prepared, .arg = v};
    book_read(web->options.book, &v->job);
}

static void visit_prepare(struct visit *v)
{
    struct web *web = v->web;
    if (web->preparing_count == WEB_PREPARING_MAX) {
        visit_fail(v, 503, NULL);
        return;
    }
    if (!web->preparing)
        web->preparing_last = &web->preparing;
    *web->preparing_last = v;
    web->preparing_last = &v->next;
    if (!web->preparing_count++)
        prepare_next(web);
}

void visit_submit(struct visit *v)
{
    if (v->page.post && v->route->roles & PAGE_POST_READS && !v->write) {
        visit_prepare(v);
        return;
    }
    v->job = (struct book_job){.work = visit_work, .done = visit_done, .arg = v};
    if (v->page.post)
        book_write(v->web->options.book, &v->job);
    else
        book_read(v->web->options.book, &v->job);
}

static enum outcome read_forms(struct visit *v, struct fault *fault)
{
    enum outcome o = http_query_parse(&v->query, http_request_query(v->request), v->arena, fault);
    if (o != OUTCOME_DONE || !v->page.post)
        return o;
    size_t length;
    const unsigned char *body = http_request_body(v->request, &length);
    const char *type = http_request_header(v->request, "Content-Type");
    return http_form_parse(&v->form, type ? type : "", body, length, v->arena, fault);
}

static bool wants_stream(const struct http_request *request)
{
    const char *accepts = http_request_header(request, "Accept");
    return accepts && !strncmp(accepts, "text/event-stream", strlen("text/event-stream"));
}

static struct visit *visit_new(struct http_request *request, const struct web_route *route)
{
    size_t length = 0;
    http_request_body(request, &length);
    struct arena *arena = arena_new(VISIT_MEMORY + 2 * length);
    struct visit *v = arena ? arena_alloc(arena, sizeof *v) : NULL;
    if (!v) {
        arena_free(arena);
        return NULL;
    }
    struct web *web = route->web;
    *v = (struct visit){.web = web, .route = route->page, .request = request, .arena = arena};
    v->page = (struct page){
        .path = http_request_path(request),
        .rest = http_request_rest(request),
        .post = http_request_method(request) == HTTP_POST,
        .wants_stream = wants_stream(request),
        .query = &v->query,
        .form = &v->form,
        .peer = http_request_client(v->request, v->arena),
        .desk = web->options.desk,
        .config = web->options.config,
        .house = &web->house,
        .guesses = web->guesses,
        .logins = web->logins,
        .gate = web->gate,
        .surveys = web->surveys,
        .kept = web->kept,
        .request_arena = arena,
    };
    v->page.part = &v->part;
    v->token = visit_session_token(v);
    v->page.cookie_token = v->token;
    v->page.agent = http_request_header(request, "User-Agent");
    str_init(&v->page.body, ANSWER_MAX);
    str_init(&v->printed, ANSWER_MAX);
    return v;
}

static void files_looked(void *arg, int status, const char *text)
{
    if (status)
        visit_fail(arg, status, text);
    else
        visit_submit(arg);
}

void visit_begin(struct http_request *request, void *arg)
{
    const struct web_route *route = arg;
    struct visit *v = visit_new(request, route);
    struct fault fault = {0};
    if (!v) {
        log_event(LOG_ERROR, NULL, "web.refused", "reason=\"no memory for a request\"");
        error_reply(route->web, request, 503, NULL, false);
        return;
    }
    if (v->page.post && !visit_from_own_page(v)) {
        visit_fail(v, 403, "Formulir ini tidak dikirim dari halaman kami, jadi tidak kami terima.");
        return;
    }
    enum outcome o = read_forms(v, &fault);
    if (o != OUTCOME_DONE || !arena_ok(v->arena)) {
        visit_fail(v, o == OUTCOME_NEVER ? 400 : 503, fault.public_text);
        return;
    }
    v->look = (struct file_look){
        .web = v->web, .file = v->form.fields, .arena = v->arena, .looked = files_looked, .arg = v};
    file_look_begin(&v->look);
}
