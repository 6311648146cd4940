/* What other rules would have said of the newest complaints: a dry run, before they are put in force. */
#ifndef DESK_RULE_TRIAL_H
#define DESK_RULE_TRIAL_H

#include "daemon/base/arena.h"
#include "daemon/book/book.h"
#include "rules/classify.h"

enum { RULE_TRIAL_MOST = 200 }; /* complaints that are looked at */

struct rule_change {
    const char *field;     /* jenis, layanan, seksi ... as rule files call it */
    const char *from, *to; /* keys; "" = nothing said */
    struct rule_change *next;
};

struct rule_trial_row {
    const char *number; /* NULL = a rahasia one: who edits rules may not know of it */
    struct rule_change *changes;
    struct rule_trial_row *next;
};

struct rule_trial {
    int looked_at, changed;
    struct rule_trial_row *rows; /* newest complaint first; only those that change */
};

/* Everything in the arena. */
enum outcome rule_trial(struct book_txn *txn, const struct classify_rules *now,
    const struct classify_rules *then, struct rule_trial *ret, struct arena *arena, struct fault *fault);

#endif
