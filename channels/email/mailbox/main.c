/* libexec/mailbox: reads one IMAP mailbox for the daemon (channels/email/mailbox_protocol.h). It is given two
 * sockets and nothing else: no network, no files, no configuration; the password comes as a frame and is
 * wiped after login. */
#include "serve.h"
#include "wire.h"
#include "../mailbox_protocol.h"
#include "channels/confine/confine.h"
#include "daemon/base/step.h"
#include <jansson.h>
#include <locale.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

int main(void)
{
    struct fault fault = {0};
    struct order order = {0};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    setlocale(LC_ALL, "C.UTF-8");
    tzset();
    json_object_seed(1); /* else jansson opens /dev/urandom; only the daemon's own JSON is read here */
    step_init("mailbox");

    if (order_read(&order, MAILBOX_FRAME_FD, &fault) != OUTCOME_DONE) {
        struct session unborn = {.frame_fd = MAILBOX_FRAME_FD};
        session_failed(&unborn, OUTCOME_STOP, &fault);
        return 1;
    }
    if (confine_mailbox(MAILBOX_NET_FD, MAILBOX_FRAME_FD, &fault) != OUTCOME_DONE) {
        struct session unborn = {.frame_fd = MAILBOX_FRAME_FD};
        session_failed(&unborn, OUTCOME_STOP, &fault);
        return 1;
    }
    return serve(wire_open(MAILBOX_NET_FD), MAILBOX_NET_FD, MAILBOX_FRAME_FD, &order);
}
