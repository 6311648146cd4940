/* The page of faults (preload.h) as a C program that is under fault.so commands it. Header only. */
#ifndef FAULT_PAGE_H
#define FAULT_PAGE_H

#include "tests/fault/preload.h"
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static struct fault_page *page;

static inline bool page_open(void)
{
    const char *path = getenv("PENGADUAND_FAULTS");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, FAULT_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    page = shared == MAP_FAILED ? NULL : shared;
    return page;
}

static inline void page_heal(void)
{
    atomic_store(&page->kinds, 0);
}

/* `row` calls from that number on, counted from now, fail. */
static inline void page_arm(unsigned kinds, uint64_t number, uint64_t row)
{
    page_heal();
    for (int kind = 0; kind < FAULT_KINDS; kind++)
        atomic_store(&page->calls[kind], 0);
    atomic_store(&page->from, number);
    atomic_store(&page->until, number + row);
    atomic_store(&page->new_places, 0);
    atomic_store(&page->kinds, kinds);
}

/* From that number on, the first call fails that comes by a way by which none came before in this process. */
static inline void page_arm_new_place(unsigned kinds, uint64_t number)
{
    page_arm(0, number, UINT64_MAX / 2);
    atomic_store(&page->new_places, 1);
    atomic_store(&page->kinds, kinds);
}

/* After it: the number of the call that failed. */
static inline uint64_t page_struck(void)
{
    return atomic_load(&page->from);
}

/* -1: there is none of that name. */
static inline int page_kind(const char *name)
{
    static const char *const names[] = {
        "alloc", "read", "write", "sync", "name", "open", "socket", "sqlite", "task"};
    for (int kind = 0; kind < FAULT_KINDS; kind++)
        if (!strcmp(names[kind], name))
            return kind;
    return -1;
}

#endif
