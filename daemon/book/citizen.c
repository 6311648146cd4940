#include "citizen.h"
#include "stmt.h"

static void bind_person(struct stmt *s, const struct citizen *c)
{
    stmt_text(s, c->nama);
    stmt_text(s, c->pekerjaan);
    stmt_text(s, c->alamat);
    stmt_text(s, c->email);
    stmt_text(s, c->phone);
}

static enum outcome unknown(int64_t id, struct fault *fault)
{
    return fault_set(fault, OUTCOME_NEVER, "Data pengadu tidak ditemukan.", "no citizen %lld", (long long)id);
}

enum outcome citizen_insert(struct book_txn *txn, struct citizen *c, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO citizen (nama, pekerjaan, alamat, email, phone, created_at)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    bind_person(&s, c);
    stmt_int(&s, txn_now(txn));
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        c->id = stmt_last_id(txn);
    return outcome;
}

enum outcome citizen_get(
    struct book_txn *txn, int64_t id, struct citizen *ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT nama, pekerjaan, alamat, email, phone FROM citizen WHERE id = ?1");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    struct citizen c = {.id = id};
    if (found) {
        c.nama = stmt_text_at(&s, 0, arena);
        c.pekerjaan = stmt_text_at(&s, 1, arena);
        c.alamat = stmt_text_at(&s, 2, arena);
        c.email = stmt_text_at(&s, 3, arena);
        c.phone = stmt_text_at(&s, 4, arena);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        outcome = found ? stmt_arena(arena, fault) : unknown(id, fault);
    if (!outcome)
        *ret = c;
    return outcome;
}

enum outcome citizen_update(struct book_txn *txn, const struct citizen *c, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "UPDATE citizen SET nama = ?1, pekerjaan = ?2, alamat = ?3, email = ?4, phone = ?5 WHERE id = ?6");
    bind_person(&s, c);
    stmt_int(&s, c->id);
    enum outcome outcome = stmt_run(&s, fault);
    return outcome || stmt_changes(txn) ? outcome : unknown(c->id, fault);
}

enum outcome citizen_by_identity(
    struct book_txn *txn, const char *scheme, const char *value, int64_t *ret_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT citizen_id FROM identity WHERE scheme = ?1 AND value = ?2");
    stmt_text(&s, scheme);
    stmt_text(&s, value);
    return stmt_value(&s, ret_id, fault);
}

enum outcome citizen_add_identity(
    struct book_txn *txn, int64_t id, const char *scheme, const char *value, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO identity (scheme, value, citizen_id) VALUES (?1, ?2, ?3)"
                                   " ON CONFLICT (scheme, value) DO NOTHING");
    stmt_text(&s, scheme);
    stmt_text(&s, value);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

enum outcome citizen_drop_identity(
    struct book_txn *txn, int64_t id, const char *scheme, const char *value, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "DELETE FROM identity WHERE scheme = ?1 AND value = ?2 AND citizen_id = ?3");
    stmt_text(&s, scheme);
    stmt_text(&s, value);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

enum outcome citizen_seen_same(
    struct book_txn *txn, int64_t id, int64_t other_id, const char *channel, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO same_person (citizen_id, other_id, channel, at)"
                                   " VALUES (min(?1, ?2), max(?1, ?2), ?3, ?4) ON CONFLICT DO NOTHING");
    stmt_int(&s, id);
    stmt_int(&s, other_id);
    stmt_text(&s, channel);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome citizen_maybe_same(struct book_txn *txn, int64_t id, int64_t *ret_id, const char **ret_number,
    struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT o.id, (SELECT number FROM complaint WHERE citizen_id = o.id ORDER BY id DESC LIMIT 1) FROM"
        " (SELECT other_id AS id, at FROM same_person WHERE citizen_id = ?1 AND decided_at IS NULL"
        " UNION ALL SELECT citizen_id, at FROM same_person WHERE other_id = ?1 AND decided_at IS NULL) o"
        " ORDER BY o.at LIMIT 1");
    stmt_int(&s, id);
    bool found = stmt_row(&s);
    *ret_id = found ? stmt_int_at(&s, 0) : 0;
    *ret_number = found ? stmt_text_at(&s, 1, arena) : NULL;
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome citizen_tell_apart(struct book_txn *txn, int64_t id, int64_t other_id, int64_t officer_id,
    bool *ret_was, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE same_person SET decided_at = ?1, officer_id = ?2"
                       " WHERE citizen_id = min(?3, ?4) AND other_id = max(?3, ?4) AND decided_at IS NULL");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    stmt_int(&s, id);
    stmt_int(&s, other_id);
    enum outcome outcome = stmt_run(&s, fault);
    *ret_was = !outcome && stmt_changes(txn) > 0;
    return outcome;
}

static enum outcome move(struct stmt s, int64_t into, int64_t from, struct fault *fault)
{
    stmt_int(&s, into);
    stmt_int(&s, from);
    return stmt_run(&s, fault);
}

/* What both know stays as `into` has it. */
static enum outcome take_over(
    struct book_txn *txn, int64_t into, int64_t from, struct arena *arena, struct fault *fault)
{
    struct citizen a, b;
    enum outcome outcome = citizen_get(txn, into, &a, arena, fault);
    if (!outcome)
        outcome = citizen_get(txn, from, &b, arena, fault);
    if (outcome)
        return outcome;
    a.nama = a.nama ? a.nama : b.nama;
    a.pekerjaan = a.pekerjaan ? a.pekerjaan : b.pekerjaan;
    a.alamat = a.alamat ? a.alamat : b.alamat;
    a.email = a.email ? a.email : b.email;
    a.phone = a.phone ? a.phone : b.phone;
    return citizen_update(txn, &a, fault);
}

enum outcome citizen_join(struct book_txn *txn, int64_t into, int64_t from, int64_t officer_id, bool *ret_was,
    struct arena *arena, struct fault *fault)
{
    enum outcome outcome = citizen_tell_apart(txn, into, from, officer_id, ret_was, fault);
    if (outcome || !*ret_was)
        return outcome;
    outcome = take_over(txn, into, from, arena, fault);
    if (!outcome)
        outcome = move(
            stmt_open(txn, "UPDATE identity SET citizen_id = ?1 WHERE citizen_id = ?2"), into, from, fault);
    if (!outcome)
        outcome = move(
            stmt_open(txn, "UPDATE complaint SET citizen_id = ?1 WHERE citizen_id = ?2"), into, from, fault);
    if (!outcome)
        outcome =
            move(stmt_open(txn, "UPDATE chat SET citizen_id = ?1 WHERE citizen_id = ?2"), into, from, fault);
    return outcome;
}
