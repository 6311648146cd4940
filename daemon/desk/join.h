/* Join: which complaint a message belongs to, if any. A message joins only when its sender is a party of that
 * complaint AND it points to it in a way that only a letter of ours, or a message of the complaint, can teach: a
 * reference, or the number with its keyed tag. What anybody could guess or copy makes it "mungkin terkait". */
#ifndef DESK_JOIN_H
#define DESK_JOIN_H

#include "channels/channel.h"
#include "daemon/book/complaint.h"

struct join {
    int64_t complaint_id; /* 0 = opens a new one */
    int64_t related_id;   /* a complaint the message points to without right to join it; 0 = none */
};

/* citizen_id: who the sender is, 0 = unknown. */
enum outcome join_find(struct book_txn *txn, const char *channel_id, const struct inbound *in,
    int64_t citizen_id, struct join *ret, struct arena *arena, struct fault *fault);

#endif
