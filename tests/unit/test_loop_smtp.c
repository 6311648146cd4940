/* The mailer against a scripted relay: what it says in each case, and that nothing breaks out of the
 * envelope. */
#include "loop_tls.h"
#include <signal.h>
#include "daemon/base/clock.h"
#include "daemon/loop/smtp_client.h"

/* A reply that is NULL closes the connection instead; "" says nothing (and waits for the client to go). */
struct script {
    const char *greeting, *ehlo, *auth, *mail, *rcpt, *data, *dot;
    int close_after; /* letters on one connection; 0 = never */
};

static const struct script polite = {"220 relay ESMTP", "250-relay\r\n250-AUTH PLAIN\r\n250 SIZE 1000000",
    "235 ok", "250 ok", "250 ok", "354 go", "250-two lines\r\n250 queued as ABC123", 0};

struct relay_world {
    struct loop *loop;
    struct loop_timer *guard;
    struct smtp_client *client;
    struct script script;
    int listener, port, connections;
    pthread_t thread;
    bool running, tls;
    struct tls_identity ca, id;
    char ca_path[64];
    char commands[4000];
    char content[4000];
    /* what came back */
    int returned, expected;
    enum smtp_sent results[10];
    char replies[10][200];
    struct fault faults[10];
};

struct line {
    int fd;
    SSL *ssl;
    char buffer[8192];
    size_t have;
};

static bool line_say(struct line *l, const char *text)
{
    char bytes[500];
    if (!text)
        return false;
    if (!*text)
        return true;
    int n = snprintf(bytes, sizeof bytes, "%s\r\n", text);
    return l->ssl ? SSL_write(l->ssl, bytes, n) == n : send(l->fd, bytes, (size_t)n, MSG_NOSIGNAL) == n;
}

static bool line_hear(struct line *l, char *out, size_t size)
{
    char *end;
    while (!(end = memmem(l->buffer, l->have, "\r\n", 2))) {
        size_t room = sizeof l->buffer - l->have;
        ssize_t n = l->ssl ? SSL_read(l->ssl, l->buffer + l->have, (int)room)
                           : recv(l->fd, l->buffer + l->have, room, 0);
        if (n <= 0 || !room)
            return false;
        l->have += (size_t)n;
    }
    size_t length = (size_t)(end - l->buffer);
    snprintf(out, size, "%.*s", (int)length, l->buffer);
    l->have -= length + 2;
    memmove(l->buffer, end + 2, l->have);
    return true;
}

static bool hear_content(struct relay_world *r, struct line *l)
{
    char text[2000];
    size_t n = 0;
    r->content[0] = 0;
    while (line_hear(l, text, sizeof text)) {
        if (!strcmp(text, "."))
            return true;
        n += (size_t)snprintf(r->content + n, sizeof r->content - n, "%s\n", text);
    }
    return false;
}

static void converse(struct relay_world *r, struct line *l)
{
    const struct script *s = &r->script;
    char text[2000];
    int letters = 0;
    bool on = line_say(l, s->greeting);
    while (on && line_hear(l, text, sizeof text)) {
        size_t used = strlen(r->commands);
        snprintf(r->commands + used, sizeof r->commands - used, "%s\n", text);
        if (!strncmp(text, "EHLO", 4))
            on = line_say(l, s->ehlo);
        else if (!strncmp(text, "AUTH", 4))
            on = line_say(l, "334 ") && line_hear(l, text, sizeof text) && line_say(l, s->auth);
        else if (!strncmp(text, "MAIL", 4))
            on = line_say(l, s->mail);
        else if (!strncmp(text, "RCPT", 4))
            on = line_say(l, s->rcpt);
        else if (!strcmp(text, "DATA"))
            on = line_say(l, s->data) &&
                 (strncmp(s->data, "354", 3) != 0 || (hear_content(r, l) && line_say(l, s->dot))) &&
                 ++letters != s->close_after;
        else if (!strcmp(text, "RSET") || !strncmp(text, "HELO", 4))
            on = line_say(l, "250 ok");
        else { /* QUIT */
            line_say(l, "221 bye");
            on = false;
        }
    }
}

static void *relay_thread(void *arg)
{
    struct relay_world *r = arg;
    int fd;
    while ((fd = accept(r->listener, NULL, NULL)) >= 0) {
        struct line l = {.fd = world_patient(fd)};
        SSL_CTX *context = NULL;
        bool ready = true;
        r->connections++;
        if (r->tls) {
            context = tls_server_context(&r->id);
            l.ssl = SSL_new(context);
            SSL_set_fd(l.ssl, fd);
            ready = SSL_accept(l.ssl) == 1;
        }
        if (ready)
            converse(r, &l);
        SSL_free(l.ssl);
        SSL_CTX_free(context);
        close(fd);
    }
    return NULL;
}

static void guard_fired(void *arg)
{
    (void)arg;
    fail_msg("nothing happened for 20 s");
}

static int setup(void **state)
{
    static struct relay_world r;
    memset(&r, 0, sizeof r);
    r.script = polite;
    assert_int_equal(loop_new(&r.loop, NULL), OUTCOME_DONE);
    r.guard = loop_timer_new(r.loop, guard_fired, NULL);
    loop_timer_set(r.guard, WORLD_PATIENCE * 1000);
    r.listener = world_listen(&r.port);
    *state = &r;
    return 0;
}

static int teardown(void **state)
{
    struct relay_world *r = *state;
    smtp_client_free(r->client);
    loop_timer_free(r->guard);
    loop_free(
        r->loop); /* libevent closes a freed connection on the loop, or with it: the relay sees its end now */
    shutdown(r->listener, SHUT_RDWR);
    if (r->running)
        pthread_join(r->thread, NULL);
    close(r->listener);
    if (r->tls) {
        tls_identity_free(&r->ca);
        tls_identity_free(&r->id);
        unlink(r->ca_path);
    }
    return 0;
}

static void begin(struct relay_world *r, const struct smtp_relay *relay)
{
    r->running = true;
    assert_int_equal(pthread_create(&r->thread, NULL, relay_thread, r), 0);
    struct fault f;
    if (smtp_client_new(&r->client, r->loop, relay, &f) != OUTCOME_DONE)
        fail_msg("%s", f.internal);
}

static void begin_clear(struct relay_world *r, int timeout)
{
    struct smtp_relay relay = {.host = "127.0.0.1", .port = r->port, .timeout_seconds = timeout};
    begin(r, &relay);
}

static void sent(
    struct smtp_letter *letter, enum smtp_sent result, const char *reply, const struct fault *fault)
{
    struct relay_world *r = letter->arg;
    r->results[r->returned] = result;
    snprintf(r->replies[r->returned], sizeof r->replies[0], "%s", reply);
    r->faults[r->returned] = *fault;
    r->returned++;
    free(letter->from);
    free(letter->to);
    free(letter->content);
    free(letter);
    if (r->returned == r->expected)
        loop_stop(r->loop);
}

static bool (*may_end)(struct smtp_letter *letter); /* of the letters posted from now on */

static void post(struct relay_world *r, const char *from, const char *to, const char *content)
{
    struct smtp_letter *letter = calloc(1, sizeof *letter);
    *letter = (struct smtp_letter){.from = strdup(from),
        .to = strdup(to),
        .content = strdup(content),
        .length = strlen(content),
        .sent = sent,
        .about_to_end = may_end,
        .arg = r};
    r->expected++;
    smtp_client_send(r->client, letter);
}

#define LETTER "Subject: x\r\n\r\nhello\r\n"

static enum smtp_sent one(struct relay_world *r)
{
    post(r, "desa@example.id", "warga@example.id", LETTER);
    assert_int_equal(r->returned, 0); /* never from inside */
    loop_run(r->loop);
    assert_int_equal(r->returned, r->expected);
    return r->results[r->returned - 1];
}

static void a_letter_is_accepted_with_its_queue_id(void **state)
{
    struct relay_world *r = *state;
    begin_clear(r, 10);
    assert_int_equal(one(r), SMTP_ACCEPTED);
    assert_string_equal(r->replies[0], "250 queued as ABC123");
    assert_non_null(strstr(r->commands, "MAIL FROM:<desa@example.id>"));
    assert_non_null(strstr(r->commands, "RCPT TO:<warga@example.id>\n"));
    assert_string_equal(r->content, "Subject: x\n\nhello\n");
}

static void letters_share_a_connection_and_keep_their_order(void **state)
{
    struct relay_world *r = *state;
    begin_clear(r, 10);
    post(r, "", "a@example.id", "Subject: 1\r\n\r\n.\r\n..dots\r\n");
    post(r, "x@example.id", "b@example.id", LETTER);
    post(r, "x@example.id", "c@example.id", LETTER);
    loop_run(r->loop);
    for (int i = 0; i < 3; i++)
        assert_int_equal(r->results[i], SMTP_ACCEPTED);
    assert_int_equal(r->connections, 1);
    const char *null_path = strstr(r->commands, "MAIL FROM:<>"), *a = strstr(r->commands, "<a@"),
               *b = strstr(r->commands, "<b@"), *c = strstr(r->commands, "<c@");
    assert_true(null_path && a && b && c && null_path < a && a < b && b < c);
}

static bool never(struct smtp_letter *letter)
{
    (void)letter;
    return false;
}

/* What could not be marked on the disk must not be a letter the relay has. */
static void a_letter_that_may_not_be_ended_is_later_and_the_relay_has_none(void **state)
{
    struct relay_world *r = *state;
    begin_clear(r, 10);
    may_end = never;
    assert_int_equal(one(r), SMTP_LATER);
    may_end = NULL;
    post(r, "desa@example.id", "warga@example.id", LETTER);
    loop_run(r->loop);
    assert_int_equal(r->results[1], SMTP_ACCEPTED);
    assert_string_equal(r->content, "Subject: x\n\nhello\n");
    assert_int_equal(r->connections, 2); /* on the first one only breaking it off keeps the letter unsent */
}

static void dots_are_stuffed(void **state)
{
    struct relay_world *r = *state;
    begin_clear(r, 10);
    post(r, "", "a@example.id", ".\r\nSubject: 1\r\n\r\n.\r\n..dots\r\nRCPT TO:<evil@example.id>\r\n");
    loop_run(r->loop);
    assert_int_equal(r->results[0], SMTP_ACCEPTED);
    assert_string_equal(r->content, "..\nSubject: 1\n\n..\n...dots\nRCPT TO:<evil@example.id>\n");
}

static void a_connection_closed_between_letters_is_opened_anew(void **state)
{
    struct relay_world *r = *state;
    r->script.close_after = 1;
    begin_clear(r, 10);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(one(r), SMTP_ACCEPTED);
        r->returned = r->expected = 0;
    }
    assert_int_equal(r->connections, 3);
}

struct row {
    const char *what;
    struct script script;
    enum smtp_sent result;
    const char *reply;
};

#define POLITE                                                                                               \
    .greeting = "220 x", .ehlo = "250 x", .auth = "235 x", .mail = "250 x", .rcpt = "250 x",                 \
    .data = "354 x", .dot = "250 x"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const struct row rows[] = {
    {"greeting 4yz", {POLITE, .greeting = "421 busy"}, SMTP_LATER, "421 busy"},
    {"greeting 5yz", {POLITE, .greeting = "554 go away"}, SMTP_STOPPED, "554 go away"},
    {"no greeting", {POLITE, .greeting = NULL}, SMTP_LATER, ""},
    {"silence", {POLITE, .greeting = ""}, SMTP_LATER, ""},
    {"MAIL 4yz", {POLITE, .mail = "451 later"}, SMTP_LATER, "451 later"},
    {"MAIL 5yz", {POLITE, .mail = "550 not from there"}, SMTP_REFUSED, "550 not from there"},
    {"MAIL needs a login", {POLITE, .mail = "530 5.7.0 login first"}, SMTP_STOPPED, "530 5.7.0 login first"},
    {"RCPT 4yz", {POLITE, .rcpt = "450 greylisted"}, SMTP_LATER, "450 greylisted"},
    {"RCPT 5yz", {POLITE, .rcpt = "550-no\r\n550 such user"}, SMTP_REFUSED, "550 such user"},
    {"DATA 4yz", {POLITE, .data = "451 full"}, SMTP_LATER, "451 full"},
    {"closed at DATA", {POLITE, .data = NULL}, SMTP_LATER, "250 x"},
    {"dot 4yz", {POLITE, .dot = "452 full"}, SMTP_LATER, "452 full"},
    {"dot 5yz", {POLITE, .dot = "554 spam"}, SMTP_REFUSED, "554 spam"},
    {"closed after the dot", {POLITE, .dot = NULL}, SMTP_UNKNOWN, ""},
    {"silence after the dot", {POLITE, .dot = ""}, SMTP_UNKNOWN, ""},
    {"half a reply to the dot", {POLITE, .dot = "250-more to come"}, SMTP_UNKNOWN, ""},
};
#pragma GCC diagnostic pop

static void each_answer_has_its_verdict(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        setup(state);
        struct relay_world *r = *state;
        r->script = rows[i].script;
        begin_clear(r, 1);
        enum smtp_sent result = one(r);
        if (result != rows[i].result || strcmp(r->replies[0], rows[i].reply) != 0)
            fail_msg("%s: %d \"%s\" (%s)", rows[i].what, result, r->replies[0], r->faults[0].internal);
        if (result != SMTP_ACCEPTED && !r->faults[0].public_text[0])
            fail_msg("%s: no public text", rows[i].what);
        teardown(state);
    }
}

static void nobody_listens_is_later(void **state)
{
    struct relay_world *r = *state;
    struct smtp_relay relay = {.host = "127.0.0.1", .timeout_seconds = 5};
    int closed = world_listen(&relay.port);
    close(closed);
    assert_int_equal(smtp_client_new(&r->client, r->loop, &relay, NULL), OUTCOME_DONE);
    assert_int_equal(one(r), SMTP_LATER);
}

static void a_refused_login_stops(void **state)
{
    struct relay_world *r = *state;
    r->script.auth = "535 5.7.8 wrong";
    struct smtp_relay relay = {
        .host = "127.0.0.1", .port = r->port, .timeout_seconds = 5, .user = "u", .password = "p"};
    begin(r, &relay);
    assert_int_equal(one(r), SMTP_STOPPED);
    assert_non_null(strstr(r->faults[0].public_text, "kata sandi"));
    assert_null(strstr(r->commands, "MAIL"));
}

static void a_login_that_fails_for_now_is_later(void **state)
{
    struct relay_world *r = *state;
    r->script.auth = "454 4.7.0 try again";
    struct smtp_relay relay = {
        .host = "127.0.0.1", .port = r->port, .timeout_seconds = 5, .user = "u", .password = "p"};
    begin(r, &relay);
    assert_int_equal(one(r), SMTP_LATER);
}

static void begin_tls(struct relay_world *r, const char *name)
{
    r->tls = true;
    r->ca = tls_identity_new("ca", NULL, 20, NULL);
    r->id = tls_identity_new("relay", name, 20, &r->ca);
    snprintf(r->ca_path, sizeof r->ca_path, "/tmp/pengaduand-test-smtp-%d.pem", (int)getpid());
    tls_write_ca(&r->ca, r->ca_path);
    struct smtp_relay relay = {.host = "localhost",
        .port = r->port,
        .tls = true,
        .ca_file = r->ca_path,
        .user = "u",
        .password = "secret",
        .timeout_seconds = 5};
    begin(r, &relay);
}

static void a_letter_goes_over_verified_tls(void **state)
{
    struct relay_world *r = *state;
    begin_tls(r, "DNS:localhost");
    if (one(r) != SMTP_ACCEPTED)
        fail_msg("%s / %s", r->faults[0].internal, r->commands);
    assert_non_null(strstr(r->commands, "AUTH PLAIN"));
}

static void another_certificate_stops_before_the_login(void **state)
{
    struct relay_world *r = *state;
    begin_tls(r, "DNS:other.example");
    assert_int_equal(one(r), SMTP_STOPPED);
    assert_non_null(strstr(r->faults[0].public_text, "sertifikat"));
    assert_string_equal(r->commands, "");
}

static void addresses_cannot_break_out(void **state)
{
    static const char *const good[] = {
        "a@b", "a.b+c@example.id", "o'neil@ex-ample.co.id", "1@1.id", "a_b=c@d.e"};
    static const char *const bad[] = {"", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b c",
        "a\r\nRCPT TO:<x@y>@b", "a@b\n", "a@b>", "<a@b", "a@b\r\nRCPT TO:<evil@x>", ".a@b", "a.@b", "a..b@c",
        "a@b..c", "a@.b", "a@b.", "a@-b", "a@b-", "a@b-.c", "\"a b\"@c", "a@[127.0.0.1]", "\xc3\xa9@b",
        "a@\xc3\xa9", "a\x7f@b", "a@b_c", "a,b@c"};
    char longest[300], local[70];
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!smtp_address_ok(good[i]))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (smtp_address_ok(bad[i]))
            fail_msg("%s", bad[i]);
    assert_false(smtp_address_ok(NULL));
    memset(local, 'a', 64);
    snprintf(longest, sizeof longest, "%.64s@b", local);
    assert_true(smtp_address_ok(longest));
    memset(local, 'a', 65);
    snprintf(longest, sizeof longest, "%.65s@b", local);
    assert_false(smtp_address_ok(longest));
    memset(longest, 0, sizeof longest);
    memcpy(longest, "a@", 2);
    for (int i = 2; i < 254; i++)
        longest[i] = i % 50 ? 'b' : '.';
    assert_true(smtp_address_ok(longest));
    longest[254] = 'b';
    assert_false(smtp_address_ok(longest));
}

static void letters_that_could_smuggle_are_refused_unsent(void **state)
{
    static const char *const contents[] = {
        "", "x", "x\n", "x\r", "a\nb\r\n", "a\rb\r\n", "a\r\n.\nMAIL\r\n", "\n", "a\n\r\n"};
    struct relay_world *r = *state;
    begin_clear(r, 5);
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        r->returned = r->expected = 0;
        post(r, "", "a@example.id", contents[i]);
        assert_int_equal(r->returned, 0);
        loop_run(r->loop);
        assert_int_equal(r->results[0], SMTP_REFUSED);
    }
    r->returned = r->expected = 0;
    post(r, "", "a@b\r\nRCPT TO:<evil@x>", LETTER);
    post(r, "a@b>\r\nDATA", "a@b", LETTER);
    loop_run(r->loop);
    assert_int_equal(r->results[0], SMTP_REFUSED);
    assert_int_equal(r->results[1], SMTP_REFUSED);
    assert_int_equal(r->connections, 0);
}

static void every_letter_comes_back_when_the_client_ends(void **state)
{
    struct relay_world *r = *state;
    r->script.dot = "";
    begin_clear(r, 1);
    for (int i = 0; i < 5; i++)
        post(r, "", "a@example.id", LETTER);
    smtp_client_free(r->client); /* waits for the one on the wire */
    r->client = NULL;
    assert_int_equal(r->returned, 5);
    assert_int_equal(r->results[4], SMTP_LATER);
}

static void a_silent_relay_does_not_hold_up_the_end(void **state)
{
    struct relay_world *r = *state;
    r->script.greeting = "";
    begin_clear(r, 60);
    for (int i = 0; i < 3; i++)
        post(r, "", "a@example.id", LETTER);
    int64_t began = clock_mono_ms();
    smtp_client_free(r->client);
    r->client = NULL;
    assert_true(clock_mono_ms() - began < SMTP_STOP_MS + 3000);
    assert_int_equal(r->returned, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(r->results[i], SMTP_LATER); /* not a word of them was said: nothing is uncertain */
}

static void relays_that_cannot_be_are_refused(void **state)
{
    struct relay_world *r = *state;
    struct smtp_relay relay = {.host = "a/b", .port = 465, .tls = true, .timeout_seconds = 5};
    struct fault f;
    assert_int_equal(smtp_client_new(&r->client, r->loop, &relay, &f), OUTCOME_STOP);
    assert_true(f.public_text[0]);
    relay = (struct smtp_relay){.host = "mail.example", .port = 0, .tls = true};
    assert_int_equal(smtp_client_new(&r->client, r->loop, &relay, &f), OUTCOME_STOP);
    relay = (struct smtp_relay){.host = "mail.example", .port = 25, .tls = true, .ca_file = "/nonexistent"};
    assert_int_equal(smtp_client_new(&r->client, r->loop, &relay, &f), OUTCOME_STOP);
}

static void clear_text_goes_to_loopback_only(void **state)
{
    struct relay_world *r = *state;
    struct smtp_relay relay = {.host = "192.0.2.1", .port = 25, .timeout_seconds = 10};
    assert_int_equal(smtp_client_new(&r->client, r->loop, &relay, NULL), OUTCOME_DONE);
    int64_t began = world_now_ms();
    assert_int_equal(one(r), SMTP_STOPPED);
    assert_in_range(world_now_ms() - began, 0, 3000); /* refused here, not timed out there */
}

#define SMTP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        SMTP(a_letter_is_accepted_with_its_queue_id),
        SMTP(letters_share_a_connection_and_keep_their_order),
        SMTP(a_letter_that_may_not_be_ended_is_later_and_the_relay_has_none),
        SMTP(dots_are_stuffed),
        SMTP(a_connection_closed_between_letters_is_opened_anew),
        cmocka_unit_test(each_answer_has_its_verdict),
        SMTP(nobody_listens_is_later),
        SMTP(a_refused_login_stops),
        SMTP(a_login_that_fails_for_now_is_later),
        SMTP(a_letter_goes_over_verified_tls),
        SMTP(another_certificate_stops_before_the_login),
        cmocka_unit_test(addresses_cannot_break_out),
        SMTP(letters_that_could_smuggle_are_refused_unsent),
        SMTP(every_letter_comes_back_when_the_client_ends),
        SMTP(a_silent_relay_does_not_hold_up_the_end),
        SMTP(relays_that_cannot_be_are_refused),
        SMTP(clear_text_goes_to_loopback_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
