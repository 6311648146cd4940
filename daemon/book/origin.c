#include "origin.h"
#include "stmt.h"

enum outcome origin_put(
    struct book_txn *txn, int64_t complaint_id, const struct origin *origin, struct fault *fault)
{
    if (!origin->number && !origin->dated)
        return OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "INSERT INTO origin (complaint_id, number, dated) VALUES (?1, ?2, ?3)");
    stmt_int(&s, complaint_id);
    stmt_text(&s, origin->number);
    stmt_id(&s, origin->dated);
    return stmt_run(&s, fault);
}

enum outcome origin_get(
    struct book_txn *txn, int64_t complaint_id, struct origin *ret, struct arena *arena, struct fault *fault)
{
    *ret = (struct origin){0};
    struct stmt s = stmt_open(txn, "SELECT number, dated FROM origin WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    if (stmt_row(&s))
        *ret = (struct origin){stmt_text_at(&s, 0, arena), (int32_t)stmt_int_at(&s, 1)};
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}
