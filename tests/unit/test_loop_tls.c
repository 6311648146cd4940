/* Dialling: right and wrong certificates, servers that are away, silent or clear-text; and the pump. */
#include "loop_tls.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include "daemon/loop/tls_dial.h"

enum server_kind { SERVER_TLS, SERVER_CLEAR, SERVER_SILENT, SERVER_CLOSES };
enum { FLOOD = 3 << 20 };

struct tls_world {
    struct loop *loop;
    struct loop_timer *guard;
    struct tls_identity ca, other_ca, good, wrong_name, stranger, expired;
    char ca_path[64];
    /* the server */
    int listener, port;
    enum server_kind kind;
    const struct tls_identity *identity;
    int max_version;
    size_t flood;
    char sni[100];
    pthread_t thread;
    sem_t release;
    bool running;
    /* what came of it */
    int answers;
    struct bufferevent *connection;
    enum outcome outcome;
    struct fault fault;
};

static void guard_fired(void *arg)
{
    (void)arg;
    fail_msg("nothing happened for 20 s");
}

static int setup(void **state)
{
    static struct tls_world t;
    memset(&t, 0, sizeof t);
    assert_int_equal(loop_new(&t.loop, NULL), OUTCOME_DONE);
    t.guard = loop_timer_new(t.loop, guard_fired, NULL);
    loop_timer_set(t.guard, WORLD_PATIENCE * 1000);
    t.ca = tls_identity_new("test ca", NULL, 20, NULL);
    t.other_ca = tls_identity_new("other ca", NULL, 20, NULL);
    t.good = tls_identity_new("localhost", "DNS:localhost,IP:127.0.0.1", 20, &t.ca);
    t.wrong_name = tls_identity_new("localhost", "DNS:mail.example", 20, &t.ca);
    t.stranger = tls_identity_new("localhost", "DNS:localhost,IP:127.0.0.1", 20, &t.other_ca);
    t.expired = tls_identity_new("localhost", "DNS:localhost,IP:127.0.0.1", -1, &t.ca);
    snprintf(t.ca_path, sizeof t.ca_path, "/tmp/pengaduand-test-ca-%d.pem", (int)getpid());
    tls_write_ca(&t.ca, t.ca_path);
    t.listener = world_listen(&t.port);
    sem_init(&t.release, 0, 0);
    *state = &t;
    return 0;
}

static void hang_up(struct tls_world *t)
{
    if (t->connection)
        bufferevent_free(t->connection);
    t->connection = NULL;
    event_base_loop(loop_base(t->loop), EVLOOP_NONBLOCK); /* a deferred call-back may hold the socket open */
}

static int teardown(void **state)
{
    struct tls_world *t = *state;
    hang_up(t);
    sem_post(&t->release);
    shutdown(t->listener, SHUT_RDWR);
    if (t->running)
        pthread_join(t->thread, NULL);
    close(t->listener);
    unlink(t->ca_path);
    struct tls_identity *all[] = {&t->ca, &t->other_ca, &t->good, &t->wrong_name, &t->stranger, &t->expired};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        tls_identity_free(all[i]);
    loop_timer_free(t->guard);
    loop_free(t->loop);
    return 0;
}

/* greets, floods if told to, then gives every byte back until the client goes */
static void serve_tls(struct tls_world *t, int fd)
{
    SSL_CTX *context = tls_server_context(t->identity);
    if (t->max_version)
        SSL_CTX_set_max_proto_version(context, t->max_version);
    SSL_CTX_set_security_level(context, 0);
    SSL *ssl = SSL_new(context);
    static char block[65536];
    memset(block, 0, sizeof block);
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1) {
        const char *sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
        snprintf(t->sni, sizeof t->sni, "%s", sni ? sni : "-");
        SSL_write(ssl, "* OK\r\n", 6);
        for (size_t sent = 0; sent < t->flood; sent += sizeof block)
            if (SSL_write(ssl, block, sizeof block) <= 0)
                break;
        int n;
        while (!t->flood && (n = SSL_read(ssl, block, sizeof block)) > 0)
            SSL_write(ssl, block, n);
        if (t->flood)
            SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    ERR_clear_error();
}

static void *server_thread(void *arg)
{
    struct tls_world *t = arg;
    int fd = accept(t->listener, NULL, NULL);
    if (fd < 0)
        return NULL;
    world_patient(fd);
    if (t->kind == SERVER_TLS)
        serve_tls(t, fd);
    else if (t->kind == SERVER_CLEAR)
        (void)!send(fd, "* OK clear text here\r\n", 22, MSG_NOSIGNAL);
    if (t->kind == SERVER_CLEAR || t->kind == SERVER_SILENT)
        sem_wait(&t->release);
    close(fd);
    return NULL;
}

static void serve(struct tls_world *t, enum server_kind kind, const struct tls_identity *identity)
{
    t->kind = kind;
    t->identity = identity;
    t->running = true;
    assert_int_equal(pthread_create(&t->thread, NULL, server_thread, t), 0);
}

static void connected(
    void *arg, struct bufferevent *connection, enum outcome outcome, const struct fault *fault)
{
    struct tls_world *t = arg;
    t->answers++;
    t->connection = connection;
    t->outcome = outcome;
    t->fault = *fault;
    loop_stop(t->loop);
}

static void dial(struct tls_world *t, const char *host, const char *ca_file, int seconds, bool tls)
{
    struct tls_peer peer = {
        .host = host, .port = t->port, .tls = tls, .ca_file = ca_file, .timeout_seconds = seconds};
    struct tls_dial *unused;
    t->outcome = tls_dial(&unused, t->loop, &peer, connected, t, &t->fault);
    if (t->outcome != OUTCOME_DONE)
        return;
    assert_int_equal(t->answers, 0); /* never from inside */
    loop_run(t->loop);
    assert_int_equal(t->answers, 1);
    assert_true((t->outcome == OUTCOME_DONE) == (t->connection != NULL));
}

static void a_trusted_name_is_connected(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_TLS, &t->good);
    dial(t, "localhost", t->ca_path, 10, true);
    assert_int_equal(t->outcome, OUTCOME_DONE);
    hang_up(t);
    pthread_join(t->thread, NULL);
    t->running = false;
    assert_string_equal(t->sni, "localhost");
}

static void a_trusted_address_is_connected(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_TLS, &t->good);
    dial(t, "127.0.0.1", t->ca_path, 10, true);
    assert_int_equal(t->outcome, OUTCOME_DONE);
}

static void refused(struct tls_world *t, const char *public_part, const char *internal_part)
{
    assert_int_equal(t->outcome, OUTCOME_STOP);
    if (!strstr(t->fault.public_text, public_part) || !strstr(t->fault.internal, internal_part))
        fail_msg("%s / %s", t->fault.public_text, t->fault.internal);
}

static void another_name_is_refused(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_TLS, &t->wrong_name);
    dial(t, "localhost", t->ca_path, 10, true);
    refused(t, "untuk nama lain", "hostname mismatch");
}

static void another_address_is_refused(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_TLS, &t->wrong_name);
    dial(t, "127.0.0.1", t->ca_path, 10, true);
    refused(t, "untuk nama lain", "IP address mismatch");
}

static void an_unknown_ca_is_refused(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_TLS, &t->stranger);
    dial(t, "localhost", t->ca_path, 10, true);
    refused(t, "tidak dipercaya", "local issuer");
}

static void the_system_store_does_not_know_our_ca(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_TLS, &t->good);
    dial(t, "localhost", NULL, 10, true);
    refused(t, "tidak dipercaya", "issuer");
}

static void an_expired_certificate_is_refused(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_TLS, &t->expired);
    dial(t, "localhost", t->ca_path, 10, true);
    refused(t, "kedaluwarsa", "expired");
}

static void old_tls_is_refused(void **state)
{
    struct tls_world *t = *state;
    t->max_version = TLS1_1_VERSION;
    serve(t, SERVER_TLS, &t->good);
    dial(t, "localhost", t->ca_path, 10, true);
    refused(t, "TLS", "dial localhost");
}

static void a_clear_text_server_is_refused(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_CLEAR, NULL);
    dial(t, "localhost", t->ca_path, 10, true);
    refused(t, "tidak dapat berbicara TLS", "wrong version number");
}

static void a_server_that_closes_is_tried_later(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_CLOSES, NULL);
    dial(t, "localhost", t->ca_path, 10, true);
    assert_int_equal(t->outcome, OUTCOME_LATER);
    assert_true(t->fault.public_text[0]);
}

static void a_silent_server_is_left_in_time(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_SILENT, NULL);
    int64_t began = world_now_ms();
    dial(t, "127.0.0.1", t->ca_path, 1, true);
    assert_int_equal(t->outcome, OUTCOME_LATER);
    assert_in_range(world_now_ms() - began, 900, 6000);
}

static void a_closed_port_is_tried_later(void **state)
{
    struct tls_world *t = *state;
    int unused = world_listen(&t->port);
    close(unused);
    dial(t, "localhost", t->ca_path, 10, true);
    assert_int_equal(t->outcome, OUTCOME_LATER);
    assert_non_null(strstr(t->fault.internal, "refused"));
}

static void an_unknown_name_is_tried_later(void **state)
{
    struct tls_world *t = *state;
    dial(t, "no-such-name.invalid", t->ca_path, 15, true);
    assert_int_equal(t->outcome, OUTCOME_LATER);
    assert_non_null(strstr(t->fault.public_text, "tidak ditemukan"));
}

static void clear_text_goes_to_loopback_only(void **state)
{
    struct tls_world *t = *state;
    serve(t, SERVER_CLEAR, NULL);
    dial(t, "192.0.2.1", NULL, 10, false);
    refused(t, "tanpa TLS", "loopback");
    t->answers = 0;
    dial(t, "localhost", NULL, 10, false);
    assert_int_equal(t->outcome, OUTCOME_DONE);
}

static void a_missing_ca_file_stops(void **state)
{
    struct tls_world *t = *state;
    dial(t, "localhost", "/nonexistent.pem", 10, true);
    refused(t, "CA", "/nonexistent.pem");
}

static void a_cancelled_dial_answers_nothing(void **state)
{
    struct tls_world *t = *state;
    struct tls_peer peer = {
        .host = "localhost", .port = t->port, .tls = true, .ca_file = t->ca_path, .timeout_seconds = 9};
    struct tls_dial *cancelled;
    serve(t, SERVER_TLS, &t->good);
    assert_int_equal(tls_dial(&cancelled, t->loop, &peer, connected, t, NULL), OUTCOME_DONE);
    tls_dial_cancel(cancelled);
    tls_dial_cancel(NULL);
    dial(t, "localhost", t->ca_path, 10, true); /* the loop turned meanwhile: one answer only */
    assert_int_equal(t->outcome, OUTCOME_DONE);
}

/* ---- the pump: TLS server <-> a socketpair, whose far end is the "child" ---- */

struct pump_world {
    struct tls_world *t;
    struct tls_pump *pump;
    struct bufferevent *near, *far;
    size_t got, most_queued;
    char text[100];
    const char *cut;
    int cuts;
    size_t read_first;
};

static void pump_cut(void *arg, const char *why)
{
    struct pump_world *p = arg;
    p->cuts++;
    p->cut = why;
    loop_stop(p->t->loop);
}

static void far_read(struct bufferevent *bev, void *arg)
{
    struct pump_world *p = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    size_t n = evbuffer_get_length(input), queued = evbuffer_get_length(bufferevent_get_output(p->near));
    if (p->got < sizeof p->text - 1)
        evbuffer_copyout(input, p->text + p->got, sizeof p->text - 1 - p->got);
    evbuffer_drain(input, n);
    p->got += n;
    if (queued > p->most_queued)
        p->most_queued = queued;
    if (strstr(p->text, "echo"))
        loop_stop(p->t->loop);
}

static void pump_begin(struct pump_world *p, struct tls_world *t, size_t max)
{
    int pair[2];
    dial(t, "localhost", t->ca_path, 10, true);
    assert_int_equal(t->outcome, OUTCOME_DONE);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    *p = (struct pump_world){.t = t};
    p->near = bufferevent_socket_new(loop_base(t->loop), pair[0], BEV_OPT_CLOSE_ON_FREE);
    p->far = bufferevent_socket_new(loop_base(t->loop), pair[1], BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(p->far, far_read, NULL, NULL, p);
    bufferevent_enable(p->far, EV_READ | EV_WRITE);
    p->pump = tls_pump_new(t->connection, p->near, max, pump_cut, p);
    assert_non_null(p->pump);
}

static void pump_end(struct pump_world *p)
{
    tls_pump_free(p->pump);
    bufferevent_free(p->near);
    if (p->far)
        bufferevent_free(p->far);
}

static void bytes_go_both_ways(void **state)
{
    struct tls_world *t = *state;
    struct pump_world p;
    serve(t, SERVER_TLS, &t->good);
    pump_begin(&p, t, 1 << 20);
    bufferevent_write(p.far, "echo", 4);
    loop_run(t->loop);
    assert_string_equal(p.text, "* OK\r\necho");
    assert_int_equal(tls_pump_received(p.pump), 10);
    assert_int_equal(p.cuts, 0);
    bufferevent_free(p.far);
    p.far = NULL;
    loop_run(t->loop);
    assert_string_equal(p.cut, "child closed");
    pump_end(&p);
}

static void a_flood_arrives_whole_through_a_small_queue(void **state)
{
    struct tls_world *t = *state;
    struct pump_world p;
    t->flood = FLOOD;
    serve(t, SERVER_TLS, &t->good);
    pump_begin(&p, t, FLOOD + 100);
    loop_run(t->loop);
    assert_string_equal(p.cut, "server closed");
    assert_int_equal(p.cuts, 1);
    /* what the cut waited for is in the socket: take it */
    while (p.got < FLOOD + 6)
        assert_int_equal(event_base_loop(loop_base(t->loop), EVLOOP_ONCE), 0);
    assert_int_equal(p.got, FLOOD + 6);
    assert_in_range(p.most_queued, 1, 512 * 1024);
    pump_end(&p);
}

static void a_reader_that_stops_stops_the_server(void **state)
{
    struct tls_world *t = *state;
    struct pump_world p;
    t->flood = FLOOD * 4;
    serve(t, SERVER_TLS, &t->good);
    pump_begin(&p, t, SIZE_MAX);
    bufferevent_disable(p.far, EV_READ);
    for (int turn = 0, still = 0; still < 20; turn++) { /* until nothing moves any more */
        size_t before = tls_pump_received(p.pump);
        event_base_loop(loop_base(t->loop), EVLOOP_NONBLOCK);
        nanosleep(&(struct timespec){.tv_nsec = 5 * 1000 * 1000}, NULL);
        still = before && tls_pump_received(p.pump) == before ? still + 1 : 0;
        assert_true(turn < 4000);
    }
    assert_in_range(tls_pump_received(p.pump), 256 * 1024, 2 << 20);
    assert_in_range(evbuffer_get_length(bufferevent_get_output(p.near)), 1, 512 * 1024);
    bufferevent_enable(p.far, EV_READ);
    loop_run(t->loop);
    assert_string_equal(p.cut, "server closed");
    pump_end(&p);
}

static void too_many_bytes_cut_the_connection(void **state)
{
    struct tls_world *t = *state;
    struct pump_world p;
    t->flood = FLOOD;
    serve(t, SERVER_TLS, &t->good);
    pump_begin(&p, t, 100000);
    loop_run(t->loop);
    assert_string_equal(p.cut, "more bytes than allowed");
    assert_true(p.got <= 100000);
    pump_end(&p);
}

#define TLS(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS(a_trusted_name_is_connected),
        TLS(a_trusted_address_is_connected),
        TLS(another_name_is_refused),
        TLS(another_address_is_refused),
        TLS(an_unknown_ca_is_refused),
        TLS(the_system_store_does_not_know_our_ca),
        TLS(an_expired_certificate_is_refused),
        TLS(old_tls_is_refused),
        TLS(a_clear_text_server_is_refused),
        TLS(a_server_that_closes_is_tried_later),
        TLS(a_silent_server_is_left_in_time),
        TLS(a_closed_port_is_tried_later),
        TLS(an_unknown_name_is_tried_later),
        TLS(clear_text_goes_to_loopback_only),
        TLS(a_missing_ca_file_stops),
        TLS(a_cancelled_dial_answers_nothing),
        TLS(bytes_go_both_ways),
        TLS(a_flood_arrives_whole_through_a_small_queue),
        TLS(a_reader_that_stops_stops_the_server),
        TLS(too_many_bytes_cut_the_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
