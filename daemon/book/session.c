/* Sessions: the cookie is a random token, the book holds its SHA-256 only. They end after a working day, and when nobody
 * has been there for a while: pages are read by connections that cannot write, so web/visit.c asks the writer for
 * session_touch() now and then. */
#include "daemon/base/random.h"
#include "officer.h"
#include "setting.h"
#include "stmt.h"
#include "totp.h"
#include <stdio.h>
#include <string.h>

enum { MS_A_MINUTE = 60000, PEER_MOST = 64, AGENT_MOST = 200 };

_Static_assert(OFFICER_LOCK_FAILURES == 5 && OFFICER_LOCK_MINUTES == 5, "numbers in the text below");
static const char refused_text[] =
    "Nama pengguna atau kata sandi tidak cocok. Setelah 5 kali salah, pengguna dikunci selama 5 menit.";

struct account {
    int64_t id;                    /* 0 = nobody */
    char hash[PASSWORD_HASH_SIZE]; /* zeros behind its end */
    int64_t failures, locked_until;
    bool disabled;
};

static void token_hash(const char *token, unsigned char hash[crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
}

static enum outcome find_account(
    struct book_txn *txn, const char *login, struct account *a, struct fault *fault)
{
    *a = (struct account){0};
    struct stmt s =
        stmt_open(txn, "SELECT id, password_hash, failures, locked_until, disabled_at IS NOT NULL FROM"
                       " officer WHERE login = ?1");
    stmt_text(&s, login);
    if (stmt_row(&s)) {
        a->id = stmt_int_at(&s, 0);
        snprintf(a->hash, sizeof a->hash, "%s", stmt_peek_text(&s, 1));
        a->failures = stmt_int_at(&s, 2);
        a->locked_until = stmt_int_at(&s, 3);
        a->disabled = stmt_int_at(&s, 4);
    }
    return stmt_close(&s, fault);
}

static enum outcome set_failures(
    struct book_txn *txn, int64_t id, int64_t failures, int64_t locked_until, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE officer SET failures = ?1, locked_until = ?2 WHERE id = ?3");
    stmt_int(&s, failures);
    stmt_id(&s, locked_until);
    stmt_int(&s, id);
    return stmt_run(&s, fault);
}

/* While the lock holds nothing is counted: otherwise a stranger could keep an officer out without end. *ret_left: tries
 * before the lock, 0 = it is locked. */
static enum outcome count_failure(
    struct book_txn *txn, const struct account *a, bool locked, int64_t *ret_left, struct fault *fault)
{
    int64_t failures = a->failures + 1, locked_until = 0;
    *ret_left = locked ? 0 : OFFICER_LOCK_FAILURES - failures;
    if (failures >= OFFICER_LOCK_FAILURES) {
        failures = *ret_left = 0;
        locked_until = txn_now(txn) + OFFICER_LOCK_MINUTES * MS_A_MINUTE;
    }
    return a->id && !locked && !a->disabled ? set_failures(txn, a->id, failures, locked_until, fault)
                                            : OUTCOME_DONE;
}

static enum outcome refuse(
    struct book_txn *txn, const struct account *a, bool locked, bool *ret_refused, struct fault *fault)
{
    int64_t left;
    enum outcome outcome = count_failure(txn, a, locked, &left, fault);
    if (outcome)
        return outcome;
    *ret_refused = true;
    const char *why = !a->id ? "unknown" : a->disabled ? "disabled" : locked ? "locked" : "wrong password";
    return fault_set(fault, OUTCOME_DONE, refused_text, "session refused: %s", why);
}

static enum outcome forget_expired(struct book_txn *txn, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM session WHERE expires_at <= ?1");
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

static enum outcome insert_session(
    struct book_txn *txn, int64_t officer_id, bool pending, char token[65], struct fault *fault)
{
    unsigned char random[SESSION_TOKEN_BYTES], hash[crypto_hash_sha256_BYTES];
    int64_t minutes = pending ? SESSION_SECOND_MINUTES : SESSION_HOURS * 60;
    random_bytes(random, sizeof random);
    sodium_bin2hex(token, 65, random, sizeof random);
    token_hash(token, hash);
    struct stmt s = stmt_open(txn,
        "INSERT INTO session (token_hash, officer_id, created_at, expires_at, pending, seen_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?3)");
    stmt_blob(&s, hash, sizeof hash);
    stmt_int(&s, officer_id);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, txn_now(txn) + minutes * MS_A_MINUTE);
    stmt_id(&s, pending);
    return stmt_run(&s, fault);
}

enum outcome session_begin(struct book_txn *txn, int64_t officer_id, char token[65], struct fault *fault)
{
    enum outcome outcome = forget_expired(txn, fault);
    return outcome ? outcome : insert_session(txn, officer_id, false, token, fault);
}

enum outcome session_open(struct book_txn *txn, const char *login, const struct password_proof *proof,
    char token[65], struct officer *ret, bool *ret_refused, struct arena *arena, struct fault *fault)
{
    struct account a;
    enum outcome outcome = find_account(txn, login, &a, fault);
    if (outcome)
        return outcome;
    bool locked = a.locked_until > txn_now(txn);
    bool fits = a.id && proof->fits && !sodium_memcmp(proof->hash, a.hash, sizeof a.hash);
    if (!fits || locked || a.disabled)
        return refuse(txn, &a, locked, ret_refused, fault);
    *ret_refused = false;
    outcome = officer_get(txn, a.id, ret, arena, fault);
    /* Who knows the password and guesses the code must not begin anew by typing the password again. */
    if (!outcome && !ret->two_steps)
        outcome = set_failures(txn, a.id, 0, 0, fault);
    if (!outcome)
        outcome = forget_expired(txn, fault);
    return outcome ? outcome : insert_session(txn, a.id, ret->two_steps, token, fault);
}

/* ---- the second step ---- */

enum outcome session_pending(
    struct book_txn *txn, const char *token, struct officer *ret, struct arena *arena, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    token_hash(token, hash);
    struct stmt s = stmt_open(txn, "SELECT e.officer_id FROM session e JOIN officer o ON o.id = e.officer_id"
                                   " WHERE e.token_hash = ?1 AND e.pending = 1 AND e.expires_at > ?2"
                                   " AND o.disabled_at IS NULL");
    stmt_blob(&s, hash, sizeof hash);
    stmt_int(&s, txn_now(txn));
    int64_t id = 0;
    enum outcome outcome = stmt_value(&s, &id, fault);
    if (!outcome && !id)
        outcome = fault_set(fault, OUTCOME_NEVER, "Waktu untuk kodenya sudah habis. Silakan masuk lagi.",
            "no pending session");
    return outcome ? outcome : officer_get(txn, id, ret, arena, fault);
}

static enum outcome refuse_code(struct book_txn *txn, const struct account *a, bool locked,
    const char *pending, bool *ret_refused, struct arena *arena, struct fault *fault)
{
    int64_t left;
    enum outcome outcome = count_failure(txn, a, locked, &left, fault);
    if (!outcome && !left)
        outcome = session_close(txn, pending, fault);
    if (outcome)
        return outcome;
    *ret_refused = true;
    const char *text =
        left ? arena_printf(arena,
                   "Kode tidak cocok. Tunggu kode berikutnya di ponsel, lalu coba lagi. Sisa "
                   "%lld kali percobaan.",
                   (long long)left)
             : "Terlalu banyak kode yang keliru. Akun dikunci selama 5 menit; setelah itu masuk "
               "lagi dari awal.";
    return fault_set(fault, OUTCOME_DONE, text, "session refused: wrong code");
}

enum outcome session_second(struct book_txn *txn, const char *pending, const char *code, char token[65],
    struct officer *ret, bool *ret_refused, bool *ret_recovery, struct arena *arena, struct fault *fault)
{
    struct account a;
    bool fits = false;
    enum outcome outcome = session_pending(txn, pending, ret, arena, fault);
    if (!outcome)
        outcome = find_account(txn, ret->login, &a, fault);
    if (outcome)
        return outcome;
    bool locked = a.locked_until > txn_now(txn);
    if (!locked)
        outcome = totp_accept(txn, a.id, code, &fits, ret_recovery, fault);
    if (!outcome && !fits)
        return refuse_code(txn, &a, locked, pending, ret_refused, arena, fault);
    *ret_refused = false;
    if (!outcome)
        outcome = set_failures(txn, a.id, 0, 0, fault);
    if (!outcome)
        outcome = session_close(txn, pending, fault);
    return outcome ? outcome : session_begin(txn, a.id, token, fault);
}

/* ---- while it lasts ---- */

/* Does the house want a second step of him? */
static enum outcome wants_two_steps(
    struct book_txn *txn, struct officer *o, struct arena *arena, struct fault *fault)
{
    const char *whom = NULL;
    enum outcome outcome = setting_get(txn, SESSION_TWO_STEPS_SETTING, &whom, arena, fault);
    o->must_enrol = !outcome && whom && !o->two_steps &&
                    (!strcmp(whom, "semua") || (!strcmp(whom, "admin") && o->role == ROLE_ADMIN));
    return outcome;
}

enum outcome session_find(struct book_txn *txn, const char *token, struct officer *ret, int64_t *ret_seen_at,
    struct arena *arena, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    int64_t id = 0, seen_at = 0;
    token_hash(token, hash);
    struct stmt s = stmt_open(txn,
        "SELECT o.id, coalesce(e.seen_at, e.created_at) FROM session e JOIN officer o ON o.id = e.officer_id"
        " WHERE e.token_hash = ?1 AND e.expires_at > ?2 AND e.pending IS NULL"
        " AND coalesce(e.seen_at, e.created_at) > ?3 AND o.disabled_at IS NULL");
    stmt_blob(&s, hash, sizeof hash);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, txn_now(txn) - (int64_t)SESSION_IDLE_MINUTES * MS_A_MINUTE);
    if (stmt_row(&s)) {
        id = stmt_int_at(&s, 0);
        seen_at = stmt_int_at(&s, 1);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (outcome)
        return outcome;
    if (!id)
        return fault_set(
            fault, OUTCOME_NEVER, "Sesi Anda sudah berakhir. Silakan masuk lagi.", "no such session");
    if (ret_seen_at)
        *ret_seen_at = seen_at;
    outcome = officer_get(txn, id, ret, arena, fault);
    return outcome ? outcome : wants_two_steps(txn, ret, arena, fault);
}

/* At most `most` bytes, not within a letter. */
static void bind_cut(struct stmt *s, const char *text, char *room, size_t most)
{
    size_t n = text ? strlen(text) : 0;
    for (n = n > most ? most : n; n && text[n] && ((unsigned char)text[n] & 0xc0) == 0x80;)
        n--;
    if (n)
        memcpy(room, text, n);
    room[n] = 0;
    stmt_text(s, n ? room : NULL);
}

enum outcome session_touch(
    struct book_txn *txn, const char *token, const char *peer, const char *agent, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char where[PEER_MOST + 1], what[AGENT_MOST + 1];
    token_hash(token, hash);
    struct stmt s =
        stmt_open(txn, "UPDATE session SET seen_at = ?1, peer = ?2, agent = ?3 WHERE token_hash = ?4"
                       " AND pending IS NULL");
    stmt_int(&s, txn_now(txn));
    bind_cut(&s, peer, where, PEER_MOST);
    bind_cut(&s, agent, what, AGENT_MOST);
    stmt_blob(&s, hash, sizeof hash);
    return stmt_run(&s, fault);
}

enum outcome session_close(struct book_txn *txn, const char *token, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    token_hash(token, hash);
    struct stmt s = stmt_open(txn, "DELETE FROM session WHERE token_hash = ?1");
    stmt_blob(&s, hash, sizeof hash);
    return stmt_run(&s, fault);
}

/* ---- his own list ---- */

static void read_own(const struct stmt *s, void *row, struct arena *arena)
{
    struct session *x = row;
    *x = (struct session){.own = stmt_int_at(s, 1),
        .created_at = stmt_int_at(s, 2),
        .seen_at = stmt_int_at(s, 3),
        .peer = stmt_text_at(s, 4, arena),
        .agent = stmt_text_at(s, 5, arena)};
    snprintf(x->name, sizeof x->name, "%s", stmt_peek_text(s, 0));
}

enum outcome session_list(struct book_txn *txn, int64_t officer_id, const char *token, struct session **ret,
    struct arena *arena, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    token_hash(token, hash);
    struct stmt s = stmt_open(txn,
        "SELECT lower(hex(substr(token_hash, 1, 8))), token_hash = ?1, created_at,"
        " coalesce(seen_at, created_at), peer, agent FROM session WHERE officer_id = ?2 AND expires_at > ?3"
        " AND pending IS NULL AND coalesce(seen_at, created_at) > ?4 ORDER BY 4 DESC LIMIT 50");
    stmt_blob(&s, hash, sizeof hash);
    stmt_int(&s, officer_id);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, txn_now(txn) - (int64_t)SESSION_IDLE_MINUTES * MS_A_MINUTE);
    return stmt_chain(&s, struct session, read_own, ret, arena, fault);
}

enum outcome session_end(struct book_txn *txn, int64_t officer_id, const char *token, const char *name,
    int64_t *ret_ended, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    token_hash(token, hash);
    struct stmt s = stmt_open(txn, "DELETE FROM session WHERE officer_id = ?1 AND token_hash <> ?2"
                                   " AND (?3 IS NULL OR lower(hex(substr(token_hash, 1, 8))) = ?3)");
    stmt_int(&s, officer_id);
    stmt_blob(&s, hash, sizeof hash);
    stmt_text(&s, name);
    enum outcome outcome = stmt_run(&s, fault);
    *ret_ended = outcome ? 0 : stmt_changes(txn);
    return outcome;
}
