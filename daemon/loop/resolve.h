/* Names to addresses without holding up the loop: getaddrinfo() on a short-lived thread, so that /etc/hosts,
 * nsswitch.conf and gai.conf are obeyed as everywhere on the machine. Private to daemon/loop; loop thread only. */
#ifndef LOOP_RESOLVE_H
#define LOOP_RESOLVE_H

#include "loop.h"

struct addrinfo;
struct resolve;

/* resolved runs once, never from inside this function, unless resolve_cancel() came first: with addresses (at most
 * 16; the receiver's, freeaddrinfo) or NULL and what getaddrinfo() said. The resolve is dead memory then. Numeric
 * addresses need no thread. */
enum outcome resolve_start(struct resolve **ret_resolve, struct loop *loop, const char *host, int port,
    void (*resolved)(void *arg, struct addrinfo *addresses, const char *error), void *arg,
    struct fault *fault);
void resolve_cancel(struct resolve *resolve); /* NULL is fine; a thread that still asks ends by itself */

#endif
