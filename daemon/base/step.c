#include "step.h"
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long taken;
static long crash_at;

void step_init(const char *program)
{
    const char *at = getenv("PENGADUAND_CRASH_STEP"), *only = getenv("PENGADUAND_CRASH_PROGRAM");
    crash_at = at && (!only || !strcmp(only, program)) ? strtol(at, NULL, 10) : 0;
}

void step(const char *name)
{
    if (atomic_fetch_add(&taken, 1) + 1 != crash_at)
        return;
    fprintf(stderr, "crash step %ld: %s\n", crash_at, name);
    kill(getpid(), SIGKILL);
}

long step_count(void)
{
    return taken;
}
