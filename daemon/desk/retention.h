/* Retention: how long the office keeps what tells who complained, what it proposes to the Camat each month, his word, and
 * carrying it out. Nothing is ever taken out of an open case, and nothing without his confirmation. */
#ifndef DESK_RETENTION_H
#define DESK_RETENTION_H

#include "daemon/book/forget_list.h"
#include "daemon/book/officer.h"
#include "forget.h"
#include "office.h"

struct retention_term {
    int years;          /* 0 = not set */
    const char *source; /* where the office has the number from; "" = not set */
};

enum { RETENTION_SOURCE_MOST = 200 };

/* In the arena. */
enum outcome retention_terms(struct book_txn *txn, struct retention_term ret[RETENTION_KINDS],
    struct arena *arena, struct fault *fault);
/* NEVER with a public text: no such number, or a number without its source. An event. */
enum outcome retention_set(struct book_txn *txn, const struct officer *officer,
    const struct retention_term terms[RETENTION_KINDS], struct arena *arena, struct fault *fault);

/* ---- proposing ---- */

struct retention_found {
    int64_t ids[FORGET_LIST_MOST];
    size_t count;
};

/* What is due now, oldest first. Goes through all complaints: on a reader. */
enum outcome retention_find(
    struct book_txn *txn, const struct office *office, struct retention_found *ret, struct fault *fault);
/* Whether the list of this month is still to be made. */
enum outcome retention_is_month(
    struct book_txn *txn, const struct office *office, bool *ret_is, struct fault *fault);
/* Makes the list of what of it still is due, with mail to the Camat. *ret_id 0 = nothing was left. */
enum outcome retention_propose(struct book_txn *txn, const struct office *office,
    const struct retention_found *found, int64_t *ret_id, struct arena *arena, struct fault *fault);
/* The same of a citizen's own wish: the complaint and, closed like it, his others. NEVER with a public text when none of
 * them is ready. */
enum outcome retention_propose_wish(struct book_txn *txn, const struct office *office, int64_t complaint_id,
    int64_t request_id, struct arena *arena, struct fault *fault);

/* ---- the Camat's word ---- */

/* kept: complaints that he takes out, ends with 0. NEVER with a public text: not the Camat, or decided before. */
enum outcome retention_confirm(struct book_txn *txn, const struct officer *officer, int64_t list_id,
    const int64_t *kept, const char *note, struct arena *arena, struct fault *fault);
enum outcome retention_refuse(struct book_txn *txn, const struct officer *officer, int64_t list_id,
    const char *note, struct arena *arena, struct fault *fault);

/* ---- carrying it out ---- */

enum { RETENTION_BATCH = 5, RETENTION_FILES = 256 };

/* Some complaints of the oldest list that was agreed to. list 0 = there is none; ended: that list is through; waits: some
 * have to wait for letters. On the writer. contents: files to take away after the COMMIT. */
struct retention_step {
    int64_t list, forgotten;
    int64_t last; /* complaint it came to, also when it failed */
    bool ended, waits;
};
enum outcome retention_step(struct book_txn *txn, const struct office *office, struct retention_step *ret,
    struct forget_contents *contents, struct fault *fault);

#endif
