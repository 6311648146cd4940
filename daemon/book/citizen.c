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
    int64_t id = stmt_row(&s) ? stmt_int_at(&s, 0) : 0;
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome)
        *ret_id = id;
    return outcome;
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
