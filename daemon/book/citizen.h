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

#endif
