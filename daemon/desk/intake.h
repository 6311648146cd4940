/* Intake: an arrival becomes a line in the book, in one transaction, before anybody is told so.
 *
 * In that transaction: the ledger row, the raw bytes, the citizen, the complaint with its register number (or the
 * message in the complaint it belongs to), the event, the receipt in the outbox, the notices to Kasi Pelayanan and
 * Sekcam, and the channel's bookmark. */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H

#include "channels/channel.h"
#include "daemon/book/blob.h"
#include "daemon/book/book.h"
#include "office.h"
#include <jansson.h>

struct intake_result {
    const char *outcome;       /* dibuka | ditambahkan | ganda | diabaikan | dikarantina | dicatat */
    int64_t complaint_id;      /* 0 = none */
    const char *number, *code; /* code as people read it: 7KQM-X2R9-4T; NULL = none */
    int64_t due_at;
    bool wrote_outbox;
    int64_t wake_at; /* when the conversation goes on by itself (dialog.h); 0 = not */
};

/* How it comes into the book. */
struct intake_way {
    const char *actor; /* for the history: the officer who writes for the citizen; NULL = "pengadu" */
    bool considered; /* what the rules propose (classify_proposal.h) is known already, from another thread: */
    json_t *proposal; /* borrowed; NULL = nothing */
};

/* On the writer thread, replayable. way: NULL = by the citizen himself, not considered. Strings of ret live in arena. */
enum outcome intake_record(struct book_txn *txn, const struct office *office, const char *channel_id,
    const struct inbound *in, const struct intake_way *way, struct intake_result *ret, struct arena *arena,
    struct fault *fault);

/* Opens a complaint of what an officer chose out of the ledger: no second row there, no look for an older complaint. raw:
 * its bytes, which the book has. */
enum outcome intake_open(struct book_txn *txn, const struct office *office, const char *channel_id,
    const struct inbound *in, const struct blob_ref *raw, const char *actor, struct intake_result *ret,
    int64_t *ret_message_id, struct arena *arena, struct fault *fault);

#endif
