/* Sessions: the cookie is a random token, the book holds its SHA-256 only. They end after a working day;
 * reading pages cannot extend them, because pages are read by connections that cannot write. */
#include "daemon/base/random.h"
#include "officer.h"
#include "stmt.h"
#include <stdio.h>
#include <string.h>

enum { SESSION_HOURS = 12, MS_A_MINUTE = 60000 };

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

/* While the lock holds nothing is counted: otherwise a stranger could keep an officer out without end. */
static enum outcome refuse(
    struct book_txn *txn, const struct account *a, bool locked, bool *ret_refused, struct fault *fault)
{
    int64_t failures = a->failures + 1, locked_until = 0;
    if (failures >= OFFICER_LOCK_FAILURES) {
        failures = 0;
        locked_until = txn_now(txn) + OFFICER_LOCK_MINUTES * MS_A_MINUTE;
    }
    enum outcome outcome = OUTCOME_DONE;
    if (a->id && !locked && !a->disabled)
        outcome = set_failures(txn, a->id, failures, locked_until, fault);
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
    struct book_txn *txn, int64_t officer_id, char token[65], struct fault *fault)
{
    unsigned char random[SESSION_TOKEN_BYTES], hash[crypto_hash_sha256_BYTES];
    random_bytes(random, sizeof random);
    sodium_bin2hex(token, 65, random, sizeof random);
    token_hash(token, hash);
    struct stmt s = stmt_open(txn, "INSERT INTO session (token_hash, officer_id, created_at, expires_at)"
                                   " VALUES (?1, ?2, ?3, ?4)");
    stmt_blob(&s, hash, sizeof hash);
    stmt_int(&s, officer_id);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, txn_now(txn) + (int64_t)SESSION_HOURS * 60 * MS_A_MINUTE);
    return stmt_run(&s, fault);
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
    outcome = set_failures(txn, a.id, 0, 0, fault);
    if (!outcome)
        outcome = forget_expired(txn, fault);
    if (!outcome)
        outcome = insert_session(txn, a.id, token, fault);
    return outcome ? outcome : officer_get(txn, a.id, ret, arena, fault);
}

enum outcome session_find(
    struct book_txn *txn, const char *token, struct officer *ret, struct arena *arena, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    token_hash(token, hash);
    struct stmt s =
        stmt_open(txn, "SELECT o.id FROM session e JOIN officer o ON o.id = e.officer_id"
                       " WHERE e.token_hash = ?1 AND e.expires_at > ?2 AND o.disabled_at IS NULL");
    stmt_blob(&s, hash, sizeof hash);
    stmt_int(&s, txn_now(txn));
    int64_t id = 0;
    enum outcome outcome = stmt_value(&s, &id, fault);
    if (outcome)
        return outcome;
    if (!id)
        return fault_set(
            fault, OUTCOME_NEVER, "Sesi Anda sudah berakhir. Silakan masuk lagi.", "no such session");
    return officer_get(txn, id, ret, arena, fault);
}

enum outcome session_close(struct book_txn *txn, const char *token, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    token_hash(token, hash);
    struct stmt s = stmt_open(txn, "DELETE FROM session WHERE token_hash = ?1");
    stmt_blob(&s, hash, sizeof hash);
    return stmt_run(&s, fault);
}
