/* The nightly look through the whole book (book/verify.h): once a day at [server] verify_hour of the office's clock, or
 * soon after the start when the machine was off then. In pieces on the book's aside thread, so that nobody waits for it.
 * The outcome is an event of the book, a line in the log and in `status`; a fault also stands on the desk's page and goes
 * to the admins by e-mail. */
#ifndef DAEMON_INSPECTION_TIMER_H
#define DAEMON_INSPECTION_TIMER_H

#include "config/config.h"
#include "daemon/base/str.h"
#include "daemon/book/book.h"
#include "daemon/desk/office.h"

struct inspection_timer;

/* Does nothing but remember the last one when [server] verify is off. Configuration and office outlive it. */
enum outcome inspection_timer_open(struct inspection_timer **ret_timer, struct loop *loop, struct book *book,
    const struct config *config, const struct office *office, struct fault *fault);

/* Looks whether one is due. After the desk has started: what an inspection queues must find its channel. */
void inspection_timer_start(struct inspection_timer *timer);

/* One line for `status`; true = a person has to look. */
bool inspection_timer_status(const struct inspection_timer *timer, struct str *out);

void inspection_timer_free(struct inspection_timer *timer); /* after book_close(); NULL is fine */

#endif
