/* Citizens and by what the channels know them. Persons are joined only by an explicit act, never by guess. */
#ifndef BOOK_CITIZEN_H
#define BOOK_CITIZEN_H

#include "book.h"
#include "daemon/base/arena.h"

struct citizen {
    int64_t id;
    const char *nama, *pekerjaan, *alamat, *email, *phone; /* NULL = not known */
};

enum outcome citizen_insert(struct book_txn *txn, struct citizen *c, struct fault *fault);
enum outcome citizen_get(
    struct book_txn *txn, int64_t id, struct citizen *ret, struct arena *arena, struct fault *fault);
enum outcome citizen_update(struct book_txn *txn, const struct citizen *c, struct fault *fault);

/* *ret_id 0 = nobody known by it yet. */
enum outcome citizen_by_identity(
    struct book_txn *txn, const char *scheme, const char *value, int64_t *ret_id, struct fault *fault);
enum outcome citizen_add_identity(struct book_txn *txn, int64_t id, const char *scheme, const char *value,
    struct fault *fault); /* an identity that belongs to somebody stays his: no error */

/* It leads to him no more; nothing when it is somebody else's. */
enum outcome citizen_drop_identity(
    struct book_txn *txn, int64_t id, const char *scheme, const char *value, struct fault *fault);

/* Two citizens were seen with one another's identity in one event of that channel. Remembered once; what was decided
 * stays decided. */
enum outcome citizen_seen_same(
    struct book_txn *txn, int64_t id, int64_t other_id, const char *channel, struct fault *fault);

/* Who may be the same person and is not decided yet; *ret_id 0 = nobody. number: register number of his newest
 * complaint, in the arena; NULL = he has none. */
enum outcome citizen_maybe_same(struct book_txn *txn, int64_t id, int64_t *ret_id, const char **ret_number,
    struct arena *arena, struct fault *fault);

/* Somebody decided: not the same. *ret_was false: nothing was asked. */
enum outcome citizen_tell_apart(struct book_txn *txn, int64_t id, int64_t other_id, int64_t officer_id,
    bool *ret_was, struct fault *fault);

/* Somebody decided: the same. Identities and complaints of `from` become those of `into`, which also takes over what it
 * did not know. The row of `from` stays, empty of both. *ret_was false: nothing was asked. */
enum outcome citizen_join(struct book_txn *txn, int64_t into, int64_t from, int64_t officer_id, bool *ret_was,
    struct arena *arena, struct fault *fault);

#endif
