/* Undo: what an officer did is taken back while nothing of it has left the house (rules/undo.h). The complaint and its
 * clock are as they were, its letters do not leave, and that it was taken back is an event like any other: act and words
 * stay in the history. On the writer thread, replayable, unless said otherwise. */
#ifndef DESK_UNDO_H
#define DESK_UNDO_H

#include "daemon/book/assistance.h"
#include "daemon/book/clocks.h"
#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"
#include "daemon/book/undo.h"
#include "office.h"

/* An act on its way: as everything was before it. */
struct undo_before {
    struct undo rows;
    struct complaint c;
    struct clocks clocks;
    struct helper helpers[ASSISTANCE_MOST];
    size_t helper_count;
};

/* Before the act has changed anything. */
enum outcome undo_remember(struct book_txn *txn, const struct complaint *c, struct undo_before *ret,
    struct arena *arena, struct fault *fault);

/* After it, c as it was written: who did it may take it back, and its letters wait for him (office->letter_wait_ms).
 * told: it says something to the citizen. An act that reached other complaints cannot be taken back: not for those. */
enum outcome undo_offer(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct complaint *c, const char *kind, bool told, struct undo_before *before, struct arena *arena,
    struct fault *fault);

struct undo_offered {
    const char *kind;  /* of the event; NULL = nothing can be taken back by this officer */
    int64_t until;     /* if no letter leaves before */
    int64_t leaves_at; /* the letter; 0 = none */
};
/* Any thread. */
enum outcome undo_look(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct complaint *c, struct undo_offered *ret, struct arena *arena, struct fault *fault);

/* NEVER with a public text when it cannot be; version: the complaint's as the officer saw it. */
enum outcome undo_act(struct book_txn *txn, const struct office *office, const struct officer *officer,
    int64_t complaint_id, int64_t version, struct arena *arena, struct fault *fault);

#endif
