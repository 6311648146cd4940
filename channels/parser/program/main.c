/* libexec/parser: reads what strangers send, in a cage (channels/confine/confine.h).
 *
 *   parser FD       serves the requests of channels/parser/parser_protocol.h on the socket FD
 *   parser --once   one mail from stdin to one JSON line */
#include "channels/confine/confine.h"
#include "daemon/base/step.h"
#include "once.h"
#include "serve.h"
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>

static int usage(void)
{
    fputs("usage: parser FD | parser --once\n", stderr);
    return EX_USAGE;
}

static int serve_confined(int fd)
{
    struct fault fault;
    /* an orphan has nobody to answer */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
        return EX_OSERR;
    if (confine_parser(fd, &fault) == OUTCOME_DONE)
        return serve(fd);
    fprintf(stderr, "parser: %s\n", fault.internal);
    return EX_OSERR;
}

int main(int argc, char **argv)
{
    step_init("parser");
    if (argc != 2)
        return usage();
    bool one = !strcmp(argv[1], "--once");
    char *end;
    long fd = strtol(argv[1], &end, 10);
    if (!one && (end == argv[1] || *end || fd < 0 || fd > 1 << 20))
        return usage();
    int code = serve_prepare();
    if (!code)
        code = one ? once() : serve_confined((int)fd);
    serve_end();
    return code;
}
