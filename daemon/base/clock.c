#include "clock.h"
#include <stddef.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_now_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

static int64_t (*source)(void) = system_now_ms;

int64_t clock_now_ms(void)
{
    return source();
}

int64_t clock_mono_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_replace(int64_t (*now_ms)(void))
{
    source = now_ms ? now_ms : system_now_ms;
}
