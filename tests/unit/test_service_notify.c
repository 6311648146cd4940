#include "daemon/service_notify.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A datagram socket at a path of its own, named in NOTIFY_SOCKET. */
static int listen_at(char path[64])
{
    char folder[] = "/tmp/notifyXXXXXX";
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    assert_non_null(mkdtemp(folder));
    snprintf(path, 64, "%s/kabar", folder);
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", path, 1), 0);
    return fd;
}

static void clean(int fd, char path[64])
{
    close(fd);
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

static void the_state_is_told(void **state)
{
    (void)state;
    char path[64], got[64] = "";
    int fd = listen_at(path);
    service_notify("READY=1");
    assert_int_equal(recv(fd, got, sizeof got - 1, 0), 7);
    assert_string_equal(got, "READY=1");
    clean(fd, path);
}

/* The kernel keeps a few datagrams for a reader and lets the next sender wait. */
static void nobody_waits_for_a_reader_that_sleeps(void **state)
{
    (void)state;
    char path[64], got[64];
    int fd = listen_at(path);
    alarm(20); /* a hang is a failure, not an endless test */
    for (int i = 0; i < 2000; i++)
        service_notify("WATCHDOG=1");
    alarm(0);
    assert_true(recv(fd, got, sizeof got, 0) > 0);
    clean(fd, path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_state_is_told),
        cmocka_unit_test(nobody_waits_for_a_reader_that_sleeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
