/* What the book knows of a citizen by which he can be told wherever it stands in a text: for striking it out. */
#ifndef DESK_KNOWN_H
#define DESK_KNOWN_H

#include "daemon/book/complaint.h"
#include "rules/redact.h"

struct known {
    struct redact_known list[REDACT_KNOWN_MOST + 1]; /* texts in the arena */
};

/* The code too, which opens his page: for texts that others read. */
enum outcome known_of(struct book_txn *txn, const struct complaint *c, bool code, struct known *ret,
    struct arena *arena, struct fault *fault);

/* The form writes "Jalan Anggrek 5, depan SD, Jrebeng Lor": what stands last is the kelurahan, which is nobody's house.
 * Points into place; "" for NULL. */
const char *known_wide_place(const char *place);

/* The text without what is known and what rules/identity.h finds. NULL stays NULL. LATER without memory. */
enum outcome known_strike(
    const struct known *known, const char *text, const char **ret, struct arena *arena, struct fault *fault);

#endif
