/* What happened, chained by hash so that the past cannot be edited quietly.
 *
 * hash = SHA-256 over, each preceded by its length as 8 bytes big-endian: prev, id, complaint id (0 = none), at
 * (as decimal text), kind, actor, data. Ids are without gaps. Appending also queues a `peristiwa` row in the outbox
 * of book_options.event_channel, in the same transaction. */
#ifndef BOOK_EVENT_H
#define BOOK_EVENT_H

#include "book.h"
#include "daemon/base/arena.h"
#include <jansson.h>

/* data: borrowed object, may be NULL = {}. number: register number for the feed, NULL = none. No personal data in
 * data of kinds that leave the house: the feed carries kind, number, state, section, channel only. */
enum outcome event_append(struct book_txn *txn, int64_t complaint_id, const char *number, const char *kind,
    const char *actor, const json_t *data, struct fault *fault);

struct event {
    int64_t id, at;
    const char *kind, *actor, *data; /* data: JSON text */
    struct event *next;              /* oldest first */
};
enum outcome event_list(struct book_txn *txn, int64_t complaint_id, struct event **ret_events,
    struct arena *arena, struct fault *fault);

/* The first event of that kind; its next is NULL. NEVER when there is none. */
enum outcome event_first(struct book_txn *txn, int64_t complaint_id, const char *kind,
    struct event *ret_event, struct arena *arena, struct fault *fault);

/* The newest of the whole history; 0 = none. */
enum outcome event_newest(struct book_txn *txn, int64_t *ret_id, struct fault *fault);

/* For the audit, the newest first, below that id (0 = from the end), at most so many: who had a hidden identity shown to him;
 * or what was done to the house itself, its settings, accounts and channels. */
enum event_audit { EVENT_LOOKED, EVENT_HOUSE };
struct event_audited {
    struct event event; /* its next is NULL */
    const char *number; /* register number; NULL = about the house */
    struct event_audited *next;
};
enum outcome event_audit(struct book_txn *txn, enum event_audit which, int64_t below, int most,
    struct event_audited **ret, struct arena *arena, struct fault *fault);

/* A walk along the chain; all zeros at its beginning. */
struct event_walk {
    int64_t id;                  /* so far every link up to this one is whole */
    unsigned char hash[32];      /* its hash */
    const unsigned char *wanted; /* 32 bytes; NULL = none */
    bool met;                    /* wanted was one of the hashes */
    bool through;                /* no more events */
};

/* Some thousand links further. NEVER with the first broken link named in both texts. */
enum outcome event_verify(struct book_txn *txn, struct event_walk *walk, struct fault *fault);

#endif
