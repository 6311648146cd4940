/* Children that behave and children that do not. The child is this very program, started again with a
 * role. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include "daemon/loop/child.h"

enum { FRAME_FD = 11, NET_FD = 10, MANY = 20000, BIG = 32 << 20, ONE_MIB = 1 << 20 };

/* ---- the roles ---- */

static int role_echo(int fd)
{
    struct frame head;
    char *body;
    while (frame_read(fd, &head, &body)) {
        if (!frame_write(fd, head.type + 1, head.id, body, head.length))
            return 1;
        free(body);
    }
    return 0;
}

static int role_chat(int fd)
{
    char body[100];
    memset(body, 'c', sizeof body);
    for (uint32_t i = 0; i < MANY; i++)
        frame_write(fd, 7, i, body, i % sizeof body);
    return 3;
}

static int role_big(int fd)
{
    char *body = malloc(BIG);
    for (size_t i = 0; i < BIG; i++)
        body[i] = (char)(i * 31 >> 8);
    frame_write(fd, 1, 1, "before", 6);
    frame_write(fd, 2, 2, body, BIG);
    frame_write(fd, 3, 3, "", 0);
    free(body);
    return 0;
}

static int role_files(int fd)
{
    char text[1000] = "";
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *e; (e = readdir(folder));)
        if (e->d_name[0] != '.' && (int)strtol(e->d_name, NULL, 10) != dirfd(folder))
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", e->d_name);
    closedir(folder);
    frame_write(fd, 1, signal(SIGPIPE, SIG_DFL) == SIG_IGN, text, strlen(text));
    return 0;
}

static int role_net(void)
{
    char bytes[100];
    ssize_t n = read(NET_FD, bytes, sizeof bytes);
    return n > 0 && write(NET_FD, bytes, (size_t)n) == n ? 0 : 1;
}

static int role_too_long(int fd)
{
    struct frame head = {1, 1, 1u << 30};
    (void)!write(fd, &head, sizeof head);
    pause();
    return 0;
}

static int role_half(int fd)
{
    struct frame head = {1, 1, 100};
    (void)!write(fd, &head, sizeof head);
    (void)!write(fd, "half", 4);
    return 0;
}

static int play(const char *role)
{
    if (!strcmp(role, "echo"))
        return role_echo(FRAME_FD);
    if (!strcmp(role, "chat"))
        return role_chat(FRAME_FD);
    if (!strcmp(role, "big"))
        return role_big(FRAME_FD);
    if (!strcmp(role, "files"))
        return role_files(FRAME_FD);
    if (!strcmp(role, "net"))
        return role_net();
    if (!strcmp(role, "too long"))
        return role_too_long(FRAME_FD);
    if (!strcmp(role, "half"))
        return role_half(FRAME_FD);
    if (!strcmp(role, "crash"))
        raise(SIGABRT);
    if (!strcmp(role, "closes"))
        close(FRAME_FD);
    pause(); /* "hang", "closes" */
    return 0;
}

/* ---- the daemon's side ---- */

struct owner {
    struct loop *loop;
    struct loop_timer *guard;
    struct child *child;
    char self[500];
    int frames, wrong;
    uint32_t last_type, last_id;
    char *last;
    size_t last_length;
    int stop_after, forget_after; /* frames */
    bool echo_big;
    int ended;
    bool clean;
    char how[100];
};

static void guard_fired(void *arg)
{
    (void)arg;
    fail_msg("nothing happened for 20 s");
}

static int setup(void **state)
{
    static struct owner o;
    memset(&o, 0, sizeof o);
    assert_int_equal(loop_new(&o.loop, NULL), OUTCOME_DONE);
    o.guard = loop_timer_new(o.loop, guard_fired, NULL);
    loop_timer_set(o.guard, 20000);
    ssize_t n = readlink("/proc/self/exe", o.self, sizeof o.self - 1);
    assert_true(n > 0);
    *state = &o;
    return 0;
}

static int teardown(void **state)
{
    struct owner *o = *state;
    free(o->last);
    loop_timer_free(o->guard);
    loop_free(o->loop);
    return 0;
}

static void got_frame(void *arg, const struct frame *head, const char *body)
{
    struct owner *o = arg;
    if (o->frames && head->type == 7 && head->id != o->last_id + 1)
        o->wrong++;
    if (body[head->length])
        o->wrong++;
    o->frames++;
    o->last_type = head->type;
    o->last_id = head->id;
    o->last_length = head->length;
    free(o->last);
    o->last = malloc(head->length + 1);
    memcpy(o->last, body, head->length + 1);
    if (head->length == BIG)
        for (size_t i = 0; i < BIG; i++)
            o->wrong += body[i] != (char)(i * 31 >> 8);
    if (o->frames == o->forget_after) {
        child_forget(o->child);
        loop_stop(o->loop);
    }
    if (o->frames == o->stop_after)
        loop_stop(o->loop);
}

static void got_end(void *arg, bool clean, const char *how)
{
    struct owner *o = arg;
    o->ended++;
    o->clean = clean;
    snprintf(o->how, sizeof o->how, "%s", how);
    loop_stop(o->loop);
}

static const struct child_calls calls = {got_frame, got_end};

static void begin(struct owner *o, const char *role, int net_fd)
{
    const char *argv[] = {o->self, "--role", role, NULL};
    struct child_program program = {
        .path = o->self, .argv = argv, .frame_fd = FRAME_FD, .net_fd = net_fd, .max_frame = BIG};
    struct fault f;
    if (child_start(&o->child, o->loop, &program, &calls, o, &f) != OUTCOME_DONE)
        fail_msg("%s", f.internal);
}

static void frames_go_both_ways_until_the_child_is_stopped(void **state)
{
    struct owner *o = *state;
    begin(o, "echo", -1);
    assert_null(child_net(o->child));
    assert_true(child_send(o->child, 41, 5, "hello", 5));
    assert_true(child_send(o->child, 42, 6, NULL, 0));
    o->stop_after = 2;
    loop_run(o->loop);
    assert_int_equal(o->last_type, 43);
    assert_int_equal(o->last_id, 6);
    assert_int_equal(o->last_length, 0);
    child_stop(o->child);
    assert_false(child_send(o->child, 1, 1, "", 0));
    loop_run(o->loop);
    assert_int_equal(o->ended, 1);
    assert_true(o->clean);
    assert_string_equal(o->how, "exit 0");
}

static void what_was_queued_before_the_stop_is_still_read(void **state)
{
    struct owner *o = *state;
    char *body = calloc(1, 4 * ONE_MIB);
    begin(o, "echo", -1);
    assert_true(child_send(o->child, 1, 1, body, 4 * ONE_MIB));
    child_stop(o->child);
    loop_run(o->loop);
    assert_true(o->clean); /* it read all, could write all, saw the end */
    assert_int_equal(o->frames, 0);
    free(body);
}

static void large_frames_pass_both_ways(void **state)
{
    struct owner *o = *state;
    char *body = malloc(BIG);
    for (size_t i = 0; i < BIG; i++)
        body[i] = (char)(i * 31 >> 8);
    begin(o, "echo", -1);
    assert_true(child_send(o->child, 1, 9, body, BIG));
    o->stop_after = 1;
    loop_run(o->loop);
    assert_int_equal(o->last_length, BIG);
    assert_int_equal(o->wrong, 0);
    child_forget(o->child);
    assert_int_equal(o->ended, 0);
    free(body);
}

static void the_last_words_of_a_child_are_heard(void **state)
{
    struct owner *o = *state;
    begin(o, "chat", -1);
    loop_run(o->loop);
    assert_int_equal(o->frames, MANY);
    assert_int_equal(o->wrong, 0);
    assert_false(o->clean);
    assert_string_equal(o->how, "exit 3");
}

static void large_and_small_frames_keep_their_order(void **state)
{
    struct owner *o = *state;
    begin(o, "big", -1);
    loop_run(o->loop);
    assert_int_equal(o->frames, 3);
    assert_int_equal(o->wrong, 0);
    assert_int_equal(o->last_type, 3);
    assert_true(o->clean);
}

static void a_crash_is_told_once(void **state)
{
    struct owner *o = *state;
    begin(o, "crash", -1);
    loop_run(o->loop);
    assert_int_equal(o->ended, 1);
    assert_false(o->clean);
    assert_string_equal(o->how, "signal 6");
}

static void a_hanging_child_dies_at_its_deadline(void **state)
{
    struct owner *o = *state;
    begin(o, "hang", -1);
    child_deadline(o->child, 50000, "never");
    child_deadline(o->child, 30, "deadline");
    loop_run(o->loop);
    assert_string_equal(o->how, "signal 9 (deadline)");
}

static void a_cancelled_deadline_kills_nobody(void **state)
{
    struct owner *o = *state;
    begin(o, "echo", -1);
    child_deadline(o->child, 1, "deadline");
    child_deadline(o->child, 0, "");
    child_send(o->child, 1, 1, "x", 1);
    o->stop_after = 1;
    loop_run(o->loop);
    child_stop(o->child);
    loop_run(o->loop);
    assert_true(o->clean);
}

static void a_frame_beyond_the_limit_kills_the_child(void **state)
{
    struct owner *o = *state;
    begin(o, "too long", -1);
    loop_run(o->loop);
    assert_int_equal(o->frames, 0);
    assert_string_equal(o->how, "signal 9 (frame too long)");
}

static void half_a_frame_is_not_delivered(void **state)
{
    struct owner *o = *state;
    begin(o, "half", -1);
    loop_run(o->loop);
    assert_int_equal(o->frames, 0);
    assert_true(o->clean);
}

static void a_child_that_closes_its_socket_is_ended(void **state)
{
    struct owner *o = *state;
    begin(o, "closes", -1);
    loop_run(o->loop);
    assert_string_equal(o->how, "signal 9 (closed its socket)");
}

static void a_child_that_does_not_stop_is_killed(void **state)
{
    struct owner *o = *state;
    begin(o, "hang", -1);
    child_stop(o->child);
    loop_run(o->loop);
    assert_string_equal(o->how, "signal 9 (does not stop)");
}

static void what_a_deaf_child_does_not_read_is_bounded(void **state)
{
    struct owner *o = *state;
    char *body = calloc(1, ONE_MIB);
    int taken = 0;
    begin(o, "hang", -1);
    while (taken < 1000 && child_send(o->child, 1, 1, body, ONE_MIB))
        taken++;
    assert_in_range(taken, 60, 66);
    child_kill(o->child, "test");
    assert_false(child_send(o->child, 1, 1, "", 0));
    loop_run(o->loop);
    assert_string_equal(o->how, "signal 9 (test)");
    free(body);
}

static void a_child_forgotten_from_its_own_frame_is_gone(void **state)
{
    struct owner *o = *state;
    begin(o, "chat", -1);
    o->forget_after = 100;
    loop_run(o->loop);
    assert_int_equal(o->frames, 100);
    assert_int_equal(o->ended, 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void a_child_has_its_sockets_and_nothing_else(void **state)
{
    struct owner *o = *state;
    int low = open("/dev/null", O_RDONLY), high = fcntl(low, F_DUPFD, 200); /* inheritable on purpose */
    for (int net = -1; net <= NET_FD; net += NET_FD + 1) {
        begin(o, "files", net);
        loop_run(o->loop);
        assert_string_equal(o->last, net < 0 ? "0 1 2 11 " : "0 1 2 10 11 ");
        assert_int_equal(o->last_id, 1); /* SIGPIPE is ignored */
    }
    close(low);
    close(high);
}

/* Our end of the pairs happens to have the wanted numbers. */
static void wanted_numbers_may_be_taken_by_the_other_socket(void **state)
{
    struct owner *o = *state;
    int fill[20], n = 0;
    for (int at = 0; at < 20; at++) {
        begin(o, "files", NET_FD);
        loop_run(o->loop);
        assert_string_equal(o->last, "0 1 2 10 11 ");
        fill[n++] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    while (n)
        close(fill[--n]);
}

static void net_read(struct bufferevent *bev, void *arg)
{
    struct owner *o = arg;
    char bytes[100];
    size_t got = bufferevent_read(bev, bytes, sizeof bytes);
    o->frames += (int)got;
    o->wrong += memcmp(bytes, "over the net", got) != 0;
}

static void the_second_socket_carries_bytes(void **state)
{
    struct owner *o = *state;
    begin(o, "net", NET_FD);
    struct bufferevent *net = child_net(o->child);
    assert_non_null(net);
    bufferevent_setcb(net, net_read, NULL, NULL, o);
    bufferevent_enable(net, EV_READ | EV_WRITE);
    bufferevent_write(net, "over the net", 12);
    loop_run(o->loop);
    assert_true(o->clean);
    assert_int_equal(o->wrong, 0);
}

static void programs_that_cannot_run_are_refused(void **state)
{
    struct owner *o = *state;
    const char *argv[] = {"x", NULL};
    struct fault f;
    struct child_program program = {
        .path = "/nonexistent/x", .argv = argv, .frame_fd = 3, .net_fd = -1, .max_frame = 9};
    assert_int_equal(child_start(&o->child, o->loop, &program, &calls, o, &f), OUTCOME_STOP);
    assert_true(f.public_text[0]);
    program.path = o->self;
    program.frame_fd = 1;
    assert_int_equal(child_start(&o->child, o->loop, &program, &calls, o, &f), OUTCOME_STOP);
}

static void programs_are_found_in_the_named_folder(void **state)
{
    struct owner *o = *state;
    char path[600], folder[500];
    snprintf(folder, sizeof folder, "%s", o->self);
    *strrchr(folder, '/') = 0;
    setenv("PENGADUAND_LIBEXEC", folder, 1);
    assert_int_equal(child_find(strrchr(o->self, '/') + 1, path, sizeof path, NULL), OUTCOME_DONE);
    assert_string_equal(path, o->self);
    assert_int_equal(child_find("tiada", path, sizeof path, NULL), OUTCOME_STOP);
    assert_int_equal(child_find("test_loop_child", path, 10, NULL), OUTCOME_STOP);
    unsetenv("PENGADUAND_LIBEXEC");
    struct fault f;
    assert_int_equal(child_find("tiada", path, sizeof path, &f), OUTCOME_STOP);
    assert_true(f.public_text[0]);
}

#define CHILD(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "--role"))
        return play(argv[2]);
    const struct CMUnitTest tests[] = {
        CHILD(frames_go_both_ways_until_the_child_is_stopped),
        CHILD(what_was_queued_before_the_stop_is_still_read),
        CHILD(large_frames_pass_both_ways),
        CHILD(the_last_words_of_a_child_are_heard),
        CHILD(large_and_small_frames_keep_their_order),
        CHILD(a_crash_is_told_once),
        CHILD(a_hanging_child_dies_at_its_deadline),
        CHILD(a_cancelled_deadline_kills_nobody),
        CHILD(a_frame_beyond_the_limit_kills_the_child),
        CHILD(half_a_frame_is_not_delivered),
        CHILD(a_child_that_closes_its_socket_is_ended),
        CHILD(a_child_that_does_not_stop_is_killed),
        CHILD(what_a_deaf_child_does_not_read_is_bounded),
        CHILD(a_child_forgotten_from_its_own_frame_is_gone),
        CHILD(a_child_has_its_sockets_and_nothing_else),
        CHILD(wanted_numbers_may_be_taken_by_the_other_socket),
        CHILD(the_second_socket_carries_bytes),
        CHILD(programs_that_cannot_run_are_refused),
        CHILD(programs_are_found_in_the_named_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
