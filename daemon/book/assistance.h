/* Sections that help with a complaint, beside the one that answers for it. Who may give and report is desk/act.h. */
#ifndef BOOK_ASSISTANCE_H
#define BOOK_ASSISTANCE_H

#include "book.h"
#include "daemon/base/arena.h"

enum { ASSISTANCE_MOST = 8 }; /* of one complaint */

struct helper {
    int64_t section_id;
    const char *section; /* name */
    int64_t reported_at; /* since it was asked; 0 = not yet */
};

/* Those that help now, by name. */
enum outcome assistance_list(struct book_txn *txn, int64_t complaint_id,
    struct helper ret[static ASSISTANCE_MOST], size_t *ret_count, struct arena *arena, struct fault *fault);

/* These help from now on, and no others; the names are not read. */
enum outcome assistance_put(struct book_txn *txn, int64_t complaint_id, const struct helper *helpers,
    size_t count, struct fault *fault);

enum outcome assistance_helps(
    struct book_txn *txn, int64_t complaint_id, int64_t section_id, bool *ret_helps, struct fault *fault);
enum outcome assistance_reported(
    struct book_txn *txn, int64_t complaint_id, int64_t section_id, struct fault *fault);

#endif
