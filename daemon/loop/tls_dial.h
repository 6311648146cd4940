/* A verified TLS connection to a mail server as a bufferevent: system CA store or a CA file, host name checked
 * (RFC 6125), TLS 1.2 and newer, SNI. Never read_ahead, never read watermarks on it: they stall. */
#ifndef LOOP_TLS_DIAL_H
#define LOOP_TLS_DIAL_H

#include "loop.h"
#include <stdbool.h>
#include <stddef.h>

struct bufferevent;
struct tls_dial;

struct tls_peer {
    const char *host;
    int port;
    bool tls;            /* false only for loopback: refused otherwise */
    bool upgrade;        /* with tls: connect bare, tls_upgrade() follows before anything secret is said */
    const char *ca_file; /* NULL = the system's store */
    const char
        *pin; /* SHA-256 of the server's public key (SubjectPublicKeyInfo), 64 hex digits, colons allowed:
                            it alone decides then, no CA and no name. NULL = none */
    int timeout_seconds; /* name, connect and handshake together */
};

/* connected runs exactly once unless tls_dial_cancel() came first: with the verified connection (now the
 * caller's, callbacks unset), or NULL and a fault whose public text says what to mend (LATER: away; STOP:
 * certificate). */
enum outcome tls_dial(struct tls_dial **ret_dial, struct loop *loop, const struct tls_peer *peer,
    void (*connected)(
        void *arg, struct bufferevent *connection, enum outcome outcome, const struct fault *fault),
    void *arg, struct fault *fault);
void tls_dial_cancel(struct tls_dial *dial);

/* TLS on a connection that a dial with `upgrade` gave, which is taken. Its input must be empty: what came in clear
 * behind the word that TLS may begin was put there by somebody else (CVE-2011-0411). connected as above. */
enum outcome tls_upgrade(struct tls_dial **ret_dial, struct loop *loop, const struct tls_peer *peer,
    struct bufferevent *connection,
    void (*connected)(
        void *arg, struct bufferevent *connection, enum outcome outcome, const struct fault *fault),
    void *arg, struct fault *fault);

/* Joins two bufferevents both ways with back-pressure (<= 256 KiB buffered a side), counts bytes, and calls `cut`
 * once, when either side ends or the cap is passed. Takes over the callbacks of both; frees neither. */
struct tls_pump;
struct tls_pump *tls_pump_new(struct bufferevent *server, struct bufferevent *child, size_t max_bytes,
    void (*cut)(void *arg, const char *why), void *arg);
size_t tls_pump_received(const struct tls_pump *pump); /* bytes from the server so far */
void tls_pump_free(struct tls_pump *pump);             /* NULL is fine */

#endif
