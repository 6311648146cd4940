#include "alarm.h"
#include "stmt.h"

enum outcome alarm_raise(struct book_txn *txn, const char *key, const char *text, int64_t since,
    bool *ret_new, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE alarm SET text = ?2 WHERE key = ?1");
    stmt_text(&s, key);
    stmt_text(&s, text);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    *ret_new = !stmt_changes(txn);
    if (!*ret_new)
        return OUTCOME_DONE;
    s = stmt_open(txn, "INSERT INTO alarm (key, text, since) VALUES (?1, ?2, ?3)");
    stmt_text(&s, key);
    stmt_text(&s, text);
    stmt_int(&s, since);
    return stmt_run(&s, fault);
}

enum outcome alarm_clear(struct book_txn *txn, const char *key, bool *ret_was, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM alarm WHERE key = ?1");
    stmt_text(&s, key);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        *ret_was = stmt_changes(txn) > 0;
    return outcome;
}

enum outcome alarm_list(
    struct book_txn *txn, struct alarm **ret_first, struct arena *arena, struct fault *fault)
{
    struct alarm *first = NULL, **last = &first;
    struct stmt s = stmt_open(txn, "SELECT key, text, since FROM alarm ORDER BY since, key");
    while (stmt_row(&s)) {
        struct alarm *a = arena_alloc(arena, sizeof *a);
        if (!a)
            break;
        *a = (struct alarm){.key = stmt_text_at(&s, 0, arena),
            .text = stmt_text_at(&s, 1, arena),
            .since = stmt_int_at(&s, 2)};
        *last = a;
        last = &a->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret_first = first;
    return outcome;
}
