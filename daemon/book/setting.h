/* Texts and pictures that the office set in /pengaturan; what it did not set comes from the configuration. */
#ifndef BOOK_SETTING_H
#define BOOK_SETTING_H

#include "book.h"
#include "daemon/base/arena.h"

/* *ret NULL = not set. */
enum outcome setting_get(
    struct book_txn *txn, const char *name, const char **ret, struct arena *arena, struct fault *fault);

/* value NULL or "" = not set any more. */
enum outcome setting_set(
    struct book_txn *txn, const char *name, const char *value, int64_t officer_id, struct fault *fault);

struct picture {
    const char *media_type; /* NULL = there is none */
    const void *data;
    size_t size;
    int64_t changed_at;
};

enum outcome picture_get(
    struct book_txn *txn, const char *name, struct picture *ret, struct arena *arena, struct fault *fault);

/* Without the bytes; *ret_changed_at 0 = there is none. */
enum outcome picture_known(
    struct book_txn *txn, const char *name, int64_t *ret_changed_at, struct fault *fault);

/* media_type NULL = none any more. */
enum outcome picture_set(struct book_txn *txn, const char *name, const struct picture *picture,
    int64_t officer_id, struct fault *fault);

#endif
