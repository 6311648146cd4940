#include "learnt.h"
#include "stmt.h"

enum { KEPT = 400 };

static void read_figures(const struct stmt *s, struct learnt_row *row)
{
    *row = (struct learnt_row){.id = stmt_int_at(s, 0),
        .at = stmt_int_at(s, 1),
        .cases = stmt_int_at(s, 2),
        .right = stmt_int_at(s, 3)};
}

enum outcome learnt_newest(
    struct book_txn *txn, struct learnt_row *ret, struct arena *arena, struct fault *fault)
{
    *ret = (struct learnt_row){0};
    struct stmt s = stmt_open(txn, "SELECT id, at, cases, sure, bytes FROM learnt ORDER BY id DESC LIMIT 1");
    if (stmt_row(&s)) {
        size_t size = 0;
        const void *bytes = stmt_peek_blob(&s, 4, &size);
        read_figures(&s, ret);
        ret->bytes = bytes ? arena_memdup(arena, bytes, size) : NULL;
        ret->size = size;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome learnt_list(
    struct book_txn *txn, int most, struct learnt_row **ret_list, struct arena *arena, struct fault *fault)
{
    struct learnt_row **last = ret_list;
    *ret_list = NULL;
    struct stmt s = stmt_open(txn, "SELECT id, at, cases, sure FROM learnt ORDER BY id DESC LIMIT ?1");
    stmt_int(&s, most);
    while (stmt_row(&s)) {
        struct learnt_row *row = arena_alloc(arena, sizeof *row);
        if (!row)
            break;
        read_figures(&s, row);
        *last = row;
        last = &row->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome learnt_add(struct book_txn *txn, const struct learnt_row *row, struct fault *fault)
{
    enum outcome outcome = stmt_exec(txn, "UPDATE learnt SET bytes = NULL WHERE bytes IS NOT NULL", fault);
    if (outcome)
        return outcome;
    struct stmt s = stmt_open(txn, "INSERT INTO learnt (at, cases, sure, bytes) VALUES (?1, ?2, ?3, ?4)");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, row->cases);
    stmt_int(&s, row->right);
    stmt_blob(&s, row->bytes, row->size);
    outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "DELETE FROM learnt WHERE id <= ?1");
    stmt_int(&s, stmt_last_id(txn) - KEPT);
    return stmt_run(&s, fault);
}

enum outcome learnt_cases(struct book_txn *txn, int64_t below, int most, learnt_visit *visit, void *arg,
    int64_t *ret_last, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    *ret_last = 0;
    struct stmt s = stmt_open(txn,
        "SELECT c.id, s.key, m.subject, coalesce(m.own_words, m.text), (SELECT json_extract(e.data,"
        " '$.proposal.section') FROM event e WHERE e.complaint_id = c.id AND e.kind = 'masuk' ORDER BY e.id "
        "LIMIT 1)"
        " FROM complaint c CROSS JOIN section s ON s.id = c.section_id"
        " CROSS JOIN message m ON m.id = c.id * 65536 + 1"
        " WHERE c.id < ?1 AND +c.section_id IS NOT NULL AND c.confidentiality <> 'rahasia'"
        " AND c.kind NOT IN ('pengaduan_pengawasan', 'whistleblowing')"
        " AND NOT EXISTS (SELECT 1 FROM privacy p WHERE p.complaint_id = c.id AND p.halted_at IS NOT NULL)"
        " ORDER BY c.id DESC LIMIT ?2");
    stmt_int(&s, below ? below : INT64_MAX);
    stmt_int(&s, most);
    while (!outcome && stmt_row(&s)) {
        const struct learnt_case one = {.complaint_id = stmt_int_at(&s, 0),
            .section = stmt_peek_text(&s, 1),
            .subject = stmt_peek_text(&s, 2),
            .text = stmt_peek_text(&s, 3),
            .proposed = stmt_peek_text(&s, 4)};
        *ret_last = one.complaint_id;
        outcome = visit(arg, &one, fault);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}
