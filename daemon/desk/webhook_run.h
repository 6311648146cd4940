/* What the carrier of the outbox (outbox_run.c) has to know of webhooks. On the writer thread. */
#ifndef DESK_WEBHOOK_RUN_H
#define DESK_WEBHOOK_RUN_H

#include "channels/channel.h"
#include "daemon/book/book.h"
#include "office.h"

/* Adds url and secret to a claimed payload: they stand in no row of the outbox. Nothing is added for a webhook that was
 * removed or paused meanwhile; the channel refuses it then. */
enum outcome webhook_fill(struct book_txn *txn, json_t *payload, struct arena *arena, struct fault *fault);

/* Keeps how a try went. One that has failed for a day is paused, and the admins are told. What will never be sent needs
 * nobody's hand: the other system can ask /api/v1 for what it missed. */
enum outcome webhook_tell(struct book_txn *txn, const struct office *office, const struct outbound *out,
    enum sent sent, const char *text, struct fault *fault);

#endif
