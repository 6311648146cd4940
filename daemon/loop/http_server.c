/* The HTTP server: listeners, a cap on connections, deadlines on connections.
 *
 * evhttp 2.1.12 has only a time-out per read, so one header line a second keeps a connection for ever
 * (DEPENDENCIES.md). Therefore every connection has a timer of ours, moved by the phases of http_private.h. evhttp
 * alone may free its connection; a deadline only shuts the socket down, and evhttp finds its end. */
#include "http_private.h"
#include "http_listen.h"
#include "daemon/base/log.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SPARE_DESCRIPTORS = 64, REST_MS = 100 };

/* libevent's listener gives its error call-back evhttp's pointer and none of ours: this finds the server.
 * One loop thread a process, so no lock. */
static struct http_server *servers;

static void server_accept(struct http_server *server)
{
    bool open = !server->closing && !server->resting && server->connected < server->limits.connections;
    for (struct http_listener *l = server->listeners; l; l = l->next) {
        struct evconnlistener *listener = evhttp_bound_socket_get_listener(l->bound);
        if (open)
            evconnlistener_enable(listener);
        else
            evconnlistener_disable(listener);
    }
}

static void server_rested(void *arg)
{
    struct http_server *server = arg;
    server->resting = false;
    server_accept(server);
}

/* Out of descriptors or memory. Without a rest accept() would fail again at once, at full speed (libevent
 * #71). */
static void server_accept_failed(struct evconnlistener *listener, void *evhttp)
{
    (void)listener;
    for (struct http_server *s = servers; s; s = s->next) {
        if (s->evhttp != evhttp || s->resting)
            continue;
        s->resting = true;
        loop_timer_set(s->retry_accept, REST_MS);
        server_accept(s);
        if (!s->starving)
            log_event(LOG_WARN, NULL, "http.accept_failed", "connections=%d", s->connected);
        s->starving = true; /* told once, until one is accepted again */
    }
}

static void connection_free(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    if (connection->watch)
        evbuffer_remove_cb_entry(bufferevent_get_input(connection->bev), connection->watch);
    if (connection->phase == HTTP_ACCEPTED)
        bufferevent_decref(connection->bev);
    if (connection->fd >= 0)
        server->by_fd[connection->fd] = NULL;
    if (connection->request)
        connection->request->connection = NULL;
    *connection->prev = connection->next;
    if (connection->next)
        connection->next->prev = connection->prev;
    loop_timer_free(connection->deadline);
    free(connection);
    server->connected--;
    server_accept(server);
}

static void connection_closed(struct evhttp_connection *evcon, void *arg)
{
    (void)evcon;
    connection_free(arg);
}

static bool connection_index(struct http_connection *connection, evutil_socket_t fd)
{
    struct http_server *server = connection->server;
    if ((size_t)fd >= server->by_fd_size) {
        size_t size = (size_t)fd * 2 + 64;
        struct http_connection **by_fd = realloc(server->by_fd, size * sizeof(struct http_connection *));
        if (!by_fd)
            return false;
        memset(by_fd + server->by_fd_size, 0, (size - server->by_fd_size) * sizeof(struct http_connection *));
        server->by_fd = by_fd;
        server->by_fd_size = size;
    }
    server->by_fd[fd] = connection;
    return true;
}

/* evhttp makes its connection object after it asked for the bufferevent, and names itself as the argument of
 * the bufferevent's call-backs; when those are unset it has given up already. false = the connection is no
 * more. */
static bool connection_attach(struct http_connection *connection)
{
    void *evcon = NULL;
    struct sockaddr_storage self = {0};
    socklen_t size = sizeof self;
    bufferevent_getcb(connection->bev, NULL, NULL, NULL, &evcon);
    evutil_socket_t fd = bufferevent_getfd(connection->bev);
    if (!evcon || fd < 0) {
        connection_free(connection);
        return false;
    }
    if (!connection_index(connection, fd)) {
        shutdown(fd, SHUT_RDWR);
        connection_free(connection);
        return false;
    }
    connection->fd = fd;
    connection->local = !getsockname(fd, (struct sockaddr *)&self, &size) && self.ss_family == AF_UNIX;
    evhttp_connection_set_closecb(evcon, connection_closed, connection);
    http_connection_enter(connection, HTTP_IDLE, 0);
    bufferevent_decref(connection->bev); /* evhttp's own reference outlives the close call-back */
    return true;
}

static void connection_expired(void *arg)
{
    static const char late[] =
        "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    struct http_connection *connection = arg;
    if (connection->phase == HTTP_ACCEPTED) {
        connection_attach(connection);
        return;
    }
    if (connection->phase == HTTP_READING && !evbuffer_get_length(bufferevent_get_output(connection->bev)))
        (void)!send(connection->fd, late, sizeof late - 1, MSG_DONTWAIT | MSG_NOSIGNAL); /* RFC 9110 15.5.9 */
    shutdown(connection->fd, SHUT_RDWR);
}

static void connection_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
    struct http_connection *connection = arg;
    (void)input;
    (void)info;
    if (connection->phase == HTTP_ACCEPTED && !connection_attach(connection))
        return;
    if (connection->phase == HTTP_IDLE)
        http_connection_enter(connection, HTTP_READING, 0);
}

void http_connection_enter(struct http_connection *connection, enum http_phase phase, size_t answer_bytes)
{
    const struct http_limits *limits = &connection->server->limits;
    connection->phase = phase;
    if (phase == HTTP_ANSWERING)
        loop_timer_cancel(connection->deadline);
    else if (phase == HTTP_IDLE && connection->server->closing)
        shutdown(connection->fd, SHUT_RDWR);
    else if (phase == HTTP_IDLE)
        loop_timer_set(connection->deadline, limits->idle_seconds * INT64_C(1000));
    else if (phase == HTTP_READING)
        loop_timer_set(connection->deadline, limits->request_seconds * INT64_C(1000));
    else /* a reader slower than 1 KiB/s holds the memory of the answer for nothing */
        loop_timer_set(connection->deadline, limits->request_seconds * INT64_C(1000) + (int64_t)answer_bytes);
}

static struct http_connection *connection_new(struct http_server *server, struct bufferevent *bev)
{
    struct http_connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    *connection = (struct http_connection){.server = server, .bev = bev, .fd = -1};
    connection->deadline = loop_timer_new(server->loop, connection_expired, connection);
    if (connection->deadline)
        connection->watch = evbuffer_add_cb(bufferevent_get_input(bev), connection_input, connection);
    if (!connection->watch) {
        loop_timer_free(connection->deadline);
        free(connection);
        return NULL;
    }
    return connection;
}

static struct bufferevent *server_bufferevent(struct event_base *base, void *arg)
{
    struct http_server *server = arg;
    struct bufferevent *bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    struct http_connection *connection = bev ? connection_new(server, bev) : NULL;
    if (!connection)
        return bev; /* no memory to watch it: http_request_arrived() answers 503, evhttp's time-out remains */
    bufferevent_incref(bev);
    server->starving = false;
    connection->next = server->connections;
    connection->prev = &server->connections;
    if (connection->next)
        connection->next->prev = &connection->next;
    server->connections = connection;
    loop_timer_set(connection->deadline, 0); /* attaches; a first byte may be faster and does the same */
    server->connected++;
    if (server->connected >= server->limits.connections)
        server_accept(server);
    return bev;
}

struct http_connection *http_connection_of(struct http_server *server, struct evhttp_request *evreq)
{
    struct evhttp_connection *evcon = evhttp_request_get_connection(evreq);
    evutil_socket_t fd = evcon ? bufferevent_getfd(evhttp_connection_get_bufferevent(evcon)) : -1;
    return fd >= 0 && (size_t)fd < server->by_fd_size ? server->by_fd[fd] : NULL;
}

static bool server_has_descriptors(int connections)
{
    struct rlimit limit;
    rlim_t need = (rlim_t)connections + SPARE_DESCRIPTORS;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= need)
        return true;
    limit.rlim_cur = need;
    return need <= limit.rlim_max && !setrlimit(RLIMIT_NOFILE, &limit);
}

enum outcome http_server_new(
    struct http_server **ret_server, struct loop *loop, const struct http_limits *limits, struct fault *fault)
{
    if (!server_has_descriptors(limits->connections))
        return fault_set(fault, OUTCOME_STOP,
            "Batas berkas terbuka (ulimit -n) terlalu kecil untuk jumlah sambungan.",
            "http: RLIMIT_NOFILE below %d", limits->connections + SPARE_DESCRIPTORS);
    struct http_server *server = calloc(1, sizeof *server);
    if (!server)
        return fault_set(fault, OUTCOME_LATER, NULL, "http: no memory");
    server->loop = loop;
    server->limits = *limits;
    server->retry_accept = loop_timer_new(loop, server_rested, server);
    server->evhttp = evhttp_new(loop_base(loop));
    server->next = servers;
    servers = server;
    if (!server->evhttp || !server->retry_accept) {
        http_server_free(server);
        return fault_set(fault, OUTCOME_LATER, NULL, "http: no memory");
    }
    int longest =
        limits->idle_seconds > limits->request_seconds ? limits->idle_seconds : limits->request_seconds;
    /* ours come first; this one cuts a client that reads nothing */
    evhttp_set_timeout(server->evhttp, longest + 1);
    evhttp_set_max_headers_size(server->evhttp, (ev_ssize_t)limits->max_header_bytes);
    evhttp_set_max_body_size(server->evhttp, (ev_ssize_t)limits->max_body_bytes);
    evhttp_set_default_content_type(server->evhttp, NULL);
    /* All that evhttp knows: a method it is not allowed gets 501, ours get 405 with Allow. */
    evhttp_set_allowed_methods(server->evhttp, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
                                                   EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS |
                                                   EVHTTP_REQ_TRACE | EVHTTP_REQ_PATCH);
    evhttp_set_bevcb(server->evhttp, server_bufferevent, server);
    evhttp_set_gencb(server->evhttp, http_request_arrived, server);
    *ret_server = server;
    return OUTCOME_DONE;
}

enum outcome http_server_listen(
    struct http_server *server, const char *address, int *ret_port, struct fault *fault)
{
    struct http_listener *listener = NULL;
    int fd = -1;
    enum outcome outcome = http_listen_open(&listener, &fd, address, ret_port, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    listener->bound = evhttp_accept_socket_with_handle(server->evhttp, fd);
    if (!listener->bound) {
        close(fd);
        http_listen_free(listener);
        return fault_set(fault, OUTCOME_LATER, NULL, "http: listen on %s: no memory", address);
    }
    evconnlistener_set_error_cb(evhttp_bound_socket_get_listener(listener->bound), server_accept_failed);
    listener->next = server->listeners;
    server->listeners = listener;
    server_accept(server);
    return OUTCOME_DONE;
}

void http_server_close(struct http_server *server)
{
    server->closing = true;
    while (server->listeners) {
        struct http_listener *listener = server->listeners;
        server->listeners = listener->next;
        evhttp_del_accept_socket(server->evhttp, listener->bound);
        http_listen_free(listener);
    }
    /* shutdown() frees nothing by itself: the list stays as it is */
    for (struct http_connection *c = server->connections; c; c = c->next)
        if (c->phase == HTTP_IDLE)
            shutdown(c->fd, SHUT_RDWR);
}

bool http_server_idle(const struct http_server *server)
{
    for (const struct http_connection *c = server->connections; c; c = c->next)
        if (c->phase == HTTP_WRITING)
            return false;
    return !server->waiting;
}

void http_server_free(struct http_server *server)
{
    if (!server)
        return;
    http_requests_orphan(server);
    if (server->evhttp) {
        http_server_close(server);
        evhttp_free(server->evhttp); /* closes the connections; their call-backs free ours */
    }
    while (server->connections) {
        struct http_connection *first = server->connections;
        first->prev = &server->connections; /* as it is: said for the analyser */
        first->request = NULL;
        connection_free(first); /* accepted, never attached */
    }
    for (struct http_server **at = &servers; *at; at = &(*at)->next) {
        if (*at == server) {
            *at = server->next;
            break;
        }
    }
    loop_timer_free(server->retry_accept);
    http_routes_release(&server->routes);
    free(server->by_fd);
    free(server);
}

enum outcome http_server_route(struct http_server *server, unsigned methods, const char *pattern,
    size_t max_body, http_handler *handler, void *arg, struct fault *fault)
{
    struct http_route route = {.pattern = (char *)(uintptr_t)pattern, /* copied there */
        .methods = methods,
        .max_body = max_body,
        .handler = handler,
        .arg = arg};
    return http_routes_add(&server->routes, &route, fault);
}

void http_server_on_error(
    struct http_server *server, void (*handler)(struct http_request *, int status, void *arg), void *arg)
{
    server->on_error = handler;
    server->on_error_arg = arg;
}
