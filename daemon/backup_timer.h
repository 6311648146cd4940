/* Backups by themselves: [backup] folder, every, keep, key. Looks every hour, and soon after the start, whether the newest
 * backup of this book in the folder is old enough; makes the next one, removes the oldest, sweeps orphaned attachments.
 * All of it happens on the book's aside thread: the folder may be a slow or dead disk. A failure is one log line and
 * stands in `status` until one succeeds; it is tried again within the hour. */
#ifndef DAEMON_BACKUP_TIMER_H
#define DAEMON_BACKUP_TIMER_H

#include "config/config.h"
#include "daemon/base/str.h"
#include "daemon/book/book.h"

struct backup_timer;

/* Does nothing, but says so in `status`, when there is no [backup]. The configuration outlives it. */
enum outcome backup_timer_open(struct backup_timer **ret_timer, struct loop *loop, struct book *book,
    const struct config *config, struct fault *fault);

/* One line for `status`; true = a person has to look. */
bool backup_timer_status(const struct backup_timer *timer, struct str *out);

void backup_timer_free(struct backup_timer *timer); /* after book_close(); NULL is fine */

#endif
