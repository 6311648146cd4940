#include "forget_list.h"
#include "stmt.h"

enum { VISIT_ARENA = 1 << 16 };

enum outcome forget_list_add(
    struct book_txn *txn, const char *basis, int64_t request_id, int64_t *ret_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO forget_list (basis, request_id, proposed_at, state)"
                                   " VALUES (?1, ?2, ?3, 'diajukan')");
    stmt_text(&s, basis);
    stmt_id(&s, request_id);
    stmt_int(&s, txn_now(txn));
    enum outcome outcome = stmt_run(&s, fault);
    *ret_id = outcome ? 0 : stmt_last_id(txn);
    return outcome;
}

enum outcome forget_item_add(struct book_txn *txn, int64_t list_id, int64_t complaint_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO forget_item (list_id, complaint_id) VALUES (?1, ?2)");
    stmt_int(&s, list_id);
    stmt_int(&s, complaint_id);
    return stmt_run(&s, fault);
}

#define LISTS                                                                                                \
    "SELECT l.id, l.basis, l.request_id, l.proposed_at, l.state, l.decided_at, l.officer_id, l.note,"        \
    " l.ended_at, (SELECT count(*) FROM forget_item i WHERE i.list_id = l.id),"                              \
    " (SELECT count(*) FROM forget_item i WHERE i.list_id = l.id AND i.done_at IS NOT NULL),"                \
    " (SELECT count(*) FROM forget_item i WHERE i.list_id = l.id AND i.kept IS NOT NULL)"                    \
    " FROM forget_list l "

static struct forget_list read_list(const struct stmt *s, struct arena *arena)
{
    return (struct forget_list){.id = stmt_int_at(s, 0),
        .basis = stmt_text_at(s, 1, arena),
        .request_id = stmt_int_at(s, 2),
        .proposed_at = stmt_int_at(s, 3),
        .state = stmt_text_at(s, 4, arena),
        .decided_at = stmt_int_at(s, 5),
        .officer_id = stmt_int_at(s, 6),
        .note = stmt_text_at(s, 7, arena),
        .ended_at = stmt_int_at(s, 8),
        .items = stmt_int_at(s, 9),
        .done = stmt_int_at(s, 10),
        .kept = stmt_int_at(s, 11)};
}

enum outcome forget_list_get(
    struct book_txn *txn, int64_t id, struct forget_list *ret, struct arena *arena, struct fault *fault)
{
    struct forget_list l = {0};
    struct stmt s = stmt_open(txn, LISTS "WHERE l.id = ?1");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    if (found)
        l = read_list(&s, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Usulan tidak ditemukan.", "no list %lld", (long long)id);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = l;
    return outcome;
}

enum outcome forget_lists(
    struct book_txn *txn, int most, struct forget_list **ret, struct arena *arena, struct fault *fault)
{
    struct forget_list *first = NULL, **end = &first;
    struct stmt s = stmt_open(txn, LISTS "ORDER BY l.ended_at IS NOT NULL, l.id DESC LIMIT ?1");
    stmt_int(&s, most);
    while (stmt_row(&s)) {
        struct forget_list *l = arena_alloc(arena, sizeof *l);
        if (!l)
            break;
        *l = read_list(&s, arena);
        *end = l;
        end = &l->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    *ret = outcome ? NULL : first;
    return outcome;
}

enum outcome forget_items(
    struct book_txn *txn, int64_t list_id, struct forget_item **ret, struct arena *arena, struct fault *fault)
{
    struct forget_item *first = NULL, **end = &first;
    struct stmt s = stmt_open(txn,
        "SELECT c.id, c.number, c.kind, c.subject, c.confidentiality, c.closed_at, i.done_at, i.kept"
        " FROM forget_item i JOIN complaint c ON c.id = i.complaint_id WHERE i.list_id = ?1"
        " ORDER BY i.complaint_id");
    stmt_int(&s, list_id);
    while (stmt_row(&s)) {
        struct forget_item *i = arena_alloc(arena, sizeof *i);
        if (!i)
            break;
        *i = (struct forget_item){.complaint_id = stmt_int_at(&s, 0),
            .number = stmt_text_at(&s, 1, arena),
            .kind = stmt_text_at(&s, 2, arena),
            .subject = stmt_text_at(&s, 3, arena),
            .confidentiality = stmt_text_at(&s, 4, arena),
            .closed_at = stmt_int_at(&s, 5),
            .done_at = stmt_int_at(&s, 6),
            .kept = stmt_text_at(&s, 7, arena)};
        *end = i;
        end = &i->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    *ret = outcome ? NULL : first;
    return outcome;
}

enum outcome forget_lists_waiting(struct book_txn *txn, int64_t *ret_count, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT count(*) FROM forget_list WHERE ended_at IS NULL AND state = 'diajukan'");
    return stmt_value(&s, ret_count, fault);
}

enum outcome forget_list_newest(struct book_txn *txn, int64_t *ret_at, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT max(proposed_at) FROM forget_list WHERE basis = 'retensi'");
    return stmt_value(&s, ret_at, fault);
}

enum outcome forget_list_decide(struct book_txn *txn, int64_t id, const char *state, int64_t officer_id,
    const char *note, bool ended, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE forget_list SET state = ?2, decided_at = ?3, officer_id = ?4, note = ?5,"
                       " ended_at = iif(?6, ?3, NULL) WHERE id = ?1");
    stmt_int(&s, id);
    stmt_text(&s, state);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    stmt_text(&s, note);
    stmt_int(&s, ended);
    return stmt_run(&s, fault);
}

enum outcome forget_list_end(struct book_txn *txn, int64_t id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE forget_list SET state = 'selesai', ended_at = ?2 WHERE id = ?1");
    stmt_int(&s, id);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome forget_list_unmerged(struct book_txn *txn, bool *ret_are, struct fault *fault)
{
    int64_t id = 0;
    struct stmt s =
        stmt_open(txn, "SELECT min(id) FROM forget_list WHERE ended_at IS NOT NULL AND merged_at IS NULL");
    enum outcome outcome = stmt_value(&s, &id, fault);
    *ret_are = id != 0;
    return outcome;
}

enum outcome forget_list_merged(struct book_txn *txn, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "UPDATE forget_list SET merged_at = ?1 WHERE ended_at IS NOT NULL AND merged_at IS NULL");
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome forget_item_settle(
    struct book_txn *txn, int64_t list_id, int64_t complaint_id, const char *kept, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE forget_item SET done_at = iif(?3 IS NULL, ?4, NULL), kept = ?3"
                                   " WHERE list_id = ?1 AND complaint_id = ?2");
    stmt_int(&s, list_id);
    stmt_int(&s, complaint_id);
    stmt_text(&s, kept);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome forget_list_next(struct book_txn *txn, int64_t *ret_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT min(id) FROM forget_list WHERE ended_at IS NULL AND state = 'disetujui'");
    return stmt_value(&s, ret_id, fault);
}

enum outcome forget_item_next(
    struct book_txn *txn, int64_t list_id, int64_t after, int64_t *ret_complaint_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT complaint_id FROM forget_item WHERE list_id = ?1 AND complaint_id > ?2"
                       " AND done_at IS NULL AND kept IS NULL ORDER BY complaint_id LIMIT 1");
    stmt_int(&s, list_id);
    stmt_int(&s, after);
    return stmt_value(&s, ret_complaint_id, fault);
}

/* ---- facts ---- */

#define FACTS                                                                                                \
    "SELECT c.id, c.kind, c.state, c.closed_at, p.forgotten_at, (SELECT m.state FROM complaint m WHERE"      \
    " m.id = c.main_id), EXISTS (SELECT 1 FROM rights_request r WHERE r.complaint_id = c.id AND"             \
    " r.ended_at IS NULL), EXISTS (SELECT 1 FROM rights_request r WHERE r.complaint_id = c.id AND"           \
    " r.ended_at IS NULL AND r.right <> 'hapus'), EXISTS (SELECT 1 FROM outbox o WHERE o.complaint_id ="     \
    " c.id AND o.state IN ('antre', 'mengirim') AND o.purpose <> 'peristiwa')"                               \
    " FROM complaint c LEFT JOIN privacy p ON p.complaint_id = c.id "

static struct retention_facts read_facts(const struct stmt *s, struct arena *arena)
{
    enum state main_state;
    struct retention_facts f = {.kind = stmt_text_at(s, 1, arena),
        .closed_at = stmt_int_at(s, 3),
        .forgotten_at = stmt_int_at(s, 4),
        .asked = stmt_int_at(s, 6) != 0,
        .asked_else = stmt_int_at(s, 7) != 0,
        .letters_under_way = stmt_int_at(s, 8) != 0};
    state_from_key(stmt_peek_text(s, 2), &f.state);
    const char *of_main = stmt_peek_text(s, 5);
    f.main_open = of_main && state_from_key(of_main, &main_state) &&
                  (state_open(main_state) || main_state == STATE_DIJAWAB);
    return f;
}

enum outcome forget_facts(struct book_txn *txn, int64_t complaint_id, struct retention_facts *ret,
    struct arena *arena, struct fault *fault)
{
    struct retention_facts f = {.kind = ""};
    struct stmt s = stmt_open(txn, FACTS "WHERE c.id = ?1");
    stmt_int(&s, complaint_id);
    bool found = stmt_row(&s);
    if (found)
        f = read_facts(&s, arena);
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome = fault_set(fault, OUTCOME_NEVER, "Aduan tidak ditemukan.", "no such complaint");
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = f;
    return outcome;
}

enum outcome forget_candidates(
    struct book_txn *txn, int64_t closed_before, forget_visit *visit, void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s =
        stmt_open(txn, FACTS "WHERE c.closed_at < ?1 AND (p.forgotten_at IS NULL OR p.forgotten_at <"
                             " c.closed_at) AND NOT EXISTS (SELECT 1 FROM forget_item i JOIN"
                             " forget_list l ON l.id = i.list_id WHERE i.complaint_id = c.id AND"
                             " l.ended_at IS NULL) ORDER BY c.id");
    stmt_int(&s, closed_before);
    while (!outcome && stmt_row(&s)) {
        struct arena *arena = arena_new(VISIT_ARENA);
        if (!arena) {
            outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory to look at complaints");
            break;
        }
        const struct retention_facts f = read_facts(&s, arena);
        outcome = arena_ok(arena) ? visit(arg, stmt_int_at(&s, 0), &f, fault) : stmt_arena(arena, fault);
        arena_free(arena);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}
