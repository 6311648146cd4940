/* Looks at each complaint once it is in the book: is it the same as one that was there before? Apart from the transaction
 * that enters it, which nobody shall wait for; what was looked at stands in the book, so that a crash leaves nothing out.
 * Loop thread. */
#ifndef DESK_ALIKE_RUN_H
#define DESK_ALIKE_RUN_H

#include "daemon/book/book.h"

struct alike_run;

enum outcome alike_run_new(
    struct alike_run **ret_run, struct loop *loop, struct book *book, struct fault *fault);
void alike_run_wake(struct alike_run *run); /* there may be new ones */
void alike_run_stop(struct alike_run *run);
void alike_run_free(struct alike_run *run); /* NULL is fine; after the book is closed */

#endif
