/* Limits of what no person writes, so that two machines that answer one another come to an end, and a flood is not
 * answered by one: letters by e-mail within a day, lines to a chat within an hour. What a person writes is never held
 * back, nor is anything that comes in. */
#ifndef DESK_HELD_BACK_H
#define DESK_HELD_BACK_H

#include "daemon/book/book.h"
#include "office.h"

/* Which limit keeps one more to that address of that channel back, in automatic_limit.h's words; NULL = it may go. */
enum outcome held_back(struct book_txn *txn, const struct office *office, const char *channel, const char *to,
    int64_t complaint_id, const char **ret_why, struct fault *fault);

/* The same for what goes to a telephone number that somebody typed into a form, his own or not: by day and address as
 * with letters, so that forms cannot be used to pester anybody. */
enum outcome held_back_typed(struct book_txn *txn, const struct office *office, const char *channel,
    const char *to, int64_t complaint_id, const char **ret_why, struct fault *fault);

#endif
