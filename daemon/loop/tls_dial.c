/* Dialling a mail server: name, connection, TLS, in one total time. No byte is handed on before the
 * certificate and the name in it were verified; nothing here falls back to clear text. */
#include "tls_dial.h"
#include "address.h"
#include "resolve.h"
#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

struct tls_dial {
    struct loop *loop;
    char *host, *ca_file;
    int port;
    bool tls, upgrade;
    bool pinned;
    unsigned char pin[SHA256_DIGEST_LENGTH], seen[SHA256_DIGEST_LENGTH];
    struct resolve *resolve;
    struct addrinfo *addresses, *next; /* tried one after the other */
    SSL_CTX *context;
    struct bufferevent *bev;
    struct loop_timer *deadline;
    bool tcp_up; /* the server has accepted: what fails now is TLS */
    char last_error[160];
    void (*connected)(void *, struct bufferevent *, enum outcome, const struct fault *);
    void *arg;
};

static void dial_free(struct tls_dial *dial)
{
    resolve_cancel(dial->resolve);
    if (dial->bev)
        bufferevent_free(dial->bev);
    if (dial->addresses)
        freeaddrinfo(dial->addresses);
    SSL_CTX_free(dial->context);
    loop_timer_free(dial->deadline);
    free(dial->host);
    free(dial->ca_file);
    free(dial);
}

static void dial_end(struct tls_dial *dial, enum outcome outcome, const struct fault *fault)
{
    struct bufferevent *bev = NULL;
    void (*connected)(void *, struct bufferevent *, enum outcome, const struct fault *) = dial->connected;
    void *arg = dial->arg;
    struct fault copy = fault ? *fault : (struct fault){{0}, {0}};
    if (outcome == OUTCOME_DONE) {
        bev = dial->bev;
        dial->bev = NULL;
        bufferevent_disable(bev, EV_READ);
        bufferevent_setcb(bev, NULL, NULL, NULL, NULL);
        bufferevent_set_timeouts(bev, NULL, NULL);
    }
    dial_free(dial);
    connected(arg, bev, outcome, &copy);
}

static void dial_away(struct tls_dial *dial, const char *why)
{
    char text[200];
    struct fault fault;
    snprintf(text, sizeof text, "Server %.100s tidak dapat dihubungi. Akan dicoba lagi.", dial->host);
    fault_set(&fault, OUTCOME_LATER, text, "dial %s:%d: %s", dial->host, dial->port, why);
    dial_end(dial, OUTCOME_LATER, &fault);
}

static void dial_refused(struct tls_dial *dial, const char *what, const char *why)
{
    char text[240];
    struct fault fault;
    snprintf(text, sizeof text, "Server %.90s: %s", dial->host, what);
    fault_set(&fault, OUTCOME_STOP, text, "dial %s:%d: %s", dial->host, dial->port, why);
    dial_end(dial, OUTCOME_STOP, &fault);
}

static void dial_expired(void *arg)
{
    struct tls_dial *dial = arg;
    dial_away(dial, dial->tcp_up ? "no TLS within the time" : "no connection within the time");
}

/* The admin compares it with what the server's owner says, and writes it into the configuration. */
static void dial_wrong_key(struct tls_dial *dial)
{
    char what[180], hex[3 * sizeof dial->seen + 1];
    for (size_t i = 0; i < sizeof dial->seen;
         i++) /* with colons: the log takes long numbers for telephones */
        snprintf(hex + 3 * i, 4, "%02X:", dial->seen[i]);
    hex[3 * sizeof dial->seen - 1] = 0;
    snprintf(what, sizeof what, "kuncinya bukan yang tercatat di pin; sidik jarinya kini %s.", hex);
    dial_refused(dial, what, "another public key than the pinned one");
}

static const char *certificate_text(long verify)
{
    switch (verify) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "sertifikatnya untuk nama lain. Periksa nama server di pengaturan.";
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "sertifikatnya kedaluwarsa. Hubungi pengelola server, periksa juga jam komputer ini.";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "sertifikatnya belum berlaku. Periksa jam komputer ini.";
    default:
        return "sertifikatnya tidak dipercaya. Periksa pengaturan CA atau hubungi pengelola server.";
    }
}

static void dial_try(struct tls_dial *dial);

/* TCP is up but TLS is not: a verdict about the certificate, a server that speaks no TLS, or a line that
 * broke. */
static void dial_tls_failed(struct tls_dial *dial, short what)
{
    unsigned long error = bufferevent_get_openssl_error(dial->bev);
    long verify = SSL_get_verify_result(bufferevent_openssl_get_ssl(dial->bev));
    const char *reason = error ? ERR_reason_error_string(error) : NULL;
    if (verify == X509_V_ERR_APPLICATION_VERIFICATION)
        dial_wrong_key(dial);
    else if (verify == X509_V_ERR_OUT_OF_MEM || (error && ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE))
        dial_away(dial, "no memory for TLS");
    else if (verify != X509_V_OK)
        dial_refused(dial, certificate_text(verify), X509_verify_cert_error_string(verify));
    else if (error && ERR_GET_LIB(error) == ERR_LIB_SSL &&
             ERR_GET_REASON(error) != SSL_R_UNEXPECTED_EOF_WHILE_READING)
        dial_refused(dial, "tidak dapat berbicara TLS di porta ini. Periksa porta (IMAP 993, SMTP 465).",
            reason ? reason : "TLS failed");
    else
        dial_away(dial,
            what & BEV_EVENT_EOF ? "closed during the TLS handshake" : "broken during the TLS handshake");
}

static void dial_event(struct bufferevent *bev, short what, void *arg)
{
    struct tls_dial *dial = arg;
    if (what & BEV_EVENT_CONNECTED) {
        SSL *ssl = dial->tls && dial->tcp_up ? bufferevent_openssl_get_ssl(bev) : NULL;
        /* SSL_VERIFY_PEER has ended a bad handshake already; this keeps it true whatever a library
         * changes. */
        if (ssl && SSL_get_verify_result(ssl) != X509_V_OK)
            dial_tls_failed(dial, what);
        else
            dial_end(dial, OUTCOME_DONE, NULL);
        return;
    }
    if (dial->tcp_up && dial->tls) {
        dial_tls_failed(dial, what);
        return;
    }
    snprintf(dial->last_error, sizeof dial->last_error, "%s", strerror(errno));
    bufferevent_free(bev);
    dial->bev = NULL;
    dial_try(dial);
}

static SSL *dial_ssl(struct tls_dial *dial)
{
    struct in6_addr numeric;
    bool is_address =
        inet_pton(AF_INET, dial->host, &numeric) == 1 || inet_pton(AF_INET6, dial->host, &numeric) == 1;
    SSL *ssl = SSL_new(dial->context);
    if (!ssl)
        return NULL;
    SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS); /* RFC 6125 6.4.3 */
    if (dial->pinned) {
        if (is_address || SSL_set_tlsext_host_name(ssl, dial->host))
            return ssl;
        SSL_free(ssl);
        return NULL;
    }
    int ok = is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), dial->host)
                        : SSL_set1_host(ssl, dial->host) && SSL_set_tlsext_host_name(ssl, dial->host);
    if (ok)
        return ssl;
    SSL_free(ssl);
    return NULL;
}

/* A line that died without a word is noticed although nothing is said for ten minutes of IDLE. Short words and short
 * answers take turns here: waiting for more to send with them only costs the other side's delayed acknowledgement. */
static void dial_set_socket(evutil_socket_t fd)
{
    const int on = 1, idle = 60, between = 20, probes = 3;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &between, sizeof between);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

static void dial_begin_tls(struct tls_dial *dial, evutil_socket_t fd);

/* The TCP connection comes first and bare: only then a failure can be told from a refused certificate. */
static void dial_tcp_event(struct bufferevent *bev, short what, void *arg)
{
    struct tls_dial *dial = arg;
    evutil_socket_t fd = bufferevent_getfd(bev);
    if (what & BEV_EVENT_CONNECTED)
        dial_set_socket(fd);
    if (!(what & BEV_EVENT_CONNECTED) || !dial->tls || dial->upgrade) {
        dial_event(bev, what, arg);
        return;
    }
    bufferevent_setfd(bev, -1); /* the socket moves into the TLS bufferevent */
    bufferevent_free(bev);
    dial_begin_tls(dial, fd);
}

static void dial_begin_tls(struct tls_dial *dial, evutil_socket_t fd)
{
    SSL *ssl = dial_ssl(dial);
    dial->tcp_up = true;
    /* never BEV_OPT_... read_ahead, no read watermarks: they stall */
    dial->bev = ssl ? bufferevent_openssl_socket_new(loop_base(dial->loop), fd, ssl,
                          BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS)
                    : NULL;
    if (!dial->bev) {
        evutil_closesocket(fd); /* ssl was freed by libevent's own failure */
        dial_away(dial, "no memory");
        return;
    }
    /* IMAP says LOGOUT; many servers just close */
    bufferevent_openssl_set_allow_dirty_shutdown(dial->bev, 1);
    bufferevent_setcb(dial->bev, NULL, NULL, dial_event, dial);
    bufferevent_enable(dial->bev, EV_READ | EV_WRITE);
}

static void dial_try(struct tls_dial *dial)
{
    struct addrinfo *address = dial->next;
    if (!address) {
        char why[sizeof dial->last_error];
        memcpy(why, dial->last_error, sizeof why);
        dial_away(dial, why);
        return;
    }
    dial->next = address->ai_next;
    dial->bev =
        bufferevent_socket_new(loop_base(dial->loop), -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (!dial->bev) {
        dial_away(dial, "no memory");
        return;
    }
    bufferevent_setcb(dial->bev, NULL, NULL, dial_tcp_event, dial);
    if (bufferevent_socket_connect(dial->bev, address->ai_addr, (int)address->ai_addrlen)) {
        snprintf(dial->last_error, sizeof dial->last_error, "%s", strerror(errno));
        bufferevent_free(dial->bev);
        dial->bev = NULL;
        dial_try(dial); /* as deep as there are addresses: resolve.h limits them */
    }
}

static void dial_resolved(void *arg, struct addrinfo *addresses, const char *error)
{
    struct tls_dial *dial = arg;
    dial->resolve = NULL;
    dial->addresses = dial->next = addresses;
    if (!addresses) {
        char text[200];
        struct fault fault;
        snprintf(text, sizeof text,
            "Alamat server %.100s tidak ditemukan. Periksa namanya dan sambungan internet.", dial->host);
        fault_set(&fault, OUTCOME_LATER, text, "dial %s: name: %s", dial->host, error);
        dial_end(dial, OUTCOME_LATER, &fault);
        return;
    }
    for (struct addrinfo *a = addresses; a && !dial->tls; a = a->ai_next) {
        if (!address_is_loopback(a->ai_addr)) {
            dial_refused(dial, "sambungan tanpa TLS hanya boleh ke komputer ini sendiri.",
                "clear text beyond loopback");
            return;
        }
    }
    dial_try(dial);
}

/* Instead of the chain: is it the very key? */
static int dial_check_pin(X509_STORE_CTX *store, void *arg)
{
    struct tls_dial *dial = arg;
    unsigned char *key = NULL;
    X509 *certificate = X509_STORE_CTX_get0_cert(store);
    int length = certificate ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key) : -1;
    bool same = length > 0 && SHA256(key, (size_t)length, dial->seen) &&
                !memcmp(dial->seen, dial->pin, sizeof dial->pin);
    OPENSSL_free(key);
    X509_STORE_CTX_set_error(store, same ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
    return same;
}

static bool dial_read_pin(struct tls_dial *dial, const char *pin)
{
    size_t digits = 0;
    for (; *pin; pin++) {
        if (*pin == ':')
            continue;
        int value = OPENSSL_hexchar2int((unsigned char)*pin);
        if (value < 0 || digits >= 2 * sizeof dial->pin)
            return false;
        dial->pin[digits / 2] = (unsigned char)(dial->pin[digits / 2] << 4 | value);
        digits++;
    }
    dial->pinned = digits == 2 * sizeof dial->pin;
    return dial->pinned;
}

static SSL_CTX *dial_context(struct tls_dial *dial, const char *ca_file)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (!context)
        return NULL;
    /* The check below must never be asked again when the dial is gone. */
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    if (dial->pinned)
        SSL_CTX_set_cert_verify_callback(context, dial_check_pin, dial);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    /* the system's store is a folder by hash: read when needed, so this does not hold up the loop */
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) &&
        (ca_file ? SSL_CTX_load_verify_locations(context, ca_file, NULL)
                 : SSL_CTX_set_default_verify_paths(context)))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

static struct tls_dial *dial_new(struct loop *loop, const struct tls_peer *peer)
{
    struct tls_dial *dial = calloc(1, sizeof *dial);
    if (!dial)
        return NULL;
    dial->loop = loop;
    dial->port = peer->port;
    dial->tls = peer->tls;
    dial->upgrade = peer->upgrade;
    dial->host = strdup(peer->host);
    dial->ca_file = peer->ca_file ? strdup(peer->ca_file) : NULL;
    dial->deadline = loop_timer_new(loop, dial_expired, dial);
    if (dial->host && dial->deadline && (dial->ca_file || !peer->ca_file) &&
        (!peer->pin || dial_read_pin(dial, peer->pin)))
        return dial;
    dial_free(dial);
    return NULL;
}

/* *ret_dial with its context made; the caller starts it. */
static enum outcome dial_prepare(struct tls_dial **ret_dial, struct loop *loop, const struct tls_peer *peer,
    void (*connected)(void *, struct bufferevent *, enum outcome, const struct fault *), void *arg,
    struct fault *fault)
{
    struct tls_dial *dial = dial_new(loop, peer);
    if (!dial)
        return fault_set(fault, OUTCOME_LATER, NULL, "dial %s: no memory, or the pin is none", peer->host);
    dial->connected = connected;
    dial->arg = arg;
    if (peer->tls && !(dial->context = dial_context(dial, peer->ca_file))) {
        dial_free(dial);
        ERR_clear_error();
        return fault_set(fault, OUTCOME_STOP, "Berkas CA tidak dapat dibaca. Periksa pengaturannya.",
            "dial: CA file %s", peer->ca_file ? peer->ca_file : "(system)");
    }
    *ret_dial = dial;
    return OUTCOME_DONE;
}

enum outcome tls_dial(struct tls_dial **ret_dial, struct loop *loop, const struct tls_peer *peer,
    void (*connected)(
        void *arg, struct bufferevent *connection, enum outcome outcome, const struct fault *fault),
    void *arg, struct fault *fault)
{
    struct tls_dial *dial;
    enum outcome outcome = dial_prepare(&dial, loop, peer, connected, arg, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    outcome = resolve_start(&dial->resolve, loop, peer->host, peer->port, dial_resolved, dial, fault);
    if (outcome != OUTCOME_DONE) {
        dial_free(dial);
        return outcome;
    }
    loop_timer_set(dial->deadline, peer->timeout_seconds * INT64_C(1000));
    *ret_dial = dial;
    return OUTCOME_DONE;
}

enum outcome tls_upgrade(struct tls_dial **ret_dial, struct loop *loop, const struct tls_peer *peer,
    struct bufferevent *connection,
    void (*connected)(
        void *arg, struct bufferevent *connection, enum outcome outcome, const struct fault *fault),
    void *arg, struct fault *fault)
{
    struct tls_dial *dial;
    bool clean = !evbuffer_get_length(bufferevent_get_input(connection));
    enum outcome outcome =
        clean ? dial_prepare(&dial, loop, peer, connected, arg, fault)
              : fault_set(fault, OUTCOME_STOP,
                    "Server mengirim sesuatu di luar TLS. Sambungan ini tidak dapat dipercaya.",
                    "dial %s: clear text behind the word that TLS may begin", peer->host);
    if (outcome != OUTCOME_DONE) {
        bufferevent_free(connection);
        return outcome;
    }
    evutil_socket_t fd = bufferevent_getfd(connection);
    bufferevent_setfd(connection, -1);
    bufferevent_free(connection);
    loop_timer_set(dial->deadline, peer->timeout_seconds * INT64_C(1000));
    *ret_dial = dial;
    dial_begin_tls(dial, fd);
    return OUTCOME_DONE;
}

void tls_dial_cancel(struct tls_dial *dial)
{
    if (dial)
        dial_free(dial);
}
