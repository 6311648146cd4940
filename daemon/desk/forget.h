/* Makes one complaint nameless: identity, contact, what tells in its texts who somebody is, contents of files and raw
 * messages, letters, chats, full text. Number, dates, states, what was asked and done, stay; one event says what was taken
 * out and by whose word. */
#ifndef DESK_FORGET_H
#define DESK_FORGET_H

#include "daemon/book/forget.h"
#include "daemon/book/forget_list.h"

/* Inside a write job of its own, between forget_begin() and forget_finish(); the caller has seen that it is ready
 * (rules/retention.h). ret: files to take away after the COMMIT are added. */
enum outcome forget_complaint(struct book_txn *txn, const struct forget_list *list, int64_t complaint_id,
    struct forget_contents *contents, struct arena *arena, struct fault *fault);

#endif
