/* Returned: reports about letters of ours (bounces, delivery reports) and our own letters that come back. A report is
 * tied to the letter it is about by our Message-ID, wherever in its bytes that stands, else by the recipient and the
 * tagged number; the letter gets its fate, and a failed one lies on the petugas's desk. */
#ifndef DESK_RETURNED_H
#define DESK_RETURNED_H

#include "channels/channel.h"
#include "daemon/book/book.h"

struct returned {
    int64_t outbox_id, complaint_id; /* 0 = not about a letter of ours */
};

/* On the writer thread, replayable. in: automatic "bounce". */
enum outcome returned_take(struct book_txn *txn, const struct inbound *in, struct returned *ret,
    struct arena *arena, struct fault *fault);

/* *ret_ours: the mail itself is one that this book wrote. */
enum outcome returned_is_ours(
    struct book_txn *txn, const struct inbound *in, bool *ret_ours, struct fault *fault);

#endif
