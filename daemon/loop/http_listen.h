/* Listening sockets of the HTTP server: numeric addresses and unix sockets. Private to http_server.c. */
#ifndef LOOP_HTTP_LISTEN_H
#define LOOP_HTTP_LISTEN_H

#include "daemon/base/fault.h"
#include <sys/types.h>

struct event;

struct http_listener {
    int fd;
    struct event *event; /* owned; the server's */
    char *unix_path;     /* owned; removed at the end when it is still the socket we made. NULL for TCP */
    dev_t device;
    ino_t inode;
    struct http_listener *next;
};

enum outcome http_listen_open(
    struct http_listener **ret_listener, const char *address, int *ret_port, struct fault *fault);
void http_listen_free(struct http_listener *listener); /* closes it */

#endif
