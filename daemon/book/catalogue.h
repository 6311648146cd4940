/* Sections (seksi) and services (layanan) of the office. */
#ifndef BOOK_CATALOGUE_H
#define BOOK_CATALOGUE_H

#include "book.h"
#include "daemon/base/arena.h"

struct section {
    int64_t id;
    const char *key, *name;
    struct section *next;
};

struct service {
    int64_t id;
    const char *key, *name;
    int64_t section_id;
    struct service *next;
};

enum outcome section_list(
    struct book_txn *txn, struct section **ret, struct arena *arena, struct fault *fault);
enum outcome service_list(
    struct book_txn *txn, struct service **ret, struct arena *arena, struct fault *fault);
enum outcome section_by_key(struct book_txn *txn, const char *key, struct section *ret, struct arena *arena,
    struct fault *fault); /* NEVER when absent */
enum outcome service_by_key(struct book_txn *txn, const char *key, struct service *ret, struct arena *arena,
    struct fault *fault); /* NEVER when absent */

#endif
