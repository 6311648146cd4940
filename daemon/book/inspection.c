#include "inspection.h"
#include "stmt.h"
#include <string.h>

enum { KEPT = 400 };

enum outcome inspection_add(struct book_txn *txn, const struct inspection *i, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "INSERT INTO inspection (began_at, ended_at, rows, head, fault) VALUES (?1, ?2, ?3, ?4, ?5)");
    stmt_int(&s, i->began_at);
    stmt_int(&s, i->ended_at);
    stmt_int(&s, i->rows);
    stmt_blob(&s, i->head, sizeof i->head);
    stmt_text(&s, i->fault);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "DELETE FROM inspection WHERE id <= ?1");
    stmt_int(&s, stmt_last_id(txn) - KEPT);
    return stmt_run(&s, fault);
}

enum outcome inspection_newest(
    struct book_txn *txn, struct inspection *ret, struct arena *arena, struct fault *fault)
{
    struct inspection i = {0};
    struct stmt s = stmt_open(
        txn, "SELECT began_at, ended_at, rows, head, fault FROM inspection ORDER BY id DESC LIMIT 1");
    if (stmt_row(&s)) {
        size_t size;
        const void *head = stmt_peek_blob(&s, 3, &size);
        i.began_at = stmt_int_at(&s, 0);
        i.ended_at = stmt_int_at(&s, 1);
        i.rows = stmt_int_at(&s, 2);
        i.fault = stmt_text_at(&s, 4, arena);
        if (size == sizeof i.head)
            memcpy(i.head, head, size);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = i;
    return outcome;
}
