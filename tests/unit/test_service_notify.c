/* What the service manager is told, and that nobody waits for it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "daemon/service_notify.h"

enum { PATIENCE_S = 20, MORE_THAN_FITS = 5000 }; /* net.unix.max_dgram_qlen is 10 to 512 */

static int listening(struct sockaddr_un *name)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    *name = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(name->sun_path, sizeof name->sun_path, "/tmp/pengaduand-test-%d.notify", (int)getpid());
    unlink(name->sun_path);
    assert_int_equal(bind(fd, (struct sockaddr *)name, sizeof *name), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name->sun_path, 1), 0);
    return fd;
}

static void a_manager_that_reads_nothing_stops_nobody(void **state)
{
    struct sockaddr_un name;
    char said[40];
    int fd = listening(&name);
    (void)state;
    alarm(PATIENCE_S); /* SIGALRM ends the program when one of these calls waits */
    for (int i = 0; i < MORE_THAN_FITS; i++)
        service_notify("WATCHDOG=1");
    alarm(0);
    ssize_t n = recv(fd, said, sizeof said, 0);
    assert_int_equal(n, strlen("WATCHDOG=1"));
    assert_memory_equal(said, "WATCHDOG=1", (size_t)n);
    close(fd);
    unlink(name.sun_path);
    service_notify("STOPPING=1"); /* and nobody at all is no harm */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_manager_that_reads_nothing_stops_nobody)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
