#include "api.h"
#include "daemon/base/clock.h"
#include "daemon/base/json_read.h"
#include "daemon/base/log.h"
#include "daemon/desk/desk.h"
#include "file_look.h"
#include "web_private.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REQUEST_MEMORY = 256 * 1024, RUN_MEMORY = 32 * 1024 * 1024 };
static const char media_json[] = "application/json", media_problem[] = "application/problem+json";

/* One request until its answer. */
struct visitor {
    struct web *web;
    struct http_request *request;
    struct arena *arena;
    const char *token; /* NULL = none that could be one */
    const char *peer;
    struct http_form query;
    int64_t id;    /* {id} of the path; 0 = none */
    bool stranger; /* no such token: counted against the address */
    struct book_job job;
    struct api_call call;
    struct http_form form; /* multipart */
    struct file_look look;
};

/* ---- answers ---- */

/* tag: NULL = none. */
static void reply_bytes(struct http_request *request, int status, const char *type, const char *tag,
    const void *body, size_t length)
{
    struct http_header headers[WEB_HEADERS_MAX];
    size_t n = headers_fill(headers, type, true, NULL);
    if (tag)
        headers[n++] = (struct http_header){"ETag", tag};
    if (status == 401)
        headers[n++] = (struct http_header){"WWW-Authenticate", "Bearer"};
    if (status == 503 || status == 429)
        headers[n++] = (struct http_header){"Retry-After", status == 503 ? "5" : "60"};
    headers[n] = (struct http_header){NULL, NULL};
    http_reply(request, &(struct http_response){.status = status,
                            .content_type = body ? type : NULL,
                            .headers = headers,
                            .body = body,
                            .length = length});
}

static void reply(struct http_request *request, int status, const char *type, const json_t *json)
{
    char *text = json_text(json, JSON_COMPACT);
    reply_bytes(request, text ? status : 503, type, NULL, text, text ? strlen(text) : 0);
    free(text);
}

static void reply_problem(struct http_request *request, int status, const char *detail)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {{400, "Permintaan tidak dapat dibaca"}, {401, "Token diperlukan"}, {403, "Tidak diizinkan"},
        {404, "Tidak ditemukan"}, {405, "Cara ini tidak ada"}, {409, "Bertentangan"}, {412, "Sudah berubah"},
        {413, "Terlalu besar"}, {415, "Jenis isi tidak diterima"}, {422, "Belum dapat dilakukan"},
        {428, "If-Match diperlukan"}, {429, "Terlalu sering"}, {503, "Sedang tidak dapat melayani"}};
    const char *title = "Terjadi gangguan pada sistem";
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            title = titles[i].title;
    json_t *json = json_pack("{s:s, s:s, s:i}", "type", "about:blank", "title", title, "status", status);
    if (detail && *detail)
        json_object_set_new(json, "detail", json_string(detail));
    reply(request, status, media_problem, json);
    json_decref(json);
}

void api_error(struct http_request *request, int status, void *web)
{
    (void)web;
    reply_problem(request, status, NULL);
}

enum outcome api_refuse(struct api_call *call, int status, const char *public_text)
{
    call->status = status;
    return fault_set(call->fault, OUTCOME_NEVER, public_text, "api: refused with %d", status);
}

static void visitor_free(struct visitor *v)
{
    json_decref(v->call.answer);
    arena_free(v->call.arena);
    arena_free(v->arena);
}

/* The complaint's version; else what the bytes are. */
enum { TAG_SIZE = 40 };
static void write_tag(const struct api_call *call, const void *body, size_t length, char out[TAG_SIZE])
{
    unsigned char digest[16];
    char hex[2 * sizeof digest + 1];
    if (call->version) {
        snprintf(out, TAG_SIZE, "\"%lld\"", (long long)call->version);
        return;
    }
    crypto_generichash(digest, sizeof digest, body, length, NULL, 0);
    snprintf(out, TAG_SIZE, "\"%s\"", sodium_bin2hex(hex, sizeof hex, digest, sizeof digest));
}

static void reply_call(struct visitor *v)
{
    const struct api_call *call = &v->call;
    char *text = call->answer ? json_text(call->answer, JSON_COMPACT) : NULL, tag[TAG_SIZE];
    const void *body = call->answer ? text : call->file ? call->file : "";
    size_t length = text ? strlen(text) : call->file_size;
    if (call->answer && !text) {
        reply_problem(v->request, 503, NULL);
        return;
    }
    write_tag(call, body, length, tag);
    bool same = !(call->route->scope & API_ACT) && call->if_none_match && !strcmp(call->if_none_match, tag);
    if (same)
        reply_bytes(v->request, 304, media_json, tag, NULL, 0);
    else
        reply_bytes(
            v->request, call->status, text ? media_json : "application/octet-stream", tag, body, length);
    free(text);
}

/* ---- on a book thread ---- */

static enum outcome admit(struct visitor *v)
{
    struct api_call *call = &v->call;
    enum outcome outcome =
        api_token_find(call->txn, v->token, &call->token, &call->officer, call->arena, call->fault);
    if (outcome == OUTCOME_NEVER) {
        v->stranger = true;
        call->status = 401;
        return outcome;
    }
    if (!outcome && (call->token.scopes & call->route->scope) != call->route->scope)
        return api_refuse(call, 403, "Token ini tidak punya izin untuk itu.");
    return outcome;
}

/* Jobs may be replayed: every run begins with nothing of the one before. */
static enum outcome work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct visitor *v = arg;
    struct api_call *call = &v->call;
    json_decref(call->answer);
    arena_free(call->arena);
    call->answer = NULL;
    call->arena = arena_new(RUN_MEMORY);
    call->txn = txn;
    call->fault = fault;
    call->status = 0;
    call->version = 0;
    call->file = NULL;
    call->file_size = 0;
    call->id = v->id;
    v->stranger = false;
    if (!call->arena)
        return fault_set(fault, OUTCOME_LATER, NULL, "api: no memory");
    enum outcome outcome = admit(v);
    if (!outcome)
        outcome = call->route->handler(call);
    if (!outcome && (!arena_ok(call->arena) || (!call->answer && !call->file)))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "api: no memory, or too much for one answer");
    return outcome;
}

static void done(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct visitor *v = arg;
    const struct api_call *call = &v->call;
    if (outcome == OUTCOME_DONE) {
        reply_call(v);
    } else {
        int status = outcome != OUTCOME_NEVER ? 503 : call->status >= 400 ? call->status : 422;
        log_fault(status >= 500 ? book_failure_level(v->web->options.book, outcome) : LOG_INFO, NULL,
            "api.refused", outcome, fault);
        if (v->stranger)
            limit_count(v->web->guesses, v->peer, v->job.at);
        reply_problem(v->request, status, fault ? fault->public_text : NULL);
    }
    visitor_free(v);
}

/* ---- on the loop ---- */

/* "/api/v1/aduan/{id}/{tindakan}" against the path; what stands in braces is taken. */
static bool match(const char *pattern, const char *path, struct arena *arena, struct api_call *call)
{
    call->id = 0;
    call->word = "";
    while (*pattern && *path) {
        size_t n = strcspn(path, "/");
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        if (!strncmp(pattern, "{id}", 4)) {
            if (!n || n > 15 || strspn(path, "0123456789") != n)
                return false;
            call->id = strtoll(path, NULL, 10);
        } else {
            call->word = arena_strndup(arena, path, n);
        }
        pattern += strcspn(pattern, "}") + 1;
        path += n;
    }
    return !*pattern && !*path && call->word;
}

/* The first that fits; *ret_other: the path exists by another method. */
static const struct api_route *find_route(struct visitor *v, const char *method, bool *ret_other)
{
    *ret_other = false;
    for (const struct api_route *route = api_routes; route->method; route++) {
        if (!match(route->path, v->call.path, v->arena, &v->call))
            continue;
        if (!strcmp(route->method, method))
            return route;
        *ret_other = true;
    }
    return NULL;
}

/* RFC 6750: "Bearer " and what could be one of ours. */
static const char *bearer(const struct http_request *request)
{
    const char *header = http_request_header(request, "Authorization");
    if (!header || strncmp(header, "Bearer ", 7) || strlen(header) != 7 + API_TOKEN_SIZE - 1)
        return NULL;
    return header + 7;
}

static void refuse_now(struct visitor *v, int status, const char *detail)
{
    reply_problem(v->request, status, detail);
    visitor_free(v);
}

static bool is_json(const struct http_request *request)
{
    const char *type = http_request_header(request, "Content-Type");
    return type && !strncmp(type, media_json, sizeof media_json - 1);
}

static bool is_multipart(const struct http_request *request)
{
    static const char type[] = "multipart/form-data";
    const char *given = http_request_header(request, "Content-Type");
    return given && !strncmp(given, type, sizeof type - 1);
}

static void submit(struct visitor *v)
{
    v->id = v->call.id;
    v->job = (struct book_job){.work = work, .done = done, .arg = v};
    if (v->call.route->scope & API_ACT)
        book_write(v->web->options.book, &v->job);
    else
        book_read(v->web->options.book, &v->job);
}

static void files_looked(void *arg, int status, const char *text)
{
    struct visitor *v = arg;
    if (status)
        refuse_now(v, status, text);
    else
        submit(v);
}

/* A form with files: what they are is found out before the book is asked. */
static void enter_form(struct visitor *v)
{
    struct fault fault = {0};
    if (http_form_parse(&v->form, http_request_header(v->request, "Content-Type"), v->call.body,
            v->call.body_size, v->arena, &fault) ||
        !arena_ok(v->arena)) {
        refuse_now(v, 400, fault.public_text);
        return;
    }
    v->call.form = &v->form;
    v->look = (struct file_look){
        .web = v->web, .file = v->form.fields, .arena = v->arena, .looked = files_looked, .arg = v};
    file_look_begin(&v->look);
}

static void enter(struct visitor *v, bool post)
{
    struct api_call *call = &v->call;
    struct fault fault = {0};
    if (!call->route->handler) {
        json_t *spec = api_spec(v->web->house.office);
        reply(v->request, spec ? 200 : 503, media_json, spec);
        json_decref(spec);
        visitor_free(v);
        return;
    }
    if (!limit_allows(v->web->guesses, v->peer, clock_now_ms())) {
        refuse_now(v, 429, "Terlalu banyak token yang keliru. Tunggu beberapa menit.");
        return;
    }
    if (!v->token) {
        refuse_now(v, 401, "Kirim Authorization: Bearer dengan token dari halaman Pengaturan.");
        return;
    }
    bool form = call->route->handler == api_new && is_multipart(v->request);
    if (post && call->body_size && !form && !is_json(v->request)) {
        refuse_now(v, 415, "Kirim isi sebagai application/json.");
        return;
    }
    if (http_query_parse(&v->query, http_request_query(v->request), v->arena, &fault) ||
        !arena_ok(v->arena)) {
        refuse_now(v, 400, fault.public_text);
        return;
    }
    if (form)
        enter_form(v);
    else
        submit(v);
}

void api_begin(struct http_request *request, void *arg)
{
    struct web *web = arg;
    size_t size;
    (void)http_request_body(request, &size);
    struct arena *arena = arena_new(REQUEST_MEMORY + 2 * size);
    struct visitor *v = arena ? arena_alloc(arena, sizeof *v) : NULL;
    if (!v) {
        arena_free(arena);
        reply_problem(request, 503, NULL);
        return;
    }
    bool post = http_request_method(request) == HTTP_POST, other;
    *v = (struct visitor){.web = web, .request = request, .arena = arena, .token = bearer(request)};
    v->peer = http_request_client(request, arena);
    v->call = (struct api_call){.path = http_request_path(request),
        .query = &v->query,
        .if_match = http_request_header(request, "If-Match"),
        .if_none_match = http_request_header(request, "If-None-Match"),
        .key = http_request_header(request, "Idempotency-Key"),
        .office = desk_office(web->options.desk)};
    v->call.body = http_request_body(request, &v->call.body_size);
    v->call.route = find_route(v, post ? "POST" : "GET", &other);
    if (v->call.route)
        enter(v, post);
    else
        refuse_now(v, other ? 405 : 404, NULL);
}
