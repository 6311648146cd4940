/* The rule file as the office edited it, version by version; the newest is in force. */
#ifndef BOOK_RULE_VERSION_H
#define BOOK_RULE_VERSION_H

#include "book.h"
#include "daemon/base/arena.h"

struct rule_version {
    int64_t id;       /* 0 = none was ever saved: the file of the configuration */
    const char *text; /* NULL = the file of the configuration; left out in lists */
    bool of_file;
    const char *note, *officer; /* officer: name */
    int64_t at;
    struct rule_version *next;
};

enum outcome rule_version_newest(struct book_txn *txn, int64_t *ret_id, struct fault *fault); /* 0 = none */

/* NEVER when there is none of that id. */
enum outcome rule_version_get(
    struct book_txn *txn, int64_t id, struct rule_version *ret, struct arena *arena, struct fault *fault);

/* Newest first, without texts: at most `most`. */
enum outcome rule_version_list(
    struct book_txn *txn, int most, struct rule_version **ret_list, struct arena *arena, struct fault *fault);

/* text NULL = the file of the configuration. It is in force once this is committed. */
enum outcome rule_version_add(struct book_txn *txn, const char *text, const char *note, int64_t officer_id,
    int64_t *ret_id, struct fault *fault);

#endif
