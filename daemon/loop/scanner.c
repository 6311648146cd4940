#include "scanner.h"
#include "address.h"
#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

enum { CHUNK_MAX = 1 << 20, REPLY_MAX = 512 };

struct question {
    struct scanner *scanner;
    const unsigned char *data;
    size_t left;
    scanner_done *done;
    void *arg;
    struct bufferevent *line; /* NULL = waits for its turn */
    bool ended;               /* the last, empty chunk is written */
    struct question *next;
};

struct scanner {
    struct loop *loop;
    struct sockaddr_storage address;
    socklen_t address_size;
    struct question *questions; /* in order of asking */
    int lines;
    bool closed;
};

/* ---- address ---- */

static bool read_unix(struct scanner *scanner, const char *path)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (*path != '/' || length >= sizeof local.sun_path)
        return false;
    memcpy(local.sun_path, path, length);
    memcpy(&scanner->address, &local, sizeof local);
    scanner->address_size = sizeof local;
    return true;
}

static bool read_address(struct scanner *scanner, const char *address)
{
    if (!strncmp(address, "unix:", 5))
        return read_unix(scanner, address + 5);
    int size = sizeof scanner->address;
    if (evutil_parse_sockaddr_port(address, (struct sockaddr *)&scanner->address, &size))
        return false;
    scanner->address_size = (socklen_t)size;
    return address_is_loopback((const struct sockaddr *)&scanner->address);
}

/* ---- one question ---- */

static void ask_next(struct scanner *scanner);

static void settle(struct question *q, enum scan result, const char *why)
{
    struct scanner *scanner = q->scanner;
    struct question **at = &scanner->questions;
    while (*at && *at != q)
        at = &(*at)->next;
    if (*at)
        *at = q->next;
    if (q->line) {
        bufferevent_free(q->line);
        scanner->lines--;
    }
    q->done(q->arg, result, why);
    free(q);
}

/* The next chunk, as soon as the one before has left: its length in four bytes, then the bytes, which are lent. */
static void write_chunk(struct bufferevent *line, void *arg)
{
    struct question *q = arg;
    struct evbuffer *out = bufferevent_get_output(line);
    if (q->ended)
        return;
    size_t n = q->left < CHUNK_MAX ? q->left : CHUNK_MAX;
    uint32_t length = htonl((uint32_t)n);
    bool failed = evbuffer_add(out, &length, sizeof length) ||
                  (n && evbuffer_add_reference(out, q->data, n, NULL, NULL));
    q->ended = !n;
    q->data += n;
    q->left -= n;
    if (failed) {
        struct scanner *scanner = q->scanner;
        settle(q, SCAN_UNKNOWN, "no memory");
        ask_next(scanner);
    }
}

/* "stream: OK", "stream: Eicar-Signature FOUND", or an error in words. */
static void judge(struct question *q, char *reply)
{
    static const char head[] = "stream: ", found[] = " FOUND";
    struct scanner *scanner = q->scanner;
    char *said = strncmp(reply, head, strlen(head)) ? reply : reply + strlen(head);
    size_t n = strlen(said), tail = strlen(found);
    for (char *p = said; *p; p++)
        if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
            *p = '?';
    if (said != reply && !strcmp(said, "OK"))
        settle(q, SCAN_CLEAN, "");
    else if (said != reply && n > tail && !strcmp(said + n - tail, found)) {
        said[n - tail < SCANNER_NAME_MAX ? n - tail : SCANNER_NAME_MAX] = 0;
        settle(q, SCAN_FOUND, said);
    } else
        settle(q, *said ? SCAN_REFUSED : SCAN_UNKNOWN, *said ? said : "no answer");
    ask_next(scanner);
}

static void take_reply(struct question *q, bool over)
{
    struct evbuffer *in = bufferevent_get_input(q->line);
    char reply[REPLY_MAX + 1];
    ev_ssize_t n = evbuffer_copyout(in, reply, REPLY_MAX);
    n = n < 0 ? 0 : n;
    reply[n] = 0;
    if (memchr(reply, 0, (size_t)n) || n == REPLY_MAX || over)
        judge(q, reply);
}

static void on_read(struct bufferevent *line, void *arg)
{
    (void)line;
    take_reply(arg, false);
}

static void on_event(struct bufferevent *line, short what, void *arg)
{
    struct question *q = arg;
    struct scanner *scanner = q->scanner;
    if (what & BEV_EVENT_CONNECTED)
        return;
    if (evbuffer_get_length(
            bufferevent_get_input(line))) { /* it may close on what it does not want to read on */
        take_reply(q, true);
        return;
    }
    settle(q, SCAN_UNKNOWN,
        what & BEV_EVENT_TIMEOUT ? "too slow"
        : what & BEV_EVENT_EOF   ? "closed"
                                 : strerror(errno));
    ask_next(scanner);
}

/* False when it is over already. */
static bool begin(struct question *q)
{
    static const char command[] = "zINSTREAM"; /* its NUL goes with it */
    static const struct timeval patience = {.tv_sec = SCANNER_SECONDS};
    struct scanner *scanner = q->scanner;
    q->line =
        bufferevent_socket_new(loop_base(scanner->loop), -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (!q->line) {
        settle(q, SCAN_UNKNOWN, "no memory");
        return false;
    }
    scanner->lines++;
    bufferevent_setcb(q->line, on_read, write_chunk, on_event, q);
    bufferevent_set_timeouts(q->line, &patience, &patience);
    if (evbuffer_add(bufferevent_get_output(q->line), command, sizeof command) ||
        bufferevent_enable(q->line, EV_READ | EV_WRITE) ||
        bufferevent_socket_connect(
            q->line, (struct sockaddr *)&scanner->address, (int)scanner->address_size)) {
        settle(q, SCAN_UNKNOWN, strerror(errno));
        return false;
    }
    return true;
}

static void ask_next(struct scanner *scanner)
{
    struct question *q = scanner->questions;
    while (q && !scanner->closed && scanner->lines < SCANNER_AT_ONCE) {
        if (q->line)
            q = q->next;
        else
            q = begin(q) ? q->next : scanner->questions;
    }
}

/* ---- the scanner ---- */

enum outcome scanner_new(
    struct scanner **ret_scanner, struct loop *loop, const char *address, struct fault *fault)
{
    struct scanner *scanner = calloc(1, sizeof *scanner);
    if (!scanner)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a scanner");
    scanner->loop = loop;
    if (!read_address(scanner, address)) {
        free(scanner);
        return fault_set(fault, OUTCOME_NEVER, "clamd harus di mesin ini: unix:/jalur atau 127.0.0.1:port.",
            "clamd: %s is no address of this machine", address);
    }
    *ret_scanner = scanner;
    return OUTCOME_DONE;
}

void scanner_ask(struct scanner *scanner, const void *data, size_t n, scanner_done *done, void *arg)
{
    struct question *q = scanner->closed ? NULL : calloc(1, sizeof *q), **last = &scanner->questions;
    if (!q) {
        done(arg, SCAN_UNKNOWN, scanner->closed ? "closed" : "no memory");
        return;
    }
    *q = (struct question){.scanner = scanner, .data = data, .left = n, .done = done, .arg = arg};
    while (*last)
        last = &(*last)->next;
    *last = q;
    ask_next(scanner);
}

void scanner_close(struct scanner *scanner)
{
    if (!scanner)
        return;
    scanner->closed = true;
    while (scanner->questions)
        settle(scanner->questions, SCAN_UNKNOWN, "closed");
}

void scanner_free(struct scanner *scanner)
{
    scanner_close(scanner);
    free(scanner);
}
