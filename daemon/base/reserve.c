/* The reserve is a stack of blocks, each behind its size, that begins anew when the last of them came back: it is used
 * for moments, and then for tens of blocks. */
#include "reserve.h"
#include "clock.h"
#include "log.h"
#include <malloc.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = alignof(max_align_t) };
static const int64_t SAY_AGAIN_MS = 60 * 1000;

static alignas(max_align_t) unsigned char pool[RESERVE_SIZE];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t used, blocks; /* under the lock */
static atomic_int_fast64_t said_at = -60 * 1000;

static void say_once(size_t n, bool given)
{
    int64_t now = clock_mono_ms(), before = atomic_load(&said_at);
    if (now - before >= SAY_AGAIN_MS && atomic_compare_exchange_strong(&said_at, &before, now))
        log_event(LOG_ERROR, NULL, "memory.short", "bytes=%zu reserve=%s", n, given ? "used" : "too_small");
}

static void *reserve_take(size_t n)
{
    void *p = NULL;
    size_t room = ALIGN + (n + ALIGN - 1) / ALIGN * ALIGN;
    pthread_mutex_lock(&lock);
    if (n <= RESERVE_BLOCK_MAX && room <= sizeof pool - used) {
        memcpy(pool + used, &n, sizeof n);
        p = pool + used + ALIGN;
        used += room;
        blocks++;
    }
    pthread_mutex_unlock(&lock);
    say_once(n, p);
    return p;
}

bool reserve_gave(const void *p)
{
    return (uintptr_t)p >= (uintptr_t)pool && (uintptr_t)p < (uintptr_t)(pool + sizeof pool);
}

static size_t size_of(void *p)
{
    size_t n;
    if (!reserve_gave(p))
        return malloc_usable_size(p);
    memcpy(&n, (unsigned char *)p - ALIGN, sizeof n);
    return n;
}

void *reserve_malloc(size_t n)
{
    void *p = malloc(n);
    if (!p)
        p = reserve_take(n);
    return p;
}

static void *take_zeroed(size_t count, size_t n)
{
    void *p = n && count > RESERVE_BLOCK_MAX / n ? NULL : reserve_take(count * n);
    return p ? memset(p, 0, count * n) : NULL;
}

void *reserve_calloc(size_t count, size_t n)
{
    void *p = calloc(count, n);
    if (!p)
        p = take_zeroed(count, n);
    return p;
}

void *reserve_realloc(void *p, size_t n)
{
    void *moved = reserve_gave(p) ? NULL : realloc(p, n);
    if (moved || !p)
        return moved ? moved : reserve_take(n);
    size_t before = size_of(p);
    if (!n || n <= before) /* shrinking cannot fail */
        return p;
    moved = reserve_malloc(n);
    if (moved) {
        memcpy(moved, p, before);
        reserve_free(p);
    }
    return moved;
}

char *reserve_strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = reserve_malloc(n);
    return copy ? memcpy(copy, s, n) : NULL;
}

void reserve_free(void *p)
{
    if (!reserve_gave(p)) {
        free(p);
        return;
    }
    pthread_mutex_lock(&lock);
    if (!--blocks)
        used = 0;
    pthread_mutex_unlock(&lock);
}

size_t reserve_blocks(void)
{
    pthread_mutex_lock(&lock);
    size_t n = blocks;
    pthread_mutex_unlock(&lock);
    return n;
}
