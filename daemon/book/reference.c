/* By which a reply finds its complaint (message.h). */
#include "message.h"
#include "stmt.h"

enum outcome reference_add(
    struct book_txn *txn, const char *scheme, const char *value, int64_t complaint_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO reference (scheme, value, complaint_id, at) VALUES (?1, ?2, ?3, ?4)"
                       " ON CONFLICT (scheme, value) DO NOTHING");
    stmt_text(&s, scheme);
    stmt_text(&s, value);
    stmt_int(&s, complaint_id);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome reference_list(struct book_txn *txn, const char *scheme, int64_t complaint_id, int most,
    const char ***ret_values, size_t *ret_count, struct arena *arena, struct fault *fault)
{
    const char **values = arena_alloc(arena, (size_t)most * sizeof *values);
    size_t count = 0;
    /* As the index has them, so that nothing is sorted. */
    struct stmt s = stmt_open(txn, "SELECT value FROM reference WHERE complaint_id = ?1 AND scheme = ?2"
                                   " ORDER BY at DESC LIMIT ?3");
    stmt_int(&s, complaint_id);
    stmt_text(&s, scheme);
    stmt_int(&s, most);
    while (values && stmt_row(&s))
        values[count++] = stmt_text_at(&s, 0, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (outcome)
        return outcome;
    for (size_t i = 0; i < count / 2; i++) {
        const char *value = values[i];
        values[i] = values[count - 1 - i];
        values[count - 1 - i] = value;
    }
    *ret_values = values;
    *ret_count = count;
    return OUTCOME_DONE;
}

enum outcome reference_find(struct book_txn *txn, const char *scheme, const char *value,
    int64_t *ret_complaint_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT complaint_id FROM reference WHERE scheme = ?1 AND value = ?2");
    stmt_text(&s, scheme);
    stmt_text(&s, value);
    return stmt_value(&s, ret_complaint_id, fault);
}
