/* Wakes the conversations whose time has come (dialog_wake). One timer for all; after a restart it finds in the book
 * what waits. Loop thread. */
#ifndef DESK_CHAT_CLOCK_H
#define DESK_CHAT_CLOCK_H

#include "daemon/book/book.h"
#include "office.h"

struct chat_clock;

/* book and office outlive it. */
enum outcome chat_clock_new(struct chat_clock **ret_clock, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault);

/* A conversation goes on at that time (ms); earlier ones stay. 0 = none, 1 = look now. */
void chat_clock_at(struct chat_clock *clock, int64_t at);
void chat_clock_stop(struct chat_clock *clock);
void chat_clock_free(struct chat_clock *clock); /* after book_close(); NULL is fine */

#endif
