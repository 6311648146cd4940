/* walls CAGE DEED: goes into a cage of channels/confine and does one deed, for
 * tests/flow/test_parser_walls.py. Exit 0 = it could; death by SIGSYS = the filter; exit 10 = it was refused
 * with an errno. */
#include "channels/confine/confine.h"
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REFUSED = 10, UNKNOWN_DEED = 11, NO_CAGE = 12 };

static int net[2], frames[2], elsewhere[2];

static int refused_if(int failed)
{
    return failed ? REFUSED : 0;
}

static int open_file(void)
{
    return refused_if(open("/etc/passwd", O_RDONLY) < 0);
}

static int dial(void)
{
    return refused_if(socket(AF_INET, SOCK_STREAM, 0) < 0);
}

static int start_process(void)
{
    return refused_if(fork() < 0);
}

static int run_code(void)
{
    return refused_if(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                          0) == MAP_FAILED);
}

static int write_elsewhere(void)
{
    return refused_if(write(elsewhere[0], "x", 1) != 1);
}

static int kill_parent(void)
{
    return refused_if(kill(getppid(), 0) != 0);
}

static int use_much_memory(void)
{
    void *p = malloc((size_t)1 << 30);
    int status = refused_if(!p);
    free(p);
    return status;
}

static int give_up(void)
{
    abort();
}

/* What both children live on. */
static int work(void)
{
    char byte = 0;
    char *memory = malloc(8 << 20);
    memset(memory, 1, 8 << 20);
    memory = realloc(memory, 16 << 20);
    free(memory);
    bool done =
        write(frames[0], "x", 1) == 1 && read(frames[0], &byte, 1) == 1 && write(STDERR_FILENO, "", 0) == 0;
    return done ? 0 : REFUSED;
}

/* What libetpan does with its connection. */
static int talk(void)
{
    fd_set readable;
    char bytes[4];
    struct timeval patience = {.tv_sec = 5};
    FD_ZERO(&readable);
    FD_SET(net[0], &readable);
    bool done = send(net[0], "a", 1, 0) == 1 && write(net[0], "b", 1) == 1 &&
                select(net[0] + 1, &readable, NULL, NULL, &patience) == 1 && recv(net[0], bytes, 1, 0) == 1 &&
                shutdown(net[0], SHUT_RDWR) == 0 && close(net[0]) == 0;
    return done ? work() : REFUSED;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*deed)(void);
    } deeds[] = {{"open", open_file}, {"dial", dial}, {"fork", start_process}, {"code", run_code},
        {"elsewhere", write_elsewhere}, {"kill", kill_parent}, {"memory", use_much_memory},
        {"abort", give_up}, {"work", work}, {"talk", talk}};
    struct fault fault;
    if (argc != 3 || socketpair(AF_UNIX, SOCK_STREAM, 0, net) ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, frames) || socketpair(AF_UNIX, SOCK_STREAM, 0, elsewhere))
        return UNKNOWN_DEED;
    if (write(net[1], "x", 1) != 1 || write(frames[1], "y", 1) != 1)
        return UNKNOWN_DEED;
    enum outcome shut = !strcmp(argv[1], "mailbox") ? confine_mailbox(net[0], frames[0], &fault)
                                                    : confine_parser(frames[0], &fault);
    if (shut != OUTCOME_DONE) {
        fprintf(stderr, "%s\n", fault.internal);
        return NO_CAGE;
    }
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (!strcmp(argv[2], deeds[i].name))
            _exit(deeds[i].deed());
    _exit(UNKNOWN_DEED);
}
