/* Clockwork: takes the steps of clocks.h when they are due, one transaction each. Loop thread.
 *
 * A wall clock that jumps is not believed for ten minutes: what would be archived, closed or told by it then stays as it is,
 * and if it comes back nothing has happened. */
#ifndef DESK_CLOCKWORK_H
#define DESK_CLOCKWORK_H

#include "daemon/book/book.h"
#include "office.h"

struct clockwork;

enum outcome clockwork_new(struct clockwork **ret, struct loop *loop, struct book *book,
    const struct office *office, struct fault *fault);
void clockwork_start(struct clockwork *clockwork); /* what the last life left waiting comes first */
void clockwork_stop(struct clockwork *clockwork);
void clockwork_free(struct clockwork *clockwork); /* after book_close(); NULL is fine */

#endif
