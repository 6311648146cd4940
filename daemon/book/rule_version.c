#include "rule_version.h"
#include "stmt.h"
#include "txn_private.h"

enum outcome rule_version_newest(struct book_txn *txn, int64_t *ret_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT max(id) FROM rule_version");
    return stmt_value(&s, ret_id, fault);
}

#define COLUMNS                                                                                              \
    "SELECT v.id, v.text IS NULL, v.note, o.name, v.at, v.text FROM rule_version v"                          \
    " JOIN officer o ON o.id = v.officer_id "

static void read_row(const struct stmt *s, struct rule_version *v, struct arena *arena)
{
    *v = (struct rule_version){.id = stmt_int_at(s, 0),
        .of_file = stmt_int_at(s, 1) != 0,
        .note = stmt_text_at(s, 2, arena),
        .officer = stmt_text_at(s, 3, arena),
        .at = stmt_int_at(s, 4)};
}

enum outcome rule_version_get(
    struct book_txn *txn, int64_t id, struct rule_version *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, COLUMNS "WHERE v.id = ?1");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    if (found) {
        read_row(&s, ret, arena);
        ret->text = stmt_text_at(&s, 5, arena);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !found)
        outcome = fault_set(
            fault, OUTCOME_NEVER, "Versi aturan itu tidak ada.", "no rule version %lld", (long long)id);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome rule_version_list(
    struct book_txn *txn, int most, struct rule_version **ret_list, struct arena *arena, struct fault *fault)
{
    struct rule_version **last = ret_list;
    *ret_list = NULL;
    struct stmt s = stmt_open(txn, COLUMNS "ORDER BY v.id DESC LIMIT ?1");
    stmt_int(&s, most);
    while (stmt_row(&s)) {
        struct rule_version *v = arena_alloc(arena, sizeof *v);
        if (!v)
            break;
        read_row(&s, v, arena);
        *last = v;
        last = &v->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome rule_version_add(struct book_txn *txn, const char *text, const char *note, int64_t officer_id,
    int64_t *ret_id, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "INSERT INTO rule_version (text, note, at, officer_id) VALUES (?1, ?2, ?3, ?4)");
    stmt_text(&s, text);
    stmt_text(&s, note);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    enum outcome outcome = stmt_run(&s, fault);
    *ret_id = outcome ? 0 : stmt_last_id(txn);
    txn->queued_outbox |= !outcome; /* who works by the rules is woken */
    return outcome;
}
