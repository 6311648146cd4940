#include "http_listen.h"
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <stdbool.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { UNIX_MODE = 0660 };

static enum outcome listen_refused(struct fault *fault, const char *address, const char *what)
{
    char text[200];
    snprintf(text, sizeof text,
        "Alamat layanan web \"%.100s\" tidak dapat dipakai. Periksa pengaturan alamat.", address);
    return fault_set(fault, OUTCOME_STOP, text, "http: %s: %s", address, what);
}

/* true when somebody accepts there, or when it cannot be told */
static bool unix_alive(const struct sockaddr_un *name)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool alive = fd < 0 || !connect(fd, (const struct sockaddr *)name, sizeof *name) || errno != ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    return alive;
}

static enum outcome unix_bind(
    int fd, const struct sockaddr_un *name, const char *address, struct fault *fault)
{
    struct stat there;
    if (!lstat(name->sun_path, &there)) {
        if (!S_ISSOCK(there.st_mode))
            return listen_refused(fault, address, "something else is there");
        if (unix_alive(name))
            return listen_refused(fault, address, "another process listens there");
        unlink(name->sun_path);
    }
    /* before bind(): the name never exists with wider rights; after it: what the umask took */
    if (fchmod(fd, UNIX_MODE) || bind(fd, (const struct sockaddr *)name, sizeof *name) ||
        chmod(name->sun_path, UNIX_MODE))
        return listen_refused(fault, address, strerror(errno));
    return OUTCOME_DONE;
}

static enum outcome unix_open(struct http_listener *listener, const char *address, struct fault *fault)
{
    const char *path = address + strlen("unix:");
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    struct stat made;
    if (*path != '/' || strlen(path) >= sizeof name.sun_path)
        return listen_refused(fault, address, "not an absolute path of at most 107 bytes");
    memcpy(name.sun_path, path, strlen(path) + 1);
    listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->fd < 0)
        return fault_set(fault, OUTCOME_LATER, NULL, "http: %s: %s", address, strerror(errno));
    enum outcome outcome = unix_bind(listener->fd, &name, address, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    listener->unix_path = strdup(path);
    if (!listener->unix_path || lstat(path, &made)) {
        unlink(path);
        return fault_set(fault, OUTCOME_LATER, NULL, "http: %s: %s", address, strerror(errno));
    }
    listener->device = made.st_dev;
    listener->inode = made.st_ino;
    return OUTCOME_DONE;
}

/* getaddrinfo() would silently cut 99999 to 16 bits */
static bool port_ok(const char *port)
{
    size_t digits = strspn(port, "0123456789");
    return digits && digits <= 5 && !port[digits] && strtoul(port, NULL, 10) <= 65535;
}

static enum outcome tcp_resolve(const char *address, struct addrinfo **ret_info, struct fault *fault)
{
    struct addrinfo hints = {
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    char host[64];
    const char *colon = strrchr(address, ':');
    size_t length = colon ? (size_t)(colon - address) : 0;
    const char *start = address;
    if (length > 2 && start[0] == '[' && start[length - 1] == ']') {
        start++;
        length -= 2;
    } else if (memchr(start, ':', length)) {
        length = 0; /* an IPv6 address needs its brackets */
    }
    if (!length || length >= sizeof host || !port_ok(colon + 1))
        return listen_refused(fault, address, "not of the form address:port");
    memcpy(host, start, length);
    host[length] = 0;
    int error = getaddrinfo(host, colon + 1, &hints, ret_info);
    return error ? listen_refused(fault, address, gai_strerror(error)) : OUTCOME_DONE;
}

static int tcp_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } self = {.v6 = {0}};
    socklen_t size = sizeof self;
    if (getsockname(fd, &self.any, &size))
        return 0;
    return ntohs(self.any.sa_family == AF_INET6 ? self.v6.sin6_port : self.v4.sin_port);
}

static enum outcome tcp_open(struct http_listener *listener, const char *address, struct fault *fault)
{
    struct addrinfo *info = NULL;
    int one = 1;
    enum outcome outcome = tcp_resolve(address, &info, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    listener->fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->fd < 0)
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "http: %s: %s", address, strerror(errno));
    else if (setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
             setsockopt(
                 listener->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) || /* those accepted inherit it */
             bind(listener->fd, info->ai_addr, info->ai_addrlen))
        outcome = listen_refused(fault, address, strerror(errno));
    freeaddrinfo(info);
    return outcome;
}

enum outcome http_listen_open(
    struct http_listener **ret_listener, const char *address, int *ret_port, struct fault *fault)
{
    bool local = !strncmp(address, "unix:", 5);
    struct http_listener *listener = calloc(1, sizeof *listener);
    if (!listener)
        return fault_set(fault, OUTCOME_LATER, NULL, "http: no memory");
    listener->fd = -1;
    enum outcome outcome = local ? unix_open(listener, address, fault) : tcp_open(listener, address, fault);
    if (outcome == OUTCOME_DONE && listen(listener->fd, SOMAXCONN))
        outcome = listen_refused(fault, address, strerror(errno));
    if (outcome != OUTCOME_DONE) {
        http_listen_free(listener);
        return outcome;
    }
    if (ret_port)
        *ret_port = local ? 0 : tcp_port(listener->fd);
    *ret_listener = listener;
    return OUTCOME_DONE;
}

void http_listen_free(struct http_listener *listener)
{
    struct stat there;
    /* A successor may have replaced it already: remove only what we made. */
    if (listener->unix_path && !lstat(listener->unix_path, &there) && there.st_dev == listener->device &&
        there.st_ino == listener->inode)
        unlink(listener->unix_path);
    if (listener->event)
        event_free(listener->event);
    if (listener->fd >= 0)
        close(listener->fd);
    free(listener->unix_path);
    free(listener);
}
