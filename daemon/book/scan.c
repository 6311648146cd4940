#include "scan.h"
#include "arrival.h"
#include "stmt.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MARK "clamd" /* among the bookmarks of the channels */

enum { MARK_ARENA = 4096 };

enum outcome scan_next(struct book_txn *txn, int64_t *ret_id, struct fault *fault)
{
    const char *mark = NULL;
    struct arena *arena = arena_new(MARK_ARENA);
    enum outcome outcome = arena ? bookmark_get(txn, MARK, &mark, arena, fault)
                                 : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a bookmark");
    if (!outcome) {
        struct stmt s = stmt_open(txn, "SELECT id FROM attachment WHERE id > ?1 ORDER BY id LIMIT 1");
        stmt_int(&s, mark ? strtoll(mark, NULL, 10) : 0);
        outcome = stmt_value(&s, ret_id, fault);
    }
    arena_free(arena);
    return outcome;
}

enum outcome scan_note(struct book_txn *txn, int64_t attachment_id, const char *found, struct fault *fault)
{
    char mark[24];
    snprintf(mark, sizeof mark, "%" PRId64, attachment_id);
    enum outcome outcome = bookmark_set(txn, MARK, mark, fault);
    if (outcome || !found)
        return outcome;
    struct stmt s =
        stmt_open(txn, "INSERT INTO attachment_found (attachment_id, found, at) VALUES (?1, ?2, ?3)");
    stmt_int(&s, attachment_id);
    stmt_text(&s, found);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}
