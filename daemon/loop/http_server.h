/* The HTTP/1.1 server, on libevent's buffers and sockets, with a reader of its own (http_head.h): one strict reading of
 * every byte, because evhttp 2.1.12 accepts what a proxy may read differently, looks at a body before anybody can
 * refuse it, and answers errors in its own English. A cap on connections, a share for each address, a deadline for each
 * request, bounded memory, and a table of routes.
 *
 * A handler runs on the loop thread and answers exactly once, now or later (parked while the book commits).
 * Everything a request lends is valid until http_reply(). A client that went away is no error: reply as ever. */
#ifndef LOOP_HTTP_SERVER_H
#define LOOP_HTTP_SERVER_H

#include "daemon/base/arena.h"
#include "loop.h"
#include <stdbool.h>
#include <stddef.h>

struct http_server;
struct http_request;

struct http_limits {
    int connections;  /* accepted at once; beyond, the one that has been longest idle or sending makes room */
    int idle_seconds; /* keep-alive connection without a request */
    int request_seconds; /* first byte of a request to its last, and a second more for each 8 KiB of body: slowloris */
    size_t max_header_bytes; /* request line and headers; over: 431 or 414, and close */
    size_t max_body_bytes;   /* over all routes */
    int connections_an_address; /* 0 = no such limit; never for a proxy on this machine (loopback, unix socket) */
    size_t
        max_memory; /* of all bodies and answers beyond their first 64 KiB; one client a quarter; 0 = no limit */
};

enum http_method {
    HTTP_GET = 1,
    HTTP_HEAD = 2,
    HTTP_POST = 4,
    HTTP_PUT = 8,
    HTTP_DELETE = 16,
    HTTP_OPTIONS = 32
};

enum outcome http_server_new(struct http_server **ret_server, struct loop *loop,
    const struct http_limits *limits, struct fault *fault);

/* address: "127.0.0.1:8080", "[::1]:8080", or "unix:/path" (mode 0660, a stale socket is replaced). Port 0 =
 * any free one. STOP with a public text when it is taken or not ours. ret_port may be NULL. */
enum outcome http_server_listen(
    struct http_server *server, const char *address, int *ret_port, struct fault *fault);

/* Stops accepting; running requests may still answer. */
void http_server_close(struct http_server *server);
bool http_server_idle(const struct http_server *server); /* no request waits for its answer */
void http_server_free(struct http_server *server);

typedef void http_handler(struct http_request *request, void *arg);

/* pattern: "/masuk" (exactly) or "/aduan/" + "*" as the last character (everything below). The longest pattern
 * wins. HEAD is answered from GET. Other methods on a known path: 405 with Allow. max_body 0 = no body allowed; a longer
 * body gets its 413 from its Content-Length, or from the size of the chunk that would make it too long. */
enum outcome http_server_route(struct http_server *server, unsigned methods, const char *pattern,
    size_t max_body, http_handler *handler, void *arg, struct fault *fault);

/* Words the server's own errors (400, 404, 405, 408, 413, 414, 417, 431, 501, 503, 505) below a pattern; "/" + "*" is for
 * all others, and for requests whose path could not be read. Without one: a line of plain text. It replies, once. */
typedef void http_error_handler(struct http_request *request, int status, void *arg);
enum outcome http_server_on_error(struct http_server *server, const char *pattern,
    http_error_handler *handler, void *arg, struct fault *fault);

enum http_method http_request_method(const struct http_request *request);
/* percent-decoded once; no NUL, "..", control bytes */
const char *http_request_path(const struct http_request *request);
/* what the '*' of the pattern stands for; "" else */
const char *http_request_rest(const struct http_request *request);
const char *http_request_query(const struct http_request *request); /* raw, without '?'; "" when absent */
const char *http_request_header(const struct http_request *request, const char *name); /* NULL when absent */
/* address of the client; "" on a unix socket */
const char *http_request_peer(const struct http_request *request);

/* The client behind a proxy on this machine (nginx, Caddy): the last address of X-Forwarded-For, believed only when
 * the peer is loopback or a unix socket; else the peer. In the arena; the peer's when that has no memory. */
const char *http_request_client(const struct http_request *request, struct arena *arena);
const unsigned char *http_request_body(const struct http_request *request, size_t *ret_len);

struct http_header {
    const char *name, *value;
};

struct http_response {
    int status;
    const char *content_type;          /* NULL = no body */
    const struct http_header *headers; /* further headers, ends with name NULL; may be NULL */
    const void *body;                  /* copied */
    size_t length;
};

/* Sends the answer and ends the request: the pointer is dead afterwards. */
void http_reply(struct http_request *request, const struct http_response *response);

/* An answer that goes on: its head leaves at once, then whatever is sent, until one side ends. The connection has no
 * deadline then, but who does not read is let go; it gives way when the server is full and nobody else can, and a server
 * that closes does not wait for it. gone is called exactly once when the other side, or the server, ended it; not after
 * http_stream_end(). NULL = it was answered otherwise (HEAD, client gone, closing, no memory), gone is not called. The
 * request is dead either way. response's body and length are not used. */
struct http_stream;
typedef void http_stream_gone(void *arg);
struct http_stream *http_reply_stream(
    struct http_request *request, const struct http_response *response, http_stream_gone *gone, void *arg);
void http_stream_send(struct http_stream *stream, const void *data, size_t n); /* may call gone */
void http_stream_on_drained(
    struct http_stream *stream, http_stream_gone *drained); /* all that was sent has left */
void http_stream_end(struct http_stream *stream);    /* at once: the other side sees that it was cut off */
void http_stream_finish(struct http_stream *stream); /* when all has left; gone is not called any more */

#endif
