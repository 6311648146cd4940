/* One request from its head to its handler. It may wait long (the book commits); meanwhile the client may go and the
 * server may be freed: the object stays until http_reply(). */
#include "http_private.h"
#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    unsigned method; /* 0: known, but no route of ours can have it */
} methods[] = {
    {"GET", HTTP_GET},
    {"HEAD", HTTP_HEAD},
    {"POST", HTTP_POST},
    {"PUT", HTTP_PUT},
    {"DELETE", HTTP_DELETE},
    {"OPTIONS", HTTP_OPTIONS},
    {"PATCH", 0},
    {"TRACE", 0},
};

/* false: a method nobody here knows (RFC 9110 15.6.2). */
static bool request_method(struct http_request *request)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(request->said.method, methods[i].name) != 0)
            continue;
        request->method = (enum http_method)methods[i].method;
        return true;
    }
    return false;
}

/* What can be judged before the body. 0 or the status that refuses. */
static int request_judge(struct http_request *request, int status)
{
    const struct http_head *said = &request->said;
    const struct http_route *route = NULL;
    bool known = said->method && request_method(request);
    request->head = request->method == HTTP_HEAD;
    if (status)
        return status;
    if (!known)
        return 501;
    if (!*request->path)
        return 400;
    status =
        http_routes_find(&request->server->routes, request->method, request->path, &route, &request->allow);
    if (status)
        return status;
    request->route = route;
    request->rest = request->path + (route->below ? route->length : strlen(request->path));
    if (!(route->methods & request->method))
        request->method = HTTP_GET; /* a HEAD: the handler need not know */
    if (said->length > route->max_body)
        return 413;
    request->body.max = said->chunked ? route->max_body : said->length;
    return 0;
}

struct http_request *http_request_new(
    struct http_connection *connection, struct evbuffer *input, size_t n, int *ret_status)
{
    /* the decoded path is no longer than the head */
    struct http_request *request = calloc(1, sizeof *request + 2 * (n + 1));
    if (!request) {
        http_tell_hung_up(connection->server);
        return NULL;
    }
    request->server = connection->server;
    request->connection = connection;
    connection->request = request;
    memcpy(request->peer, connection->peer, sizeof request->peer);
    request->path = request->rest = request->said.query = "";
    str_init(&request->body, 0);
    if (!n)
        return request;
    char *path = request->text + n + 1;
    evbuffer_remove(input, request->text, n);
    int status = http_head_parse(&request->said, request->text, n);
    if (request->said.path && http_path_decode(request->said.path, path))
        request->path = path;
    request->close = request->said.close || request->said.old;
    *ret_status = request_judge(request, status);
    return request;
}

void http_request_free(struct http_request *request)
{
    if (request->server) {
        request->server->held -= request->held;
        if (request->share)
            request->share->bytes -= request->held;
        http_share_give(&request->server->shares, request->share);
    }
    str_release(&request->body);
    free(request);
}

/* ---- the body ---- */

static const char *forwarded_for(const struct http_request *request, size_t *ret_length);

static struct http_share *request_share(struct http_request *request)
{
    char address[INET6_ADDRSTRLEN] = "";
    size_t length;
    const char *client = forwarded_for(request, &length);
    if (length < sizeof address)
        memcpy(address, client, length);
    if (!request->share)
        request->share = http_share_take(&request->server->shares, address);
    return request->share;
}

/* Bytes beyond those that are free count twice: for the client, and for all. */
static bool request_hold(struct http_request *request, size_t n)
{
    const struct http_limits *limits = &request->server->limits;
    struct http_share *share = limits->max_memory ? request_share(request) : NULL;
    if (!limits->max_memory)
        return true;
    if (!share || share->bytes + n > limits->max_memory / HTTP_MEMORY_SHARES ||
        !http_memory_take(request->server, n))
        return false;
    share->bytes += n;
    request->held += n;
    return true;
}

bool http_request_keep(struct http_request *request, struct evbuffer *input, size_t n)
{
    size_t counted = request->body.len > HTTP_FREE_BYTES ? request->body.len - HTTP_FREE_BYTES : 0;
    size_t will = request->body.len + n > HTTP_FREE_BYTES ? request->body.len + n - HTTP_FREE_BYTES : 0;
    if (will > counted && !request_hold(request, will - counted))
        return false;
    while (n && str_ok(&request->body)) {
        struct evbuffer_iovec piece;
        if (evbuffer_peek(input, -1, NULL, &piece, 1) < 1)
            break;
        size_t part = piece.iov_len < n ? piece.iov_len : n;
        str_add(&request->body, piece.iov_base, part);
        evbuffer_drain(input, part);
        n -= part;
    }
    return str_ok(&request->body);
}

/* ---- waiting for the answer ---- */

void http_request_wait(struct http_request *request)
{
    struct http_server *server = request->server;
    request->next = server->waiting;
    request->prev = &server->waiting;
    if (request->next)
        request->next->prev = &request->next;
    server->waiting = request;
}

static const char *default_text(int status)
{
    switch (status) {
    case 404:
        return "Halaman tidak ditemukan.\n";
    case 405:
        return "Cara ini tidak dilayani di alamat tersebut.\n";
    case 408:
        return "Permintaan terlalu lama sampai. Silakan coba lagi.\n";
    case 413:
        return "Kiriman terlalu besar.\n";
    case 503:
        return "Layanan sedang sibuk. Silakan coba lagi.\n";
    default:
        return "Permintaan tidak dapat dibaca.\n";
    }
}

void http_request_refuse(struct http_request *request, int status)
{
    const struct http_head *said = &request->said;
    const struct http_route *route = NULL;
    unsigned ignored;
    bool unread = !said->path || said->chunked || request->body.len < said->length;
    /* What follows a request that cannot be trusted is not looked at; a body would have to be read over. */
    request->close |= unread || (status != 404 && status != 405);
    const char *path = *request->path ? request->path : "/";
    if (!http_routes_find(&request->server->errors, HTTP_GET, path, &route, &ignored)) {
        route->on_error(request, status, route->arg);
        return;
    }
    const char *text = default_text(status);
    http_reply(request, &(struct http_response){.status = status,
                            .content_type = "text/plain; charset=utf-8",
                            .body = text,
                            .length = strlen(text)});
}

void http_requests_orphan(struct http_server *server)
{
    while (server->waiting) {
        struct http_request *request = server->waiting;
        server->waiting = request->next;
        if (request->connection)
            request->connection->request = NULL;
        http_share_give(&server->shares, request->share);
        request->server = NULL;
        request->connection = NULL;
    }
}

/* ---- what it lends ---- */

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
    return request->said.query;
}

const char *http_request_peer(const struct http_request *request)
{
    return request->peer;
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->said.count; i++)
        if (!strcasecmp(request->said.lines[i].name, name))
            return request->said.lines[i].value;
    return NULL;
}

/* The last address of the last X-Forwarded-For when a proxy of this machine wrote it, else the peer; not terminated. */
static const char *forwarded_for(const struct http_request *request, size_t *ret_length)
{
    const char *peer = request->peer, *noted = NULL;
    for (size_t i = request->said.count; i-- && !noted;)
        if (!strcasecmp(request->said.lines[i].name, "X-Forwarded-For"))
            noted = request->said.lines[i].value;
    *ret_length = strlen(peer);
    if (!noted || !http_is_own_machine(peer))
        return peer;
    const char *comma = strrchr(noted, ',');
    const char *last = comma ? comma + 1 : noted;
    last += strspn(last, " \t");
    *ret_length = strcspn(last, " \t");
    return last;
}

const char *http_request_client(const struct http_request *request, struct arena *arena)
{
    size_t length;
    const char *client = forwarded_for(request, &length);
    const char *copy = client == request->peer ? client : arena_strndup(arena, client, length);
    return copy ? copy : request->peer;
}

const unsigned char *http_request_body(const struct http_request *request, size_t *ret_len)
{
    *ret_len = request->body.len;
    return (const unsigned char *)request->body.data;
}
