/* Filters of the register that an officer keeps under names of his own. */
#ifndef BOOK_SAVED_FILTER_H
#define BOOK_SAVED_FILTER_H

#include "book.h"
#include "daemon/base/arena.h"

enum { SAVED_FILTERS_MOST = 20 }; /* of one officer */

struct saved_filter {
    int64_t id;
    const char *name, *query; /* query: of /buku, without "?" */
    struct saved_filter *next;
};

/* His, by name. */
enum outcome saved_filter_list(struct book_txn *txn, int64_t officer_id, struct saved_filter **ret,
    struct arena *arena, struct fault *fault);

/* Under a name he has, the query is another one from now on. NEVER with a public text when he has too many. */
enum outcome saved_filter_put(
    struct book_txn *txn, int64_t officer_id, const char *name, const char *query, struct fault *fault);
/* NEVER with a public text when he has another one of that name; nothing when it is not his. */
enum outcome saved_filter_rename(
    struct book_txn *txn, int64_t officer_id, int64_t id, const char *name, struct fault *fault);
enum outcome saved_filter_remove(struct book_txn *txn, int64_t officer_id, int64_t id, struct fault *fault);

#endif
