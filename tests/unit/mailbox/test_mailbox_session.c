/* The mailbox child against a scripted IMAP server on a socketpair; the test plays the daemon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "imap_script.h"
#include "channels/email/mailbox/serve.h"
#include "channels/email/mailbox/wire.h"
#include "channels/email/mailbox_protocol.h"
#include "daemon/base/frame.h"
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

enum { ROOM_SECONDS = 20 };

struct room {
    struct script script;
    pthread_t child;
    int net_fd, child_frame_fd, frame_fd, exit_code;
    bool running;
    struct frame head;
    char *body;
    const char *move_to;
};

static void *room_child(void *arg)
{
    struct room *room = arg;
    struct order order = {0};
    struct fault fault;
    room->exit_code = 99;
    if (order_read(&order, room->child_frame_fd, &fault) == OUTCOME_DONE)
        room->exit_code = serve(wire_open(room->net_fd), room->net_fd, room->child_frame_fd, &order);
    close(room->child_frame_fd);
    return NULL;
}

static int setup(void **state)
{
    struct room *room = calloc(1, sizeof *room);
    int net[2], frames[2];
    signal(SIGPIPE, SIG_IGN);
    if (!room || socketpair(AF_UNIX, SOCK_STREAM, 0, net) || socketpair(AF_UNIX, SOCK_STREAM, 0, frames))
        return -1;
    room->script.fd = net[0];
    room->script.uidvalidity = 7;
    pthread_mutex_init(&room->script.lock, NULL);
    room->net_fd = net[1];
    room->frame_fd = frames[0];
    room->child_frame_fd = frames[1];
    *state = room;
    return 0;
}

static void room_mails(struct room *room, size_t count)
{
    room->script.count = count;
    for (size_t i = 0; i < count; i++) {
        room->script.mails[i].uid = (uint32_t)i + 1;
        snprintf(room->script.mails[i].text, sizeof room->script.mails[i].text,
            "Subject: mail %zu\r\n\r\nbody %zu\r\n", i + 1, i + 1);
    }
}

static void room_open_with(
    struct room *room, uint32_t uidvalidity, uint32_t last_uid, int batch, int poll_seconds)
{
    json_t *open = json_pack("{s:s, s:s, s:s, s:s?, s:I, s:I, s:i, s:i, s:i, s:i, s:b, s:n}", "user",
        "kantor", "password", "rahasia", "folder", "INBOX", "move_to", room->move_to, "uidvalidity",
        (json_int_t)uidvalidity, "last_uid", (json_int_t)last_uid, "idle_seconds", 300, "poll_seconds",
        poll_seconds, "batch", batch, "max_bytes", 100000, "seen", 1, "keyword");
    char *text = json_dumps(open, 0);
    assert_non_null(text);
    assert_true(frame_write(room->frame_fd, MAILBOX_OPEN, 0, text, strlen(text)));
    free(text);
    json_decref(open);
    pthread_create(&room->script.thread, NULL, script_run, &room->script);
    pthread_create(&room->child, NULL, room_child, room);
    room->running = true;
}

static void room_open(struct room *room, uint32_t uidvalidity, uint32_t last_uid)
{
    room_open_with(room, uidvalidity, last_uid, 50, 300);
}

/* The next frame but BUSY; 0 = the child closed its end. */
static uint32_t next_frame(struct room *room)
{
    do {
        struct pollfd p = {room->frame_fd, POLLIN, 0};
        free(room->body);
        room->body = NULL;
        assert_int_equal(poll(&p, 1, ROOM_SECONDS * 1000), 1);
        if (!frame_read(room->frame_fd, &room->head, &room->body))
            return 0;
    } while (room->head.type == MAILBOX_BUSY);
    return room->head.type;
}

static void settle(struct room *room, uint32_t highest, const uint32_t *uids, size_t count)
{
    assert_true(frame_write(room->frame_fd, MAILBOX_SETTLED, highest, uids, count * sizeof *uids));
}

/* Plays a willing daemon until the child waits at the doorbell; returns how many mails came, in order. */
static size_t take_all(struct room *room, uint32_t *uids, size_t max)
{
    size_t count = 0, start = 0, flagged = 0;
    for (;;) {
        switch (next_frame(room)) {
        case MAILBOX_MAIL:
        case MAILBOX_LARGE:
        case MAILBOX_GONE:
            assert_true(count < max);
            assert_true(!count || uids[count - 1] < room->head.id);
            uids[count++] = room->head.id;
            break;
        case MAILBOX_BATCH:
            assert_int_equal(room->head.id, uids[count - 1]);
            settle(room, room->head.id, uids + start, count - start);
            start = count;
            break;
        case MAILBOX_FLAGGED:
            flagged += room->head.id;
            break;
        case MAILBOX_FOLDER:
            break;
        case MAILBOX_IDLE:
            assert_true(flagged >= start); /* more: left over from before */
            return count;
        default:
            fail_msg("unexpected frame %u: %s", room->head.type, room->body ? room->body : "");
        }
    }
}

static int teardown(void **state)
{
    struct room *room = *state;
    shutdown(room->frame_fd, SHUT_RDWR);
    if (room->running) {
        shutdown(room->net_fd, SHUT_RDWR);
        pthread_join(room->child, NULL);
        pthread_join(room->script.thread, NULL);
    }
    free(room->body);
    close(room->frame_fd);
    free(room);
    return 0;
}

static void all_mails_arrive_in_batches_and_in_order(void **state)
{
    struct room *room = *state;
    uint32_t uids[SCRIPT_MAX_MAILS];
    room_mails(room, 120);
    room_open(room, 0, 0);
    assert_int_equal(take_all(room, uids, SCRIPT_MAX_MAILS), 120);
    assert_true(script_logged(&room->script, "UID FETCH 1:50 (UID BODY.PEEK[])"));
    assert_true(script_logged(&room->script, "UID FETCH 101:120 (UID BODY.PEEK[])"));
    assert_true(room->script.mails[0].flagged && room->script.mails[119].flagged);
}

static void answers_in_any_order_are_handed_up_ascending(void **state)
{
    struct room *room = *state;
    uint32_t uids[SCRIPT_MAX_MAILS];
    room_mails(room, 70);
    room->script.backwards = true;
    room_open(room, 0, 0);
    assert_int_equal(take_all(room, uids, SCRIPT_MAX_MAILS), 70);
}

static void nothing_is_flagged_before_it_is_settled(void **state)
{
    struct room *room = *state;
    room_mails(room, 3);
    room_open(room, 0, 0);
    uint32_t type;
    while ((type = next_frame(room)) != MAILBOX_BATCH)
        assert_int_not_equal(type, 0);
    assert_false(script_logged(&room->script, "STORE"));
    settle(room, 3, (const uint32_t[]){1, 3}, 2);
    assert_int_equal(next_frame(room), MAILBOX_FLAGGED);
    assert_int_equal(room->head.id, 2);
    assert_int_equal(next_frame(room), MAILBOX_IDLE);
    assert_true(script_logged(&room->script, "UID STORE 1,3 +FLAGS.SILENT (\\Seen)"));
    assert_true(room->script.mails[0].flagged);
    assert_false(room->script.mails[1].flagged);
}

/* Up to the end of a batch; returns its highest UID. */
static uint32_t take_batch(struct room *room)
{
    uint32_t type;
    while ((type = next_frame(room)) != MAILBOX_BATCH)
        assert_true(type == MAILBOX_FOLDER || type == MAILBOX_MAIL);
    return room->head.id;
}

static void the_next_batch_comes_while_the_one_before_is_written(void **state)
{
    struct room *room = *state;
    room_mails(room, 120);
    room_open(room, 0, 0);
    assert_int_equal(take_batch(room), 50);
    assert_int_equal(take_batch(room), 100);
    assert_false(script_logged(&room->script, "STORE"));
    settle(room, 50, (const uint32_t[]){1, 50}, 2);
    assert_int_equal(next_frame(room), MAILBOX_FLAGGED);
    assert_true(script_logged(&room->script, "UID STORE 1,50 +FLAGS.SILENT (\\Seen)"));
    /* The answer to SETTLED is the first thing said after it: nothing of the third batch was asked for before. */
    assert_int_equal(take_batch(room), 120);
    settle(room, 100, (const uint32_t[]){51}, 1);
    assert_int_equal(next_frame(room), MAILBOX_FLAGGED);
    assert_false(room->script.mails[119].flagged);
    settle(room, 120, (const uint32_t[]){120}, 1);
    assert_int_equal(next_frame(room), MAILBOX_FLAGGED);
    assert_int_equal(next_frame(room), MAILBOX_IDLE);
}

static void no_third_batch_is_asked_for_before_the_first_is_settled(void **state)
{
    struct room *room = *state;
    room_mails(room, 120);
    room_open(room, 0, 0);
    assert_int_equal(take_batch(room), 50);
    assert_int_equal(take_batch(room), 100);
    assert_true(frame_write(room->frame_fd, MAILBOX_STOP, 0, NULL, 0));
    assert_int_equal(next_frame(room), 0);
    assert_int_equal(room->exit_code, 0);
    assert_false(script_logged(&room->script, "UID FETCH 101"));
    assert_false(script_logged(&room->script, "STORE"));
    assert_true(script_logged(&room->script, "LOGOUT"));
}

static void a_batch_settled_during_the_next_fetch_is_flagged_behind_it(void **state)
{
    struct room *room = *state;
    room_mails(room, 60);
    room_open(room, 0, 0);
    assert_int_equal(take_batch(room), 50);
    settle(room, 50, (const uint32_t[]){7}, 1);
    assert_int_equal(take_batch(room), 60);
    settle(room, 60, NULL, 0);
    assert_int_equal(next_frame(room), MAILBOX_FLAGGED);
    assert_int_equal(room->head.id, 1);
    assert_int_equal(next_frame(room), MAILBOX_FLAGGED);
    assert_int_equal(room->head.id, 0);
    assert_int_equal(next_frame(room), MAILBOX_IDLE);
    assert_true(room->script.mails[6].flagged);
}

static void a_daemon_that_dies_between_two_batches_leaves_no_flag(void **state)
{
    struct room *room = *state;
    room_mails(room, 120);
    room_open(room, 0, 0);
    assert_int_equal(take_batch(room), 50);
    assert_int_equal(take_batch(room), 100);
    shutdown(room->frame_fd, SHUT_RDWR);
    pthread_join(room->child, NULL);
    pthread_join(room->script.thread, NULL);
    room->running = false;
    assert_int_equal(room->exit_code, 0);
    for (int i = 0; i < 120; i++)
        assert_false(room->script.mails[i].flagged);
}

static void only_what_is_newer_than_the_bookmark_is_fetched(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room_mails(room, 5);
    room_open(room, 7, 3);
    assert_int_equal(take_all(room, uids, 10), 2);
    assert_int_equal(uids[0], 4);
}

static void the_last_mail_is_not_fetched_again_when_nothing_is_new(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room_mails(room, 5);
    room_open(room, 7, 5);
    assert_int_equal(take_all(room, uids, 10), 0);
    assert_false(script_logged(&room->script, "FETCH"));
}

static void a_changed_uidvalidity_starts_from_the_first_mail(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room_mails(room, 5);
    room_open(room, 6, 5);
    assert_int_equal(next_frame(room), MAILBOX_FOLDER);
    json_t *folder = json_loads(room->body, 0, NULL);
    assert_int_equal(json_integer_value(json_object_get(folder, "uidvalidity")), 7);
    assert_int_equal(json_integer_value(json_object_get(folder, "uidnext")), 6);
    json_decref(folder);
    assert_int_equal(take_all(room, uids, 10), 5);
}

static void a_vanished_mail_is_reported_and_the_others_come(void **state)
{
    struct room *room = *state;
    room_mails(room, 4);
    room->script.mails[1].vanished = true;
    room_open(room, 0, 0);
    assert_int_equal(next_frame(room), MAILBOX_FOLDER);
    assert_int_equal(next_frame(room), MAILBOX_MAIL);
    assert_int_equal(next_frame(room), MAILBOX_GONE);
    assert_int_equal(room->head.id, 2);
    assert_int_equal(room->head.length, 0);
    assert_int_equal(next_frame(room), MAILBOX_MAIL);
    assert_string_equal(room->body, "Subject: mail 3\r\n\r\nbody 3\r\n");
}

static void a_mail_the_server_refuses_does_not_block_the_others(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room_mails(room, 4);
    room->script.mails[2].body_refused = true;
    room_open(room, 0, 0);
    assert_int_equal(next_frame(room), MAILBOX_FOLDER);
    assert_int_equal(next_frame(room), MAILBOX_MAIL);
    assert_int_equal(next_frame(room), MAILBOX_MAIL);
    assert_int_equal(next_frame(room), MAILBOX_GONE);
    assert_non_null(strstr(room->body, "damaged"));
    assert_int_equal(next_frame(room), MAILBOX_MAIL);
    assert_int_equal(room->head.id, 4);
    assert_int_equal(next_frame(room), MAILBOX_BATCH);
    settle(room, 4, NULL, 0);
    assert_int_equal(take_all(room, uids, 10), 0);
}

static void a_mail_above_the_limit_comes_as_its_beginning(void **state)
{
    struct room *room = *state;
    static char bytes[300000];
    memset(bytes, 'y', sizeof bytes);
    memcpy(bytes, "Subject: big\r\n\r\n", 16);
    room_mails(room, 2);
    room->script.mails[0].bytes = bytes;
    room->script.mails[0].length = sizeof bytes;
    room_open(room, 0, 0);
    assert_int_equal(next_frame(room), MAILBOX_FOLDER);
    assert_int_equal(next_frame(room), MAILBOX_LARGE);
    static const char head[] = "{\"size\":300000}\nSubject: big\r\n\r\nyyy";
    assert_memory_equal(room->body, head, sizeof head - 1);
    assert_true(room->head.length >= 65536 && room->head.length < 140000);
    assert_int_equal(next_frame(room), MAILBOX_MAIL);
}

static void a_batch_holds_no_more_than_eight_mebibytes(void **state)
{
    struct room *room = *state;
    uint32_t uids[SCRIPT_MAX_MAILS];
    static char bytes[90000];
    memset(bytes, 'z', sizeof bytes);
    room_mails(room, 200);
    for (int i = 0; i < 200; i++) {
        room->script.mails[i].bytes = bytes;
        room->script.mails[i].length = sizeof bytes;
    }
    room_open_with(room, 0, 0, 200, 300);
    assert_int_equal(take_all(room, uids, SCRIPT_MAX_MAILS), 200);
    assert_true(script_logged(&room->script, "UID FETCH 1:93 (UID BODY.PEEK[])"));
}

static void news_that_come_with_idling_are_seen_at_once(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room_mails(room, 1);
    room->script.news_with_idling = true;
    room_open(room, 7, 1);
    assert_int_equal(take_all(room, uids, 10), 0);
    assert_int_equal(take_all(room, uids, 10), 1);
    assert_int_equal(uids[0], 2);
}

static void a_mail_announced_while_another_is_flagged_is_not_left_lying(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room_mails(room, 1);
    room->script.news_with_flagging = true;
    room_open(room, 7, 0);
    assert_int_equal(take_all(room, uids, 10), 2); /* both before the first rest: IDLE would never tell */
    assert_int_equal(uids[1], 2);
}

static void without_idle_the_mailbox_is_looked_at_regularly(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room_mails(room, 1);
    room->script.no_idle = true;
    room_open_with(room, 7, 1, 50, 1);
    assert_int_equal(take_all(room, uids, 10), 0);
    assert_int_equal(take_all(room, uids, 10), 0);
    assert_false(script_logged(&room->script, "IDLE"));
    assert_true(script_logged(&room->script, "NOOP"));
}

static void stop_during_idle_ends_at_once(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room_open(room, 0, 0);
    assert_int_equal(take_all(room, uids, 10), 0);
    assert_true(frame_write(room->frame_fd, MAILBOX_STOP, 0, NULL, 0));
    assert_int_equal(next_frame(room), 0);
    assert_int_equal(room->exit_code, 0);
    assert_true(script_logged(&room->script, "LOGOUT"));
}

static void stop_during_idle_ends_although_the_server_is_dead(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room->script.deaf_in_idle = true;
    room_open(room, 0, 0);
    assert_int_equal(take_all(room, uids, 10), 0);
    assert_true(frame_write(room->frame_fd, MAILBOX_STOP, 0, NULL, 0));
    assert_int_equal(next_frame(room), 0);
    assert_int_equal(room->exit_code, 0);
}

static void leftover_flags_are_set_during_idle(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room_mails(room, 3);
    room_open(room, 7, 3);
    assert_int_equal(take_all(room, uids, 10), 0);
    settle(room, 3, (const uint32_t[]){2}, 1);
    assert_int_equal(take_all(room, uids, 10), 0);
    assert_true(room->script.mails[1].flagged);
    assert_false(room->script.mails[0].flagged);
}

static void settled_mail_is_moved_where_the_office_wants_it(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room->move_to = "Selesai & rapi";
    room->script.extensions = " MOVE UIDPLUS";
    room_mails(room, 3);
    room_open(room, 7, 1);
    assert_int_equal(take_all(room, uids, 10), 2);
    assert_true(script_logged(&room->script, "CREATE \"Selesai &- rapi\""));
    assert_true(script_logged(&room->script, "UID MOVE 2:3 \"Selesai &- rapi\""));
    assert_false(room->script.mails[0].moved);
    assert_true(room->script.mails[1].moved && room->script.mails[2].moved);
}

static void without_move_a_mail_is_copied_and_only_itself_expunged(void **state)
{
    struct room *room = *state;
    uint32_t uids[10];
    room->move_to = "Tercatat";
    room->script.extensions = " UIDPLUS";
    room_mails(room, 2);
    room_open(room, 7, 0);
    assert_int_equal(take_all(room, uids, 10), 2);
    assert_true(script_logged(&room->script, "UID COPY 1:2 Tercatat"));
    assert_true(script_logged(&room->script, "\\Deleted"));
    assert_true(script_logged(&room->script, "UID EXPUNGE 1:2"));
    assert_true(room->script.mails[1].moved);
}

static void a_large_mail_left_over_stays_unread_where_it_is(void **state)
{
    struct room *room = *state;
    static char bytes[200000];
    uint32_t uids[10];
    memset(bytes, 'x', sizeof bytes);
    room->move_to = "Tercatat";
    room->script.extensions = " MOVE";
    room_mails(room, 3);
    room->script.mails[1].bytes = bytes;
    room->script.mails[1].length = sizeof bytes;
    room_open(room, 7, 3);
    assert_int_equal(take_all(room, uids, 10), 0);
    settle(room, 3, (const uint32_t[]){1, 2, 3}, 3);
    assert_int_equal(take_all(room, uids, 10), 0);
    assert_true(room->script.mails[0].moved && room->script.mails[2].moved);
    assert_false(room->script.mails[1].moved || room->script.mails[1].flagged);
}

static void expect_failure(struct room *room, const char *outcome)
{
    uint32_t type;
    while ((type = next_frame(room)) != MAILBOX_FAILED)
        assert_int_not_equal(type, 0);
    json_t *failed = json_loads(room->body, 0, NULL);
    assert_non_null(failed);
    assert_string_equal(json_string_value(json_object_get(failed, "outcome")), outcome);
    assert_string_not_equal(json_string_value(json_object_get(failed, "public")), "");
    assert_null(strstr(room->body, "rahasia"));
    json_decref(failed);
    assert_int_equal(next_frame(room), 0);
    assert_int_equal(room->exit_code, 1);
}

static void a_wrong_password_stops_the_channel(void **state)
{
    struct room *room = *state;
    room->script.login_answer = "NO [AUTHENTICATIONFAILED] wrong";
    room_open(room, 0, 0);
    expect_failure(room, "stop");
}

static void a_busy_server_is_asked_again(void **state)
{
    struct room *room = *state;
    room->script.login_answer = "NO [UNAVAILABLE] later";
    room_open(room, 0, 0);
    expect_failure(room, "later");
}

static void a_missing_folder_stops_the_channel(void **state)
{
    struct room *room = *state;
    room->script.select_answer = "NO [NONEXISTENT] no such folder";
    room_open(room, 0, 0);
    expect_failure(room, "stop");
}

static void fails_in_the_middle(struct room *room, const char *how)
{
    room_mails(room, 3);
    room->script.body_fault = how;
    room_open(room, 0, 0);
    expect_failure(room, "later");
}

static void a_line_cut_in_a_literal_is_tried_again(void **state)
{
    fails_in_the_middle(*state, "bye");
}

static void a_literal_of_four_gigabytes_ends_the_session(void **state)
{
    fails_in_the_middle(*state, "literal");
}

static void a_line_without_end_ends_the_session(void **state)
{
    fails_in_the_middle(*state, "line");
}

static void a_login_with_control_bytes_is_never_sent(void **state)
{
    struct room *room = *state;
    static const char open[] =
        "{\"user\":\"a\\r\\nX LOGOUT\",\"password\":\"p\",\"folder\":\"INBOX\",\"uidvalidity\":0,"
        "\"last_uid\":0,\"idle_seconds\":1,\"poll_seconds\":1,\"batch\":1,\"max_bytes\":5000,"
        "\"seen\":true}";
    struct order order = {0};
    struct fault fault;
    assert_true(frame_write(room->frame_fd, MAILBOX_OPEN, 0, open, sizeof open - 1));
    assert_int_equal(order_read(&order, room->child_frame_fd, &fault), OUTCOME_STOP);
    close(room->net_fd);
    close(room->child_frame_fd);
    close(room->script.fd);
}

static void folder_names_travel_in_modified_utf7(void **state)
{
    struct room *room = *state;
    static const char open[] =
        "{\"user\":\"a\",\"password\":\"p\",\"folder\":\"Pengaduan & Saran \\u00e9\","
        "\"uidvalidity\":0,\"last_uid\":0,\"idle_seconds\":1,\"poll_seconds\":1,\"batch\":1,"
        "\"max_bytes\":5000,\"seen\":true}";
    struct order order = {0};
    struct fault fault;
    assert_true(frame_write(room->frame_fd, MAILBOX_OPEN, 0, open, sizeof open - 1));
    assert_int_equal(order_read(&order, room->child_frame_fd, &fault), OUTCOME_DONE);
    assert_string_equal(order.folder, "Pengaduan &- Saran &AOk-");
    order_release(&order);
    close(room->net_fd);
    close(room->child_frame_fd);
    close(room->script.fd);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(all_mails_arrive_in_batches_and_in_order),
        CASE(answers_in_any_order_are_handed_up_ascending),
        CASE(nothing_is_flagged_before_it_is_settled),
        CASE(the_next_batch_comes_while_the_one_before_is_written),
        CASE(no_third_batch_is_asked_for_before_the_first_is_settled),
        CASE(a_batch_settled_during_the_next_fetch_is_flagged_behind_it),
        CASE(a_daemon_that_dies_between_two_batches_leaves_no_flag),
        CASE(only_what_is_newer_than_the_bookmark_is_fetched),
        CASE(the_last_mail_is_not_fetched_again_when_nothing_is_new),
        CASE(a_changed_uidvalidity_starts_from_the_first_mail),
        CASE(a_vanished_mail_is_reported_and_the_others_come),
        CASE(a_mail_the_server_refuses_does_not_block_the_others),
        CASE(a_mail_above_the_limit_comes_as_its_beginning),
        CASE(a_batch_holds_no_more_than_eight_mebibytes),
        CASE(news_that_come_with_idling_are_seen_at_once),
        CASE(a_mail_announced_while_another_is_flagged_is_not_left_lying),
        CASE(without_idle_the_mailbox_is_looked_at_regularly),
        CASE(stop_during_idle_ends_at_once),
        CASE(stop_during_idle_ends_although_the_server_is_dead),
        CASE(leftover_flags_are_set_during_idle),
        CASE(settled_mail_is_moved_where_the_office_wants_it),
        CASE(without_move_a_mail_is_copied_and_only_itself_expunged),
        CASE(a_large_mail_left_over_stays_unread_where_it_is),
        CASE(a_wrong_password_stops_the_channel),
        CASE(a_busy_server_is_asked_again),
        CASE(a_missing_folder_stops_the_channel),
        CASE(a_line_cut_in_a_literal_is_tried_again),
        CASE(a_literal_of_four_gigabytes_ends_the_session),
        CASE(a_line_without_end_ends_the_session),
        CASE(a_login_with_control_bytes_is_never_sent),
        CASE(folder_names_travel_in_modified_utf7),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
