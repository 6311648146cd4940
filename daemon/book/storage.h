/* Whether the book can be written: a full, failing or read-only disk begins at one moment and ends at another. Both are
 * logged here, once; who asked meanwhile is told LATER and need not log it again.
 *
 * Written by the writer's thread, read from any. */
#ifndef BOOK_STORAGE_H
#define BOOK_STORAGE_H

#include "daemon/base/fault.h"
#include <stdatomic.h>
#include <stdint.h>

/* A write that fits does not prove that there is room again: the end is believed that long after the last failure. */
enum { STORAGE_HOLD_MS = 5000 };

struct storage {
    _Atomic int64_t since; /* ms; 0 = it can be written */
    int64_t failed_at;     /* the last failure; writer's thread */
};

/* Each batch says how it went. folder: of the data, for the words about it. */
void storage_failed(struct storage *storage, const char *folder, int64_t now, const struct fault *fault);
void storage_worked(struct storage *storage, int64_t now);

/* What is the matter with the file system of that folder, in a few Indonesian words: "penyimpanan penuh". */
const char *storage_trouble(const char *folder);

#endif
