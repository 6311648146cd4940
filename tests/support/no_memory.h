/* malloc() and its kin, refused when a test says so. Link with --wrap for the three (Makefile). */
#ifndef SUPPORT_NO_MEMORY_H
#define SUPPORT_NO_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

static bool empty;              /* every call is refused */
static long granted_first = -1; /* this many calls are granted, the next one is refused; -1 = none is */

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);

static inline bool no_memory_now(void)
{
    return empty || (granted_first >= 0 && granted_first-- == 0);
}

void *__wrap_malloc(size_t n)
{
    return no_memory_now() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
    return no_memory_now() ? NULL : __real_calloc(count, n);
}

void *__wrap_realloc(void *p, size_t n)
{
    return no_memory_now() ? NULL : __real_realloc(p, n);
}

#endif
