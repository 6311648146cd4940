/* What citizens asked of their data (rules/rights.h), and complaints whose data are used no further. */
#ifndef BOOK_RIGHTS_H
#define BOOK_RIGHTS_H

#include "book.h"
#include "daemon/base/arena.h"
#include "rules/rights.h"

struct rights_request {
    int64_t id, complaint_id;
    const char *number; /* of the complaint; only read */
    enum right right;
    const char *way; /* situs | loket | telepon | surat | pesan */
    enum right_state state;
    const char *words; /* NULL = none */
    int64_t asked_at, due_at;
    int64_t recorded_by; /* 0 = he himself */
    int64_t decided_at, decided_by;
    const char *reason; /* key; NULL = none */
    const char *answer; /* NULL = none yet */
    int64_t ended_at;   /* 0 = open */
    struct rights_request *next;
};

/* Reads complaint_id, right, way, words, recorded_by; fills the rest. */
enum outcome rights_add(struct book_txn *txn, struct rights_request *r, struct fault *fault);

/* NEVER with a public text when there is none. */
enum outcome rights_get(
    struct book_txn *txn, int64_t id, struct rights_request *ret, struct arena *arena, struct fault *fault);

/* Writes state, decided_at, decided_by, reason, answer, ended_at. */
enum outcome rights_update(struct book_txn *txn, const struct rights_request *r, struct fault *fault);

/* Of one complaint, newest first. */
enum outcome rights_of(struct book_txn *txn, int64_t complaint_id, struct rights_request **ret,
    struct arena *arena, struct fault *fault);

/* All that are open, by their due time; or those that ended last: at most `most`. */
enum outcome rights_list(struct book_txn *txn, bool open, int most, struct rights_request **ret,
    struct arena *arena, struct fault *fault);

/* *ret_count of those that are open. */
enum outcome rights_waiting(struct book_txn *txn, int64_t *ret_count, struct fault *fault);

/* The first open one that is due before `before` and of which nobody was reminded; *ret_id 0 = none. */
enum outcome rights_soon(struct book_txn *txn, int64_t before, int64_t *ret_id, struct fault *fault);
enum outcome rights_told(struct book_txn *txn, int64_t id, struct fault *fault);

/* ---- what holds of a complaint ---- */

struct privacy {
    int64_t halted_at, forgotten_at; /* 0 = not */
};
enum outcome privacy_get(
    struct book_txn *txn, int64_t complaint_id, struct privacy *ret, struct fault *fault);
enum outcome privacy_halt(struct book_txn *txn, int64_t complaint_id, struct fault *fault);
enum outcome privacy_forgotten(struct book_txn *txn, int64_t complaint_id, struct fault *fault);

#endif
