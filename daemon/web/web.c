#include "web.h"
#include "api.h"
#include "daemon/base/log.h"
#include "daemon/book/catalogue.h"
#include "daemon/desk/desk.h"
#include "routes.h"
#include "static.h"
#include "view.h"
#include "web_private.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void reply_text(struct http_request *request, int status, const char *text)
{
    struct http_header headers[WEB_HEADERS_MAX];
    headers_fill(headers, "text/plain; charset=utf-8", true, NULL);
    http_reply(request, &(struct http_response){
                            .status = status,
                            .content_type = "text/plain; charset=utf-8",
                            .headers = headers,
                            .body = text,
                            .length = strlen(text),
                        });
}

static void serve_health(struct http_request *request, void *arg)
{
    (void)arg;
    reply_text(request, 200, "hidup\n");
}

/* ---- /readyz: the book answers a read ---- */

struct readiness {
    struct book_job job;
    struct http_request *request;
};

static enum outcome readiness_read(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)arg;
    struct arena *arena = arena_new(256 * 1024);
    if (!arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "readyz: no memory");
    struct section *sections;
    enum outcome o = section_list(txn, &sections, arena, fault);
    arena_free(arena);
    return o;
}

static void readiness_known(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct readiness *r = arg;
    if (outcome != OUTCOME_DONE)
        log_fault(LOG_WARN, NULL, "web.not_ready", outcome, fault);
    reply_text(
        r->request, outcome == OUTCOME_DONE ? 200 : 503, outcome == OUTCOME_DONE ? "siap\n" : "belum siap\n");
    free(r);
}

static void serve_ready(struct http_request *request, void *arg)
{
    struct web *web = arg;
    struct readiness *r = calloc(1, sizeof *r);
    if (!r) {
        log_event(LOG_ERROR, NULL, "web.refused", "path=/readyz reason=\"no memory\"");
        reply_text(request, 503, "belum siap\n");
        return;
    }
    *r = (struct readiness){
        .job = {.work = readiness_read, .done = readiness_known, .arg = r}, .request = request};
    book_read(web->options.book, &r->job);
}

/* ---- /statis/ ---- */

static void serve_static(struct http_request *request, void *arg)
{
    bool lasting = false;
    const struct embedded_file *file = static_find(http_request_rest(request), &lasting);
    if (!file) {
        error_reply(arg, request, 404, NULL, false);
        return;
    }
    const char *accepted = http_request_header(request, "Accept-Encoding");
    const struct embedded_file *zipped = accepted && strstr(accepted, "gzip") ? static_zipped(file) : NULL,
                               *sent = zipped ? zipped : file;
    const struct http_header headers[] = {
        {"Cache-Control", lasting ? "public, max-age=31536000, immutable" : "no-cache"},
        {"X-Content-Type-Options", "nosniff"},
        {"Vary", "Accept-Encoding"},
        {zipped ? "Content-Encoding" : NULL, "gzip"},
        {NULL, NULL},
    };
    http_reply(request, &(struct http_response){
                            .status = 200,
                            .content_type = static_media_type(file->path),
                            .headers = headers,
                            .body = sent->data,
                            .length = sent->size,
                        });
}

/* ---- /sematkan.js: what another site of the office loads ---- */

static void serve_widget(struct http_request *request, void *arg)
{
    static const struct http_header headers[] = {
        {"Cache-Control", "public, max-age=3600"},
        {"X-Content-Type-Options", "nosniff"},
        {"Cross-Origin-Resource-Policy", "cross-origin"},
        {NULL, NULL},
    };
    const struct embedded_file *file = embedded_find("daemon/web/static/sematkan.js");
    (void)arg;
    http_reply(request, &(struct http_response){
                            .status = 200,
                            .content_type = static_media_type(file->path),
                            .headers = headers,
                            .body = file->data,
                            .length = file->size,
                        });
}

/* ---- all together ---- */

static void server_error(struct http_request *request, int status, void *arg)
{
    error_reply(arg, request, status, NULL, false);
}

static enum outcome add_page(struct web *web, const struct page_route *page, struct fault *fault)
{
    if (web->route_count == WEB_ROUTES_MAX)
        return fault_set(fault, OUTCOME_STOP, NULL, "more than %d pages", WEB_ROUTES_MAX);
    struct web_route *route = &web->routes[web->route_count++];
    *route = (struct web_route){web, page};
    unsigned methods = (page->get ? HTTP_GET : 0u) | (page->post ? HTTP_POST : 0u);
    size_t max_body = page->post ? page->max_body ? page->max_body : WEB_POST_MAX : 0;
    return http_server_route(web->options.http, methods, page->pattern, max_body, visit_begin, route, fault);
}

static enum outcome add_routes(struct web *web, struct fault *fault)
{
    const struct {
        const char *pattern;
        http_handler *handler;
    } own[] = {{"/healthz", serve_health}, {"/readyz", serve_ready}, {"/statis/*", serve_static},
        {"/sematkan.js", serve_widget}};
    enum outcome o = OUTCOME_DONE;
    for (size_t i = 0; o == OUTCOME_DONE && i < sizeof own / sizeof *own; i++)
        o = http_server_route(web->options.http, HTTP_GET, own[i].pattern, 0, own[i].handler, web, fault);
    const struct page_route *page;
    for (size_t i = 0; o == OUTCOME_DONE && (page = routes_at(i)); i++)
        o = add_page(web, page, fault);
    if (o == OUTCOME_DONE)
        o = http_server_route(
            web->options.http, HTTP_GET | HTTP_POST, "/api/v1/*", API_BODY_MAX, api_begin, web, fault);
    if (o == OUTCOME_DONE) /* with files */
        o = http_server_route(
            web->options.http, HTTP_GET | HTTP_POST, "/api/v1/aduan", API_FILES_MAX, api_begin, web, fault);
    if (o == OUTCOME_DONE)
        o = http_server_on_error(web->options.http, "/api/v1/*", api_error, web, fault);
    if (o == OUTCOME_DONE)
        o = http_server_on_error(web->options.http, "/*", server_error, web, fault);
    return o;
}

enum outcome web_new(struct web **ret_web, const struct web_options *options, struct fault *fault)
{
    if (sodium_init() < 0)
        return fault_set(fault, OUTCOME_STOP, NULL, "libsodium did not start");
    struct web *web = calloc(1, sizeof *web);
    if (!web)
        return fault_set(fault, OUTCOME_LATER, NULL, "web: no memory");
    web->options = *options;
    web->guesses = limit_new(LIMIT_GUESSES);
    web->logins = limit_new(LIMIT_GUESSES);
    web->surveys = limit_new(LIMIT_GUESSES);
    web->gate = gate_new();
    web->kept = kept_new();
    enum outcome o = web->guesses && web->logins && web->surveys && web->gate && web->kept
                         ? views_open(fault)
                         : fault_set(fault, OUTCOME_LATER, NULL, "web: no memory");
    if (o == OUTCOME_DONE)
        o = house_open(&web->house, desk_office(options->desk),
            config_text(options->config, "server", NULL, "frame_origins"), fault);
    if (o == OUTCOME_DONE)
        o = live_new(&web->live, options->loop, fault);
    if (o == OUTCOME_DONE)
        o = add_routes(web, fault);
    if (o != OUTCOME_DONE) {
        web_free(web);
        return o;
    }
    book_on_event(options->book, live_changed, web->live);
    *ret_web = web;
    return OUTCOME_DONE;
}

void web_free(struct web *web)
{
    if (!web)
        return;
    live_free(web->live);
    views_close();
    house_close(&web->house);
    limit_free(web->guesses);
    limit_free(web->logins);
    gate_free(web->gate);
    kept_free(web->kept);
    limit_free(web->surveys);
    free(web);
}
