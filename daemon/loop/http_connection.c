/* One connection through its phases (http_private.h). All its bytes wait in libevent's buffer, bounded by a watermark,
 * until it is their turn: a pipelined request is not looked at before the one in front of it has been answered and
 * written, so that no client gets more than one request a turn of the loop. */
#include "http_private.h"
#include "address.h"
#include "daemon/base/clock.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BODY_BYTES_A_SECOND = 8 * 1024, /* slower than that over request_seconds is no line, but an attack */
    LINGER_SILENT_MS = 5000,
    LINGER_MS = 30 * 1000,
};

static void list_add(struct http_list *list, struct http_connection *connection)
{
    connection->entered_ms = clock_mono_ms();
    connection->next = NULL;
    connection->prev = list->tail;
    *list->tail = connection;
    list->tail = &connection->next;
}

static void list_remove(struct http_list *list, struct http_connection *connection)
{
    *connection->prev = connection->next;
    if (connection->next)
        connection->next->prev = connection->prev;
    else
        list->tail = connection->prev;
}

static struct evbuffer *input_of(const struct http_connection *c)
{
    return bufferevent_get_input(c->bev);
}

void http_connection_free(struct http_connection *c)
{
    struct http_server *server = c->server;
    struct http_stream *stream = c->stream;
    list_remove(&server->connections[c->phase], c);
    if (c->request && c->phase == HTTP_IN_BODY)
        http_request_free(c->request); /* no handler knows it */
    else if (c->request)
        c->request->connection = NULL;
    if (c->share)
        c->share->connections--;
    http_share_give(&server->shares, c->share);
    server->held -= c->held;
    server->connected--;
    bufferevent_free(c->bev); /* closes the socket */
    loop_timer_free(c->deadline);
    free(c);
    http_server_accept(server);
    if (stream)
        http_stream_lost(stream);
}

/* How long the connection may stay in its phase; negative = no deadline. */
static int64_t phase_ms(const struct http_connection *c)
{
    const struct http_limits *limits = &c->server->limits;
    int64_t request_ms = limits->request_seconds * INT64_C(1000), gone_ms = clock_mono_ms() - c->began_ms;
    switch (c->phase) {
    case HTTP_LINGERING:
        return LINGER_MS - gone_ms < LINGER_SILENT_MS ? LINGER_MS - gone_ms : LINGER_SILENT_MS;
    case HTTP_IDLE:
        return limits->idle_seconds * INT64_C(1000);
    case HTTP_IN_HEAD:
        return request_ms - gone_ms;
    case HTTP_IN_BODY:
        return request_ms - gone_ms + (int64_t)(c->request->body.len * 1000 / BODY_BYTES_A_SECOND);
    case HTTP_WRITING: /* a reader slower than 1 KiB/s holds the memory of the answer for nothing */
        return request_ms + (int64_t)evbuffer_get_length(bufferevent_get_output(c->bev));
    case HTTP_ANSWERING:
    case HTTP_STREAMING:
    case HTTP_PHASES:
        break;
    }
    return -1;
}

static void connection_arm(struct http_connection *c)
{
    int64_t left = phase_ms(c);
    if (c->phase == HTTP_ANSWERING || c->phase == HTTP_STREAMING)
        loop_timer_cancel(c->deadline);
    else
        loop_timer_set(c->deadline, left);
}

void http_connection_enter(struct http_connection *c, enum http_phase phase)
{
    list_remove(&c->server->connections[c->phase], c);
    c->phase = phase;
    list_add(&c->server->connections[phase], c);
    connection_arm(c);
    if (c->server->full)
        http_server_accept(c->server); /* this one may give way now */
}

/* ---- reading ---- */

static void connection_refuse(struct http_connection *c, int status)
{
    int ignored;
    if (!c->request && !http_request_new(c, input_of(c), 0, &ignored)) {
        http_connection_free(c);
        return;
    }
    http_connection_enter(c, HTTP_ANSWERING);
    http_request_wait(c->request);
    http_request_refuse(c->request, status);
}

static void connection_dispatch(struct http_connection *c)
{
    struct http_request *request = c->request;
    http_connection_enter(c, HTTP_ANSWERING);
    http_request_wait(request);
    request->route->handler(request, request->route->arg);
}

/* Data of a chunk or of a whole body: at most *left bytes of it. 0, or the status that refuses it. */
static int take_data(struct http_connection *c, size_t left)
{
    struct http_request *request = c->request;
    size_t ready = evbuffer_get_length(input_of(c)), n = ready < left ? ready : left;
    if (left > request->route->max_body - request->body.len)
        return 413; /* a chunk that says it will be too long, before it is read */
    if (!n)
        return 0;
    if (!http_request_keep(request, input_of(c), n)) {
        http_tell_no_room(c->server);
        return 503;
    }
    if (c->chunks.state == HTTP_CHUNK_DATA)
        http_chunks_took(&c->chunks, n);
    return 0;
}

static int read_chunks(struct http_connection *c)
{
    struct evbuffer *input = input_of(c);
    while (c->chunks.state != HTTP_CHUNK_END) {
        struct evbuffer_iovec piece;
        if (c->chunks.state == HTTP_CHUNK_BAD)
            return 400;
        if (c->chunks.beside > c->server->limits.max_header_bytes)
            return 431;
        if (evbuffer_peek(input, -1, NULL, &piece, 1) < 1 || !piece.iov_len)
            return 0;
        if (c->chunks.state == HTTP_CHUNK_DATA) {
            int status = take_data(c, c->chunks.left);
            if (status)
                return status;
        } else {
            evbuffer_drain(input, http_chunks_eat(&c->chunks, piece.iov_base, piece.iov_len));
        }
    }
    return 0;
}

static void read_body(struct http_connection *c)
{
    struct http_request *request = c->request;
    const struct http_head *said = &request->said;
    int status = said->chunked ? read_chunks(c) : take_data(c, said->length - request->body.len);
    if (status)
        connection_refuse(c, status);
    else if (said->chunked ? c->chunks.state == HTTP_CHUNK_END : request->body.len == said->length)
        connection_dispatch(c);
    else if (c->ended)
        http_connection_free(c); /* an upload that was given up */
}

/* The head is whole. */
static void begin_request(struct http_connection *c, size_t n)
{
    int status;
    struct evbuffer *input = input_of(c);
    struct http_request *request = http_request_new(c, input, n, &status);
    if (!request) {
        http_connection_free(c);
        return;
    }
    if (status) {
        connection_refuse(c, status);
        return;
    }
    c->chunks = (struct http_chunks){0};
    http_connection_enter(c, HTTP_IN_BODY);
    /* RFC 9110 10.1.1; one of HTTP/1.0 is to be ignored */
    bool has_body = request->said.chunked || request->said.length;
    if (request->said.expects && has_body && !request->said.old && !evbuffer_get_length(input))
        http_write_continue(bufferevent_get_output(c->bev));
    read_body(c);
}

/* RFC 9112 2.2: one empty line before a request is forgiven. False = more bytes are needed to tell. */
static bool skip_empty_line(struct http_connection *c)
{
    struct evbuffer *input = input_of(c);
    char start[2];
    ev_ssize_t n = evbuffer_copyout(input, start, sizeof start);
    if (c->forgiven || n < 1 || start[0] != '\r')
        return n > 0;
    if (n < 2)
        return false;
    c->forgiven = true;
    if (start[1] == '\n')
        evbuffer_drain(input, 2);
    return evbuffer_get_length(input) > 0;
}

/* Too long: 414 when not even the first line has ended (RFC 9110 15.5.15). */
static int too_long(const char *bytes, size_t n)
{
    return memchr(bytes, '\n', n) ? 431 : 414;
}

static void read_head(struct http_connection *c)
{
    struct evbuffer *input = input_of(c);
    enum http_scan scan = HTTP_SCAN_MORE;
    const char *bytes = NULL;
    size_t most = c->server->limits.max_header_bytes, n = 0;
    if (skip_empty_line(c)) {
        n = evbuffer_get_length(input);
        n = n < most ? n : most;
        bytes = (const char *)evbuffer_pullup(input, (ev_ssize_t)n);
        scan = bytes ? http_head_scan(bytes, n, &c->scanned) : HTTP_SCAN_MORE;
    }
    if (scan == HTTP_SCAN_END)
        begin_request(c, c->scanned);
    else if (scan == HTTP_SCAN_BAD)
        connection_refuse(c, 400);
    else if (bytes && n == most)
        connection_refuse(c, too_long(bytes, n));
    else if (c->ended || (n && !bytes))
        http_connection_free(c); /* given up, or no memory */
}

/* What came, as far as it is its turn. */
static void connection_read(struct http_connection *c)
{
    struct evbuffer *input = input_of(c);
    if (c->phase == HTTP_IDLE && evbuffer_get_length(input)) {
        c->began_ms = clock_mono_ms();
        c->scanned = 0;
        c->forgiven = false;
        http_connection_enter(c, HTTP_IN_HEAD);
    }
    if (c->phase == HTTP_IN_HEAD)
        read_head(c);
    else if (c->phase == HTTP_IN_BODY)
        read_body(c);
    else if (c->phase == HTTP_LINGERING && evbuffer_get_length(input)) {
        evbuffer_drain(input, evbuffer_get_length(input));
        connection_arm(c);
    } else if (c->phase == HTTP_STREAMING)
        evbuffer_drain(input, evbuffer_get_length(input)); /* nobody will answer */
    else if (c->phase == HTTP_IDLE && c->ended)
        http_connection_free(c);
}

static void connection_readable(struct bufferevent *bev, void *arg)
{
    (void)bev;
    connection_read(arg);
}

/* ---- the end of an answer, and of the connection ---- */

/* A reset would overtake the answer when bytes of the client lie unread: so they are read for a while. */
static void connection_linger(struct http_connection *c)
{
    struct evbuffer *input = input_of(c);
    if (c->ended || shutdown(bufferevent_getfd(c->bev), SHUT_WR)) {
        http_connection_free(c);
        return;
    }
    evbuffer_drain(input, evbuffer_get_length(input));
    c->began_ms = clock_mono_ms();
    http_connection_enter(c, HTTP_LINGERING);
}

static void connection_written(struct bufferevent *bev, void *arg)
{
    struct http_connection *c = arg;
    (void)bev;
    if (c->phase == HTTP_STREAMING) {
        http_stream_drained(c->stream);
        return;
    }
    if (c->phase != HTTP_WRITING)
        return; /* a "100 Continue" */
    c->server->held -= c->held;
    c->held = 0;
    if (c->last || c->server->closing) {
        connection_linger(c);
        return;
    }
    http_connection_enter(c, HTTP_IDLE);
    connection_read(c); /* pipelined: its time runs from now */
}

static void connection_event(struct bufferevent *bev, short what, void *arg)
{
    struct http_connection *c = arg;
    (void)bev;
    if (what & (BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) {
        http_connection_free(c);
        return;
    }
    c->ended = true; /* it may still read: RFC 9112 9.6 */
    if (c->phase == HTTP_LINGERING || c->phase == HTTP_STREAMING)
        http_connection_free(c);
    else
        connection_read(c);
}

static void connection_expired(void *arg)
{
    struct http_connection *c = arg;
    if (phase_ms(c) > 0 && c->phase == HTTP_IN_BODY)
        connection_arm(c); /* it was fast enough to get more time */
    else if (c->phase == HTTP_IN_HEAD || c->phase == HTTP_IN_BODY)
        connection_refuse(c, 408); /* RFC 9110 15.5.9 */
    else
        http_connection_free(c);
}

/* ---- the beginning ---- */

bool http_is_own_machine(const char *peer)
{
    return !*peer || !strcmp(peer, "127.0.0.1") || !strcmp(peer, "::1");
}

/* What can fail, before anything is counted. */
static struct http_connection *connection_new(struct http_server *server, int fd, const struct sockaddr *from)
{
    struct http_connection *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->server = server;
    address_text(from, c->peer, sizeof c->peer);
    c->deadline = loop_timer_new(server->loop, connection_expired, c);
    /* a proxy on this machine speaks for many: it keeps their shares itself (config/nginx.conf.sample) */
    if (!http_is_own_machine(c->peer))
        c->share = http_share_take(&server->shares, c->peer);
    if (c->deadline && (c->share || http_is_own_machine(c->peer)))
        c->bev = bufferevent_socket_new(loop_base(server->loop), fd, BEV_OPT_CLOSE_ON_FREE);
    if (c->bev)
        return c;
    http_share_give(&server->shares, c->share);
    loop_timer_free(c->deadline);
    free(c);
    return NULL;
}

bool http_connection_begin(struct http_server *server, int fd, const struct sockaddr *from)
{
    struct http_connection *c = connection_new(server, fd, from);
    if (!c) {
        close(fd);
        return false;
    }
    c->phase = HTTP_IDLE;
    list_add(&server->connections[HTTP_IDLE], c);
    server->connected++;
    if (c->share)
        c->share->connections++;
    connection_arm(c);
    size_t most = 2 * server->limits.max_header_bytes; /* a pipelining client waits in the kernel */
    bufferevent_setwatermark(c->bev, EV_READ, 0, most);
    const struct timeval patience = {.tv_sec = server->limits.request_seconds};
    bufferevent_set_timeouts(c->bev, NULL, &patience); /* a reader that takes nothing at all */
    bufferevent_setcb(c->bev, connection_readable, connection_written, connection_event, c);
    bufferevent_enable(c->bev, EV_READ | EV_WRITE);
    return true;
}
