#include "api_token.h"
#include "daemon/base/random.h"
#include "stmt.h"
#include <sodium.h>
#include <string.h>

enum { KEPT_MS = 24 * 3600 * 1000 };

static void hash_of(const char *token, unsigned char hash[crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
}

enum outcome api_token_add(struct book_txn *txn, struct api_token *t, int64_t officer_id, int64_t made_by,
    char token[API_TOKEN_SIZE], struct fault *fault)
{
    unsigned char random[32], hash[crypto_hash_sha256_BYTES];
    random_bytes(random, sizeof random);
    memcpy(token, "pgd_", 4);
    sodium_bin2hex(token + 4, API_TOKEN_SIZE - 4, random, sizeof random);
    hash_of(token, hash);
    struct stmt s =
        stmt_open(txn, "INSERT INTO api_token (name, hash, officer_id, scopes, created_at, created_by,"
                       " expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    stmt_text(&s, t->name);
    stmt_blob(&s, hash, sizeof hash);
    stmt_int(&s, officer_id);
    stmt_int(&s, t->scopes);
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, made_by);
    stmt_int(&s, t->expires_at);
    enum outcome outcome = stmt_run(&s, fault);
    t->id = stmt_last_id(txn);
    return outcome;
}

#define TOKEN_SELECT                                                                                         \
    "SELECT t.id, t.name, o.login, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.officer_id"         \
    " FROM api_token t JOIN officer o ON o.id = t.officer_id "

static void read_token(const struct stmt *s, void *row, struct arena *arena)
{
    *(struct api_token *)row = (struct api_token){.id = stmt_int_at(s, 0),
        .name = stmt_text_at(s, 1, arena),
        .login = stmt_text_at(s, 2, arena),
        .scopes = (unsigned)stmt_int_at(s, 3),
        .created_at = stmt_int_at(s, 4),
        .expires_at = stmt_int_at(s, 5),
        .revoked_at = stmt_int_at(s, 6)};
}

enum outcome api_token_find(struct book_txn *txn, const char *token, struct api_token *ret,
    struct officer *ret_officer, struct arena *arena, struct fault *fault)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    int64_t officer_id = 0;
    hash_of(token, hash);
    struct stmt s =
        stmt_open(txn, TOKEN_SELECT "WHERE t.hash = ?1 AND t.revoked_at IS NULL AND t.expires_at > ?2"
                                    " AND o.disabled_at IS NULL AND o.must_change = 0");
    stmt_blob(&s, hash, sizeof hash);
    stmt_int(&s, txn_now(txn));
    if (stmt_row(&s)) {
        read_token(&s, ret, arena);
        officer_id = stmt_int_at(&s, 7);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && !officer_id)
        outcome = fault_set(
            fault, OUTCOME_NEVER, "Token tidak dikenal, kedaluwarsa, atau dicabut.", "no such token");
    return outcome ? outcome : officer_get(txn, officer_id, ret_officer, arena, fault);
}

enum outcome api_token_list(
    struct book_txn *txn, struct api_token **ret, struct arena *arena, struct fault *fault)
{
    struct stmt s = stmt_open(txn, TOKEN_SELECT "ORDER BY t.revoked_at IS NOT NULL, t.id DESC LIMIT 200");
    return stmt_chain(&s, struct api_token, read_token, ret, arena, fault);
}

enum outcome api_token_revoke(struct book_txn *txn, int64_t id, bool *ret_was, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "UPDATE api_token SET revoked_at = ?1 WHERE id = ?2 AND revoked_at IS NULL");
    stmt_int(&s, txn_now(txn));
    stmt_int(&s, id);
    enum outcome outcome = stmt_run(&s, fault);
    *ret_was = !outcome && stmt_changes(txn) == 1;
    return outcome;
}

enum outcome api_answer_find(struct book_txn *txn, int64_t token_id, const char *key, struct api_answer *ret,
    struct arena *arena, struct fault *fault)
{
    *ret = (struct api_answer){0};
    struct stmt s =
        stmt_open(txn, "SELECT answer, digest, version FROM api_request WHERE token_id = ?1 AND key = ?2"
                       " AND at > ?3");
    stmt_int(&s, token_id);
    stmt_text(&s, key);
    stmt_int(&s, txn_now(txn) - KEPT_MS);
    if (stmt_row(&s)) {
        size_t size;
        ret->text = stmt_text_at(&s, 0, arena);
        const void *digest = stmt_peek_blob(&s, 1, &size);
        if (size == sizeof ret->digest)
            memcpy(ret->digest, digest, size);
        ret->version = stmt_int_at(&s, 2);
    }
    enum outcome outcome = stmt_close(&s, fault);
    return outcome ? outcome : stmt_arena(arena, fault);
}

enum outcome api_answer_keep(struct book_txn *txn, int64_t token_id, const char *key,
    const struct api_answer *answer, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "DELETE FROM api_request WHERE at <= ?1");
    stmt_int(&s, txn_now(txn) - KEPT_MS);
    enum outcome outcome = stmt_run(&s, fault);
    if (outcome)
        return outcome;
    s = stmt_open(txn, "INSERT INTO api_request (token_id, key, digest, answer, version, at)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_int(&s, token_id);
    stmt_text(&s, key);
    stmt_blob(&s, answer->digest, sizeof answer->digest);
    stmt_text(&s, answer->text);
    stmt_int(&s, answer->version);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}
