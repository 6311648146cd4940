/* One request on its way through the house:
 *
 *   loop    visit_begin   is it from our own pages? query, form
 *           visit_files   the parser child says what each uploaded file is, clamd (where there is one) what is in it
 *   reader  visit_prepare for PAGE_POST_READS: what takes too long for the writer
 *   book    visit_work    session, role, CSRF; the page. Runs again from the start when the batch is replayed
 *   loop    visit_done    after the COMMIT: the answer leaves; one in parts by visit_parts.c, a document by visit_print.c
 *
 * Everything the request lends (path, headers, body) stays valid until http_reply(), so nothing is copied. */
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/loop/scanner.h"
#include "page_common.h"
#include "visit_private.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    VISIT_MEMORY = 1024 * 1024,     /* beyond twice the body: form and query */
    PAGE_MEMORY = 32 * 1024 * 1024, /* one run of a page: rows, messages */
    ANSWER_MAX = 64 * 1024 * 1024,  /* an attachment or an export */
    TOKEN_LENGTH = 2 * SESSION_TOKEN_BYTES,
    LASTING_TAG = 16, /* bytes of a digest */
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

/* ---- what the request says about itself ---- */

/* A form is ours when the browser says that it was on a page of ours (Origin, RFC 6454 7; Sec-Fetch-Site).
 * What sends neither is no browser of today and carries nobody's cookies against his will. */
static bool from_own_page(const struct visit *v)
{
    const char *origin = http_request_header(v->request, "Origin");
    const char *site = http_request_header(v->request, "Sec-Fetch-Site");
    if (!origin)
        return !site || !strcmp(site, "same-origin") || !strcmp(site, "none");
    const char *host = http_request_header(v->request, "Host"),
               *mine = house_without_scheme(v->web->house.office->public_url);
    const char *theirs = house_without_scheme(origin);
    return (host && !strcasecmp(theirs, host)) || (*mine && !strcasecmp(theirs, mine));
}

/* RFC 6265 5.4: pairs separated by "; ". */
static const char *session_cookie(struct visit *v)
{
    const char *at = http_request_header(v->request, "Cookie"), *name = v->web->house.cookie;
    size_t n = strlen(name);
    while (at && *at) {
        at += strspn(at, "; ");
        if (!strncmp(at, name, n) && at[n] == '=' && strspn(at + n + 1, "0123456789abcdef") == TOKEN_LENGTH)
            return arena_strndup(v->arena, at + n + 1, TOKEN_LENGTH);
        at = strchr(at, ';');
    }
    return NULL;
}

/* ---- on a book thread ---- */

static enum outcome refuse(struct page *page, int status, const char *public_text)
{
    page->status = status;
    return fault_set(page->fault, OUTCOME_NEVER, public_text, "%s: refused with %d", page->path, status);
}

static enum outcome find_officer(struct visit *v, struct officer *officer)
{
    struct page *page = &v->page;
    if (!v->token)
        return OUTCOME_DONE;
    enum outcome o = session_find(page->txn, v->token, officer, &v->seen_at, page->arena, page->fault);
    if (o == OUTCOME_NEVER)
        return OUTCOME_DONE;
    if (o != OUTCOME_DONE)
        return o;
    char *csrf = arena_alloc(page->arena, 65);
    if (!csrf)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "%s: no memory", page->path);
    page_csrf(v->token, csrf);
    page->officer = officer;
    page->session_token = v->token;
    page->csrf = csrf;
    return OUTCOME_DONE;
}

static bool csrf_fits(const struct page *page)
{
    const struct http_field *field = http_form_find(page->form, "csrf");
    return field && field->length == 64 && !sodium_memcmp(field->value, page->csrf, 64);
}

static enum outcome send_to_login(struct page *page)
{
    if (page->post)
        return refuse(page, 403,
            "Anda sudah keluar, jadi belum ada yang tersimpan. Salin isian Anda dari halaman sebelumnya, "
            "masuk lagi, lalu kirim.");
    bool plain = !page->path[strspn(page->path, "abcdefghijklmnopqrstuvwxyz0123456789/_-")];
    const char *login = plain ? arena_printf(page->arena, "/masuk?ke=%s", page->path) : "/masuk";
    return page_redirect(page, login ? login : "/masuk");
}

/* DONE with *ret_go false: answered already. */
static enum outcome check_officer(const struct visit *v, struct page *page, bool *ret_go)
{
    const struct page_route *route = v->route;
    *ret_go = false;
    if (!page->officer)
        return send_to_login(page);
    if (!(route->roles & 1u << page->officer->role))
        return refuse(page, 403, "Halaman ini bukan untuk akun Anda.");
    if (page->post && !csrf_fits(page))
        return refuse(page, 403,
            "Belum ada yang tersimpan karena halaman sebelumnya sudah kedaluwarsa. Kembali, muat ulang "
            "halaman itu, lalu kirim lagi.");
    /* A one-time password opens only the page on which it is changed; so does a second step that the house wants. */
    bool leaving = !strcmp(page->path, "/keluar");
    if (page->officer->must_change && strcmp(page->path, "/sandi") && !leaving)
        return page_redirect(page, "/sandi");
    if (page->officer->must_enrol && strcmp(page->path, "/sesi/dua-langkah") &&
        strcmp(page->path, "/sandi") && !leaving)
        return page_redirect(page, "/sesi/dua-langkah");
    *ret_go = true;
    return OUTCOME_DONE;
}

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
    enum outcome o = officer ? find_officer(v, officer) : fault_set(fault, OUTCOME_LATER, NULL, "no memory");
    bool go = true;
    if (o == OUTCOME_DONE && v->route->roles & PAGE_EVERY_OFFICER)
        o = check_officer(v, page, &go);
    if (o == OUTCOME_DONE && go)
        o = handler_of(v)(page);
    if (o == OUTCOME_DONE && !arena_ok(page->arena))
        o = fault_set(fault, OUTCOME_LATER, NULL, "%s: no memory, or too much for one page", page->path);
    return o;
}

/* ---- that he was here ---- */

/* Lives until the writer is done with it; the visit does not wait for it. */
struct touch {
    struct book_job job;
    struct arena *arena; /* holds this and its texts */
    const char *token, *peer, *agent;
};

static enum outcome touch_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct touch *touch = arg;
    return session_touch(txn, touch->token, touch->peer, touch->agent, fault);
}

/* Not kept: the session is taken for idle some minutes earlier, and the next page tries again. */
static void touch_done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct touch *touch = arg;
    if (outcome != OUTCOME_DONE)
        log_fault(LOG_DEBUG, NULL, "web.session_not_touched", outcome, fault);
    arena_free(touch->arena);
}

/* Pages are read by connections that cannot write, so it is told to the writer, a few times an hour. */
static void note_presence(const struct visit *v)
{
    bool due = clock_now_ms() - v->seen_at >= SESSION_TOUCH_MINUTES * INT64_C(60000);
    if (!v->page.officer || !v->page.session_token || v->page.set_cookie || !due)
        return;
    struct arena *arena = arena_new(VISIT_MEMORY);
    struct touch *touch = arena ? arena_alloc(arena, sizeof *touch) : NULL;
    if (touch)
        *touch = (struct touch){.arena = arena,
            .token = arena_strdup(arena, v->token),
            .peer = arena_strdup(arena, v->page.peer),
            .agent = arena_strdup(arena, v->page.agent)};
    if (!touch || !arena_ok(arena)) {
        arena_free(arena);
        return;
    }
    touch->job = (struct book_job){.work = touch_work, .done = touch_done, .arg = touch};
    book_write(v->web->options.book, &touch->job);
}

/* ---- the answer ---- */

/* What is shown to everybody may be kept by everybody (RFC 9111): its headers, written into out. */
struct lasting {
    char tag[2 * LASTING_TAG + 3], cache[48];
    bool same; /* the visitor has it already: RFC 9110 13.1.2 */
};

static void make_lasting(const struct visit *v, struct lasting *out)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char hex[2 * LASTING_TAG + 1];
    const char *known = http_request_header(v->request, "If-None-Match");
    crypto_hash_sha256(sum, (const unsigned char *)v->page.body.data, v->page.body.len);
    snprintf(out->tag, sizeof out->tag, "\"%s\"", sodium_bin2hex(hex, sizeof hex, sum, LASTING_TAG));
    snprintf(out->cache, sizeof out->cache, "public, max-age=%d", v->page.public_seconds);
    out->same = known && strstr(known, out->tag);
}

/* Without what may be kept by everybody. */
size_t visit_headers(
    const struct visit *v, struct http_header headers[WEB_HEADERS_MAX], char policy[WEB_POLICY_MAX])
{
    const struct page *page = &v->page;
    const char *framed = framed_policy(v->web, v->route, policy);
    size_t n = headers_fill(headers, page->content_type, page->secret || page->officer, framed);
    const struct http_header further[] = {
        {"Location", page->location},
        {"Set-Cookie", page->set_cookie},
        {"Content-Disposition", page->disposition},
    };
    for (size_t i = 0; i < sizeof further / sizeof *further; i++)
        if (further[i].value)
            headers[n++] = further[i];
    if (page->streams)
        headers[n++] = (struct http_header){"X-Accel-Buffering", "no"}; /* nginx: each event at once */
    headers[n] = (struct http_header){NULL, NULL};
    return n;
}

static void send_answer(struct visit *v)
{
    const struct page *page = &v->page;
    struct http_header headers[WEB_HEADERS_MAX];
    char policy[WEB_POLICY_MAX];
    struct lasting lasting = {.same = false};
    size_t n = visit_headers(v, headers, policy);
    if (page->public_seconds && page->status == 200 && !page->officer) {
        make_lasting(v, &lasting);
        for (size_t i = 0; i < n; i++)
            if (!strcmp(headers[i].name, "Cache-Control"))
                headers[i].value = lasting.cache;
        headers[n++] = (struct http_header){"ETag", lasting.tag};
        headers[n++] = (struct http_header){"Vary", "Cookie"};
        headers[n] = (struct http_header){NULL, NULL};
    }
    if (page->streams) {
        const struct live_viewer viewer = {page->officer->id, page->officer->name, page->stream_of};
        live_add(v->web->live, v->request, headers, &viewer);
        visit_free(v);
        return;
    }
    if (page->in_parts) {
        visit_send_parts(v, headers);
        return;
    }
    http_reply(v->request, &(struct http_response){
                               .status = lasting.same ? 304 : page->status,
                               .content_type = page->content_type,
                               .headers = headers,
                               .body = page->body.data,
                               .length = page->body.len,
                           });
    visit_free(v);
}

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
        note_presence(v);
        if (v->page.prints)
            visit_print(v);
        else
            send_answer(v);
        return;
    }
    int status = failure_status(&v->page, outcome);
    log_fault(status >= 500 ? book_failure_level(v->web->options.book, outcome) : LOG_INFO, NULL,
        "web.refused", outcome, fault);
    visit_fail(v, status, fault ? fault->public_text : NULL);
}

/* ---- on the loop, before the book ---- */

static void visit_submit(struct visit *v);
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

static void visit_submit(struct visit *v)
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

static void file_known(void *arg, const char *media_type);

/* Asks for the type of one file after the other; the form's own word for it counts for nothing. */
static void visit_files(struct visit *v)
{
    while (v->file && !(v->file->filename && v->file->length))
        v->file = v->file->next;
    if (!v->file) {
        visit_submit(v);
    } else if (v->web->options.file_type) {
        v->web->options.file_type(
            v->web->options.file_type_context, v->file->value, v->file->length, file_known, v);
    } else {
        file_known(v, "application/octet-stream");
    }
}

/* What cannot be scanned is taken all the same: a citizen's complaint is worth more than the doubt, and files are only ever
 * given out as downloads. */
static void file_scanned(void *arg, enum scan result, const char *why)
{
    struct visit *v = arg;
    const char *name = v->file->filename;
    v->file = v->file->next;
    if (result == SCAN_FOUND) {
        const char *text = arena_printf(v->arena,
            "Belum ada yang tersimpan: berkas “%.80s” mengandung virus (%s). Kembali, hapus berkas itu, lalu "
            "kirim lagi.",
            name, why);
        log_event(LOG_WARN, NULL, "web.virus", "found=\"%s\"", why);
        visit_fail(v, 422, text);
        return;
    }
    if (result == SCAN_UNKNOWN)
        log_event(LOG_ERROR, NULL, "web.not_scanned", "reason=\"%s\"", why);
    visit_files(v);
}

/* Calls visit_files again: at most HTTP_FORM_MAX_FILES deep. */
static void file_known(void *arg, const char *media_type)
{
    struct visit *v = arg;
    v->file->content_type = arena_strdup(v->arena, media_type);
    if (media_type && arena_ok(v->arena)) {
        if (v->web->options.scanner)
            scanner_ask(v->web->options.scanner, v->file->value, v->file->length, file_scanned, v);
        else
            file_scanned(v, SCAN_CLEAN, "");
        return;
    }
    log_event(LOG_ERROR, NULL, "web.refused", "reason=\"no memory to ask for a file's type\"");
    visit_fail(v, 503, NULL);
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
        .request_arena = arena,
    };
    v->page.part = &v->part;
    v->token = session_cookie(v);
    v->page.cookie_token = v->token;
    v->page.agent = http_request_header(request, "User-Agent");
    str_init(&v->page.body, ANSWER_MAX);
    str_init(&v->printed, ANSWER_MAX);
    return v;
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
    if (v->page.post && !from_own_page(v)) {
        visit_fail(v, 403, "Formulir ini tidak dikirim dari halaman kami, jadi tidak kami terima.");
        return;
    }
    enum outcome o = read_forms(v, &fault);
    if (o != OUTCOME_DONE || !arena_ok(v->arena)) {
        visit_fail(v, o == OUTCOME_NEVER ? 400 : 503, fault.public_text);
        return;
    }
    v->file = v->form.fields;
    visit_files(v);
}
