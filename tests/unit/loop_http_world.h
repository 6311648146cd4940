/* For tests of the HTTP server: one with routes of every kind on a thread of its own, and what raw clients need. */
#ifndef TESTS_LOOP_HTTP_WORLD_H
#define TESTS_LOOP_HTTP_WORLD_H

#include "loop_world.h"
#include <errno.h>
#include "daemon/loop/http_server.h"

enum { PARKED_MAX = 8, HEADERS = 16 * 1024, BODY = 1 << 20 };

struct server_world {
    struct world w;
    struct http_server *server;
    int port;
    char unix_path[64];
    struct http_request *parked[PARKED_MAX];
    int parks;
    sem_t arrived;
    int last_error;
    size_t held;
};

__attribute__((unused)) static void reply_text(struct http_request *request, int status, const char *text)
{
    http_reply(
        request, &(struct http_response){
                     .status = status, .content_type = "text/plain", .body = text, .length = strlen(text)});
}

__attribute__((unused)) static void hello(struct http_request *request, void *arg)
{
    (void)arg;
    reply_text(request, 200, "hello");
}

/* says everything the request lends */
__attribute__((unused)) static void echo(struct http_request *request, void *arg)
{
    char text[2000];
    size_t length;
    const unsigned char *body = http_request_body(request, &length);
    const char *seen = http_request_header(request, "x-seen");
    (void)arg;
    snprintf(text, sizeof text, "m=%d path=%s rest=%s query=%s x=%s peer=%s body=%.*s",
        http_request_method(request), http_request_path(request), http_request_rest(request),
        http_request_query(request), seen ? seen : "-", http_request_peer(request),
        (int)(length < 100 ? length : 100), (const char *)body);
    static const struct http_header more[] = {{"X-More", "yes"}, {NULL, NULL}};
    http_reply(request, &(struct http_response){.status = 200,
                            .content_type = "text/plain; charset=utf-8",
                            .headers = more,
                            .body = text,
                            .length = strlen(text)});
}

__attribute__((unused)) static void park(struct http_request *request, void *arg)
{
    struct server_world *sw = arg;
    assert_true(sw->parks < PARKED_MAX);
    sw->parked[sw->parks++] = request;
    sem_post(&sw->arrived);
}

__attribute__((unused)) static void unpark(void *arg)
{
    struct server_world *sw = arg;
    for (int i = 0; i < sw->parks; i++)
        reply_text(sw->parked[i], 200, "late");
    sw->parks = 0;
}

__attribute__((unused)) static void inject(struct http_request *request, void *arg)
{
    static const struct http_header bad[] = {{"X-Bad", "a\r\nSet-Cookie: b=c"}, {NULL, NULL}};
    (void)arg;
    http_reply(request, &(struct http_response){.status = 200, .content_type = "text/plain", .headers = bad});
}

__attribute__((unused)) static void big(struct http_request *request, void *arg)
{
    static char body[3 << 20];
    (void)arg;
    memset(body, 'b', sizeof body);
    http_reply(
        request, &(struct http_response){
                     .status = 200, .content_type = "text/plain", .body = body, .length = sizeof body});
}

__attribute__((unused)) static void empty(struct http_request *request, void *arg)
{
    (void)arg;
    http_reply(request, &(struct http_response){.status = 204});
}

__attribute__((unused)) static void worded(struct http_request *request, int status, void *arg)
{
    ((struct server_world *)arg)->last_error = status;
    reply_text(request, status, "galat");
}

static const struct http_limits limits = {.connections = 40,
    .idle_seconds = 10,
    .request_seconds = 10,
    .max_header_bytes = HEADERS,
    .max_body_bytes = BODY};
static const struct http_limits short_limits = {.connections = 3,
    .idle_seconds = 1,
    .request_seconds = 1,
    .max_header_bytes = HEADERS,
    .max_body_bytes = BODY};

__attribute__((unused)) static int start(void **state, const struct http_limits *with)
{
    static struct server_world sw;
    memset(&sw, 0, sizeof sw);
    sem_init(&sw.arrived, 0, 0);
    struct fault f = {{0}, {0}};
    assert_int_equal(loop_new(&sw.w.loop, &f), OUTCOME_DONE);
    assert_int_equal(http_server_new(&sw.server, sw.w.loop, with, &f), OUTCOME_DONE);
    assert_int_equal(http_server_listen(sw.server, "127.0.0.1:0", &sw.port, &f), OUTCOME_DONE);
    const struct {
        unsigned methods;
        const char *pattern;
        size_t max_body;
        http_handler *handler;
    } routes[] = {
        {HTTP_GET, "/", 0, hello},
        {HTTP_POST, "/", BODY, echo},
        {HTTP_GET, "/aduan/*", 0, echo},
        {HTTP_GET, "/aduan/baru", 0, hello},
        {HTTP_POST | HTTP_PUT, "/kecil", 10, echo},
        {HTTP_GET | HTTP_DELETE, "/parkir", 0, park},
        {HTTP_GET, "/suntik", 0, inject},
        {HTTP_GET, "/besar", 0, big},
        {HTTP_GET, "/kosong", 0, empty},
    };
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        assert_int_equal(http_server_route(sw.server, routes[i].methods, routes[i].pattern,
                             routes[i].max_body, routes[i].handler, &sw, &f),
            OUTCOME_DONE);
    *state = &sw;
    return 0;
}

__attribute__((unused)) static int setup(void **state)
{
    start(state, &limits);
    world_run(&((struct server_world *)*state)->w);
    return 0;
}

__attribute__((unused)) static int setup_short(void **state)
{
    start(state, &short_limits);
    world_run(&((struct server_world *)*state)->w);
    return 0;
}

__attribute__((unused)) static void free_server(void *arg)
{
    struct server_world *sw = arg;
    http_server_free(sw->server);
    sw->server = NULL;
}

__attribute__((unused)) static int teardown(void **state)
{
    struct server_world *sw = *state;
    world_call(&sw->w, free_server, sw);
    world_call(&sw->w, unpark, sw); /* late answers after the server's end must do no harm */
    world_end(&sw->w);
    loop_free(sw->w.loop);
    return 0;
}

__attribute__((unused)) static void send_all(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server may close before it has read all: the answer tells */
        bytes += sent;
        n -= (size_t)sent;
    }
}

static char answer[4 << 20];

/* Reads until `count` answers are complete (by Content-Length) or the end; true = the server closed. */
__attribute__((unused)) static bool read_answers(int fd, int count)
{
    size_t n = 0;
    answer[0] = 0;
    for (;;) {
        char *at = answer;
        int complete = 0;
        for (char *end; complete < count && (end = strstr(at, "\r\n\r\n")); complete++) {
            char *length = strstr(at, "Content-Length: ");
            size_t body = length && length < end ? strtoul(length + 16, NULL, 10) : 0;
            if (end + 4 + body > answer + n)
                break;
            at = end + 4 + body;
        }
        if (complete >= count)
            return false;
        ssize_t got = recv(fd, answer + n, sizeof answer - 1 - n, 0);
        if (got < 0 && errno != ECONNRESET)
            fail_msg("no answer: %s (so far: %.200s)", strerror(errno), answer);
        if (got <= 0)
            return true;
        n += (size_t)got;
        answer[n] = 0;
    }
}

__attribute__((unused)) static int status_of(const char *text)
{
    return strncmp(text, "HTTP/1.", 7) ? 0 : (int)strtol(text + 9, NULL, 10);
}

__attribute__((unused)) static int answers_in(const char *text)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, "HTTP/1.1 ")); p += 9)
        n++;
    return n;
}

/* Sends, half-closes nothing, reads all there is until the server closes or one answer is complete. */
__attribute__((unused)) static int ask(struct server_world *sw, const char *bytes)
{
    int fd = world_dial(sw->port);
    send_all(fd, bytes, strlen(bytes));
    read_answers(fd, 1);
    close(fd);
    return status_of(answer);
}

#endif
