/* The daemon's side of the parser child. The child is this program itself under the name "parser": it does
 * what the mail tells it, die or hang included. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "channels/parser/parser.h"
#include "channels/parser/parser_protocol.h"
#include "daemon/base/frame.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the child ---- */

static void act_mail(uint32_t id, const char *text)
{
    if (!strcmp(text, "mati"))
        _exit(3);
    if (!strcmp(text, "diam"))
        pause();
    if (!strncmp(text, "pelan ", 6)) {
        poll(NULL, 0, PARSER_REQUEST_MS + 300);
        text = "pelan";
    }
    if (!strncmp(text, "mati-sekali ", 12) && open(text + 12, O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0)
        _exit(3);
    if (!strcmp(text, "ngawur")) {
        frame_write(3, PARSER_MAIL_IS, id, "\377\377\377\377", 4);
        return;
    }
    char body[400];
    char json[300];
    int n =
        snprintf(json, sizeof json, "{\"subject\":\"%s\",\"attachments\":[{\"filename\":\"a.txt\"}]}", text);
    uint32_t length = (uint32_t)n, size = 5;
    memset(body, 0, sizeof body); /* both texts are empty */
    memcpy(body, &length, 4);
    memcpy(body + 4, json, length);
    memcpy(body + 12 + length, &size, 4);
    memcpy(body + 16 + length, "hallo", 5);
    frame_write(3, PARSER_MAIL_IS, id, body, 21 + length);
}

static int act(void)
{
    struct frame head;
    char *body;
    const char *broken = getenv("BROKEN_PARSER"); /* "1" = always, a file's name = until that is there */
    int fd = broken && *broken == '/' ? open(broken, O_CREAT | O_EXCL | O_WRONLY, 0600) : -1;
    if (broken && (*broken != '/' || fd >= 0))
        return 1;
    while (frame_read(3, &head, &body)) {
        if (head.type == PARSER_TYPE)
            frame_write(3, PARSER_TYPE_IS, head.id, "text/plain", 10);
        else
            act_mail(head.id, body);
        free(body);
    }
    return 0;
}

/* ---- the tests ---- */

struct room {
    struct loop *loop;
    struct parser *parser;
    char folder[40];
};

struct asked {
    struct room *room;
    size_t *left; /* answers the test still waits for */
    enum outcome outcome;
    char subject[100];
    size_t attachment;
    char type[40];
    int answers;
};

static void got(struct asked *a, enum outcome outcome)
{
    a->outcome = outcome;
    a->answers++;
    if (--*a->left == 0)
        loop_stop(a->room->loop);
}

static void mail_read(
    void *arg, enum outcome outcome, const struct parser_mail *mail, const struct fault *fault)
{
    struct asked *a = arg;
    if (outcome == OUTCOME_DONE) {
        snprintf(
            a->subject, sizeof a->subject, "%s", json_string_value(json_object_get(mail->facts, "subject")));
        a->attachment = mail->count == 1 && !memcmp(mail->attachments[0].data, "hallo", 5)
                            ? mail->attachments[0].size
                            : 0;
    } else {
        assert_non_null(fault);
        assert_int_not_equal(fault->public_text[0], 0);
    }
    got(a, outcome);
}

static void type_read(void *arg, enum outcome outcome, const char *media_type, const struct fault *fault)
{
    struct asked *a = arg;
    (void)fault;
    snprintf(a->type, sizeof a->type, "%s", media_type ? media_type : "");
    got(a, outcome);
}

static int setup(void **state)
{
    struct room *room = calloc(1, sizeof *room);
    char path[60], self[400] = {0};
    struct fault fault;
    strcpy(room->folder, "/tmp/pengaduand-test-XXXXXX");
    if (!mkdtemp(room->folder) || readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        return -1;
    snprintf(path, sizeof path, "%s/parser", room->folder);
    if (symlink(self, path) || setenv("PENGADUAND_LIBEXEC", room->folder, 1))
        return -1;
    unsetenv("BROKEN_PARSER");
    if (loop_new(&room->loop, &fault) || parser_open(&room->parser, room->loop, &fault))
        return -1;
    *state = room;
    return 0;
}

static int teardown(void **state)
{
    struct room *room = *state;
    char path[60];
    parser_free(room->parser);
    loop_free(room->loop);
    snprintf(path, sizeof path, "%s/parser", room->folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/once", room->folder);
    unlink(path);
    rmdir(room->folder);
    free(room);
    return 0;
}

static void ask(struct room *room, struct asked *a, size_t *left, const char *text)
{
    *a = (struct asked){.room = room, .left = left, .outcome = OUTCOME_STOP};
    parser_read_mail(room->parser, text, strlen(text), mail_read, a);
    assert_int_equal(a->answers, 0); /* never from inside the request */
}

static void mails_are_read_with_their_attachments(void **state)
{
    struct room *room = *state;
    struct asked a[20];
    size_t left = 20;
    char text[20][20];
    for (int i = 0; i < 20; i++) {
        snprintf(text[i], sizeof text[i], "mail %d", i);
        ask(room, &a[i], &left, text[i]);
    }
    loop_run(room->loop);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(a[i].outcome, OUTCOME_DONE);
        assert_string_equal(a[i].subject, text[i]);
        assert_int_equal(a[i].attachment, 5);
    }
}

static void who_asked_may_forget_it_after_the_parser_was_closed(void **state)
{
    struct room *room = *state;
    struct asked before, after;
    size_t left = 2;
    ask(room, &before, &left, "sebelum");
    parser_close(room->parser);
    parser_forget(room->parser, &before);
    ask(room, &after, &left, "sesudah");
    parser_forget(room->parser, &after);
    parser_close(room->parser);
    assert_int_equal(left, 2); /* neither is ever answered */
}

static void file_types_come_from_the_content(void **state)
{
    struct room *room = *state;
    size_t left = 1;
    struct asked a = {.room = room, .left = &left};
    parser_file_type(room->parser, "abc", 3, type_read, &a);
    loop_run(room->loop);
    assert_int_equal(a.outcome, OUTCOME_DONE);
    assert_string_equal(a.type, "text/plain");
}

static void a_mail_that_kills_twice_is_never_and_its_neighbours_are_read(void **state)
{
    struct room *room = *state;
    struct asked a[4];
    size_t left = 4;
    ask(room, &a[0], &left, "satu");
    ask(room, &a[1], &left, "mati");
    ask(room, &a[2], &left, "dua");
    ask(room, &a[3], &left, "tiga");
    loop_run(room->loop);
    assert_int_equal(a[0].outcome, OUTCOME_DONE);
    assert_int_equal(a[1].outcome, OUTCOME_NEVER);
    assert_int_equal(a[2].outcome, OUTCOME_DONE);
    assert_int_equal(a[3].outcome, OUTCOME_DONE);
}

static void a_mail_that_kills_once_is_tried_again(void **state)
{
    struct room *room = *state;
    struct asked a;
    size_t left = 1;
    char text[80];
    snprintf(text, sizeof text, "mati-sekali %s/once", room->folder);
    ask(room, &a, &left, text);
    loop_run(room->loop);
    assert_int_equal(a.outcome, OUTCOME_DONE);
}

static void a_mail_that_hangs_is_given_up_after_its_deadline(void **state)
{
    struct room *room = *state;
    struct asked a[2];
    size_t left = 2;
    ask(room, &a[0], &left, "diam");
    ask(room, &a[1], &left, "satu");
    loop_run(room->loop);
    assert_int_equal(a[0].outcome, OUTCOME_NEVER);
    assert_int_equal(a[1].outcome, OUTCOME_DONE);
}

static void a_large_mail_has_longer(void **state)
{
    struct room *room = *state;
    struct asked a = {0};
    size_t left = 1, size = 3 << 20;
    char *mail = malloc(size + 1);
    assert_non_null(mail);
    memset(mail, 'x', size);
    memcpy(mail, "pelan ", 6);
    mail[size] = '\0';
    ask(room, &a, &left, mail);
    loop_run(room->loop);
    free(mail);
    assert_int_equal(a.outcome, OUTCOME_DONE);
    assert_string_equal(a.subject, "pelan");
}

static void nonsense_for_an_answer_is_not_believed(void **state)
{
    struct room *room = *state;
    struct asked a[2];
    size_t left = 2;
    ask(room, &a[0], &left, "ngawur");
    ask(room, &a[1], &left, "satu");
    loop_run(room->loop);
    assert_int_equal(a[0].outcome, OUTCOME_NEVER);
    assert_int_equal(a[1].outcome, OUTCOME_DONE);
}

static void a_parser_that_cannot_start_blames_no_mail(void **state)
{
    struct room *room = *state;
    struct asked a[2];
    size_t left = 2;
    setenv("BROKEN_PARSER", "1", 1);
    ask(room, &a[0], &left, "satu");
    ask(room, &a[1], &left, "dua");
    loop_run(room->loop);
    assert_int_equal(a[0].outcome, OUTCOME_LATER);
    assert_int_equal(a[1].outcome, OUTCOME_LATER);
    left = 1;
    ask(room, &a[0], &left, "tiga"); /* during the back-off */
    loop_run(room->loop);
    assert_int_equal(a[0].outcome, OUTCOME_LATER);
}

static void a_parser_killed_once_at_its_start_refuses_nobody(void **state)
{
    struct room *room = *state;
    struct asked a;
    size_t left = 1;
    char path[80];
    snprintf(path, sizeof path, "%s/once", room->folder);
    setenv("BROKEN_PARSER", path, 1);
    ask(room, &a, &left, "satu");
    loop_run(room->loop);
    assert_int_equal(a.outcome, OUTCOME_DONE);
}

static void a_mail_beyond_the_limit_is_never_read(void **state)
{
    struct room *room = *state;
    size_t left = 1;
    struct asked a = {.room = room, .left = &left};
    static char big[(48 << 20) + 1];
    parser_read_mail(room->parser, big, sizeof big, mail_read, &a);
    loop_run(room->loop);
    assert_int_equal(a.outcome, OUTCOME_NEVER);
}

static void a_forgotten_request_is_not_answered(void **state)
{
    struct room *room = *state;
    struct asked a[3];
    size_t left = 2;
    ask(room, &a[0], &left, "satu");
    ask(room, &a[1], &left, "dua");
    ask(room, &a[2], &left, "tiga");
    parser_forget(room->parser, &a[1]);
    loop_run(room->loop);
    assert_int_equal(a[0].answers, 1);
    assert_int_equal(a[1].answers, 0);
    assert_int_equal(a[2].answers, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[0], "parser"))
        _exit(act());
    const struct CMUnitTest tests[] = {
        CASE(mails_are_read_with_their_attachments),
        CASE(file_types_come_from_the_content),
        CASE(a_mail_that_kills_twice_is_never_and_its_neighbours_are_read),
        CASE(a_mail_that_kills_once_is_tried_again),
        CASE(a_mail_that_hangs_is_given_up_after_its_deadline),
        CASE(a_large_mail_has_longer),
        CASE(nonsense_for_an_answer_is_not_believed),
        CASE(a_parser_that_cannot_start_blames_no_mail),
        CASE(a_parser_killed_once_at_its_start_refuses_nobody),
        CASE(a_mail_beyond_the_limit_is_never_read),
        CASE(a_forgotten_request_is_not_answered),
        CASE(who_asked_may_forget_it_after_the_parser_was_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
