/* Sender: which citizen of the book an arrival is from. Persons are told apart by how the channel knows them
 * (scheme and value), never by guess; what somebody says of himself is added, never overwritten. */
#ifndef DESK_SENDER_H
#define DESK_SENDER_H

#include "channels/channel.h"
#include "daemon/book/book.h"

/* *ret_citizen_id 0 = nobody known by these identities. When they are two citizens', that is written down for an
 * officer to decide (person.h); the first one's stays the sender. */
enum outcome sender_known(
    struct book_txn *txn, const struct inbound *in, int64_t *ret_citizen_id, struct fault *fault);

/* in->nama on one line, since it stands in the headers of our letters: forms and encoded headers may bring line
 * breaks. NULL when there is none, or without memory (the arena knows). */
const char *sender_name(const struct inbound *in, struct arena *arena);

/* *citizen_id as sender_known() found it; afterwards the citizen's, new or known, or 0 for an arrival that names
 * nobody. */
enum outcome sender_settle(struct book_txn *txn, const struct inbound *in, int64_t *citizen_id,
    struct arena *arena, struct fault *fault);

#endif
