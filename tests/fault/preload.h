/* The page of memory by which a test commands the faults of running programs: a file of FAULT_PAGE bytes, named by
 * PENGADUAND_FAULTS, mapped by every program that loads fault.so and by the test (faults.py, which must agree with the
 * offsets here). All numbers are little-endian as the machine's own. Whoever writes sets `kinds` last. */
#ifndef FAULT_PRELOAD_H
#define FAULT_PRELOAD_H

#include <stdatomic.h>
#include <stdint.h>

enum fault_kind {
    FAULT_ALLOC,  /* malloc and its kin */
    FAULT_READ,   /* from a file */
    FAULT_WRITE,  /* to a file; also its growing and cutting */
    FAULT_SYNC,   /* fsync, fdatasync */
    FAULT_NAME,   /* rename, unlink, mkdir, rmdir, link, chmod */
    FAULT_OPEN,   /* every way to a new descriptor: open, socket, accept, pipe, eventfd, epoll */
    FAULT_SOCKET, /* connect, send, receive */
    FAULT_SQLITE, /* sqlite3_prepare, _bind, _step, _exec, when the program itself calls them */
    FAULT_TASK,   /* fork, pthread_create */
    FAULT_KINDS
};

enum { FAULT_PAGE = 4096, FAULT_NAME_MAX = 16, FAULT_PATH_MAX = 256 };

struct fault_page {
    _Atomic uint64_t calls[FAULT_KINDS]; /* so far, since the test zeroed them */
    _Atomic uint64_t failed;             /* faults injected, ever */
    _Atomic uint64_t from, until;        /* calls number from..until-1 of the kinds fail; counted from 1 */
    _Atomic int64_t clock_ms;            /* added to the wall clock */
    _Atomic int64_t passed_ms;           /* added to every clock: time that nobody waited for; only grows */
    _Atomic uint32_t kinds;              /* bit set: 1 << enum fault_kind */
    _Atomic int32_t error;               /* errno or SQLite code; 0 = the call's usual one */
    char program[FAULT_NAME_MAX];        /* only this one of the family; "" = all */
    char folder[FAULT_PATH_MAX];         /* files: only below this folder; "" = all but 0, 1, 2 */
    _Atomic uint32_t
        new_places; /* 1: of from..until-1 only the first that comes by a way (its callers) by which
                                            none came before in this process; `from` is then its number, and `until` too */
};

#endif
