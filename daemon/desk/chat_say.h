/* One line to a chat: an outbox row of purpose "obrolan", and beside it a message of the complaint, so that officers see
 * in the correspondence what was said. */
#ifndef DESK_CHAT_SAY_H
#define DESK_CHAT_SAY_H

#include "daemon/book/book.h"
#include "office.h"

struct chat_words {
    const char *channel, *address;
    int64_t complaint_id; /* 0 = about none */
};

/* text NULL = there was no memory to make it: LATER. No person wrote it, so it may be held back (held_back.h):
 * *ret_said false, and nothing was written. */
enum outcome chat_say(struct book_txn *txn, const struct office *office, const struct chat_words *words,
    const char *text, bool *ret_said, struct fault *fault);

#endif
