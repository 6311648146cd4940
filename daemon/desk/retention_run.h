/* Carries out what the Camat agreed to, some complaints a transaction, with a rest in between; proposes the list of the
 * month; reminds of requests whose 3 x 24 hours are nearly over. All that is half done stands in the book, so that a crash
 * leaves nothing out and nothing is done twice. Loop thread. */
#ifndef DESK_RETENTION_RUN_H
#define DESK_RETENTION_RUN_H

#include "daemon/book/book.h"
#include "office.h"

struct retention_run;

enum outcome retention_run_new(struct retention_run **ret, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault);
void retention_run_start(struct retention_run *run);
void retention_run_stop(struct retention_run *run);
void retention_run_free(struct retention_run *run); /* NULL is fine; after the book is closed */

#endif
