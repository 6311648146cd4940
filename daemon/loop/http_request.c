/* One request from evhttp's hands to its answer. It may wait long (the book commits); meanwhile the client
 * may go and the server may be freed: the object stays until http_reply(). */
#include "http_private.h"
#include "daemon/base/log.h"
#include "daemon/base/step.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void request_link(struct http_server *server, struct http_request *request)
{
    request->server = server;
    request->next = server->waiting;
    request->prev = &server->waiting;
    if (request->next)
        request->next->prev = &request->next;
    server->waiting = request;
}

static void request_unlink(struct http_request *request)
{
    if (!request->server)
        return;
    *request->prev = request->next;
    if (request->next)
        request->next->prev = request->prev;
}

static unsigned request_method(enum evhttp_cmd_type type)
{
    switch (type) {
    case EVHTTP_REQ_GET:
        return HTTP_GET;
    case EVHTTP_REQ_HEAD:
        return HTTP_HEAD;
    case EVHTTP_REQ_POST:
        return HTTP_POST;
    case EVHTTP_REQ_PUT:
        return HTTP_PUT;
    case EVHTTP_REQ_DELETE:
        return HTTP_DELETE;
    case EVHTTP_REQ_OPTIONS:
        return HTTP_OPTIONS;
    default:
        return 0; /* no route has it: 404 or 405 */
    }
}

static void request_peer(struct http_request *request)
{
    char *address = NULL;
    ev_uint16_t port;
    if (request->connection->local)
        return;
    evhttp_connection_get_peer(evhttp_request_get_connection(request->evreq), &address, &port);
    if (address)
        snprintf(request->peer, sizeof request->peer, "%s", address);
}

/* Both texts behind the struct; an unreadable path leaves path NULL. */
static struct http_request *request_new(struct evhttp_request *evreq)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(evreq);
    const char *raw = uri ? evhttp_uri_get_path(uri) : NULL, *query = uri ? evhttp_uri_get_query(uri) : NULL;
    raw = raw && *raw ? raw : "/"; /* RFC 9112 3.2.2: "http://host" means its root */
    query = query ? query : "";
    size_t raw_size = strlen(raw) + 1, query_size = strlen(query) + 1;
    struct http_request *request = calloc(1, sizeof *request + raw_size + query_size);
    if (!request)
        return NULL;
    request->evreq = evreq;
    request->rest = "";
    request->query = memcpy(request->text + raw_size, query, query_size);
    if (http_path_decode(raw, request->text))
        request->path = request->text;
    return request;
}

static const char *default_text(int status)
{
    switch (status) {
    case 400:
        return "Permintaan tidak dapat dibaca.\n";
    case 404:
        return "Halaman tidak ditemukan.\n";
    case 405:
        return "Cara ini tidak dilayani di alamat tersebut.\n";
    case 413:
        return "Kiriman terlalu besar.\n";
    default:
        return "Layanan sedang sibuk. Silakan coba lagi.\n";
    }
}

static void request_refuse(struct http_request *request, int status, bool close)
{
    request->close |= close;
    if (!request->path)
        request->path = "";
    if (request->server->on_error) {
        request->server->on_error(request, status, request->server->on_error_arg);
        return;
    }
    const char *text = default_text(status);
    http_reply(request, &(struct http_response){.status = status,
                            .content_type = "text/plain; charset=utf-8",
                            .body = text,
                            .length = strlen(text)});
}

static void request_dispatch(struct http_request *request)
{
    struct evbuffer *body = evhttp_request_get_input_buffer(request->evreq);
    const struct http_route *route = NULL;
    int status =
        http_routes_find(&request->server->routes, request->method, request->path, &route, &request->allow);
    if (status) {
        request_refuse(request, status, false);
        return;
    }
    if (!(route->methods & request->method))
        request->method = HTTP_GET; /* a HEAD: the handler need not know */
    request->rest = request->path + (route->below ? route->length : strlen(request->path));
    size_t length = evbuffer_get_length(body);
    if (length > route->max_body)
        request_refuse(request, 413, true);
    else if (length && !evbuffer_pullup(body, -1)) {
        log_event(LOG_ERROR, NULL, "http.no_memory", "answer=503 bytes=%zu", length);
        request_refuse(request, 503, true);
    } else
        route->handler(request, route->arg);
}

void http_request_arrived(struct evhttp_request *evreq, void *arg)
{
    struct http_server *server = arg;
    struct http_connection *connection = http_connection_of(server, evreq);
    struct http_request *request = connection ? request_new(evreq) : NULL;
    if (!request) {
        log_event(LOG_ERROR, NULL, "http.no_memory", "answer=503");
        evhttp_add_header(evhttp_request_get_output_headers(evreq), "Connection", "close");
        evhttp_send_error(evreq, HTTP_SERVUNAVAIL, NULL); /* no memory for the watch or for the request */
        return;
    }
    request_link(server, request);
    request->connection = connection;
    connection->request = request;
    request_peer(request);
    http_connection_enter(connection, HTTP_ANSWERING, 0);
    /* evhttp does not look whether a chunk's bytes are followed by CRLF (RFC 9112 7.1), so that it may see the end
     * of a body where nobody else does: what comes behind one is never read as a request. */
    request->close =
        server->closing || evhttp_find_header(evhttp_request_get_input_headers(evreq), "Transfer-Encoding");
    request->method = (enum http_method)request_method(evhttp_request_get_command(evreq));
    request->head = request->method == HTTP_HEAD;
    if (!http_strict_ok(evreq) || !request->path)
        request_refuse(request, 400, true);
    else
        request_dispatch(request);
}

void http_requests_orphan(struct http_server *server)
{
    while (server->waiting) {
        struct http_request *request = server->waiting;
        request_unlink(request);
        request->server = NULL;
        request->connection = NULL;
        request->evreq = NULL;
    }
}

enum http_method http_request_method(const struct http_request *request)
{
    return request->method;
}

const char *http_request_path(const struct http_request *request)
{
    return request->path;
}

const char *http_request_rest(const struct http_request *request)
{
    return request->rest;
}

const char *http_request_query(const struct http_request *request)
{
    return request->query;
}

const char *http_request_peer(const struct http_request *request)
{
    return request->peer;
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    return request->evreq ? evhttp_find_header(evhttp_request_get_input_headers(request->evreq), name) : NULL;
}

const char *http_request_client(const struct http_request *request, struct arena *arena)
{
    const char *peer = request->peer, *noted = http_request_header(request, "X-Forwarded-For");
    bool proxy = !*peer || !strcmp(peer, "127.0.0.1") || !strcmp(peer, "::1");
    if (!proxy || !noted)
        return peer;
    const char *comma = strrchr(noted, ',');
    const char *last = comma ? comma + 1 : noted;
    last += strspn(last, " \t");
    const char *copy = arena_strndup(arena, last, strcspn(last, " \t"));
    return copy ? copy : peer;
}

const unsigned char *http_request_body(const struct http_request *request, size_t *ret_len)
{
    *ret_len = 0;
    if (!request->evreq)
        return (const unsigned char *)"";
    struct evbuffer *body = evhttp_request_get_input_buffer(request->evreq);
    *ret_len = evbuffer_get_length(body);
    /* contiguous since request_dispatch() */
    return *ret_len ? evbuffer_pullup(body, -1) : (const unsigned char *)"";
}

/* A header that could break out of its line would be an injection: the whole answer is withheld. */
static bool headers_stay_in_line(const struct http_response *response)
{
    bool ok = true;
    for (const struct http_header *h = response->headers; h && h->name; h++)
        ok = ok && !h->name[strcspn(h->name, "\r\n: ")] && !h->value[strcspn(h->value, "\r\n")];
    return ok &&
           (!response->content_type || !response->content_type[strcspn(response->content_type, "\r\n")]);
}

static bool reply_header(struct evkeyvalq *out, const char *name, const char *value)
{
    return !evhttp_add_header(out, name, value);
}

static bool reply_headers(struct http_request *request, const struct http_response *response)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(request->evreq);
    char text[80];
    bool ok = true;
    for (const struct http_header *h = response->headers; h && h->name; h++)
        ok = ok && reply_header(out, h->name, h->value);
    if (response->content_type)
        ok = ok && reply_header(out, "Content-Type", response->content_type);
    if (request->allow) { /* RFC 9110 15.5.6 */
        http_allow_text(request->allow, text, sizeof text);
        ok = ok && reply_header(out, "Allow", text);
    }
    /* RFC 9110 8.6: no length for 1xx and 204; a HEAD tells the length the GET would have */
    if (response->status >= 200 && response->status != 204 && response->status != 304) {
        snprintf(text, sizeof text, "%zu", response->content_type ? response->length : 0);
        ok = ok && reply_header(out, "Content-Length", text);
    }
    return ok;
}

static void reply_done(struct evhttp_request *evreq, void *arg)
{
    struct http_connection *connection = arg;
    (void)evreq;
    /* Bytes of the next request may be here already (pipelining): its time runs from now. */
    bool more = evbuffer_get_length(bufferevent_get_input(connection->bev)) > 0;
    http_connection_enter(connection, more ? HTTP_READING : HTTP_IDLE, 0);
}

void http_reply(struct http_request *request, const struct http_response *response)
{
    struct evhttp_request *evreq = request->evreq;
    struct http_connection *connection = request->connection;
    request_unlink(request);
    if (connection)
        connection->request = NULL;
    if (!evreq) {
        free(request);
        return;
    }
    int status = response->status;
    size_t length =
        response->content_type && !request->head && status != 204 && status != 304 ? response->length : 0;
    struct evbuffer *body = evbuffer_new();
    bool safe = headers_stay_in_line(response);
    bool ok = safe && body && !(length && evbuffer_add(body, response->body, length)) &&
              reply_headers(request, response);
    if (!ok) {
        log_event(LOG_ERROR, NULL, "http.answer_withheld", "status=%d reason=\"%s\"", status,
            safe ? "no memory" : "header breaks its line");
        evhttp_clear_headers(evhttp_request_get_output_headers(evreq));
        /* Without memory: whatever it was, done twice it is done once. */
        status = safe ? HTTP_SERVUNAVAIL : HTTP_INTERNAL;
        if (safe)
            evhttp_add_header(evhttp_request_get_output_headers(evreq), "Retry-After", "5");
        request->close = true;
        if (body)
            evbuffer_drain(body, evbuffer_get_length(body));
    }
    if (request->close || request->server->closing)
        evhttp_add_header(evhttp_request_get_output_headers(evreq), "Connection", "close");
    if (request->method == HTTP_POST)
        step("http.reply"); /* what it tells is in the book; nobody knows it yet */
    if (connection) {
        http_connection_enter(connection, HTTP_WRITING, length);
        evhttp_request_set_on_complete_cb(evreq, reply_done, connection);
    }
    /* frees evreq, now or when written; knows if the client has gone */
    evhttp_send_reply(evreq, status, NULL, body);
    if (request->method == HTTP_POST)
        step("http.replied");
    if (body)
        evbuffer_free(body);
    free(request);
}
