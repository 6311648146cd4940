#include "assistance.h"
#include "stmt.h"

enum outcome assistance_list(struct book_txn *txn, int64_t complaint_id,
    struct helper ret[static ASSISTANCE_MOST], size_t *ret_count, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT a.section_id, x.name, a.reported_at FROM assistance a"
                                   " JOIN section x ON x.id = a.section_id WHERE a.complaint_id = ?1"
                                   " AND a.ended_at IS NULL ORDER BY x.name");
    stmt_int(&s, complaint_id);
    *ret_count = 0;
    while (*ret_count < ASSISTANCE_MOST && stmt_row(&s))
        ret[(*ret_count)++] = (struct helper){.section_id = stmt_int_at(&s, 0),
            .section = stmt_text_at(&s, 1, arena),
            .reported_at = stmt_int_at(&s, 2)};
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

/* No DO UPDATE: FTS5 would write out what it has gathered (complaint.c). */
static enum outcome put_one(
    struct book_txn *txn, int64_t complaint_id, const struct helper *h, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE assistance SET given_at = ?3, reported_at = ?4, ended_at = NULL"
                                   " WHERE complaint_id = ?1 AND section_id = ?2");
    for (int again = 0; again < 2; again++) {
        stmt_int(&s, complaint_id);
        stmt_int(&s, h->section_id);
        stmt_int(&s, txn_now(txn));
        stmt_id(&s, h->reported_at);
        enum outcome outcome = stmt_run(&s, fault);
        if (outcome || stmt_changes(txn))
            return outcome;
        s = stmt_open(txn, "INSERT INTO assistance (complaint_id, section_id, given_at, reported_at)"
                           " VALUES (?1, ?2, ?3, ?4)");
    }
    return OUTCOME_DONE;
}

enum outcome assistance_put(struct book_txn *txn, int64_t complaint_id, const struct helper *helpers,
    size_t count, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE assistance SET ended_at = ?2 WHERE complaint_id = ?1 AND ended_at IS NULL");
    stmt_int(&s, complaint_id);
    stmt_int(&s, txn_now(txn));
    enum outcome outcome = stmt_run(&s, fault);
    for (size_t i = 0; i < count && !outcome; i++)
        outcome = put_one(txn, complaint_id, &helpers[i], fault);
    return outcome;
}

enum outcome assistance_helps(
    struct book_txn *txn, int64_t complaint_id, int64_t section_id, bool *ret_helps, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT 1 FROM assistance WHERE complaint_id = ?1 AND section_id = ?2"
                                   " AND ended_at IS NULL");
    stmt_int(&s, complaint_id);
    stmt_int(&s, section_id);
    *ret_helps = stmt_row(&s);
    return stmt_close(&s, fault);
}

enum outcome assistance_reported(
    struct book_txn *txn, int64_t complaint_id, int64_t section_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE assistance SET reported_at = ?3 WHERE complaint_id = ?1 AND section_id = ?2");
    stmt_int(&s, complaint_id);
    stmt_int(&s, section_id);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}
