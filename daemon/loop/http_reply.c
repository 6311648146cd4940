/* The answer to a request: its head is written here, its body copied, both into libevent's buffer. */
#include "http_private.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/shortage.h"
#include "daemon/base/step.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { HEAD_MAX = 16 * 1024 };

/* RFC 9110 15; any phrase will do, also none. */
static const char *reason(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {{200, "OK"}, {201, "Created"}, {204, "No Content"}, {303, "See Other"},
        {304, "Not Modified"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
        {404, "Not Found"}, {405, "Method Not Allowed"}, {408, "Request Timeout"}, {413, "Content Too Large"},
        {414, "URI Too Long"}, {417, "Expectation Failed"}, {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"}, {501, "Not Implemented"},
        {503, "Service Unavailable"}, {505, "HTTP Version Not Supported"}};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return "Answer";
}

void http_write_continue(struct evbuffer *out)
{
    evbuffer_add_printf(out, "HTTP/1.1 100 Continue\r\n\r\n");
}

/* RFC 9110 5.6.7, 6.6.1; strftime() would name days in the language of the house. */
static void add_date(struct str *head)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t now = (time_t)(clock_now_ms() / 1000);
    struct tm t;
    gmtime_r(&now, &t);
    str_addf(head, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n", days + 3 * t.tm_wday, t.tm_mday,
        months + 3 * t.tm_mon, t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/* A header that could break out of its line would be an injection: the whole answer is withheld. */
static bool add_header(struct str *head, const char *name, const char *value)
{
    if (name[strcspn(name, "\r\n: ")] || value[strcspn(value, "\r\n")])
        return false;
    str_addf(head, "%s: %s\r\n", name, value);
    return true;
}

/* What holds for every answer whose handler says nothing else. */
static const struct {
    const char *name, *value;
    bool of_body;
} careful[] = {{"Cache-Control", "no-store", false}, {"X-Content-Type-Options", "nosniff", true}};

static bool says(const struct http_response *response, const char *name)
{
    for (const struct http_header *h = response->headers; h && h->name; h++)
        if (!strcasecmp(h->name, name))
            return true;
    return false;
}

static bool add_headers(
    struct str *head, const struct http_request *request, const struct http_response *response)
{
    char text[80];
    int status = response->status;
    bool ok = true;
    for (const struct http_header *h = response->headers; h && h->name; h++)
        ok = ok && add_header(head, h->name, h->value);
    if (response->content_type)
        ok = ok && add_header(head, "Content-Type", response->content_type);
    for (size_t i = 0; i < sizeof careful / sizeof *careful; i++)
        if (!says(response, careful[i].name) && (response->content_type || !careful[i].of_body))
            ok = ok && add_header(head, careful[i].name, careful[i].value);
    if (request->allow) { /* RFC 9110 15.5.6 */
        http_allow_text(request->allow, text, sizeof text);
        ok = ok && add_header(head, "Allow", text);
    }
    if (request->streams && !request->said.old)
        str_adds(head, "Transfer-Encoding: chunked\r\n");
    /* RFC 9110 8.6: no length for 1xx and 204; a HEAD tells the length the GET would have */
    if (status >= 200 && status != 204 && status != 304 && !request->streams)
        str_addf(head, "Content-Length: %zu\r\n", response->content_type ? response->length : 0);
    return ok;
}

/* The whole answer into out; NEVER = it must not be given, LATER = there is no memory for it. */
static enum outcome write_answer(
    struct evbuffer *out, const struct http_request *request, const struct http_response *response, bool last)
{
    int status = response->status;
    bool body = response->content_type && !request->head && status != 204 && status != 304;
    unsigned long shortages = shortage_count();
    struct str head;
    str_init(&head, HEAD_MAX);
    str_addf(&head, "HTTP/1.1 %d %s\r\n", status, reason(status));
    add_date(&head);
    bool ok = add_headers(&head, request, response);
    str_adds(&head, last ? "Connection: close\r\n\r\n" : "\r\n");
    bool worded = ok && str_ok(&head);
    ok = worded && !evbuffer_expand(out, head.len + (body ? response->length : 0)) &&
         !evbuffer_add(out, head.data, head.len) &&
         !(body && response->length && evbuffer_add(out, response->body, response->length));
    str_release(&head);
    if (ok)
        return OUTCOME_DONE;
    return worded || shortage_count() != shortages ? OUTCOME_LATER : OUTCOME_NEVER;
}

/* A big answer needs room in the server's memory until it is written. */
static bool reply_hold(struct http_connection *connection, size_t length)
{
    if (length <= HTTP_FREE_BYTES || !connection->server->limits.max_memory)
        return true;
    if (!http_memory_take(connection->server, length))
        return false;
    connection->held = length;
    return true;
}

static void reply_write(struct http_request *request, const struct http_response *response)
{
    struct http_connection *c = request->connection;
    struct evbuffer *out = bufferevent_get_output(c->bev);
    c->last = request->close || c->server->closing;
    enum outcome outcome = write_answer(out, request, response, c->last);
    if (outcome) {
        /* "Later" is true even of what is in the book already: whoever repeats it is told so. */
        const struct http_response withheld = {.status = outcome == OUTCOME_LATER ? 503 : 500};
        log_event(LOG_ERROR, NULL, "http.answer_withheld", "status=%d instead=%d", response->status,
            withheld.status);
        c->last = true;
        if (write_answer(out, request, &withheld, true)) {
            http_connection_free(c);
            return;
        }
    }
    http_connection_enter(c, HTTP_WRITING);
}

static void leave_waiting(struct http_request *request)
{
    if (!request->server)
        return;
    *request->prev = request->next;
    if (request->next)
        request->next->prev = request->prev;
}

void http_reply(struct http_request *request, const struct http_response *response)
{
    struct http_connection *c = request->connection;
    bool refusable =
        c && response->status < 500 && request->method != HTTP_POST; /* a POST's is a fact already */
    if (refusable && !reply_hold(c, request->head ? 0 : response->length)) {
        log_event(
            LOG_WARN, NULL, "http.memory_full", "held=%zu wanted=%zu", c->server->held, response->length);
        http_request_refuse(request, 503);
        return;
    }
    leave_waiting(request);
    bool post = c && request->method == HTTP_POST;
    if (post)
        step("http.reply"); /* what it tells is in the book; nobody knows it yet */
    if (c) {
        c->request = NULL;
        reply_write(request, response);
    }
    if (post)
        step("http.replied");
    http_request_free(request);
}

struct http_stream *http_reply_stream(
    struct http_request *request, const struct http_response *response, http_stream_gone *gone, void *arg)
{
    struct http_connection *c = request->connection;
    struct http_stream *stream = c && !request->head && !c->server->closing ? malloc(sizeof *stream) : NULL;
    if (!stream) {
        const struct http_response otherwise = {
            .status = request->head ? response->status : 503, .headers = response->headers};
        http_reply(request, &otherwise);
        return NULL;
    }
    *stream = (struct http_stream){.connection = c, .gone = gone, .arg = arg, .plain = request->said.old};
    leave_waiting(request);
    c->request = NULL;
    request->streams = true;
    const struct http_response head = {
        .status = response->status, .content_type = response->content_type, .headers = response->headers};
    bool written = !write_answer(bufferevent_get_output(c->bev), request, &head, true);
    http_request_free(request);
    if (!written) {
        free(stream);
        http_connection_free(c);
        return NULL;
    }
    c->stream = stream;
    http_connection_enter(c, HTTP_STREAMING);
    return stream;
}
