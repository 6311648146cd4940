/* One line to a chat: an outbox row of purpose "obrolan", and beside it a message of the complaint, so that officers see
 * in the correspondence what was said. */
#ifndef DESK_CHAT_SAY_H
#define DESK_CHAT_SAY_H

#include "daemon/book/book.h"

struct chat_words {
    const char *channel, *address;
    int64_t complaint_id; /* 0 = about none */
    const char *author;   /* the office's name */
};

/* text NULL = there was no memory to make it: LATER. */
enum outcome chat_say(
    struct book_txn *txn, const struct chat_words *words, const char *text, struct fault *fault);

#endif
