/* Words to systemd (sd_notify): they arrive, and nobody has to be there to hear them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/service_notify.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { WORDS = 10000, GUARD_SECONDS = 60 };

static char path[64];

static int listen_at(void)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(path, sizeof path, "/tmp/notify.%ld", (long)getpid());
    unlink(path);
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    setenv("NOTIFY_SOCKET", path, 1);
    return fd;
}

static void close_it(int fd)
{
    close(fd);
    unlink(path);
    unsetenv("NOTIFY_SOCKET");
}

static void a_word_arrives(void **state)
{
    char heard[64] = "";
    (void)state;
    int fd = listen_at();
    service_notify("READY=1");
    assert_int_equal(recv(fd, heard, sizeof heard - 1, 0), strlen("READY=1"));
    assert_string_equal(heard, "READY=1");
    close_it(fd);
}

/* The loop thread speaks: a listener that reads nothing must not stop it. SIGALRM would end this program. */
static void a_listener_that_reads_nothing_holds_up_nobody(void **state)
{
    (void)state;
    int fd = listen_at();
    alarm(GUARD_SECONDS);
    for (int i = 0; i < WORDS; i++)
        service_notify("WATCHDOG=1");
    alarm(0);
    close_it(fd);
}

static void without_a_listener_nothing_happens(void **state)
{
    (void)state;
    unsetenv("NOTIFY_SOCKET");
    service_notify("READY=1");
    setenv("NOTIFY_SOCKET", "/nobody/listens/here", 1);
    service_notify("READY=1");
    setenv("NOTIFY_SOCKET", "", 1);
    service_notify("READY=1");
    unsetenv("NOTIFY_SOCKET");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_arrives),
        cmocka_unit_test(a_listener_that_reads_nothing_holds_up_nobody),
        cmocka_unit_test(without_a_listener_nothing_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
