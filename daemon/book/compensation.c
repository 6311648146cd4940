#include "compensation.h"
#include "stmt.h"

enum outcome compensation_get(struct book_txn *txn, int64_t complaint_id, struct compensation *ret,
    struct arena *arena, struct fault *fault)
{
    *ret = (struct compensation){0};
    struct stmt s = stmt_open(txn, "SELECT complaint_id, what, way, day, receiver, message_id, officer_id, at"
                                   " FROM compensation WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    if (stmt_row(&s))
        *ret = (struct compensation){.complaint_id = stmt_int_at(&s, 0),
            .what = stmt_text_at(&s, 1, arena),
            .way = stmt_text_at(&s, 2, arena),
            .day = (int32_t)stmt_int_at(&s, 3),
            .receiver = stmt_text_at(&s, 4, arena),
            .message_id = stmt_int_at(&s, 5),
            .officer_id = stmt_int_at(&s, 6),
            .at = stmt_int_at(&s, 7)};
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

static enum outcome write_row(struct stmt s, const struct compensation *c, int64_t now, struct fault *fault)
{
    stmt_int(&s, c->complaint_id);
    stmt_text(&s, c->what);
    stmt_text(&s, c->way);
    stmt_int(&s, c->day);
    stmt_text(&s, c->receiver);
    stmt_int(&s, c->message_id);
    stmt_int(&s, c->officer_id);
    stmt_int(&s, now);
    return stmt_run(&s, fault);
}

enum outcome compensation_put(struct book_txn *txn, const struct compensation *c, struct fault *fault)
{
    enum outcome outcome =
        write_row(stmt_open(txn,
                      "UPDATE compensation SET what = ?2, way = ?3, day = ?4, receiver = ?5, message_id = ?6,"
                      " officer_id = ?7, at = ?8 WHERE complaint_id = ?1"),
            c, txn_now(txn), fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    return write_row(
        stmt_open(txn, "INSERT INTO compensation (complaint_id, what, way, day, receiver, message_id,"
                       " officer_id, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
        c, txn_now(txn), fault);
}
