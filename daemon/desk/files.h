/* Files of a message on their way into the book. Writer thread. */
#ifndef DESK_FILES_H
#define DESK_FILES_H

#include "channels/channel.h"
#include "daemon/book/message.h"

/* Their bytes into the book, and attachments that name them, in the same order, in the arena. */
enum outcome files_put(struct book_txn *txn, const struct inbound_file *first, struct attachment **ret_first,
    struct arena *arena, struct fault *fault);

/* The way back: files with their bytes, all in the arena. */
enum outcome files_get(struct book_txn *txn, const struct attachment *first, struct inbound_file **ret_first,
    struct arena *arena, struct fault *fault);

#endif
