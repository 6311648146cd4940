/* What the files of the HTTP server share: http_server.c (listeners, connections, deadlines), http_request.c (one
 * request and its answer), http_route.c (table and paths), http_strict.c (what evhttp lets pass). Loop thread only. */
#ifndef LOOP_HTTP_PRIVATE_H
#define LOOP_HTTP_PRIVATE_H

#include "http_server.h"
#include <event2/util.h>
#include <netinet/in.h>

struct bufferevent;
struct evbuffer_cb_entry;
struct evhttp;
struct evhttp_connection;
struct evhttp_request;

/* accepted → idle → reading → answering → writing → idle ...; from any of them to the end */
enum http_phase {
    HTTP_ACCEPTED,  /* evhttp has not yet made its connection object: not watched */
    HTTP_IDLE,      /* no byte of a request yet: idle_seconds */
    HTTP_READING,   /* request_seconds from its first byte */
    HTTP_ANSWERING, /* the handler has it: no deadline, that is the handler's affair */
    HTTP_WRITING,   /* answer on its way: request_seconds and 1 s for each KiB */
};

struct http_connection {
    struct http_server *server;
    struct bufferevent *bev; /* evhttp's; ours too (a reference) while HTTP_ACCEPTED */
    struct evbuffer_cb_entry *watch;
    struct loop_timer *deadline;
    enum http_phase phase;
    evutil_socket_t fd; /* -1 while HTTP_ACCEPTED */
    bool local;         /* unix socket */
    struct http_request *request;
    struct http_connection *next, **prev;
};

struct http_route {
    char *pattern; /* owned; without the '*' */
    size_t length; /* of pattern */
    bool below;    /* there was a '*' */
    unsigned methods;
    size_t max_body;
    http_handler *handler;
    void *arg;
};

struct http_routes {
    struct http_route *table; /* longest first, exact before '*' */
    size_t count;
};

struct http_request {
    struct http_server *server;         /* NULL when the server was freed meanwhile */
    struct http_connection *connection; /* NULL when the client has gone */
    struct evhttp_request *evreq;       /* NULL when the server was freed meanwhile */
    enum http_method method;
    bool head;                       /* a HEAD answered from GET */
    bool close;                      /* the answer ends the connection */
    unsigned allow;                  /* methods for a 405's Allow; 0 = none */
    const char *path, *query, *rest; /* in text */
    char peer[INET6_ADDRSTRLEN];
    struct http_request *next, **prev; /* all that wait for their answer */
    char text[];
};

struct http_server {
    struct loop *loop;
    struct evhttp *evhttp;
    struct http_limits limits;
    struct http_listener *listeners;
    struct http_connection *connections, **by_fd;
    size_t by_fd_size;
    int connected;
    struct loop_timer *retry_accept; /* out of descriptors: listeners rest until it fires */
    bool resting, starving, closing;
    struct http_routes routes;
    void (*on_error)(struct http_request *, int, void *);
    void *on_error_arg;
    struct http_request *waiting;
    struct http_server *next;
};

/* http_strict.c: false = answer 400 and close. */
bool http_strict_ok(struct evhttp_request *evreq);

/* http_route.c */
enum outcome http_routes_add(struct http_routes *routes, const struct http_route *route, struct fault *fault);
void http_routes_release(struct http_routes *routes);
/* 0 and *ret_route, or 404 / 405 (then *ret_allow holds the methods). */
int http_routes_find(const struct http_routes *routes, unsigned method, const char *path,
    const struct http_route **ret_route, unsigned *ret_allow);
/* Decodes into out (size > strlen(raw)); false for anything a path of ours cannot be. */
bool http_path_decode(const char *raw, char *out);
void http_allow_text(unsigned methods, char *out, size_t size); /* "GET, HEAD, POST" */

/* http_request.c: evhttp's call-back for every request that it could read */
void http_request_arrived(struct evhttp_request *evreq, void *server);
void http_requests_orphan(struct http_server *server);

/* http_server.c */
struct http_connection *http_connection_of(struct http_server *server, struct evhttp_request *evreq);
void http_connection_enter(struct http_connection *connection, enum http_phase phase, size_t answer_bytes);

#endif
