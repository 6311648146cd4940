/* The HTTP client against our own server and against peers that misbehave; addresses that are not public. */
#include "loop_world.h"
#include <event2/event.h>
#include "daemon/loop/address.h"
#include "daemon/loop/http_client.h"

enum { HUGE_BODY = 1 << 20 };

struct client_world {
    struct loop *loop;
    struct loop_timer *guard;
    struct http_server *server;
    struct http_client *client;
    int port;
    struct http_request *parked[2];
    int parks;
    char seen[1000];
    int requests, answers, expected;
    struct http_answer answer;
    char type[100], body[1000];
};

static void ok(struct http_request *request, void *arg)
{
    struct client_world *c = arg;
    size_t length;
    const unsigned char *body = http_request_body(request, &length);
    const char *token = http_request_header(request, "X-Token"),
               *type = http_request_header(request, "Content-Type"),
               *expect = http_request_header(request, "Expect");
    c->requests++;
    snprintf(c->seen, sizeof c->seen, "m=%d q=%s token=%s type=%s expect=%s body=%.*s",
        http_request_method(request), http_request_query(request), token ? token : "-", type ? type : "-",
        expect ? expect : "-", (int)length, (const char *)body);
    http_reply(
        request, &(struct http_response){
                     .status = 201, .content_type = "application/json", .body = "{\"a\":1}", .length = 7});
}

static void redirect(struct http_request *request, void *arg)
{
    static const struct http_header away[] = {{"Location", "/ok"}, {NULL, NULL}};
    (void)arg;
    http_reply(request, &(struct http_response){.status = 302, .headers = away});
}

static void huge(struct http_request *request, void *arg)
{
    static char body[HUGE_BODY];
    (void)arg;
    memset(body, 'h', sizeof body);
    http_reply(
        request, &(struct http_response){
                     .status = 200, .content_type = "text/plain", .body = body, .length = sizeof body});
}

static void park(struct http_request *request, void *arg)
{
    struct client_world *c = arg;
    assert_true(c->parks < 2);
    c->parked[c->parks++] = request;
}

static void guard_fired(void *arg)
{
    (void)arg;
    fail_msg("nothing happened for 20 s");
}

static int setup(void **state)
{
    static struct client_world c;
    static const struct http_limits limits = {.connections = 20,
        .idle_seconds = 30,
        .request_seconds = 30,
        .max_header_bytes = 16384,
        .max_body_bytes = 1 << 20};
    memset(&c, 0, sizeof c);
    struct fault f;
    assert_int_equal(loop_new(&c.loop, &f), OUTCOME_DONE);
    assert_int_equal(http_server_new(&c.server, c.loop, &limits, &f), OUTCOME_DONE);
    assert_int_equal(http_server_listen(c.server, "127.0.0.1:0", &c.port, &f), OUTCOME_DONE);
    assert_int_equal(http_server_route(c.server, HTTP_GET | HTTP_POST | HTTP_PUT, "/ok", 1 << 20, ok, &c, &f),
        OUTCOME_DONE);
    assert_int_equal(http_server_route(c.server, HTTP_GET, "/redirect", 0, redirect, &c, &f), OUTCOME_DONE);
    assert_int_equal(
        http_server_route(c.server, HTTP_GET | HTTP_POST, "/huge", 0, huge, &c, &f), OUTCOME_DONE);
    assert_int_equal(http_server_route(c.server, HTTP_POST, "/park", 0, park, &c, &f), OUTCOME_DONE);
    assert_int_equal(http_client_new(&c.client, c.loop, &f), OUTCOME_DONE);
    c.guard = loop_timer_new(c.loop, guard_fired, NULL);
    loop_timer_set(c.guard, WORLD_PATIENCE * 1000);
    *state = &c;
    return 0;
}

static int teardown(void **state)
{
    struct client_world *c = *state;
    http_client_free(c->client);
    http_server_free(c->server);
    while (c->parks)
        http_reply(c->parked[--c->parks], &(struct http_response){.status = 204});
    loop_timer_free(c->guard);
    loop_free(c->loop);
    return 0;
}

static void answered(void *arg, const struct http_answer *answer)
{
    struct client_world *c = arg;
    c->answers++;
    c->answer = *answer;
    snprintf(c->type, sizeof c->type, "%s", answer->content_type);
    snprintf(c->body, sizeof c->body, "%s", answer->body);
    assert_int_equal(answer->body[answer->length], 0);
    if (c->answers == c->expected)
        loop_stop(c->loop);
}

static struct http_call to(
    struct client_world *c, const char *method, const char *path, char *url, size_t size)
{
    snprintf(url, size, "http://127.0.0.1:%d%s", c->port, path);
    return (struct http_call){
        .method = method, .url = url, .private_peer = true, .timeout_seconds = 10, .max_answer = 1000};
}

static void call(struct client_world *c, const struct http_call *wanted)
{
    struct fault f;
    int before = c->answers;
    if (http_client_call(c->client, wanted, answered, c, &f) != OUTCOME_DONE)
        fail_msg("%s", f.internal);
    assert_int_equal(c->answers, before); /* never from inside */
    c->expected = before + 1;
    loop_run(c->loop);
    assert_int_equal(c->answers, before + 1);
}

static void an_answer_comes_whole(void **state)
{
    struct client_world *c = *state;
    char url[100];
    static const struct http_header headers[] = {
        {"X-Token", "secret"}, {"Content-Type", "application/json"}, {"X-Empty", ""}, {NULL, NULL}};
    struct http_call post = to(c, "POST", "/ok?a=b", url, sizeof url);
    post.headers = headers;
    post.body = "{\"x\":2}";
    post.length = 7;
    call(c, &post);
    assert_int_equal(c->answer.sent, HTTP_ANSWERED);
    assert_int_equal(c->answer.status, 201);
    assert_string_equal(c->type, "application/json");
    assert_string_equal(c->body, "{\"a\":1}");
    assert_string_equal(c->seen, "m=4 q=a=b token=secret type=application/json expect=- body={\"x\":2}");
}

static void other_methods_and_no_body(void **state)
{
    struct client_world *c = *state;
    char url[100];
    struct http_call get = to(c, "GET", "/ok", url, sizeof url);
    call(c, &get);
    assert_string_equal(c->seen, "m=1 q= token=- type=- expect=- body=");
    struct http_call put = to(c, "PUT", "/ok", url, sizeof url);
    put.body = "p";
    put.length = 1;
    call(c, &put);
    assert_string_equal(c->seen, "m=8 q= token=- type=- expect=- body=p");
    struct http_call post = to(c, "POST", "/ok", url, sizeof url);
    call(c, &post);
    assert_string_equal(c->seen, "m=4 q= token=- type=- expect=- body=");
}

static void many_calls_at_once_are_all_answered(void **state)
{
    struct client_world *c = *state;
    char url[100];
    struct http_call get = to(c, "GET", "/ok", url, sizeof url);
    struct http_call post = to(c, "POST", "/ok", url, sizeof url);
    c->expected = 50;
    for (int i = 0; i < 50; i++)
        assert_int_equal(http_client_call(c->client, i % 2 ? &get : &post, answered, c, NULL), OUTCOME_DONE);
    loop_run(c->loop);
    assert_int_equal(c->requests, 50);
}

static void redirects_are_not_followed(void **state)
{
    struct client_world *c = *state;
    char url[100];
    struct http_call get = to(c, "GET", "/redirect", url, sizeof url);
    call(c, &get);
    assert_int_equal(c->answer.status, 302);
    assert_int_equal(c->requests, 0);
}

static void a_huge_answer_is_cut_off(void **state)
{
    struct client_world *c = *state;
    char url[100];
    struct http_call post = to(c, "POST", "/huge", url, sizeof url);
    call(c, &post);
    assert_int_equal(c->answer.sent, HTTP_UNKNOWN);
    assert_non_null(strstr(c->answer.fault.internal, "too long"));
    post.max_answer = HUGE_BODY;
    call(c, &post);
    assert_int_equal(c->answer.sent, HTTP_ANSWERED);
    assert_int_equal(c->answer.length, HUGE_BODY);
}

static void no_answer_in_time_is_unknown(void **state)
{
    struct client_world *c = *state;
    char url[100];
    struct http_call post = to(c, "POST", "/park", url, sizeof url);
    post.timeout_seconds = 1;
    int64_t began = world_now_ms();
    call(c, &post);
    assert_int_equal(c->answer.sent, HTTP_UNKNOWN);
    assert_true(c->answer.fault.public_text[0]);
    assert_in_range(world_now_ms() - began, 900, 5000);
}

static void a_closed_port_is_not_sent(void **state)
{
    struct client_world *c = *state;
    char url[100];
    int unused = world_listen(&c->port);
    close(unused);
    struct http_call post = to(c, "POST", "/ok", url, sizeof url);
    call(c, &post);
    assert_int_equal(c->answer.sent, HTTP_NOT_SENT);
}

static void a_clear_text_peer_under_https_is_not_sent(void **state)
{
    struct client_world *c = *state;
    char url[100];
    struct http_call post = to(c, "POST", "/ok", url, sizeof url);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/ok", c->port);
    call(c, &post);
    assert_int_equal(c->answer.sent, HTTP_NOT_SENT);
    assert_int_equal(c->requests, 0);
}

static void private_addresses_are_refused(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254",
        "0x7f000001", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"};
    struct client_world *c = *state;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        char url[100];
        struct http_call post = to(c, "POST", "/ok", url, sizeof url);
        snprintf(url, sizeof url, "https://%s:%d/ok", hosts[i], c->port);
        post.private_peer = false;
        call(c, &post);
        if (c->answer.sent != HTTP_NOT_SENT || !strstr(c->answer.fault.internal, "private address"))
            fail_msg("%s: %d %s", hosts[i], c->answer.sent, c->answer.fault.internal);
    }
    assert_int_equal(c->requests, 0);
}

static void calls_that_could_be_turned_are_refused(void **state)
{
    struct client_world *c = *state;
    static const char *const urls[] = {"http://example.id/", "file:///etc/passwd", "https://a b/",
        "https://a\r\nb/", "", "ftp://example.id/", "gopher://127.0.0.1/"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct http_call get = {.method = "GET", .url = urls[i], .timeout_seconds = 1, .max_answer = 10};
        if (http_client_call(c->client, &get, answered, c, NULL) != OUTCOME_STOP)
            fail_msg("%s", urls[i]);
    }
    static const struct http_header bad[][2] = {{{"X-A", "b\r\nX-B: c"}, {NULL, NULL}},
        {{"X-A: b\r\nX", "c"}, {NULL, NULL}}, {{"", "c"}, {NULL, NULL}}, {{"X-A;", ""}, {NULL, NULL}}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char url[100];
        struct http_call get = to(c, "GET", "/ok", url, sizeof url);
        get.headers = bad[i];
        assert_int_equal(http_client_call(c->client, &get, answered, c, NULL), OUTCOME_NEVER);
    }
    char url[100];
    struct http_call odd = to(c, "GET /evil", "/ok", url, sizeof url);
    assert_int_equal(http_client_call(c->client, &odd, answered, c, NULL), OUTCOME_NEVER);
    assert_int_equal(c->answers, 0);
}

static void pending_calls_are_unknown_when_the_client_ends(void **state)
{
    struct client_world *c = *state;
    char url[100];
    struct http_call post = to(c, "POST", "/park", url, sizeof url);
    assert_int_equal(http_client_call(c->client, &post, answered, c, NULL), OUTCOME_DONE);
    assert_int_equal(http_client_call(c->client, &post, answered, c, NULL), OUTCOME_DONE);
    while (c->parks < 2)
        event_base_loop(loop_base(c->loop), EVLOOP_ONCE);
    http_client_free(c->client);
    c->client = NULL;
    assert_int_equal(c->answers, 2);
    assert_int_equal(c->answer.sent, HTTP_UNKNOWN);
}

static bool public_text(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return address_is_public((struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return address_is_public((struct sockaddr *)&v6);
}

static void addresses_are_told_apart(void **state)
{
    static const char *const public[] = {"8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255",
        "100.128.0.0", "126.255.255.255", "128.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1", "2400::1",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"};
    static const char *const private[] = {"0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0",
        "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.0", "172.31.255.255",
        "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.0", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
        "::127.0.0.1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "2001::1",
        "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2002:7f00:1::", "4000::1"};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    (void)state;
    for (size_t i = 0; i < sizeof public / sizeof *public; i++)
        if (!public_text(public[i]))
            fail_msg("%s", public[i]);
    for (size_t i = 0; i < sizeof private / sizeof *private; i++)
        if (public_text(private[i]))
            fail_msg("%s", private[i]);
    assert_false(address_is_public((struct sockaddr *)&local));
    assert_false(address_is_loopback((struct sockaddr *)&local));
}

#define CLIENT(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT(an_answer_comes_whole),
        CLIENT(other_methods_and_no_body),
        CLIENT(many_calls_at_once_are_all_answered),
        CLIENT(redirects_are_not_followed),
        CLIENT(a_huge_answer_is_cut_off),
        CLIENT(no_answer_in_time_is_unknown),
        CLIENT(a_closed_port_is_not_sent),
        CLIENT(a_clear_text_peer_under_https_is_not_sent),
        CLIENT(private_addresses_are_refused),
        CLIENT(calls_that_could_be_turned_are_refused),
        CLIENT(pending_calls_are_unknown_when_the_client_ends),
        cmocka_unit_test(addresses_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
