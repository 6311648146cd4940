#include "arena.h"
#include "shortage.h"
#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct deferred {
    struct deferred *next;
    void (*release)(void *);
    void *object;
};

struct arena {
    struct block *blocks;
    struct deferred *deferred;
    size_t total, max;
    bool failed, full;
};

enum { BLOCK_SIZE = 4096 - sizeof(struct block) };

struct arena *arena_new(size_t max)
{
    struct arena *a = calloc(1, sizeof *a);
    if (a)
        a->max = max;
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct deferred *d = a->deferred; d; d = d->next)
        d->release(d->object);
    while (a->blocks) {
        struct block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
    free(a);
}

bool arena_ok(const struct arena *a)
{
    return !a->failed;
}

bool arena_full(const struct arena *a)
{
    return a->full;
}

static struct block *block_add(struct arena *a, size_t n)
{
    size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;
    struct block *b = malloc(sizeof *b + size);
    if (!b)
        return NULL;
    b->size = size;
    b->used = 0;
    b->next = a->blocks;
    a->blocks = b;
    return b;
}

/* Not zeroed: whoever calls writes all of it. */
static void *take(struct arena *a, size_t n)
{
    size_t align = alignof(max_align_t);
    if (n > a->max - a->total) {
        a->failed = a->full = true;
        return NULL;
    }
    n = (n + align - 1) / align * align;
    struct block *b = a->blocks;
    if (!b || n > b->size - b->used)
        b = block_add(a, n);
    if (!b) {
        shortage_note();
        a->failed = true;
        return NULL;
    }
    void *p = b->bytes + b->used;
    b->used += n;
    a->total = n > a->max - a->total ? a->max : a->total + n;
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    void *p = take(a, n);
    return p ? memset(p, 0, n) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *copy = s ? take(a, n + 1) : NULL;
    if (!copy)
        return NULL;
    if (n)
        memcpy(copy, s, n);
    copy[n] = 0;
    return copy;
}

void *arena_memdup(struct arena *a, const void *p, size_t n)
{
    return arena_strndup(a, p, n);
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    char *s = n < 0 ? NULL : take(a, (size_t)n + 1);
    if (s)
        vsnprintf(s, (size_t)n + 1, format, again);
    va_end(again);
    return s;
}

bool arena_defer(struct arena *a, void (*release)(void *object), void *object)
{
    struct deferred *d = take(a, sizeof *d);
    if (!d) {
        release(object);
        return false;
    }
    *d = (struct deferred){.next = a->deferred, .release = release, .object = object};
    a->deferred = d;
    return true;
}
