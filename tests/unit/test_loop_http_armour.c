/* The HTTP server under clients that take more than their share: of connections, of memory, of time. */
#include "loop_http_world.h"
#include "daemon/loop/http_private.h"
#include <malloc.h>

#define GET "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

static int setup_shares(void **state)
{
    static const struct http_limits shares = {.connections = 8,
        .idle_seconds = 20,
        .request_seconds = 20,
        .max_header_bytes = HEADERS,
        .max_body_bytes = BODY,
        .connections_an_address = 3,
        .max_memory = 1 << 20};
    start(state, &shares);
    world_run(&((struct server_world *)*state)->w);
    return 0;
}

/* From another address of this machine: to the server a stranger, no proxy. */
static int dial_from(const struct server_world *sw, const char *address)
{
    int fd = world_patient(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    struct sockaddr_in from = {.sin_family = AF_INET},
                       to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)sw->port)};
    assert_int_equal(inet_pton(AF_INET, address, &from.sin_addr), 1);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof from), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static int get_on(int fd)
{
    send_all(fd, GET, strlen(GET));
    read_answers(fd, 1);
    return status_of(answer);
}

/* true when the server has closed it: at once, no deadline of this test is that short */
static bool closed_by_server(int fd)
{
    char byte;
    ssize_t n = recv(fd, &byte, 1, 0);
    return n == 0 || (n < 0 && errno == ECONNRESET);
}

static void at_the_cap_the_longest_idle_makes_room(void **state)
{
    struct server_world *sw = *state;
    int fds[9];
    for (int i = 0; i < 9; i++) {
        fds[i] = world_dial(sw->port);
        assert_int_equal(get_on(fds[i]), 200);
    }
    assert_true(closed_by_server(fds[0]));
    for (int i = 1; i < 9; i++) {
        assert_int_equal(get_on(fds[i]), 200);
        close(fds[i]);
    }
    close(fds[0]);
}

static void half_a_head_makes_room_after_the_idle_ones(void **state)
{
    struct server_world *sw = *state;
    int slow[7], idle = world_dial(sw->port);
    assert_int_equal(get_on(idle), 200);
    for (int i = 0; i < 7; i++) {
        slow[i] = world_dial(sw->port);
        send_all(slow[i], "POST / HTTP/1.1\r\nExpect: 100-continue\r\nHost: x\r\n", 47);
    }
    int first = world_dial(sw->port);
    assert_int_equal(get_on(first), 200);
    assert_true(closed_by_server(idle));
    /* that one is idle now, and the next to go; then the first of the slow ones */
    int second = world_dial(sw->port);
    assert_int_equal(get_on(second), 200);
    assert_true(closed_by_server(first));
    for (int i = 0; i < 7; i++)
        close(slow[i]);
    close(idle);
    close(first);
    close(second);
}

static void what_is_being_answered_never_makes_room(void **state)
{
    struct server_world *sw = *state;
    int parked[8];
    for (int i = 0; i < 8; i++) {
        parked[i] = world_dial(sw->port);
        send_all(parked[i], "GET /parkir HTTP/1.1\r\nHost: x\r\n\r\n", 33);
        world_wait(&sw->arrived);
    }
    int waiting = world_dial(sw->port);
    send_all(waiting, GET, strlen(GET));
    world_call(&sw->w, unpark, sw);
    for (int i = 0; i < 8; i++) {
        assert_false(read_answers(parked[i], 1));
        assert_int_equal(status_of(answer), 200);
    }
    assert_false(read_answers(waiting, 1));
    assert_int_equal(status_of(answer), 200);
    for (int i = 0; i < 8; i++)
        close(parked[i]);
    close(waiting);
}

static void an_address_has_its_share_of_the_connections(void **state)
{
    struct server_world *sw = *state;
    int fds[3];
    for (int i = 0; i < 3; i++) {
        fds[i] = dial_from(sw, "127.0.0.2");
        assert_int_equal(get_on(fds[i]), 200);
    }
    int beyond = dial_from(sw, "127.0.0.2");
    assert_true(closed_by_server(beyond));
    close(beyond);
    int other = dial_from(sw, "127.0.0.3");
    assert_int_equal(get_on(other), 200);
    close(other);
    for (int i = 0; i < 3; i++)
        assert_int_equal(get_on(fds[i]), 200); /* nothing was taken from them */
    close(fds[0]);
    int again = -1;
    for (int64_t began = world_now_ms(); again < 0 && world_now_ms() - began < WORLD_PATIENCE * 1000;) {
        again = dial_from(sw, "127.0.0.2"); /* refused until the server has seen the end of the first */
        send_all(again, GET, strlen(GET));
        char byte;
        if (recv(again, &byte, 1, 0) != 1) {
            close(again);
            again = -1;
        }
    }
    assert_true(again >= 0);
    close(again);
    close(fds[1]);
    close(fds[2]);
}

static void a_proxy_on_this_machine_has_no_share(void **state)
{
    struct server_world *sw = *state;
    int fds[8];
    for (int i = 0; i < 8; i++) {
        fds[i] = world_dial(sw->port); /* 127.0.0.1 */
        assert_int_equal(get_on(fds[i]), 200);
    }
    for (int i = 0; i < 8; i++)
        close(fds[i]);
}

/* An upload of length bytes of which sent go; the rest of the head as given. */
static int upload(const struct server_world *sw, const char *headers, size_t length, size_t sent)
{
    static char bytes[BODY];
    char head[400];
    int fd = world_dial(sw->port);
    snprintf(
        head, sizeof head, "POST / HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n", headers, length);
    send_all(fd, head, strlen(head));
    send_all(fd, bytes, sent);
    return fd;
}

static int status_after(int fd)
{
    read_answers(fd, 1);
    return status_of(answer);
}

static void look_held(void *arg)
{
    struct server_world *sw = arg;
    sw->held = sw->server->held;
}

static void await_held(struct server_world *sw, size_t bytes)
{
    int64_t began = world_now_ms();
    do {
        assert_true(world_now_ms() - began < WORLD_PATIENCE * 1000);
        world_call(&sw->w, look_held, sw);
    } while (sw->held != bytes);
}

static void one_client_holds_a_quarter_of_the_memory(void **state)
{
    struct server_world *sw = *state;
    /* a quarter of 1 MiB, beyond the first 64 KiB that are free */
    static const char siti[] = "X-Forwarded-For: 192.0.2.7\r\n", budi[] = "X-Forwarded-For: 192.0.2.8\r\n";
    int much = upload(sw, siti, 500 * 1024, 400 * 1024);
    assert_int_equal(status_after(much), 503);
    int within = upload(sw, siti, 300 * 1024, 300 * 1024);
    assert_int_equal(status_after(within), 200); /* what the refused one held has been given back */
    int forged = upload(sw, "X-Forwarded-For: 192.0.2.99, 192.0.2.8\r\n", 500 * 1024, 400 * 1024);
    assert_int_equal(status_after(forged), 503);
    int other = upload(sw, budi, 300 * 1024, 300 * 1024);
    assert_int_equal(status_after(other), 200);
    close(much);
    close(within);
    close(forged);
    close(other);
}

static void small_bodies_pass_while_others_fill_the_memory(void **state)
{
    struct server_world *sw = *state;
    static const char *const clients[] = {"X-Forwarded-For: 192.0.2.1\r\n", "X-Forwarded-For: 192.0.2.2\r\n",
        "X-Forwarded-For: 192.0.2.3\r\n", "X-Forwarded-For: 192.0.2.4\r\n"};
    int full[4];
    for (int i = 0; i < 4; i++)
        full[i] = upload(sw, clients[i], 320 * 1024, 319 * 1024); /* 255 KiB counted, and not ended */
    await_held(sw, 4 * 255 * 1024);
    int fifth = upload(sw, "X-Forwarded-For: 192.0.2.5\r\n", 200 * 1024, 200 * 1024);
    assert_int_equal(status_after(fifth), 503);
    close(fifth);
    int small = upload(sw, "", 60 * 1024, 60 * 1024);
    assert_int_equal(status_after(small), 200);
    int big_answer = world_dial(sw->port); /* 3 MiB: there is no room for it, and it says so */
    send_all(big_answer, "GET /besar HTTP/1.1\r\nHost: x\r\n\r\n", 32);
    assert_int_equal(status_after(big_answer), 503);
    close(big_answer);
    close(small);
    for (int i = 0; i < 4; i++)
        close(full[i]);
    await_held(sw, 0); /* given up: all of it is there again */
}

/* The 413 comes from the head; what the client goes on sending does not reset the connection before it has read. */
static void a_refused_upload_reads_its_answer(void **state)
{
    struct server_world *sw = *state;
    static char bytes[BODY];
    int fd = world_dial(sw->port);
    const char *head = "POST /kecil HTTP/1.1\r\nHost: x\r\nContent-Length: 20971520\r\n\r\n";
    send_all(fd, head, strlen(head));
    for (int i = 0; i < 20; i++)
        send_all(fd, bytes, sizeof bytes);
    assert_true(read_answers(fd, 2));
    assert_int_equal(answers_in(answer), 1);
    assert_int_equal(status_of(answer), 413);
    close(fd);
}

static void a_refused_upload_is_not_told_to_continue(void **state)
{
    struct server_world *sw = *state;
    assert_int_equal(ask(sw, "POST /kecil HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
                             "11\r\n\r\n"),
        413);
    assert_int_equal(ask(sw, "POST /tiada HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
                             "11\r\n\r\n"),
        404);
}

static void a_client_that_ends_its_side_gets_its_answer(void **state)
{
    struct server_world *sw = *state;
    int fd = world_dial(sw->port);
    const char *bytes = "GET /parkir HTTP/1.1\r\nHost: x\r\n\r\n" GET;
    send_all(fd, bytes, strlen(bytes));
    shutdown(fd, SHUT_WR);
    world_wait(&sw->arrived);
    world_call(&sw->w, unpark, sw);
    assert_true(read_answers(fd, 3)); /* both, then the end */
    assert_int_equal(answers_in(answer), 2);
    close(fd);
}

static void pipelined_garbage_is_refused_after_the_answers(void **state)
{
    struct server_world *sw = *state;
    int fd = world_dial(sw->port);
    const char *bytes = GET GET "\x01garbage\r\n\r\n" GET;
    send_all(fd, bytes, strlen(bytes));
    assert_true(read_answers(fd, 4));
    assert_int_equal(answers_in(answer), 3);
    const char *third = strstr(strstr(answer + 1, "HTTP/1.1 ") + 1, "HTTP/1.1 ");
    assert_int_equal(status_of(third), 400);
    close(fd);
}

static void a_thousand_pipelined_requests_leave_room_for_others(void **state)
{
    struct server_world *sw = *state;
    static char bytes[1000 * (sizeof GET - 1) + 1];
    for (size_t i = 0; i < 1000; i++)
        memcpy(bytes + i * (sizeof GET - 1), GET, sizeof GET);
    int greedy = world_dial(sw->port), fair = world_dial(sw->port);
    send_all(greedy, bytes, strlen(bytes));
    assert_int_equal(get_on(fair), 200);
    close(fair);
    assert_false(read_answers(greedy, 1000));
    assert_int_equal(answers_in(answer), 1000);
    close(greedy);
}

static void aborted_uploads_leave_nothing_behind(void **state)
{
    struct server_world *sw = *state;
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < 200; i++)
        close(upload(sw, "", BODY, (size_t)(i % 4) * 60 * 1024));
    assert_int_equal(ask(sw, GET), 200);
    for (int64_t began = world_now_ms(); mallinfo2().uordblks > before + 300 * 1024;)
        assert_true(world_now_ms() - began < WORLD_PATIENCE * 1000 && ask(sw, GET) == 200);
}

/* 16 KiB a second is a poor line, not an attack: it gets the time it needs beyond request_seconds (1). */
static void a_slow_upload_that_goes_on_is_let_finish(void **state)
{
    struct server_world *sw = *state;
    static char bytes[32 * 1024];
    int64_t began = world_now_ms();
    int fd = upload(sw, "", sizeof bytes, 0);
    for (size_t at = 0; at < sizeof bytes; at += 2048) {
        assert_int_equal(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 125), 0);
        send_all(fd, bytes + at, 2048);
    }
    assert_int_equal(status_after(fd), 200);
    assert_true(world_now_ms() - began > 1500);
    close(fd);
}

static void wording(struct http_request *request, int status, void *arg)
{
    reply_text(request, status, arg);
}

static void the_longest_pattern_words_an_error(void **state)
{
    struct server_world *sw = *state;
    struct fault f;
    static char page[] = "halaman", json[] = "{\"kesalahan\":\"\"}";
    assert_int_equal(http_server_on_error(sw->server, "/*", wording, page, &f), OUTCOME_DONE);
    assert_int_equal(http_server_on_error(sw->server, "/kecil", wording, json, &f), OUTCOME_DONE);
    static const struct {
        const char *bytes, *says;
        int status;
    } rows[] = {
        {"POST /kecil HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n", json, 413},
        {"POST /kecil HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", json, 400},
        {"POST /kecil HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", json, 400},
        {"GET /kecil HTTP/1.1\r\nHost: x\r\n\r\n", json, 405},
        {"FOO /kecil?a HTTP/1.1\r\nHost: x\r\n\r\n", json, 501},
        {"POST /kecil HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", json, 400},
        {"POST /lain HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n", page, 404},
        {"\x16\x03\x01", page, 400},
        {"GET /kecil HTTP/2.0\r\nHost: x\r\n\r\n", json, 505},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(ask(sw, rows[i].bytes), rows[i].status);
        if (!strstr(answer, rows[i].says))
            fail_msg("%s: %s", rows[i].bytes, answer);
    }
}

static void too_few_descriptors_stop_the_start_with_a_number(void **state)
{
    struct loop *loop;
    struct http_server *server = NULL;
    struct fault f;
    (void)state;
    assert_int_equal(loop_new(&loop, &f), OUTCOME_DONE);
    struct http_limits greedy = {.connections = 2000000000};
    assert_int_equal(http_server_new(&server, loop, &greedy, &f), OUTCOME_STOP);
    assert_non_null(strstr(f.public_text, "2000000000"));
    assert_non_null(strstr(f.public_text, "LimitNOFILE"));
    loop_free(loop);
}

static int setup_one_second(void **state)
{
    static const struct http_limits hasty = {.connections = 20,
        .idle_seconds = 20,
        .request_seconds = 1,
        .max_header_bytes = HEADERS,
        .max_body_bytes = BODY};
    start(state, &hasty);
    world_run(&((struct server_world *)*state)->w);
    return 0;
}

#define SHARED(name) cmocka_unit_test_setup_teardown(name, setup_shares, teardown)
#define SERVED(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHARED(at_the_cap_the_longest_idle_makes_room),
        SHARED(half_a_head_makes_room_after_the_idle_ones),
        SHARED(what_is_being_answered_never_makes_room),
        SHARED(an_address_has_its_share_of_the_connections),
        SHARED(a_proxy_on_this_machine_has_no_share),
        SHARED(one_client_holds_a_quarter_of_the_memory),
        SHARED(small_bodies_pass_while_others_fill_the_memory),
        SERVED(a_refused_upload_reads_its_answer),
        SERVED(a_refused_upload_is_not_told_to_continue),
        SERVED(a_client_that_ends_its_side_gets_its_answer),
        SERVED(pipelined_garbage_is_refused_after_the_answers),
        SERVED(a_thousand_pipelined_requests_leave_room_for_others),
        SERVED(aborted_uploads_leave_nothing_behind),
        cmocka_unit_test_setup_teardown(a_slow_upload_that_goes_on_is_let_finish, setup_one_second, teardown),
        SERVED(the_longest_pattern_words_an_error),
        cmocka_unit_test(too_few_descriptors_stop_the_start_with_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
