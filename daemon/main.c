/* pengaduand: the complaint book of a sub-district office. See command_table.c for what it can be asked. */
#include "command.h"
#include "daemon/base/json_read.h"
#include "daemon/base/step.h"

#include <signal.h>

int main(int argc, char **argv)
{
    step_init("daemon");
    json_watch();
    signal(SIGPIPE, SIG_IGN); /* writes to a peer that has gone fail with EPIPE instead */
    return command_main(argc, argv, stdin, stdout, stderr);
}
