#include "officer.h"
#include "stmt.h"
#include <string.h>

#define OFFICER_SELECT                                                                                       \
    "SELECT o.id, o.login, o.name, o.role, o.section_id, x.name, o.email, o.must_change, o.disabled_at IS "  \
    "NOT NULL, o.remind_mail, o.remind_phone, o.locked_until, o.remind_mqtt,"                                \
    " EXISTS (SELECT 1 FROM totp t WHERE t.officer_id = o.id AND t.confirmed_at IS NOT NULL)"                \
    " FROM officer o LEFT JOIN section x ON x.id = o.section_id "

static bool login_good(const char *login)
{
    size_t n = login ? strlen(login) : 0;
    return n >= 2 && n <= 32 && strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

static enum outcome login_taken(struct book_txn *txn, const char *login, bool *ret_taken, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT 1 FROM officer WHERE login = ?1");
    stmt_text(&s, login);
    *ret_taken = stmt_row(&s);
    return stmt_close(&s, fault);
}

static enum outcome insert_officer(
    struct book_txn *txn, struct officer *o, const char *hash, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "INSERT INTO officer (login, name, role, section_id, email, "
                                   "password_hash, must_change, disabled_at, created_at)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    stmt_text(&s, o->login);
    stmt_text(&s, o->name);
    stmt_text(&s, role_key(o->role));
    stmt_id(&s, o->section_id);
    stmt_text(&s, o->email);
    stmt_text(&s, hash);
    stmt_int(&s, o->must_change);
    stmt_id(&s, o->disabled ? txn_now(txn) : 0);
    stmt_int(&s, txn_now(txn));
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        o->id = stmt_last_id(txn);
    return outcome;
}

enum outcome officer_add(struct book_txn *txn, struct officer *o, const char *hash, struct fault *fault)
{
    bool taken = false;
    if (!login_good(o->login))
        return fault_set(fault, OUTCOME_NEVER,
            "Nama pengguna terdiri atas 2 sampai 32 huruf kecil, angka, titik, garis bawah, atau tanda "
            "hubung.",
            "bad login");
    enum outcome outcome = login_taken(txn, o->login, &taken, fault);
    if (!outcome && taken)
        outcome =
            fault_set(fault, OUTCOME_NEVER, "Nama pengguna itu sudah dipakai.", "login taken: %s", o->login);
    return outcome ? outcome : insert_officer(txn, o, hash, fault);
}

static enum outcome unknown_unless_changed(struct book_txn *txn, int64_t id, struct fault *fault)
{
    if (stmt_changes(txn))
        return OUTCOME_DONE;
    return fault_set(fault, OUTCOME_NEVER, "Pengguna tidak ditemukan.", "no officer %lld", (long long)id);
}

static enum outcome end_sessions(struct book_txn *txn, int64_t id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM session WHERE officer_id = ?1");
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

enum outcome officer_set_password(
    struct book_txn *txn, int64_t id, const char *hash, bool must_change, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE officer SET password_hash = ?1, must_change = ?2, failures = 0,"
                                   " locked_until = NULL WHERE id = ?3");
    stmt_text(&s, hash);
    stmt_int(&s, must_change);
    stmt_int(&s, id);
    enum outcome outcome = stmt_run(&s, fault);
    if (!outcome)
        outcome = unknown_unless_changed(txn, id, fault);
    return outcome ? outcome : end_sessions(txn, id, fault);
}

enum outcome officer_set_reminders(
    struct book_txn *txn, int64_t id, bool by_mail, bool by_mqtt, const char *phone, struct fault *fault)
{
    struct stmt s = stmt_open(
        txn, "UPDATE officer SET remind_mail = ?1, remind_mqtt = ?2, remind_phone = ?3 WHERE id = ?4");
    stmt_int(&s, by_mail);
    stmt_int(&s, by_mqtt);
    stmt_text(&s, phone);
    stmt_int(&s, id);
    enum outcome outcome = stmt_run(&s, fault);
    return outcome ? outcome : unknown_unless_changed(txn, id, fault);
}

/* NEVER when this officer is the only admin who can still log in. */
static enum outcome admin_remains(struct book_txn *txn, int64_t id, struct fault *fault)
{
    int64_t others = 0, is_admin = 0;
    struct stmt s =
        stmt_open(txn, "SELECT 1 FROM officer WHERE id = ?1 AND role = 'admin' AND disabled_at IS NULL");
    stmt_int(&s, id);
    enum outcome outcome = stmt_value(&s, &is_admin, fault);
    if (outcome || !is_admin)
        return outcome;
    s = stmt_open(
        txn, "SELECT count(*) FROM officer WHERE id <> ?1 AND role = 'admin' AND disabled_at IS NULL");
    stmt_int(&s, id);
    outcome = stmt_value(&s, &others, fault);
    if (!outcome && !others)
        outcome = fault_set(fault, OUTCOME_NEVER, "Ini admin terakhir. Jadikan petugas lain admin dahulu.",
            "officer %lld is the last admin", (long long)id);
    return outcome;
}

enum outcome officer_change(struct book_txn *txn, const struct officer *o, struct fault *fault)
{
    enum outcome outcome = o->role == ROLE_ADMIN ? OUTCOME_DONE : admin_remains(txn, o->id, fault);
    if (outcome)
        return outcome;
    struct stmt s =
        stmt_open(txn, "UPDATE officer SET name = ?1, role = ?2, section_id = ?3, email = ?4 WHERE id = ?5");
    stmt_text(&s, o->name);
    stmt_text(&s, role_key(o->role));
    stmt_id(&s, o->section_id);
    stmt_text(&s, o->email);
    stmt_int(&s, o->id);
    outcome = stmt_run(&s, fault);
    return outcome ? outcome : unknown_unless_changed(txn, o->id, fault);
}

enum outcome officer_disable(struct book_txn *txn, int64_t id, bool disabled, struct fault *fault)
{
    enum outcome outcome = disabled ? admin_remains(txn, id, fault) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    struct stmt s = stmt_open(
        txn, "UPDATE officer SET disabled_at = ?1, failures = 0, locked_until = NULL WHERE id = ?2");
    stmt_id(&s, disabled ? txn_now(txn) : 0);
    stmt_int(&s, id);
    outcome = stmt_run(&s, fault);
    if (!outcome)
        outcome = unknown_unless_changed(txn, id, fault);
    return outcome || !disabled ? outcome : end_sessions(txn, id, fault);
}

static struct officer read_officer(const struct stmt *s, struct arena *arena)
{
    struct officer o = {.id = stmt_int_at(s, 0),
        .login = stmt_text_at(s, 1, arena),
        .name = stmt_text_at(s, 2, arena),
        .section_id = stmt_int_at(s, 4),
        .section = stmt_text_at(s, 5, arena),
        .email = stmt_text_at(s, 6, arena),
        .must_change = stmt_int_at(s, 7),
        .disabled = stmt_int_at(s, 8),
        .remind_mail = stmt_int_at(s, 9) != 0,
        .remind_phone = stmt_text_at(s, 10, arena),
        .locked_until = stmt_int_at(s, 11),
        .remind_mqtt = stmt_int_at(s, 12) != 0,
        .two_steps = stmt_int_at(s, 13)};
    role_from_key(stmt_peek_text(s, 3), &o.role);
    return o;
}

/* Steps s, whose parameters are bound, to its one row; closes it. *ret_found false = none (not a fault). */
static enum outcome read_one(
    struct stmt *s, struct officer *ret, bool *ret_found, struct arena *arena, struct fault *fault)
{
    struct officer o = {0};
    *ret_found = stmt_row(s);
    if (*ret_found)
        o = read_officer(s, arena);
    enum outcome outcome = stmt_close(s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome && *ret_found)
        *ret = o;
    return outcome;
}

enum outcome officer_by_login(
    struct book_txn *txn, const char *login, struct officer *ret, struct arena *arena, struct fault *fault)
{
    bool found;
    struct stmt s = stmt_open(txn, OFFICER_SELECT "WHERE o.login = ?1");
    stmt_text(&s, login);
    enum outcome outcome = read_one(&s, ret, &found, arena, fault);
    if (outcome || found)
        return outcome;
    return fault_set(fault, OUTCOME_NEVER, "Pengguna tidak ditemukan.", "no officer with that login");
}

enum outcome officer_get(
    struct book_txn *txn, int64_t id, struct officer *ret, struct arena *arena, struct fault *fault)
{
    bool found;
    struct stmt s = stmt_open(txn, OFFICER_SELECT "WHERE o.id = ?1");
    stmt_int(&s, id);
    enum outcome outcome = read_one(&s, ret, &found, arena, fault);
    if (outcome || found)
        return outcome;
    return fault_set(fault, OUTCOME_NEVER, "Pengguna tidak ditemukan.", "no officer %lld", (long long)id);
}

/* Steps s to its end; closes it. */
static enum outcome visit_all(struct stmt s, officer_visit *visit, void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    while (!outcome && stmt_row(&s)) {
        struct arena *arena = arena_new(1 << 16);
        if (!arena) {
            outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for an officer");
            break;
        }
        struct officer o = read_officer(&s, arena);
        outcome = stmt_arena(arena, fault);
        if (!outcome)
            outcome = visit(arg, &o, fault);
        arena_free(arena);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome officer_list(struct book_txn *txn, officer_visit *visit, void *arg, struct fault *fault)
{
    return visit_all(
        stmt_open(txn, OFFICER_SELECT "ORDER BY o.disabled_at IS NOT NULL, o.login"), visit, arg, fault);
}

enum outcome officer_each(struct book_txn *txn, officer_visit *visit, void *arg, struct fault *fault)
{
    return visit_all(
        stmt_open(txn, OFFICER_SELECT "WHERE o.disabled_at IS NULL ORDER BY o.id"), visit, arg, fault);
}
