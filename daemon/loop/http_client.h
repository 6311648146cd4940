/* HTTP requests to gateways (libcurl multi on the loop). No redirects, no proxy, no netrc; https unless the call
 * says the peer is a loopback gateway; private addresses are refused on the RESOLVED address unless allowed. */
#ifndef LOOP_HTTP_CLIENT_H
#define LOOP_HTTP_CLIENT_H

#include "loop.h"
#include "http_server.h"
#include <stdbool.h>
#include <stddef.h>

struct http_client;

enum http_sent {
    HTTP_NOT_SENT, /* no connection, TLS refused, name unknown: the peer cannot have acted */
    HTTP_UNKNOWN,  /* the request may have been read, no complete answer came */
    HTTP_ANSWERED, /* status and body are the peer's */
};

struct http_call {
    const char *method; /* "GET", "POST" */
    const char *url;
    const struct http_header *headers; /* ends with name NULL; may be NULL; CR and LF are refused */
    const void *body;
    size_t length;
    const char *ca_file; /* NULL = the system's */
    bool private_peer; /* http: and private addresses allowed: a gateway in the house, set by configuration */
    int timeout_seconds; /* whole call, waiting for its turn included (8 at once to one host) */
    size_t max_answer;   /* bytes; longer = HTTP_UNKNOWN for POST */
};

struct http_answer {
    enum http_sent sent;
    int status;
    const char *content_type; /* "" when absent */
    const char
        *location; /* where a 3xx points to, absolute; NULL = nowhere. The caller decides whether to go */
    bool address_refused; /* not HTTP_ANSWERED because its address is private */
    bool too_long;        /* not HTTP_ANSWERED because the answer is longer than max_answer */
    const char *body;     /* NUL added; valid during the call-back */
    size_t length;
    struct fault fault; /* when not HTTP_ANSWERED */
};

enum outcome http_client_new(struct http_client **ret_client, struct loop *loop, struct fault *fault);
void http_client_free(struct http_client *client); /* pending calls get HTTP_UNKNOWN */

/* Copies the call. answered runs exactly once, on the loop, never from inside this function. */
enum outcome http_client_call(struct http_client *client, const struct http_call *call,
    void (*answered)(void *arg, const struct http_answer *answer), void *arg, struct fault *fault);

#endif
