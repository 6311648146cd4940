#include "saved_filter.h"
#include "stmt.h"

enum outcome saved_filter_list(struct book_txn *txn, int64_t officer_id, struct saved_filter **ret,
    struct arena *arena, struct fault *fault)
{
    struct saved_filter *first = NULL, **end = &first;
    struct stmt s =
        stmt_open(txn, "SELECT id, name, query FROM saved_filter WHERE officer_id = ?1 ORDER BY name");
    stmt_int(&s, officer_id);
    while (stmt_row(&s)) {
        struct saved_filter *f = arena_alloc(arena, sizeof *f);
        if (!f)
            break;
        *f = (struct saved_filter){.id = stmt_int_at(&s, 0),
            .name = stmt_text_at(&s, 1, arena),
            .query = stmt_text_at(&s, 2, arena)};
        *end = f;
        end = &f->next;
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        *ret = first;
    return outcome;
}

static enum outcome count(struct book_txn *txn, int64_t officer_id, int64_t *ret_count, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT count(*) FROM saved_filter WHERE officer_id = ?1");
    stmt_int(&s, officer_id);
    return stmt_value(&s, ret_count, fault);
}

enum outcome saved_filter_put(
    struct book_txn *txn, int64_t officer_id, const char *name, const char *query, struct fault *fault)
{
    int64_t kept;
    struct stmt s = stmt_open(txn, "UPDATE saved_filter SET query = ?3 WHERE officer_id = ?1 AND name = ?2");
    stmt_int(&s, officer_id);
    stmt_text(&s, name);
    stmt_text(&s, query);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome || stmt_changes(txn))
        return outcome;
    outcome = count(txn, officer_id, &kept, fault);
    if (!outcome && kept >= SAVED_FILTERS_MOST)
        outcome = fault_set(fault, OUTCOME_NEVER,
            "Saringan tersimpan sudah dua puluh. Hapus dahulu yang tidak dipakai.", "too many filters");
    if (outcome)
        return outcome;
    s = stmt_open(txn, "INSERT INTO saved_filter (officer_id, name, query) VALUES (?1, ?2, ?3)");
    stmt_int(&s, officer_id);
    stmt_text(&s, name);
    stmt_text(&s, query);
    return stmt_run(&s, fault);
}

enum outcome saved_filter_rename(
    struct book_txn *txn, int64_t officer_id, int64_t id, const char *name, struct fault *fault)
{
    int64_t other;
    struct stmt s =
        stmt_open(txn, "SELECT id FROM saved_filter WHERE officer_id = ?1 AND name = ?2 AND id <> ?3");
    stmt_int(&s, officer_id);
    stmt_text(&s, name);
    stmt_int(&s, id);
    enum outcome outcome = stmt_value(&s, &other, fault);
    if (!outcome && other)
        outcome = fault_set(fault, OUTCOME_NEVER, "Saringan dengan nama itu sudah ada.", "name is taken");
    if (outcome)
        return outcome;
    s = stmt_open(txn, "UPDATE saved_filter SET name = ?3 WHERE officer_id = ?1 AND id = ?2");
    stmt_int(&s, officer_id);
    stmt_int(&s, id);
    stmt_text(&s, name);
    return stmt_run(&s, fault);
}

enum outcome saved_filter_remove(struct book_txn *txn, int64_t officer_id, int64_t id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM saved_filter WHERE officer_id = ?1 AND id = ?2");
    stmt_int(&s, officer_id);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}
