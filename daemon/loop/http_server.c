/* The HTTP server: listeners, the cap on connections and who makes room at it, shares, memory. */
#include "http_private.h"
#include "address.h"
#include "http_listen.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SPARE_DESCRIPTORS = 256, /* book, log, children, mail servers, gateways */
    ACCEPTS_A_TURN = 64,     /* then those who are connected have their turn */
    REST_MS = 100,
    SILENT_MS = 1000, /* who came a moment ago may have sent what nobody has read yet */
    TELL_MS = 60 * 1000,
};

/* ---- who may come in ---- */

/* Who makes room: whoever lingers, else the one that has been longest idle, in its head or in its body, else the longest
 * stream. A request that is being answered never gives way. NULL = nobody can. */
static struct http_connection *server_victim(const struct http_server *server)
{
    struct http_connection *longest = server->connections[HTTP_LINGERING].first;
    if (longest)
        return longest;
    for (int phase = HTTP_IDLE; phase < HTTP_ANSWERING; phase++) {
        struct http_connection *first = server->connections[phase].first;
        if (first && (!longest || first->entered_ms < longest->entered_ms))
            longest = first;
    }
    return longest ? longest : server->connections[HTTP_STREAMING].first;
}

static bool server_evict(struct http_server *server)
{
    struct http_connection *victim = server_victim(server);
    if (victim)
        http_connection_free(victim);
    return victim != NULL;
}

static bool server_has_room(const struct http_server *server)
{
    return server->connected < server->limits.connections || server_victim(server);
}

void http_server_accept(struct http_server *server)
{
    server->full = !server_has_room(server);
    bool open = !server->closing && !server->resting && !server->full;
    for (struct http_listener *l = server->listeners; l; l = l->next) {
        if (open)
            event_add(l->event, NULL);
        else
            event_del(l->event);
    }
}

static void server_rested(void *arg)
{
    struct http_server *server = arg;
    server->resting = false;
    http_server_accept(server);
}

static bool may_tell(int64_t *told_ms)
{
    int64_t now = clock_mono_ms();
    if (*told_ms && now - *told_ms < TELL_MS)
        return false;
    *told_ms = now;
    return true;
}

void http_tell_hung_up(struct http_server *server)
{
    if (may_tell(&server->told_hung_up_ms))
        log_event(LOG_WARN, NULL, "http.hung_up", "connections=%d reason=\"%s\"", server->connected,
            strerror(ENOMEM));
}

void http_tell_no_room(struct http_server *server)
{
    if (may_tell(&server->told_no_room_ms))
        log_event(LOG_WARN, NULL, "http.no_room", "connections=%d status=503", server->connected);
}

/* Unlike at the cap, one turn may find all who came in it still unread: they are not hung up on, the next ones wait in
 * the kernel. */
static bool server_evict_silent(struct http_server *server)
{
    const struct http_connection *victim = server_victim(server);
    bool silent =
        victim && (victim->phase == HTTP_LINGERING || clock_mono_ms() - victim->entered_ms >= SILENT_MS);
    return silent && server_evict(server);
}

/* Out of descriptors or memory. When nobody can make room: without a rest accept() would fail again at once, at full
 * speed. */
static void accept_failed(struct http_server *server, int error)
{
    if (may_tell(&server->told_failed_ms))
        log_event(LOG_WARN, NULL, "http.accept_failed", "connections=%d reason=\"%s\"", server->connected,
            strerror(error));
    if (server_evict_silent(server))
        return;
    server->resting = true;
    loop_timer_set(server->retry_accept, REST_MS);
    http_server_accept(server);
}

/* The address has its share of the connections already. */
static bool beyond_share(struct http_server *server, const struct sockaddr *from)
{
    char peer[INET6_ADDRSTRLEN];
    int most = server->limits.connections_an_address;
    address_text(from, peer, sizeof peer);
    if (!most || http_is_own_machine(peer))
        return false;
    struct http_share *share = http_share_take(&server->shares, peer);
    bool beyond = !share || share->connections >= most;
    http_share_give(&server->shares, share);
    if (beyond && may_tell(&server->told_refused_ms))
        log_event(LOG_WARN, NULL, "http.address_refused", "peer=%s connections=%d", peer, most);
    return beyond;
}

/* Above those numbers that select() can wait for: libmosquitto's sockets must stay below. */
static int descriptor_up(const struct http_server *server, int fd)
{
    int up = server->descriptor_floor && fd < server->descriptor_floor
                 ? fcntl(fd, F_DUPFD_CLOEXEC, server->descriptor_floor)
                 : fd;
    if (up != fd)
        close(fd);
    return up;
}

static void server_admit(struct http_server *server, int fd, const struct sockaddr *from)
{
    if (beyond_share(server, from)) {
        close(fd);
        return;
    }
    fd = descriptor_up(server, fd);
    if (fd < 0) {
        accept_failed(server, errno);
        return;
    }
    if (server->connected >= server->limits.connections)
        server_evict(server);
    if (!http_connection_begin(server, fd, from))
        accept_failed(server, ENOMEM);
}

static void server_ready(evutil_socket_t listening, short what, void *arg)
{
    struct http_server *server = arg;
    (void)what;
    for (int i = 0; i < ACCEPTS_A_TURN && !server->resting; i++) {
        if (!server_has_room(server)) {
            http_server_accept(server); /* they wait in the kernel until an answer has been given */
            return;
        }
        struct sockaddr_storage from = {0};
        socklen_t size = sizeof from;
        int fd = accept4(listening, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            server_admit(server, fd, (const struct sockaddr *)&from);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            accept_failed(server, errno);
        else if (errno == EAGAIN)
            return;
    }
}

bool http_memory_take(struct http_server *server, size_t n)
{
    if (n > server->limits.max_memory - server->held)
        return false;
    server->held += n;
    return true;
}

/* ---- descriptors ---- */

/* As many as the system lets us have; enough is what the connections and everything else need. */
static enum outcome need_descriptors(struct http_server *server, struct fault *fault)
{
    struct rlimit limit;
    rlim_t need = (rlim_t)server->limits.connections + SPARE_DESCRIPTORS;
    if (need > FD_SETSIZE) {
        server->descriptor_floor = FD_SETSIZE;
        need += FD_SETSIZE;
    }
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return fault_set(fault, OUTCOME_LATER, NULL, "http: getrlimit: %s", strerror(errno));
    if (limit.rlim_cur >= need)
        return OUTCOME_DONE;
    if (limit.rlim_max >= need) {
        limit.rlim_cur = limit.rlim_max;
        if (!setrlimit(RLIMIT_NOFILE, &limit))
            return OUTCOME_DONE;
    }
    char text[200];
    snprintf(text, sizeof text,
        "Untuk %d sambungan dibutuhkan %llu berkas terbuka, sistem mengizinkan %llu. Kecilkan [server] "
        "connections atau "
        "besarkan LimitNOFILE (ulimit -n).",
        server->limits.connections, (unsigned long long)need, (unsigned long long)limit.rlim_max);
    return fault_set(fault, OUTCOME_STOP, text, "http: RLIMIT_NOFILE %llu, need %llu",
        (unsigned long long)limit.rlim_max, (unsigned long long)need);
}

/* ---- for its owner ---- */

enum outcome http_server_new(
    struct http_server **ret_server, struct loop *loop, const struct http_limits *limits, struct fault *fault)
{
    struct http_server *server = calloc(1, sizeof *server);
    if (!server)
        return fault_set(fault, OUTCOME_LATER, NULL, "http: no memory");
    server->loop = loop;
    server->limits = *limits;
    for (int i = 0; i < HTTP_PHASES; i++)
        server->connections[i].tail = &server->connections[i].first;
    http_shares_init(&server->shares);
    enum outcome outcome = need_descriptors(server, fault);
    if (!outcome)
        server->retry_accept = loop_timer_new(loop, server_rested, server);
    if (!outcome && !server->retry_accept)
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "http: no memory");
    if (outcome)
        http_server_free(server);
    else
        *ret_server = server;
    return outcome;
}

enum outcome http_server_listen(
    struct http_server *server, const char *address, int *ret_port, struct fault *fault)
{
    struct http_listener *listener = NULL;
    enum outcome outcome = http_listen_open(&listener, address, ret_port, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    listener->event =
        event_new(loop_base(server->loop), listener->fd, EV_READ | EV_PERSIST, server_ready, server);
    if (!listener->event) {
        http_listen_free(listener);
        return fault_set(fault, OUTCOME_LATER, NULL, "http: listen on %s: no memory", address);
    }
    listener->next = server->listeners;
    server->listeners = listener;
    http_server_accept(server);
    return OUTCOME_DONE;
}

void http_server_close(struct http_server *server)
{
    server->closing = true;
    while (server->listeners) {
        struct http_listener *listener = server->listeners;
        server->listeners = listener->next;
        http_listen_free(listener);
    }
    while (server->connections[HTTP_IDLE].first)
        http_connection_free(server->connections[HTTP_IDLE].first);
    while (server->connections[HTTP_STREAMING].first)
        http_connection_free(server->connections[HTTP_STREAMING].first);
}

bool http_server_idle(const struct http_server *server)
{
    return !server->waiting && !server->connections[HTTP_WRITING].first;
}

void http_server_free(struct http_server *server)
{
    if (!server)
        return;
    http_requests_orphan(server);
    http_server_close(server);
    for (int i = 0; i < HTTP_PHASES; i++)
        while (server->connections[i].first)
            http_connection_free(server->connections[i].first);
    loop_timer_free(server->retry_accept);
    http_routes_release(&server->routes);
    http_routes_release(&server->errors);
    free(server);
}

enum outcome http_server_route(struct http_server *server, unsigned methods, const char *pattern,
    size_t max_body, http_handler *handler, void *arg, struct fault *fault)
{
    size_t most = server->limits.max_body_bytes;
    struct http_route route = {.pattern = (char *)(uintptr_t)pattern, /* copied there */
        .methods = methods,
        .max_body = max_body < most ? max_body : most,
        .handler = handler,
        .arg = arg};
    return http_routes_add(&server->routes, &route, fault);
}

enum outcome http_server_on_error(struct http_server *server, const char *pattern,
    http_error_handler *handler, void *arg, struct fault *fault)
{
    struct http_route route = {.pattern = (char *)(uintptr_t)pattern, /* copied there */
        .methods = HTTP_GET,
        .on_error = handler,
        .arg = arg};
    return http_routes_add(&server->errors, &route, fault);
}
