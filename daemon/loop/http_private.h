/* What the files of the HTTP server share: http_server.c (listeners, cap, shares), http_connection.c (one connection
 * through its phases), http_request.c (one request from its head to its handler), http_reply.c (its answer), http_stream.c (one that goes on),
 * http_route.c (table and paths). http_head.c and http_chunk.c read, and know none of these. Loop thread only. */
#ifndef LOOP_HTTP_PRIVATE_H
#define LOOP_HTTP_PRIVATE_H

#include "http_chunk.h"
#include "http_head.h"
#include "http_server.h"
#include "http_share.h"
#include "daemon/base/str.h"
#include <netinet/in.h>
#include <stdint.h>

struct bufferevent;
struct evbuffer;
struct http_listener;

enum {
    /* of each body and answer: small forms and callbacks never suffer from big ones */
    HTTP_FREE_BYTES = 64 * 1024,
    /* one client may hold a quarter of the memory for the rest */
    HTTP_MEMORY_SHARES = 4,
};

/* idle → head → body → answering → writing → idle ...; a last answer → lingering → the end. From any to the end. */
enum http_phase {
    HTTP_LINGERING, /* answered for good: what still comes is thrown away, so that the answer is not lost to a reset */
    HTTP_IDLE,      /* no byte of a request yet: idle_seconds */
    HTTP_IN_HEAD,   /* request_seconds from its first byte */
    HTTP_IN_BODY,   /* the same, and a second more for each 8 KiB that came */
    HTTP_ANSWERING, /* the handler has it: no deadline, that is the handler's affair */
    HTTP_WRITING,   /* answer on its way: request_seconds and 1 s for each KiB */
    HTTP_STREAMING, /* an answer that goes on: no deadline, but http_stream.c's bound on what is not read */
    HTTP_PHASES,
};

struct http_connection {
    struct http_server *server;
    struct bufferevent *bev;
    struct loop_timer *deadline;
    struct http_request *request; /* from its head to its answer */
    struct http_stream *stream;   /* while HTTP_STREAMING; owned */
    struct http_share *share;     /* of the peer; NULL for a proxy on this machine */
    size_t held;                  /* bytes of the answer, counted against the server's memory */
    int64_t began_ms;             /* clock_mono_ms() of the request's first byte */
    size_t scanned;               /* of the head */
    struct http_chunks chunks;
    enum http_phase phase;
    int64_t entered_ms; /* clock_mono_ms() of that */
    bool ended;         /* the client sends no more */
    bool last;          /* the answer being written ends the connection */
    bool forgiven;      /* the one empty line before a request */
    char peer[INET6_ADDRSTRLEN];
    struct http_connection *next, **prev; /* those of one phase, in the order they entered it */
};

struct http_stream {
    struct http_connection *connection;
    http_stream_gone *gone, *drained;
    void *arg;
    bool plain;     /* HTTP/1.0 knows no chunks */
    bool finishing; /* what was sent is still to leave */
};

struct http_list {
    struct http_connection *first, **tail;
};

struct http_route {
    char *pattern; /* owned; without the '*' */
    size_t length; /* of pattern */
    bool below;    /* there was a '*' */
    unsigned methods;
    size_t max_body;
    http_handler *handler;
    http_error_handler *on_error; /* in the table of errors instead */
    void *arg;
};

struct http_routes {
    struct http_route *table; /* longest first, exact before '*' */
    size_t count;
};

struct http_request {
    struct http_server *server;         /* NULL when the server was freed meanwhile */
    struct http_connection *connection; /* NULL when the client has gone */
    const struct http_route *route;     /* NULL when it is refused */
    enum http_method method;
    bool head;               /* a HEAD answered from GET */
    bool close;              /* the answer ends the connection */
    bool streams;            /* the answer has no length */
    unsigned allow;          /* methods for a 405's Allow; 0 = none */
    const char *path, *rest; /* path: decoded, in text, "" when there is none */
    struct http_head said;   /* in text */
    struct str body;
    struct http_share *share; /* of the client behind the proxy; NULL while it holds little */
    size_t held;              /* bytes counted against that and the server's memory */
    char peer[INET6_ADDRSTRLEN];
    struct http_request *next, **prev; /* all that wait for their answer */
    char text[];                       /* the head, and the decoded path */
};

struct http_server {
    struct loop *loop;
    struct http_limits limits;
    struct http_listener *listeners;
    struct http_list connections[HTTP_PHASES];
    int connected, descriptor_floor;
    size_t held;
    struct http_shares shares;
    struct loop_timer *retry_accept; /* out of descriptors: listeners rest until it fires */
    bool resting, full, closing;
    int64_t told_failed_ms, told_refused_ms, told_hung_up_ms,
        told_no_room_ms; /* when that was last logged: once a minute */
    struct http_routes routes, errors;
    struct http_request *waiting;
};

/* http_route.c */
enum outcome http_routes_add(struct http_routes *routes, const struct http_route *route, struct fault *fault);
void http_routes_release(struct http_routes *routes);
/* 0 and *ret_route, or 404 / 405 (then *ret_allow holds the methods). */
int http_routes_find(const struct http_routes *routes, unsigned method, const char *path,
    const struct http_route **ret_route, unsigned *ret_allow);
/* Decodes into out (size > strlen(raw)); false for anything a path of ours cannot be. */
bool http_path_decode(const char *raw, char *out);
void http_allow_text(unsigned methods, char *out, size_t size); /* "GET, HEAD, POST" */

/* http_request.c */
/* A request of the connection from its whole head (removed from input), linked to both; NULL without memory. *ret_status:
 * 0, or what refuses it. n = 0: a request that could not be read, for its refusal. */
struct http_request *http_request_new(
    struct http_connection *connection, struct evbuffer *input, size_t n, int *ret_status);
/* More of the body: false when that is beyond the server's memory or the client's share of it. */
bool http_request_keep(struct http_request *request, struct evbuffer *input, size_t n);
void http_request_wait(struct http_request *request);               /* its answer is awaited from now on */
void http_request_refuse(struct http_request *request, int status); /* and close */
void http_request_free(struct http_request *request);
void http_requests_orphan(struct http_server *server);

/* http_reply.c */
void http_write_continue(struct evbuffer *out);

/* http_stream.c */
void http_stream_drained(struct http_stream *stream); /* nothing of it waits any more */
void http_stream_lost(struct http_stream *stream);    /* its connection is no more */

/* http_connection.c */
/* False without memory; fd is closed either way. */
bool http_connection_begin(struct http_server *server, int fd, const struct sockaddr *from);
void http_connection_enter(struct http_connection *connection, enum http_phase phase);
void http_connection_free(struct http_connection *connection);
/* A proxy may speak there: loopback's own address, or a unix socket (""). */
bool http_is_own_machine(const char *peer);

/* http_server.c */
/* A client is hung up on without an answer, for want of memory: a line in the log, once a minute. */
void http_tell_hung_up(struct http_server *server);
void http_tell_no_room(
    struct http_server *server); /* for a body: bodies hold too much already, or no memory */
void http_server_accept(struct http_server *server); /* there may be room for one more now, or no longer */
bool http_memory_take(struct http_server *server, size_t n); /* false = beyond the limit */

#endif
