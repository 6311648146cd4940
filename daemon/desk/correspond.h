/* Correspond: what an officer does with letters by hand, outside the moves of the state table: word on the way, a
 * message in the wrong complaint, a letter that did not arrive. On the writer thread, replayable; each act is an
 * event. NEVER with a public text, before anything is written, when it is not for this officer or cannot be. */
#ifndef DESK_CORRESPOND_H
#define DESK_CORRESPOND_H

#include "daemon/book/book.h"
#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"
#include "office.h"

/* Who may: those who keep the book's letters in order. */
bool correspond_may(const struct officer *officer);

/* Word before the answer ("kabar sementara") by the citizen's channel. version: the complaint's as the officer saw it,
 * 0 = do not check; it grows by one. */
enum outcome correspond_interim(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t complaint_id, int64_t version, const char *text,
    struct arena *arena, struct fault *fault);

/* A request for information becomes a formal one (PPID); its limit is another one from then on. */
enum outcome correspond_formal(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t version, const char *reason, struct arena *arena, struct fault *fault);

/* ... which may take longer once: the reason goes to the asker by letter. */
enum outcome correspond_extend(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t complaint_id, int64_t version, const char *reason,
    struct arena *arena, struct fault *fault);

/* A citizen's message, but not the one that opened the complaint, into the complaint of that number. */
enum outcome correspond_move(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t message_id, const char *to_number, struct arena *arena, struct fault *fault);

/* ... or into a complaint of its own, which gets a number and a receipt like any other. *ret_id: the new one. */
enum outcome correspond_split(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t complaint_id, int64_t message_id, int64_t *ret_id,
    struct arena *arena, struct fault *fault);

/* A complaint that holds two matters: the words of the second one become a complaint of its own, with the files of both;
 * the citizen is told by its receipt, which names both numbers. While it is on nobody's desk but theirs who receive. */
bool correspond_may_divide(const struct officer *officer, const struct complaint *c);
enum outcome correspond_divide(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t complaint_id, int64_t version, const char *text, int64_t *ret_id,
    struct arena *arena, struct fault *fault);

/* A letter that failed, or of which nobody knows: sent again with the same Message-ID, or taken care of otherwise. */
enum outcome correspond_again(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t outbox_id, bool send, struct arena *arena, struct fault *fault);

#endif
