#include "step.h"
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static atomic_long own;
static atomic_long *taken = &own;
static long crash_at;

/* A mapping, because the children may neither open nor write files once they are in their cage. */
static void share_counter(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *taken, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    if (shared != MAP_FAILED)
        taken = shared;
}

void step_init(const char *program)
{
    const char *at = getenv("PENGADUAND_CRASH_STEP"), *only = getenv("PENGADUAND_CRASH_PROGRAM");
    const char *counter = getenv("PENGADUAND_CRASH_COUNTER");
    if (!at || (only && strcmp(only, program)))
        return;
    crash_at = strtol(at, NULL, 10);
    if (counter)
        share_counter(counter);
}

void step(const char *name)
{
    if (atomic_fetch_add(taken, 1) + 1 != crash_at)
        return;
    fprintf(stderr, "crash step %ld: %s\n", crash_at, name);
    raise(SIGKILL); /* by tgkill(), which the children's cage allows */
}

long step_count(void)
{
    return atomic_load(taken);
}
