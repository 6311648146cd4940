/* The HTTP server against raw bytes: what two readers could disagree about row by row, deadlines, the cap, parked requests. */
#include "loop_http_world.h"
#include <sys/resource.h>
#include <sys/stat.h>

#define POST "POST / HTTP/1.1\r\nHost: x\r\n"
#define GET "GET / HTTP/1.1\r\nHost: x\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define SMUGGLED "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
#define HELLO "5\r\nhello\r\n"

struct row {
    const char *what, *bytes;
    int status;
    bool closes;
};

#define NUL "\x1a" /* stands for one: send_row() */

/* Each kind of request about which two readers could disagree, or that is too much; then what must be let in. */
static const struct row table[] = {
    /* where does the body end? */
    {"transfer coding and length", POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400, true},
    {"length and transfer coding", POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        400, true},
    {"length 5 5", POST "Content-Length: 5 5\r\n\r\nhello", 400, true},
    {"length 5, 5", POST "Content-Length: 5, 5\r\n\r\nhello", 400, true},
    {"two lengths that differ", POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400, true},
    {"two equal lengths", POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400, true},
    {"length +5", POST "Content-Length: +5\r\n\r\nhello", 400, true},
    {"length -5", POST "Content-Length: -5\r\n\r\nhello", 400, true},
    {"length 0x5", POST "Content-Length: 0x5\r\n\r\nhello", 400, true},
    {"length 5.0", POST "Content-Length: 5.0\r\n\r\nhello", 400, true},
    {"empty length", POST "Content-Length:\r\n\r\nhello", 400, true},
    {"length with blanks around", POST "Content-Length: \t5 \r\n\r\nhello", 200, false},
    {"length with zeros in front", POST "Content-Length: 0005\r\n\r\nhello", 200, false},
    {"space before the colon", POST "Content-Length : 5\r\n\r\nhello", 400, true},
    {"tab before the colon", POST "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400, true},
    {"vertical tab in a name", POST "Transfer-Encoding\v: chunked\r\n\r\n0\r\n\r\n", 400, true},
    {"underscore for the hyphen is another name", POST "Content_Length: 7\r\nContent-Length: 5\r\n\r\nhello",
        200, false},
    {"xchunked", POST "Transfer-Encoding: xchunked\r\n\r\n" SMUGGLED, 400, true},
    {"\"chunked\"", POST "Transfer-Encoding: \"chunked\"\r\n\r\n" SMUGGLED, 400, true},
    {"chunked;q=1", POST "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", 400, true},
    {"identity", POST "Transfer-Encoding: identity\r\n\r\n", 400, true},
    {"empty coding", POST "Transfer-Encoding:\r\n\r\n", 400, true},
    {"gzip, chunked", POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, true},
    {"chunked, identity", POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400, true},
    {"two codings", POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
        true},
    {"coding on a folded line", POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400, true},
    {"CHUNKED in capitals", POST "Transfer-Encoding: CHUNKED\r\n\r\n" HELLO "0\r\n\r\n", 200, false},
    {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
        true},
    {"HEAD with a body that is a request",
        "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n" SMUGGLED, 413, true},
    {"TRACE with a body that is a request",
        "TRACE / HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n" SMUGGLED, 405, true},
    {"HEAD chunked", "HEAD / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        413, true},
    {"GET with a body that is a request", GET "Content-Length: 35\r\n\r\n" SMUGGLED, 413, true},
    {"GET chunked", GET "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, false},
    {"DELETE with a body", "DELETE /parkir HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 413, true},
    {"404 with a body", "POST /tiada HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 404, true},
    /* chunks */
    {"chunk size -1", CHUNKED "-1\r\nhello\r\n0\r\n\r\n", 400, true},
    {"chunk size 0x5", CHUNKED "0x5\r\nhello\r\n0\r\n\r\n", 400, true},
    {"chunk size +5", CHUNKED "+5\r\nhello\r\n0\r\n\r\n", 400, true},
    {"chunk size with a blank in front", CHUNKED " 5\r\nhello\r\n0\r\n\r\n", 400, true},
    {"no chunk size", CHUNKED "\r\nhello\r\n0\r\n\r\n", 400, true},
    {"extension without a size", CHUNKED ";a=b\r\nhello\r\n0\r\n\r\n", 400, true},
    {"chunk size 5_0", CHUNKED "5_0\r\nhello\r\n0\r\n\r\n", 400, true},
    {"chunk size ended by LF", CHUNKED "5\nhello\r\n0\r\n\r\n", 400, true},
    {"chunk size ended by CR", CHUNKED "5\rhello\r\n0\r\n\r\n", 400, true},
    {"chunk extension ended by LF", CHUNKED "5;a\nhello\r\n0\r\n\r\n", 400, true},
    {"chunk ended by LF", CHUNKED "5\r\nhello\n0\r\n\r\n", 400, true},
    {"chunk without its end, whose data is then a size", CHUNKED "4\r\nabcd0\r\n\r\n" SMUGGLED, 400, true},
    {"chunk longer than its size", CHUNKED "4\r\nhello\r\n0\r\n\r\n", 400, true},
    {"control byte in a chunk extension", CHUNKED "5;a=\x01\r\nhello\r\n0\r\n\r\n", 400, true},
    {"control byte in a trailer", CHUNKED "0\r\nA: \x01\r\n\r\n", 400, true},
    {"trailer ended by LF", CHUNKED "0\r\nA: b\n\r\n", 400, true},
    {"chunk size 2^62", CHUNKED "3fffffffffffffff\r\nhello\r\n", 413, true},
    {"chunk size 2^64 - 1", CHUNKED "ffffffffffffffff\r\nhello\r\n", 413, true},
    {"chunk size 2^64 + 5", CHUNKED "10000000000000005\r\nhello\r\n0\r\n\r\n", 400, true},
    {"chunk beyond the route's limit, before its data",
        "POST /kecil HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n1", 413, true},
    {"second chunk beyond the route's limit",
        "POST /kecil HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n3\r\n1", 413,
        true},
    {"chunked", CHUNKED HELLO "0\r\n\r\n", 200, false},
    {"chunk extension", CHUNKED "5;name=\"a;b\" ;x\r\nhello\r\n0;last\r\n\r\n", 200, false},
    {"zeros before a chunk size", CHUNKED "005\r\nhello\r\n000\r\n\r\n", 200, false},
    {"trailer, not taken for a header", CHUNKED "0\r\nContent-Length: 5\r\nX-Seen: b\r\n\r\n", 200, false},
    /* too much */
    {"length beyond the limit", POST "Content-Length: 2097152\r\n\r\nxxxx", 413, true},
    {"length beyond 2^63", POST "Content-Length: 99999999999999999999\r\n\r\nxxxx", 413, true},
    {"length of 2^64 + 5", POST "Content-Length: 18446744073709551621\r\n\r\nhello", 413, true},
    {"body over the route's limit, before its bytes",
        "POST /kecil HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n", 413, true},
    {"expect, too big", POST "Expect: 100-continue\r\nContent-Length: 2097152\r\n\r\n", 413, true},
    {"expect something else", POST "Expect: 200-ok\r\nContent-Length: 5\r\n\r\nhello", 417, true},
    /* lines and bytes */
    {"bare LF", "GET / HTTP/1.1\nHost: x\n\n", 400, true},
    {"bare LF after a header", "GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", 400, true},
    {"bare LF for the empty line", "GET / HTTP/1.1\r\nHost: x\r\n\n", 400, true},
    {"bare CR in a value", GET "X: a\rb\r\n\r\n", 400, true},
    {"bare CR for a line end", "GET / HTTP/1.1\rHost: x\r\r", 400, true},
    {"CR CR LF", "GET / HTTP/1.1\r\r\nHost: x\r\n\r\n", 400, true},
    {"folded header", GET "X-A: b\r\n c\r\n\r\n", 400, true},
    {"folded by a tab", GET "X-A: b\r\n\tc\r\n\r\n", 400, true},
    {"folded first header", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400, true},
    {"NUL in a value", GET "X: a" NUL "b\r\n\r\n", 400, true},
    {"NUL in a name", GET "X" NUL ": a\r\n\r\n", 400, true},
    {"NUL in the target", "GET /" NUL " HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"NUL that would hide a length", POST "X: " NUL "\r\nContent-Length: 35\r\n\r\n" SMUGGLED, 400, true},
    {"control byte in a value", GET "X-A: a\x01z\r\n\r\n", 400, true},
    {"DEL in a value", GET "X-A: a\x7fz\r\n\r\n", 400, true},
    {"name that is no token", GET "X(y): 1\r\n\r\n", 400, true},
    {"name beyond ASCII", GET "X\xc3\xa4: 1\r\n\r\n", 400, true},
    {"empty name", GET ": 1\r\n\r\n", 400, true},
    {"line without a colon", GET "garbage\r\n\r\n", 400, true},
    {"tab and UTF-8 in a value", GET "X-A: a\t\xc3\xa4\r\n\r\n", 200, false},
    {"empty value", GET "X-A:\r\n\r\n", 200, false},
    {"TLS to a plain port", "\x16\x03\x01\x02\x01\x01", 400, true},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, true},
    {"SMTP", "EHLO warga.example\r\n\r\n", 400, true},
    /* first line */
    {"HTTP/0.9", "GET /\r\n\r\n", 400, true},
    {"HTTP/0.1", "GET / HTTP/0.1\r\nHost: x\r\n\r\n", 505, true},
    {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, true},
    {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: x\r\n\r\n", 400, true},
    {"http/1.1 in small letters", "GET / http/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"HTTP/1.1 and more", "GET / HTTP/1.1 x\r\nHost: x\r\n\r\n", 400, true},
    {"two blanks", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"tab for a blank", "GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"blank in front", " GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"blank in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"control byte in the query", "GET /?a\x01 HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"fragment", "GET /#a HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"one empty line before it", "\r\n" GET "\r\n", 200, false},
    {"two empty lines before it", "\r\n\r\n" GET "\r\n", 400, true},
    {"unknown method", "FOO / HTTP/1.1\r\nHost: x\r\n\r\n", 501, true},
    {"method in small letters", "get / HTTP/1.1\r\nHost: x\r\n\r\n", 501, true},
    {"CONNECT", "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n", 501, true},
    {"method known to no route", "PATCH / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405, false},
    {"method of another route", "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405, false},
    {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"target without a slash", "GET aduan HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"backslash for the slash", "GET \\aduan HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"unknown path", "GET /tiada HTTP/1.1\r\nHost: x\r\n\r\n", 404, false},
    {"body where none is allowed", "POST /aduan/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", 405,
        true},
    {"parent folder", "GET /aduan/../x HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"encoded parent folder", "GET /aduan/%2e%2E/x HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"encoded NUL", "GET /aduan/a%00b HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"encoded line end", "GET /aduan/a%0d%0ab HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"broken percent", "GET /aduan/a%2 HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    /* whose request is it? */
    {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, true},
    {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, true},
    {"two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, true},
    {"Host that is a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, true},
    {"Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400, true},
    {"list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, true},
    {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 200, false},
    {"absolute form", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 200, false},
    {"absolute form without a path", "GET http://x HTTP/1.1\r\nHost: x\r\n\r\n", 200, false},
    {"absolute form of another host", "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"absolute form with a user", "GET http://x@x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    {"absolute form of another scheme", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, true},
    /* its answer */
    {"injected answer header", "GET /suntik HTTP/1.1\r\nHost: x\r\n\r\n", 500, true},
    {"plain GET", GET "\r\n", 200, false},
    {"HTTP/1.2 is read as 1.1", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", 200, false},
    {"GET of length 0", GET "Content-Length: 0\r\n\r\n", 200, false},
    {"GET that wants to close", GET "Connection: close\r\n\r\n", 200, true},
    {"GET that wants to close, in a list", GET "Connection: keep-alive , Close\r\n\r\n", 200, true},
    {"GET that wants to change protocol", GET "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
        200, false},
    {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200, true},
    {"HTTP/1.0 that wants to stay", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, true},
    {"POST without length", POST "\r\n", 200, false},
    {"garbage behind a whole request, then its own answer", GET "Connection: close\r\n\r\n\x01\x02 garbage",
        200, true},
};

static void send_row(int fd, const char *bytes)
{
    char copy[1000];
    size_t n = strlen(bytes);
    assert_true(n < sizeof copy);
    memcpy(copy, bytes, n);
    for (char *nul = memchr(copy, *NUL, n); nul; nul = memchr(copy, *NUL, n))
        *nul = 0;
    send_all(fd, copy, n);
}

static void each_row_of_the_table_is_judged(void **state)
{
    struct server_world *sw = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int fd = world_dial(sw->port);
        send_row(fd, table[i].bytes);
        bool closed = read_answers(fd, 1);
        int status = status_of(answer);
        if (status != table[i].status)
            fail_msg("%s: %d, expected %d\n%.300s", table[i].what, status, table[i].status, answer);
        if (answers_in(answer) > 1)
            fail_msg("%s: two answers: %.400s", table[i].what, answer);
        if (table[i].closes) {
            char rest[100];
            ssize_t n = closed ? 0 : recv(fd, rest, sizeof rest, 0);
            if (n > 0)
                fail_msg("%s: more came: %.*s", table[i].what, (int)n, rest);
            if (n < 0 && errno != ECONNRESET)
                fail_msg("%s: stays open", table[i].what);
            if (!strstr(answer, "Connection: close"))
                fail_msg("%s: no Connection: close in %.300s", table[i].what, answer);
        } else if (closed || strstr(answer, "Connection: close")) {
            fail_msg("%s: closes: %.300s", table[i].what, answer);
        }
        close(fd);
    }
}

static void long_and_many_headers_are_refused(void **state)
{
    struct server_world *sw = *state;
    static char bytes[HEADERS + 4096];
    int n = snprintf(bytes, sizeof bytes, GET "X: ");
    memset(bytes + n, 'a', HEADERS + 1000);
    strcpy(bytes + n + HEADERS + 1000, "\r\n\r\n");
    assert_int_equal(ask(sw, bytes), 431);
    n = snprintf(bytes, sizeof bytes, "GET /");
    memset(bytes + n, 'a', HEADERS + 1000);
    strcpy(bytes + n + HEADERS + 1000, " HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(ask(sw, bytes), 414);
    n = snprintf(bytes, sizeof bytes, GET);
    for (int i = 0; i < 99; i++)
        n += snprintf(bytes + n, sizeof bytes - (size_t)n, "X: y\r\n");
    strcpy(bytes + n, "\r\n");
    assert_int_equal(ask(sw, bytes), 200); /* with Host a hundred */
    strcpy(bytes + n, "X: y\r\n\r\n");
    assert_int_equal(ask(sw, bytes), 431);
}

static void endless_trailers_and_chunk_extensions_are_refused(void **state)
{
    struct server_world *sw = *state;
    static char bytes[2 * HEADERS];
    static const char *const starts[] = {CHUNKED "0\r\nX: ", CHUNKED "5;x="};
    for (int i = 0; i < 2; i++) {
        int n = snprintf(bytes, sizeof bytes, "%s", starts[i]);
        memset(bytes + n, 'a', HEADERS + 1000);
        bytes[n + HEADERS + 1000] = 0;
        assert_int_equal(ask(sw, bytes), 431);
    }
}

static void a_request_lends_its_parts(void **state)
{
    struct server_world *sw = *state;
    assert_int_equal(
        ask(sw, "GET /aduan/12%2Fb%20c?q=%20a&b HTTP/1.1\r\nHost: x\r\nX-Seen: value\r\n\r\n"), 200);
    assert_non_null(
        strstr(answer, "m=1 path=/aduan/12/b c rest=12/b c query=q=%20a&b x=value peer=127.0.0.1 body="));
    assert_non_null(strstr(answer, "Content-Type: text/plain; charset=utf-8\r\n"));
    assert_non_null(strstr(answer, "X-More: yes\r\n"));
    assert_int_equal(ask(sw, POST "Content-Length: 5\r\n\r\nhello"), 200);
    assert_non_null(strstr(answer, "m=4 path=/ rest= query= x=- peer=127.0.0.1 body=hello"));
}

static void the_longest_pattern_wins(void **state)
{
    struct server_world *sw = *state;
    assert_int_equal(ask(sw, "GET /aduan/baru HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    assert_non_null(strstr(answer, "\r\n\r\nhello"));
    assert_int_equal(ask(sw, "GET /aduan/baru2 HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    assert_non_null(strstr(answer, "rest=baru2 "));
}

static void a_405_names_the_methods(void **state)
{
    struct server_world *sw = *state;
    assert_int_equal(ask(sw, "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n"), 405);
    assert_non_null(strstr(answer, "Allow: GET, HEAD, POST\r\n"));
    assert_int_equal(ask(sw, "GET /kecil HTTP/1.1\r\nHost: x\r\n\r\n"), 405);
    assert_non_null(strstr(answer, "Allow: POST, PUT\r\n"));
}

static void a_head_is_a_get_without_its_body(void **state)
{
    struct server_world *sw = *state;
    int fd = world_dial(sw->port);
    const char *two =
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /tiada HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    send_all(fd, two, strlen(two));
    assert_true(read_answers(fd, 99));
    close(fd);
    assert_int_equal(answers_in(answer), 2);
    assert_non_null(strstr(answer, "Content-Length: 5\r\n"));
    assert_null(strstr(answer, "hello"));
    assert_null(strstr(answer, "ditemukan"));
}

static void a_204_has_neither_length_nor_type(void **state)
{
    struct server_world *sw = *state;
    assert_int_equal(ask(sw, "GET /kosong HTTP/1.1\r\nHost: x\r\n\r\n"), 204);
    assert_null(strstr(answer, "Content-"));
}

static void expect_continue_is_answered_first(void **state)
{
    struct server_world *sw = *state;
    int fd = world_dial(sw->port);
    const char *head = POST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    send_all(fd, head, strlen(head));
    assert_false(read_answers(fd, 1));
    assert_int_equal(status_of(answer), 100);
    send_all(fd, "hello", 5);
    assert_false(read_answers(fd, 1));
    assert_int_equal(status_of(answer), 200);
    assert_non_null(strstr(answer, "body=hello"));
    close(fd);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    struct server_world *sw = *state;
    int fd = world_dial(sw->port);
    const char *three = "GET /aduan/1 HTTP/1.1\r\nHost: x\r\n\r\n"
                        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo"
                        "GET /aduan/3 HTTP/1.1\r\nHost: x\r\n\r\n";
    send_all(fd, three, strlen(three));
    assert_false(read_answers(fd, 3));
    const char *one = strstr(answer, "rest=1 "), *two = strstr(answer, "body=two"),
               *last = strstr(answer, "rest=3 ");
    assert_true(one && two && last && one < two && two < last);
    close(fd);
}

static void a_request_cut_at_every_byte_is_the_same_request(void **state)
{
    struct server_world *sw = *state;
    const char *whole =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    for (size_t cut = 1; cut < strlen(whole); cut++) {
        int fd = world_dial(sw->port), one = 1;
        setsockopt(fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &one, sizeof one);
        send_all(fd, whole, cut);
        send_all(fd, whole + cut, strlen(whole) - cut);
        read_answers(fd, 1);
        assert_int_equal(status_of(answer), 200);
        assert_non_null(strstr(answer, "body=hello"));
        close(fd);
    }
}

static void the_owner_words_the_errors(void **state)
{
    struct server_world *sw = *state;
    struct fault f;
    assert_int_equal(http_server_on_error(sw->server, "/*", worded, sw, &f), OUTCOME_DONE);
    assert_int_equal(ask(sw, "GET /tiada HTTP/1.1\r\nHost: x\r\n\r\n"), 404);
    assert_non_null(strstr(answer, "galat"));
    assert_int_equal(sw->last_error, 404);
    assert_int_equal(ask(sw, "GET / HTTP/1.1\r\n\r\n"), 400);
    assert_non_null(strstr(answer, "galat"));
    assert_int_equal(sw->last_error, 400);
}

static void a_parked_request_is_answered_later(void **state)
{
    struct server_world *sw = *state;
    int fd = world_dial(sw->port);
    const char *bytes = "GET /parkir HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n";
    send_all(fd, bytes, strlen(bytes));
    world_wait(&sw->arrived);
    assert_false(http_server_idle(sw->server));
    world_call(&sw->w, unpark, sw);
    assert_false(read_answers(fd, 2)); /* the pipelined one waited its turn */
    assert_non_null(strstr(answer, "late"));
    assert_non_null(strstr(answer, "hello"));
    close(fd);
}

static void a_client_that_goes_while_parked_does_no_harm(void **state)
{
    struct server_world *sw = *state;
    for (int reset = 0; reset < 2; reset++) {
        int fd = world_dial(sw->port);
        const char *bytes = "GET /parkir HTTP/1.1\r\nHost: x\r\n\r\n";
        send_all(fd, bytes, strlen(bytes));
        world_wait(&sw->arrived);
        struct linger hard = {.l_onoff = reset};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close(fd);
        world_call(&sw->w, unpark, sw);
        assert_int_equal(ask(sw, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    }
}

static void a_server_freed_under_parked_requests_does_no_harm(void **state)
{
    struct server_world *sw = *state;
    int fd = world_dial(sw->port);
    const char *bytes = "GET /parkir HTTP/1.1\r\nHost: x\r\n\r\n";
    send_all(fd, bytes, strlen(bytes));
    world_wait(&sw->arrived);
    world_call(&sw->w, free_server, sw); /* teardown answers afterwards */
    assert_true(read_answers(fd, 1));
    assert_string_equal(answer, "");
    close(fd);
}

static void close_server(void *arg)
{
    http_server_close(((struct server_world *)arg)->server);
}

static void closing_lets_running_requests_answer(void **state)
{
    struct server_world *sw = *state;
    int idle = world_dial(sw->port), busy = world_dial(sw->port);
    send_all(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27);
    assert_false(read_answers(idle, 1));
    send_all(busy, "GET /parkir HTTP/1.1\r\nHost: x\r\n\r\n", 33);
    world_wait(&sw->arrived);
    world_call(&sw->w, close_server, sw);
    assert_true(read_answers(idle, 1)); /* keep-alive without a request ends at once */
    world_call(&sw->w, unpark, sw);
    assert_true(read_answers(busy, 2));
    assert_non_null(strstr(answer, "late"));
    assert_non_null(strstr(answer, "Connection: close"));
    close(idle);
    close(busy);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)sw->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), -1);
    close(fd);
}

static void an_idle_connection_ends(void **state)
{
    struct server_world *sw = *state;
    int64_t began = world_now_ms();
    int silent = world_dial(sw->port);
    assert_true(read_answers(silent, 1));
    assert_string_equal(answer, "");
    assert_in_range(world_now_ms() - began, 900, 5000);
    close(silent);
}

/* a byte each 100 ms: every read is in time, the whole is not */
static void drip(struct server_world *sw, const char *bytes, const char *pattern)
{
    int fd = world_dial(sw->port);
    int64_t began = world_now_ms();
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    send_all(fd, bytes, strlen(bytes));
    for (size_t i = 0; !poll(&poll_fd, 1, 100); i++) {
        assert_true(world_now_ms() - began < 5000);
        send_all(fd, pattern + i % strlen(pattern), 1);
    }
    assert_true(read_answers(fd, 2));
    assert_int_equal(status_of(answer), 408);
    assert_in_range(world_now_ms() - began, 900, 5000);
    close(fd);
}

static void slow_headers_are_cut(void **state)
{
    drip(*state, "GET / HTTP/1.1\r\nHost: x\r\n", "X-A: b\r\n");
}

static void slow_bodies_are_cut(void **state)
{
    drip(*state, POST "Content-Length: 100000\r\n\r\n", "x");
    drip(*state, POST "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n");
}

static void a_slow_second_request_is_cut(void **state)
{
    struct server_world *sw = *state;
    int fd = world_dial(sw->port);
    const char *bytes = "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT";
    send_all(fd, bytes, strlen(bytes));
    assert_true(read_answers(fd, 3));
    assert_int_equal(answers_in(answer), 2);
    assert_non_null(strstr(answer, "HTTP/1.1 408 "));
    close(fd);
}

static void clients_that_read_nothing_are_cut(void **state)
{
    struct server_world *sw = *state;
    int fds[3], small = 4096;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)sw->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int64_t began = world_now_ms();
    for (int i = 0; i < 3; i++) { /* all places: nobody else is served until they are cut */
        fds[i] = world_patient(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        setsockopt(fds[i], SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        assert_int_equal(connect(fds[i], (struct sockaddr *)&to, sizeof to), 0);
        send_all(fds[i], "GET /besar HTTP/1.1\r\nHost: x\r\n\r\n", 32);
        assert_int_equal(poll(&(struct pollfd){.fd = fds[i], .events = POLLIN}, 1, WORLD_PATIENCE * 1000), 1);
    }
    assert_int_equal(ask(sw, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    assert_in_range(world_now_ms() - began, 1000, 10000);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
}

static void without_descriptors_the_server_rests_and_recovers(void **state)
{
    struct server_world *sw = *state;
    int waiting = world_patient(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)sw->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct rlimit before, none;
    struct timespec cpu_began, cpu_ended;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){.rlim_cur = 3, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_equal(connect(waiting, (struct sockaddr *)&to, sizeof to), 0);
    send_all(waiting, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu_began);
    nanosleep(&(struct timespec){.tv_nsec = 500 * 1000 * 1000}, NULL); /* the time that is measured */
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu_ended);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    int64_t cpu_ms =
        (cpu_ended.tv_sec - cpu_began.tv_sec) * 1000 + (cpu_ended.tv_nsec - cpu_began.tv_nsec) / 1000000;
    assert_in_range(cpu_ms, 0, 200); /* it did not try again and again */
    assert_false(read_answers(waiting, 1));
    assert_int_equal(status_of(answer), 200);
    close(waiting);
}

/* Who came a moment ago may have sent what is not read yet: the others wait, he is not hung up on for them. */
static void without_descriptors_nobody_is_hung_up_on_unheard(void **state)
{
    enum { CLIENTS = 3 };
    struct server_world *sw = *state;
    int fds[CLIENTS];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)sw->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct rlimit before, few;
    for (int i = 0; i < CLIENTS; i++)
        fds[i] = world_patient(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    int free_fd = dup(fds[0]); /* the lowest that is left: one client's */
    close(free_fd);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){.rlim_cur = (rlim_t)free_fd + 1, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(connect(fds[i], (struct sockaddr *)&to, sizeof to), 0);
    for (int i = CLIENTS; i--;)
        send_all(fds[i], "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 46);
    for (int i = 0; i < CLIENTS; i++) {
        assert_false(read_answers(fds[i], 1));
        assert_int_equal(status_of(answer), 200);
        close(fds[i]);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void beyond_the_cap_connections_wait(void **state)
{
    struct server_world *sw = *state;
    int fds[3];
    for (int i = 0; i < 3; i++) {
        fds[i] = world_dial(sw->port);
        send_all(fds[i], "GET /parkir HTTP/1.1\r\nHost: x\r\n\r\n", 33);
        world_wait(&sw->arrived);
    }
    int waiting = world_dial(sw->port); /* the kernel's backlog takes it */
    send_all(waiting, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27);
    struct pollfd poll_fd = {.fd = waiting, .events = POLLIN};
    assert_int_equal(poll(&poll_fd, 1, 300), 0);
    world_call(&sw->w, unpark, sw);
    close(fds[0]);
    assert_false(read_answers(waiting, 1));
    assert_int_equal(status_of(answer), 200);
    close(waiting);
    close(fds[1]);
    close(fds[2]);
}

static void a_thousand_connections_leave_nothing_behind(void **state)
{
    struct server_world *sw = *state;
    for (int i = 0; i < 1000; i++) {
        int fd = world_dial(sw->port);
        if (i % 3 == 1)
            send_all(fd, "GET / HT", 8);
        if (i % 3 == 2)
            send_all(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27);
        close(fd);
    }
    assert_int_equal(ask(sw, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
}

static void unix_listen(void *arg)
{
    struct server_world *sw = arg;
    char address[80];
    struct fault f;
    snprintf(address, sizeof address, "unix:%s", sw->unix_path);
    assert_int_equal(http_server_listen(sw->server, address, NULL, &f), OUTCOME_DONE);
    /* it is alive now: a second listener must not steal it */
    assert_int_equal(http_server_listen(sw->server, address, NULL, &f), OUTCOME_STOP);
    assert_true(f.public_text[0]);
}

static int unix_dial(const char *path)
{
    int fd = world_patient(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    snprintf(name.sun_path, sizeof name.sun_path, "%s", path);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    return fd;
}

static void a_unix_socket_serves_and_replaces_a_stale_one(void **state)
{
    struct server_world *sw = *state;
    struct stat there;
    snprintf(sw->unix_path, sizeof sw->unix_path, "/tmp/pengaduand-test-%d.sock", (int)getpid());
    int stale = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    snprintf(name.sun_path, sizeof name.sun_path, "%s", sw->unix_path);
    assert_int_equal(bind(stale, (struct sockaddr *)&name, sizeof name), 0);
    close(stale);
    world_call(&sw->w, unix_listen, sw);
    assert_int_equal(stat(sw->unix_path, &there), 0);
    assert_int_equal(there.st_mode & 0777, 0660);
    int fd = unix_dial(sw->unix_path);
    const char *bytes = "GET /aduan/x HTTP/1.1\r\nHost: x\r\n\r\n";
    send_all(fd, bytes, strlen(bytes));
    assert_false(read_answers(fd, 1));
    assert_non_null(strstr(answer, "peer= body="));
    close(fd);
    world_call(&sw->w, close_server, sw);
    assert_int_equal(stat(sw->unix_path, &there), -1);
}

static void unusable_addresses_stop_with_a_text(void **state)
{
    struct server_world *sw = *state;
    static const char *const bad[] = {"", "8080", ":8080", "localhost:8080", "1.2.3:4:5",
        "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:8o", "::1:80", "[::1]", "unix:relative", "unix:/",
        "192.0.2.1:80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fault f = {{0}, {0}};
        if (http_server_listen(sw->server, bad[i], NULL, &f) != OUTCOME_STOP || !f.public_text[0])
            fail_msg("%s", bad[i]);
    }
    char taken[40];
    snprintf(taken, sizeof taken, "127.0.0.1:%d", sw->port);
    assert_int_equal(http_server_listen(sw->server, taken, NULL, NULL), OUTCOME_STOP);
}

static void wrong_patterns_are_refused(void **state)
{
    struct server_world *sw = *state;
    assert_int_equal(http_server_route(sw->server, HTTP_GET, "/", 0, hello, NULL, NULL), OUTCOME_NEVER);
    assert_int_equal(http_server_route(sw->server, HTTP_GET, "aduan", 0, hello, NULL, NULL), OUTCOME_NEVER);
    assert_int_equal(http_server_route(sw->server, HTTP_GET, "/a*b", 0, hello, NULL, NULL), OUTCOME_NEVER);
}

static int setup_still(void **state)
{
    return start(state, &limits);
}

static int teardown_still(void **state)
{
    struct server_world *sw = *state;
    http_server_free(sw->server);
    loop_free(sw->w.loop);
    return 0;
}

#define SERVED(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define SHORT(name) cmocka_unit_test_setup_teardown(name, setup_short, teardown)
#define STILL(name) cmocka_unit_test_setup_teardown(name, setup_still, teardown_still)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(each_row_of_the_table_is_judged),
        SERVED(long_and_many_headers_are_refused),
        SERVED(endless_trailers_and_chunk_extensions_are_refused),
        SERVED(a_request_lends_its_parts),
        SERVED(the_longest_pattern_wins),
        SERVED(a_405_names_the_methods),
        SERVED(a_head_is_a_get_without_its_body),
        SERVED(a_204_has_neither_length_nor_type),
        SERVED(expect_continue_is_answered_first),
        SERVED(pipelined_requests_are_answered_in_order),
        SERVED(a_request_cut_at_every_byte_is_the_same_request),
        SERVED(the_owner_words_the_errors),
        SERVED(a_parked_request_is_answered_later),
        SERVED(a_client_that_goes_while_parked_does_no_harm),
        SERVED(a_server_freed_under_parked_requests_does_no_harm),
        SERVED(closing_lets_running_requests_answer),
        SHORT(an_idle_connection_ends),
        SHORT(slow_headers_are_cut),
        SHORT(slow_bodies_are_cut),
        SHORT(a_slow_second_request_is_cut),
        SHORT(clients_that_read_nothing_are_cut),
        SERVED(without_descriptors_the_server_rests_and_recovers),
        SERVED(without_descriptors_nobody_is_hung_up_on_unheard),
        SHORT(beyond_the_cap_connections_wait),
        SERVED(a_thousand_connections_leave_nothing_behind),
        SERVED(a_unix_socket_serves_and_replaces_a_stale_one),
        STILL(unusable_addresses_stop_with_a_text),
        STILL(wrong_patterns_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
