#include "totp.h"
#include "daemon/base/random.h"
#include "stmt.h"
#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

enum { CODE_MOST = 64, DIGITS = 6 };

/* ---- the numbers ---- */

int totp_code(const unsigned char secret[TOTP_SECRET], int64_t step)
{
    unsigned char text[8], mac[EVP_MAX_MD_SIZE] = {0};
    unsigned int size = 0;
    for (int i = 0; i < 8; i++)
        text[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, TOTP_SECRET, text, sizeof text, mac, &size) || size != 20)
        return -1; /* no memory: fits nothing */
    const unsigned char *at = mac + (mac[19] & 0xf);
    uint32_t number = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return (int)(number % 1000000);
}

void totp_base32(const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (int i = 0; i < TOTP_BASE32 - 1; i++) {
        int bit = 5 * i, byte = bit / 8;
        unsigned two = (unsigned)secret[byte] << 8 | (byte + 1 < TOTP_SECRET ? secret[byte + 1] : 0);
        out[i] = alphabet[two >> (11 - bit % 8) & 31];
    }
    out[TOTP_BASE32 - 1] = 0;
}

/* ---- the book ---- */

struct known {
    bool found, confirmed;
    unsigned char secret[TOTP_SECRET];
    int64_t last_step;
};

static enum outcome find(struct book_txn *txn, int64_t officer_id, struct known *k, struct fault *fault)
{
    *k = (struct known){0};
    struct stmt s =
        stmt_open(txn, "SELECT secret, confirmed_at IS NOT NULL, last_step FROM totp WHERE officer_id = ?1");
    stmt_int(&s, officer_id);
    if (stmt_row(&s)) {
        size_t size;
        const void *secret = stmt_peek_blob(&s, 0, &size);
        k->found = size == TOTP_SECRET;
        if (k->found)
            memcpy(k->secret, secret, TOTP_SECRET);
        k->confirmed = stmt_int_at(&s, 1);
        k->last_step = stmt_int_at(&s, 2);
    }
    return stmt_close(&s, fault);
}

enum outcome totp_get(struct book_txn *txn, int64_t officer_id, struct totp *ret, struct fault *fault)
{
    struct known k;
    enum outcome outcome = find(txn, officer_id, &k, fault);
    *ret = (struct totp){.begun = k.found && !k.confirmed, .confirmed = k.found && k.confirmed};
    if (ret->begun)
        memcpy(ret->secret, k.secret, TOTP_SECRET);
    if (outcome)
        return outcome;
    struct stmt s =
        stmt_open(txn, "SELECT count(*) FROM recovery_code WHERE officer_id = ?1 AND used_at IS NULL");
    stmt_int(&s, officer_id);
    return stmt_value(&s, &ret->recovery_left, fault);
}

enum outcome totp_remove(struct book_txn *txn, int64_t officer_id, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM totp WHERE officer_id = ?1");
    stmt_int(&s, officer_id);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "DELETE FROM recovery_code WHERE officer_id = ?1");
    stmt_int(&s, officer_id);
    return stmt_run(&s, fault);
}

enum outcome totp_begin(struct book_txn *txn, int64_t officer_id, struct fault *fault)
{
    struct known k;
    unsigned char secret[TOTP_SECRET];
    enum outcome outcome = find(txn, officer_id, &k, fault);
    if (!outcome && k.confirmed)
        outcome = fault_set(fault, OUTCOME_NEVER, "Kode dua langkah Anda sudah terpasang.", "totp is on");
    if (!outcome)
        outcome = totp_remove(txn, officer_id, fault);
    if (outcome)
        return outcome;
    random_bytes(secret, sizeof secret);
    struct stmt s = stmt_open(txn, "INSERT INTO totp (officer_id, secret, last_step) VALUES (?1, ?2, 0)");
    stmt_int(&s, officer_id);
    stmt_blob(&s, secret, sizeof secret);
    return stmt_run(&s, fault);
}

/* Without blanks, in small letters. */
static void tidy(const char *typed, char out[CODE_MOST])
{
    size_t n = 0;
    for (; *typed && n < CODE_MOST - 1; typed++)
        if (!isspace((unsigned char)*typed))
            out[n++] = (char)tolower((unsigned char)*typed);
    out[n] = 0;
}

/* The step of that code that may still be used; 0 = none. */
static int64_t step_of(const struct known *k, const char *code, int64_t now)
{
    int64_t step = now / TOTP_STEP_MS, found = 0;
    if (strlen(code) != DIGITS || strspn(code, "0123456789") != DIGITS)
        return 0;
    unsigned char digits[DIGITS], own[DIGITS];
    memcpy(digits, code, DIGITS);
    for (int64_t at = step - TOTP_SKEW; at <= step + TOTP_SKEW; at++) {
        int number = totp_code(k->secret, at);
        for (int i = DIGITS - 1; i >= 0; i--, number /= 10)
            own[i] = (unsigned char)('0' + (number < 0 ? -1 : number % 10));
        if (!sodium_memcmp(digits, own, DIGITS) && at > k->last_step)
            found = at;
    }
    return found;
}

static enum outcome use_step(struct book_txn *txn, int64_t officer_id, int64_t step, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE totp SET last_step = ?1, confirmed_at = coalesce(confirmed_at, ?2)"
                                   " WHERE officer_id = ?3");
    stmt_int(&s, step);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    return stmt_run(&s, fault);
}

static void recovery_hash(const char *code, unsigned char hash[crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256(hash, (const unsigned char *)code, strlen(code));
}

enum outcome totp_confirm(struct book_txn *txn, int64_t officer_id, const char *typed, bool *ret_fits,
    char codes[TOTP_RECOVERY_CODES][PASSWORD_MADE_SIZE], struct fault *fault)
{
    struct known k;
    char code[CODE_MOST];
    tidy(typed, code);
    enum outcome outcome = find(txn, officer_id, &k, fault);
    int64_t step = outcome || !k.found || k.confirmed ? 0 : step_of(&k, code, txn_now(txn));
    *ret_fits = step > 0;
    if (outcome || !step)
        return outcome;
    outcome = use_step(txn, officer_id, step, fault);
    for (int i = 0; i < TOTP_RECOVERY_CODES && !outcome; i++) {
        unsigned char hash[crypto_hash_sha256_BYTES];
        password_make(codes[i]);
        recovery_hash(codes[i], hash);
        struct stmt s = stmt_open(txn, "INSERT INTO recovery_code (officer_id, hash) VALUES (?1, ?2)");
        stmt_int(&s, officer_id);
        stmt_blob(&s, hash, sizeof hash);
        outcome = stmt_run(&s, fault);
    }
    return outcome;
}

static enum outcome use_recovery(
    struct book_txn *txn, int64_t officer_id, const char *code, bool *ret_fits, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    recovery_hash(code, hash);
    struct stmt s = stmt_open(txn, "UPDATE recovery_code SET used_at = ?1 WHERE officer_id = ?2 AND hash = ?3"
                                   " AND used_at IS NULL");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, officer_id);
    stmt_blob(&s, hash, sizeof hash);
    enum outcome outcome = stmt_run(&s, fault);
    *ret_fits = !outcome && stmt_changes(txn) == 1;
    return outcome;
}

enum outcome totp_accept(struct book_txn *txn, int64_t officer_id, const char *typed, bool *ret_fits,
    bool *ret_recovery, struct fault *fault)
{
    struct known k;
    char code[CODE_MOST];
    tidy(typed, code);
    *ret_fits = *ret_recovery = false;
    enum outcome outcome = find(txn, officer_id, &k, fault);
    if (outcome || !k.found || !k.confirmed)
        return outcome;
    int64_t step = step_of(&k, code, txn_now(txn));
    if (step) {
        *ret_fits = true;
        return use_step(txn, officer_id, step, fault);
    }
    outcome = use_recovery(txn, officer_id, code, ret_fits, fault);
    *ret_recovery = *ret_fits;
    return outcome;
}
