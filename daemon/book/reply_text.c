#include "reply_text.h"
#include "stmt.h"

enum outcome reply_text_get(
    struct book_txn *txn, const char *name, const char **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT text FROM reply_text WHERE name = ?1");
    stmt_text(&s, name);
    const char *text = stmt_row(&s) ? stmt_text_at(&s, 0, arena) : NULL;
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = text;
    return outcome;
}

enum outcome reply_text_set(
    struct book_txn *txn, const char *name, const char *text, int64_t officer_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM reply_text WHERE name = ?1");
    stmt_text(&s, name);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome || !text)
        return outcome;
    s = stmt_open(txn, "INSERT INTO reply_text (name, text, changed_at, officer_id) VALUES (?1, ?2, ?3, ?4)");
    stmt_text(&s, name);
    stmt_text(&s, text);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    return stmt_run(&s, fault);
}
