/* Bearer tokens of programs, and what was answered to a request that may come twice. A token acts as its officer: whatever
 * he may not see or do, it may not either. */
#ifndef BOOK_API_TOKEN_H
#define BOOK_API_TOKEN_H

#include "officer.h"

enum { API_READ = 1, API_ACT = 2 };
enum {
    API_TOKEN_SIZE = 4 + 64 + 1,
    API_KEY_MOST = 100
}; /* "pgd_" and 64 hex digits; bytes of an Idempotency-Key */

struct api_token {
    int64_t id;
    const char *name, *login; /* of its officer */
    unsigned scopes;
    int64_t created_at, expires_at, revoked_at; /* revoked_at 0 = not */
    struct api_token *next;
};

/* Reads name, scopes, expires_at; writes the token, which is known to nobody afterwards. */
enum outcome api_token_add(struct book_txn *txn, struct api_token *t, int64_t officer_id, int64_t made_by,
    char token[API_TOKEN_SIZE], struct fault *fault);

/* NEVER: none, expired, revoked, or its officer is out or still has his one-time password. */
enum outcome api_token_find(struct book_txn *txn, const char *token, struct api_token *ret,
    struct officer *ret_officer, struct arena *arena, struct fault *fault);

enum outcome api_token_list(struct book_txn *txn, struct api_token **ret, struct arena *arena,
    struct fault *fault); /* newest first */
enum outcome api_token_revoke(struct book_txn *txn, int64_t id, bool *ret_was, struct fault *fault);

struct api_answer {
    const char *text; /* NULL = that key was not used yet */
    unsigned char digest[32];
    int64_t version;
};
enum outcome api_answer_find(struct book_txn *txn, int64_t token_id, const char *key, struct api_answer *ret,
    struct arena *arena, struct fault *fault);
/* Forgets those older than a day. */
enum outcome api_answer_keep(struct book_txn *txn, int64_t token_id, const char *key,
    const struct api_answer *answer, struct fault *fault);

#endif
