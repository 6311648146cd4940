/* Tell: who hears of what just happened, in the transaction in which it happened: the citizen by his receipt, the
 * officers by their inbox and, where they have an address, by a letter. */
#ifndef DESK_TELL_H
#define DESK_TELL_H

#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"
#include "office.h"
#include <jansson.h>

/* What became of a receipt. */
struct receipt {
    int64_t outbox_id; /* 0 = none leaves: there is no way to him, or it is held back */
    const char *held;  /* the limit that holds it back; NULL = none */
};

/* The receipt; note: a sentence more, NULL = none. It is held back when so much that no person wrote has left lately that
 * a machine must be answering ours (held_back.h). */
enum outcome tell_citizen(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const char *note, struct receipt *ret, struct arena *arena, struct fault *fault);

/* What he wrote for a complaint that is in the book did not come whole: note says why and what he can do. Held back in the
 * same way. */
enum outcome tell_not_whole(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const char *note, struct receipt *ret, struct arena *arena, struct fault *fault);

/* He has lost his code: it goes to the address that the complaint has, and to no other. Held back in the same way. */
enum outcome tell_code(struct book_txn *txn, const struct office *office, const struct complaint *c,
    struct receipt *ret, struct arena *arena, struct fault *fault);

/* The complaint's history says that a receipt was held back; nothing when it was not. */
enum outcome tell_held_back(
    struct book_txn *txn, const struct complaint *c, const struct receipt *receipt, struct fault *fault);

/* A new line in the book: Kepala Seksi Pelayanan and Sekretaris Kecamatan (Kedopok, component 6). proposal: what stands
 * in its first event (classify_proposal.h); NULL = nothing. */
enum outcome tell_superiors(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const json_t *proposal, bool *ret_queued, struct arena *arena, struct fault *fault);

/* The citizen wrote again: superiors, the petugas, and the section that has it. */
enum outcome tell_all_concerned(
    struct book_txn *txn, const struct complaint *c, const char *kind, struct fault *fault);

/* After an act: those on whose desk the complaint now lies, but not the one who put it there (NULL = nobody). */
enum outcome tell_next_desk(struct book_txn *txn, const struct complaint *c, const struct officer *himself,
    const char *kind, struct fault *fault);

/* A reminder: to those on whose desk it lies, and these roles; at the desk, and as each of them chose. */
struct reminder {
    const char *kind; /* of the notice */
    unsigned roles;   /* bit set of 1u << enum role */
    const char *subject, *text;
};
enum outcome tell_reminder(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const struct reminder *reminder, struct arena *arena, struct fault *fault);

/* Something about a letter of ours needs the petugas. */
enum outcome tell_petugas(
    struct book_txn *txn, const struct complaint *c, const char *kind, struct fault *fault);

#endif
