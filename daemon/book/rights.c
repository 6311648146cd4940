#include "rights.h"
#include "stmt.h"

enum outcome rights_add(struct book_txn *txn, struct rights_request *r, struct fault *fault)
{
    r->asked_at = txn_now(txn);
    r->due_at = right_due(r->asked_at);
    r->state = RIGHT_DIAJUKAN;
    struct stmt s =
        stmt_open(txn, "INSERT INTO rights_request (complaint_id, right, way, state, words, asked_at,"
                       " due_at, recorded_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    stmt_int(&s, r->complaint_id);
    stmt_text(&s, right_key(r->right));
    stmt_text(&s, r->way);
    stmt_text(&s, right_state_key(r->state));
    stmt_text(&s, r->words);
    stmt_int(&s, r->asked_at);
    stmt_int(&s, r->due_at);
    stmt_id(&s, r->recorded_by);
    enum outcome outcome = stmt_run(&s, fault);
    r->id = outcome ? 0 : stmt_last_id(txn);
    return outcome;
}

#define COLUMNS                                                                                              \
    "SELECT r.id, r.complaint_id, c.number, r.right, r.way, r.state, r.words, r.asked_at, r.due_at,"         \
    " r.recorded_by, r.decided_at, r.decided_by, r.reason, r.answer, r.ended_at"                             \
    " FROM rights_request r JOIN complaint c ON c.id = r.complaint_id "

static struct rights_request read_row(const struct stmt *s, struct arena *arena)
{
    struct rights_request r = {.id = stmt_int_at(s, 0),
        .complaint_id = stmt_int_at(s, 1),
        .number = stmt_text_at(s, 2, arena),
        .way = stmt_text_at(s, 4, arena),
        .words = stmt_text_at(s, 6, arena),
        .asked_at = stmt_int_at(s, 7),
        .due_at = stmt_int_at(s, 8),
        .recorded_by = stmt_int_at(s, 9),
        .decided_at = stmt_int_at(s, 10),
        .decided_by = stmt_int_at(s, 11),
        .reason = stmt_text_at(s, 12, arena),
        .answer = stmt_text_at(s, 13, arena),
        .ended_at = stmt_int_at(s, 14)};
    right_from_key(stmt_peek_text(s, 3), &r.right);
    right_state_from_key(stmt_peek_text(s, 5), &r.state);
    return r;
}

enum outcome rights_get(
    struct book_txn *txn, int64_t id, struct rights_request *ret, struct arena *arena, struct fault *fault)
{
    struct rights_request r = {0};
    struct stmt s = stmt_open(txn, COLUMNS "WHERE r.id = ?1");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    if (found)
        r = read_row(&s, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome =
            fault_set(fault, OUTCOME_NEVER, "Permintaan tidak ditemukan.", "no request %lld", (long long)id);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = r;
    return outcome;
}

enum outcome rights_update(struct book_txn *txn, const struct rights_request *r, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE rights_request SET state = ?2, decided_at = ?3, decided_by = ?4,"
                                   " reason = ?5, answer = ?6, ended_at = ?7 WHERE id = ?1");
    stmt_int(&s, r->id);
    stmt_text(&s, right_state_key(r->state));
    stmt_id(&s, r->decided_at);
    stmt_id(&s, r->decided_by);
    stmt_text(&s, r->reason);
    stmt_text(&s, r->answer);
    stmt_id(&s, r->ended_at);
    return stmt_run(&s, fault);
}

/* Closes s. */
static enum outcome read_list(
    struct stmt s, struct rights_request **ret, struct arena *arena, struct fault *fault)
{
    struct rights_request *first = NULL, **end = &first;
    while (stmt_row(&s)) {
        struct rights_request *r = arena_alloc(arena, sizeof *r);
        if (!r)
            break;
        *r = read_row(&s, arena);
        *end = r;
        end = &r->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    *ret = outcome ? NULL : first;
    return outcome;
}

enum outcome rights_of(struct book_txn *txn, int64_t complaint_id, struct rights_request **ret,
    struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, COLUMNS "WHERE r.complaint_id = ?1 ORDER BY r.id DESC LIMIT 50");
    stmt_int(&s, complaint_id);
    return read_list(s, ret, arena, fault);
}

enum outcome rights_list(struct book_txn *txn, bool open, int most, struct rights_request **ret,
    struct arena *arena, struct fault *fault)
{
    struct stmt s = open ? stmt_open(txn, COLUMNS "WHERE r.ended_at IS NULL ORDER BY r.due_at, r.id LIMIT ?1")
                         : stmt_open(txn, COLUMNS "WHERE r.ended_at IS NOT NULL ORDER BY r.id DESC LIMIT ?1");
    stmt_int(&s, most);
    return read_list(s, ret, arena, fault);
}

enum outcome rights_waiting(struct book_txn *txn, int64_t *ret_count, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT count(*) FROM rights_request WHERE ended_at IS NULL");
    return stmt_value(&s, ret_count, fault);
}

enum outcome rights_soon(struct book_txn *txn, int64_t before, int64_t *ret_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT id FROM rights_request WHERE ended_at IS NULL AND due_at < ?1 AND"
                                   " told = 0 ORDER BY due_at, id LIMIT 1");
    stmt_int(&s, before);
    return stmt_value(&s, ret_id, fault);
}

enum outcome rights_told(struct book_txn *txn, int64_t id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE rights_request SET told = 1 WHERE id = ?1");
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

/* ---- what holds of a complaint ---- */

enum outcome privacy_get(struct book_txn *txn, int64_t complaint_id, struct privacy *ret, struct fault *fault)
{
    *ret = (struct privacy){0};
    struct stmt s = stmt_open(txn, "SELECT halted_at, forgotten_at FROM privacy WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    if (stmt_row(&s))
        *ret = (struct privacy){stmt_int_at(&s, 0), stmt_int_at(&s, 1)};
    return stmt_close(&s, fault);
}

static enum outcome privacy_row(struct book_txn *txn, int64_t complaint_id, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "INSERT INTO privacy (complaint_id) VALUES (?1) ON CONFLICT (complaint_id) DO NOTHING");
    stmt_int(&s, complaint_id);
    return stmt_run(&s, fault);
}

enum outcome privacy_halt(struct book_txn *txn, int64_t complaint_id, struct fault *fault)
{
    enum outcome outcome = privacy_row(txn, complaint_id, fault);
    if (outcome)
        return outcome;
    struct stmt s =
        stmt_open(txn, "UPDATE privacy SET halted_at = ?2 WHERE complaint_id = ?1 AND halted_at IS NULL");
    stmt_int(&s, complaint_id);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome privacy_forgotten(struct book_txn *txn, int64_t complaint_id, struct fault *fault)
{
    enum outcome outcome = privacy_row(txn, complaint_id, fault);
    if (outcome)
        return outcome;
    struct stmt s = stmt_open(txn, "UPDATE privacy SET forgotten_at = ?2 WHERE complaint_id = ?1");
    stmt_int(&s, complaint_id);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}
