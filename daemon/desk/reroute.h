/* Reroute: an answer that its channel may not carry any more (Meta's 24 hours are over) takes another way: the same
 * channel's approved template, else an address the citizen gave; else the petugas has to call. */
#ifndef DESK_REROUTE_H
#define DESK_REROUTE_H

#include "daemon/base/arena.h"
#include "daemon/book/book.h"
#include "office.h"

enum reroute_why {
    REROUTE_REFUSED, /* the channel itself found no way, its template included */
    REROUTE_TOLD,    /* it was accepted, and the gateway told later that it may not */
};

/* *ret_queued: another row waits. Otherwise the failed row stands on the complaint's page and the petugas has a
 * notice. A row is rerouted once. */
enum outcome reroute_closed(struct book_txn *txn, const struct office *office, int64_t outbox_id,
    enum reroute_why why, bool *ret_queued, struct arena *arena, struct fault *fault);

#endif
