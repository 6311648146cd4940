/* What a chat tells beside messages: fates of what we sent, an officer's answers by hand, messages that were changed
 * or taken back. Private to intake.c. */
#ifndef DESK_INTAKE_CHAT_H
#define DESK_INTAKE_CHAT_H

#include "intake.h"

struct chat_event {
    struct book_txn *txn;
    const struct office *office;
    const char *channel;
    const struct inbound *in;
    struct arena *arena;
    struct fault *fault;
    int64_t citizen_id; /* the chat's, 0 = nobody known */
    /* results */
    const char *reason; /* for the ledger */
    int64_t message_id; /* 0 = none was written */
    bool queued;        /* something was put into the outbox */
};

enum outcome intake_delivery(struct chat_event *e, struct intake_result *ret);
enum outcome intake_by_hand(struct chat_event *e, struct intake_result *ret);
enum outcome intake_changed(struct chat_event *e, struct intake_result *ret); /* edited or revoked */

#endif
