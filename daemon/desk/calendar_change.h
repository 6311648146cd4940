/* Changes of what deadlines are counted with: each makes a version with its reason, which is an event too. The clocks of
 * complaints follow by themselves (clockwork.h). Inside a write transaction. */
#ifndef DESK_CALENDAR_CHANGE_H
#define DESK_CALENDAR_CHANGE_H

#include "daemon/base/arena.h"
#include "daemon/book/officer.h"
#include "rules/holidays.h"

/* officer NULL = by command. reason: Indonesian, whole sentences. */
enum outcome calendar_change_begin(struct book_txn *txn, const struct officer *officer, const char *reason,
    int64_t *ret_version, struct arena *arena, struct fault *fault);

/* Enters the days that are none yet; *ret_added 0 = there was none, and nothing was changed. *ret_first: the first of them. */
enum outcome calendar_change_import(struct book_txn *txn, const struct officer *officer,
    const struct holiday *days, size_t count, int *ret_added, int32_t *ret_first, struct arena *arena,
    struct fault *fault);

#endif
