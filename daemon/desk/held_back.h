/* Limits of what no person writes to a chat: too old to be answered, or too many already, so that two machines that
 * answer one another come to an end. */
#ifndef DESK_HELD_BACK_H
#define DESK_HELD_BACK_H

#include "channels/channel.h"
#include "daemon/book/book.h"

/* Which limit keeps an automatic answer to this arrival back: "basi" (it is stale), or automatic_limit.h's word; NULL
 * = it may go. */
enum outcome held_back(struct book_txn *txn, const char *channel, const struct inbound *in,
    const char **ret_why, struct fault *fault);

#endif
