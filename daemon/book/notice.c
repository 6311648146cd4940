#include "notice.h"
#include "stmt.h"

enum outcome notice_add(
    struct book_txn *txn, int64_t officer_id, int64_t complaint_id, const char *kind, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO notice (officer_id, complaint_id, kind, at) VALUES (?1, ?2, ?3, ?4)");
    stmt_int(&s, officer_id);
    stmt_int(&s, complaint_id);
    stmt_text(&s, kind);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

static enum outcome count_unread(
    struct book_txn *txn, int64_t officer_id, int64_t *ret_total, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT count(*) FROM notice WHERE officer_id = ?1 AND read_at IS NULL");
    stmt_int(&s, officer_id);
    return stmt_value(&s, ret_total, fault);
}

enum outcome notice_unread(struct book_txn *txn, int64_t officer_id, int limit, struct notice **ret_notices,
    int64_t *ret_total, struct arena *arena, struct fault *fault)
{
    struct notice *first = NULL, **last = &first;
    struct stmt s =
        stmt_open(txn, "SELECT n.id, n.complaint_id, n.at, n.kind, c.number, c.subject FROM notice n"
                       " INDEXED BY notice_unread_newest"
                       " JOIN complaint c ON c.id = n.complaint_id"
                       " WHERE n.officer_id = ?1 AND n.read_at IS NULL ORDER BY n.id DESC LIMIT ?2");
    stmt_int(&s, officer_id);
    stmt_int(&s, limit);
    while (stmt_row(&s)) {
        struct notice *n = arena_alloc(arena, sizeof *n);
        if (!n)
            break;
        *n = (struct notice){.id = stmt_int_at(&s, 0),
            .complaint_id = stmt_int_at(&s, 1),
            .at = stmt_int_at(&s, 2),
            .kind = stmt_text_at(&s, 3, arena),
            .number = stmt_text_at(&s, 4, arena),
            .subject = stmt_text_at(&s, 5, arena)};
        *last = n;
        last = &n->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        outcome = count_unread(txn, officer_id, ret_total, fault);
    if (!outcome)
        *ret_notices = first;
    return outcome;
}

enum outcome notice_read(struct book_txn *txn, int64_t officer_id, int64_t complaint_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE notice SET read_at = ?3 WHERE officer_id = ?1 AND complaint_id = ?2"
                       " AND read_at IS NULL");
    stmt_int(&s, officer_id);
    stmt_int(&s, complaint_id);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome notice_read_until(
    struct book_txn *txn, int64_t officer_id, int64_t notice_id, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "UPDATE notice SET read_at = ?3 WHERE officer_id = ?1 AND id <= ?2 AND read_at IS NULL");
    stmt_int(&s, officer_id);
    stmt_int(&s, notice_id);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}
