/* Bytes on a connection to the HTTP server. What reaches a handler is what a strict reader (RFC 9112, written here
 * anew) finds in the same bytes: no request more, none with another path or body, nothing behind the first bytes that
 * two readers could understand differently. */
#include "fuzz.h"
#include "daemon/loop/http_server.h"
#include <event2/event.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEADER_MAX = 4096, BODY_MAX = 4096, SEEN_MAX = 64, TURNS_MAX = 4000 };

struct seen {
    char path[256];
    unsigned char body[BODY_MAX];
    size_t length;
};

static struct loop *loop;
static struct http_server *server;
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static struct seen seen[SEEN_MAX];
static int seen_count;

static void check_path(const char *path)
{
    require(path[0] == '/' && !fuzz_has_control(path));
    require(!strstr(path, "/../") && (strlen(path) < 3 || strcmp(path + strlen(path) - 3, "/..") != 0));
}

static void took(struct http_request *request, void *arg)
{
    (void)arg;
    static const struct http_response good = {
        .status = 200, .content_type = "text/plain", .body = "ya", .length = 2};
    size_t length;
    const unsigned char *body = http_request_body(request, &length);
    require(length <= BODY_MAX);
    check_path(http_request_path(request));
    require(!fuzz_has_control(http_request_query(request)));
    if (seen_count < SEEN_MAX) {
        struct seen *one = &seen[seen_count++];
        snprintf(one->path, sizeof one->path, "%s", http_request_path(request));
        one->length = length;
        if (length)
            memcpy(one->body, body, length);
    }
    http_reply(request, &good);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const struct http_limits limits = {.connections = 100,
        .idle_seconds = 60,
        .request_seconds = 60,
        .max_header_bytes = HEADER_MAX,
        .max_body_bytes = BODY_MAX,
        .max_memory = 1 << 20};
    struct fault fault;
    char where[120];
    (void)argc;
    (void)argv;
    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/pengaduand-fuzz-%d", (int)getpid());
    snprintf(where, sizeof where, "unix:%s", address.sun_path);
    require(loop_new(&loop, &fault) == OUTCOME_DONE);
    require(http_server_new(&server, loop, &limits, &fault) == OUTCOME_DONE);
    require(
        http_server_route(server, HTTP_GET | HTTP_POST, "/*", BODY_MAX, took, NULL, &fault) == OUTCOME_DONE);
    require(http_server_listen(server, where, NULL, &fault) == OUTCOME_DONE);
    return 0;
}

/* Everything written, everything answered, until the server closes or has nothing more to say. */
static void talk(const uint8_t *data, size_t size)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    require(fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof address));
    bool ended = false, shut = false;
    int calm = 0;
    for (int turn = 0; turn < TURNS_MAX && !ended && calm < 20; turn++) {
        char answer[4096];
        ssize_t sent = size ? send(fd, data, size, MSG_NOSIGNAL) : 0;
        if (sent > 0) {
            data += sent;
            size -= (size_t)sent;
        }
        if (!size && !shut)
            shut = !shutdown(fd, SHUT_WR);
        event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
        ssize_t got = recv(fd, answer, sizeof answer, 0);
        ended = got == 0 || (sent < 0 && got < 0 && size && turn > 100);
        calm = got > 0 || sent > 0 ? 0 : calm + 1;
    }
    close(fd);
    for (int i = 0; i < 3; i++)
        event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
}

/* ---- the other reader */

struct strict {
    const char *at, *end;
    bool lengths, chunked;
    int hosts;
    size_t length;
};

/* The next line without its CRLF; NULL when there is none, or when it holds a byte that no line has. */
static const char *strict_line(struct strict *s, size_t *ret_length)
{
    const char *line = s->at, *end = memmem(s->at, (size_t)(s->end - s->at), "\r\n", 2);
    if (!end)
        return NULL;
    for (const char *p = line; p < end; p++)
        if (((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7f)
            return NULL;
    s->at = end + 2;
    *ret_length = (size_t)(end - line);
    return line;
}

static bool strict_is(const char *name, const char *line, size_t n)
{
    return strlen(name) == n && !strncasecmp(name, line, n);
}

/* false: nothing behind this may reach a handler. */
static bool strict_header(struct strict *s, const char *line, size_t n)
{
    const char *colon = memchr(line, ':', n);
    if (!colon || colon == line || *line == ' ' || *line == '\t')
        return false;
    size_t name = (size_t)(colon - line);
    if (line[name - 1] == ' ' || line[name - 1] == '\t')
        return false;
    const char *value = colon + 1, *end = line + n;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    if (strict_is("Content-Length", line, name)) {
        if (s->lengths || s->chunked || value == end || end - value > 10)
            return false;
        s->lengths = true;
        for (; value < end; value++) {
            if (*value < '0' || *value > '9')
                return false;
            s->length = s->length * 10 + (size_t)(*value - '0');
        }
    } else if (strict_is("Transfer-Encoding", line, name)) {
        if (s->lengths || s->chunked || !strict_is("chunked", value, (size_t)(end - value)))
            return false;
        s->chunked = true;
    } else if (strict_is("Host", line, name)) {
        s->hosts++;
    }
    return true;
}

/* One request's head: false when there is none that is certain. *ret_path is not decoded. */
static bool strict_head(struct strict *s)
{
    size_t n;
    const char *line = strict_line(s, &n);
    if (!line || n < 9 || memcmp(line + n - 9, " HTTP/1.", 8) != 0)
        return false;
    s->lengths = s->chunked = false;
    s->hosts = 0;
    s->length = 0;
    while ((line = strict_line(s, &n)) && n)
        if (!strict_header(s, line, n))
            return false;
    return line && s->hosts < 2;
}

/* Skips the chunks (RFC 9112 7.1), collecting their bytes. */
static bool strict_chunks(struct strict *s, unsigned char *body, size_t *ret_length)
{
    size_t n;
    const char *line;
    *ret_length = 0;
    while ((line = strict_line(s, &n))) {
        char text[20] = "", *end;
        memcpy(text, line, n < sizeof text - 1 ? n : sizeof text - 1);
        size_t size = strtoul(text, &end, 16);
        if (end == text || (size_t)(end - text) != strspn(text, "0123456789abcdefABCDEF"))
            return false; /* signs, blanks and 0x */
        if ((*end && !strchr("; \t", *end)) || size > (size_t)(s->end - s->at) ||
            *ret_length + size > BODY_MAX)
            return false;
        if (!size)
            break;
        memcpy(body + *ret_length, s->at, size);
        *ret_length += size;
        s->at += size;
        if (!strict_line(s, &n) || n)
            return false;
    }
    while (line && (line = strict_line(s, &n)) && n)
        continue;
    return line != NULL;
}

static void check_seen(const uint8_t *data, size_t size)
{
    static unsigned char chunks[BODY_MAX];
    struct strict s = {.at = (const char *)data, .end = (const char *)data + size};
    for (int i = 0; i < seen_count; i++) {
        /* requests that no handler saw (other methods, too large) may stand before it; an empty line too */
        bool found = false;
        while (!found && s.at < s.end) {
            size_t length = 0;
            const unsigned char *body = chunks;
            if (s.end - s.at >= 2 && !memcmp(s.at, "\r\n", 2))
                s.at += 2;
            require(strict_head(&s));
            require(!s.chunked || strict_chunks(&s, chunks, &length));
            if (!s.chunked) {
                require(s.length <= (size_t)(s.end - s.at));
                body = (const unsigned char *)s.at;
                length = s.length;
                s.at += length;
            }
            found = length == seen[i].length && !memcmp(body, seen[i].body, length);
        }
        require(found);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    seen_count = 0;
    talk(data, size);
    check_seen(data, size);
    return 0;
}
