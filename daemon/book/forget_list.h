/* Lists of complaints that the Camat is asked to let be made nameless, and how far that is. */
#ifndef BOOK_FORGET_LIST_H
#define BOOK_FORGET_LIST_H

#include "book.h"
#include "daemon/base/arena.h"
#include "rules/retention.h"

enum { FORGET_LIST_MOST = 1000 }; /* complaints of one list: what a person can look through */

struct forget_list {
    int64_t id;
    const char *basis;  /* retensi | permintaan */
    int64_t request_id; /* 0 = none */
    int64_t proposed_at;
    const char *state; /* diajukan | disetujui | ditolak | selesai */
    int64_t decided_at, officer_id;
    const char *note;
    int64_t ended_at;
    int64_t items, done, kept; /* counts */
    struct forget_list *next;
};

struct forget_item {
    int64_t complaint_id;
    const char *number, *kind, *subject, *confidentiality;
    int64_t closed_at, done_at;
    const char *kept; /* why it was left alone; NULL = it was not */
    struct forget_item *next;
};

/* request_id 0 = none. */
enum outcome forget_list_add(
    struct book_txn *txn, const char *basis, int64_t request_id, int64_t *ret_id, struct fault *fault);
enum outcome forget_item_add(
    struct book_txn *txn, int64_t list_id, int64_t complaint_id, struct fault *fault);

/* NEVER with a public text when there is none. */
enum outcome forget_list_get(
    struct book_txn *txn, int64_t id, struct forget_list *ret, struct arena *arena, struct fault *fault);
/* The newest ones, open ones first: at most `most`. */
enum outcome forget_lists(
    struct book_txn *txn, int most, struct forget_list **ret, struct arena *arena, struct fault *fault);
enum outcome forget_items(struct book_txn *txn, int64_t list_id, struct forget_item **ret,
    struct arena *arena, struct fault *fault);

/* How many wait for the Camat. */
enum outcome forget_lists_waiting(struct book_txn *txn, int64_t *ret_count, struct fault *fault);

/* When the last list by age was proposed; 0 = never. */
enum outcome forget_list_newest(struct book_txn *txn, int64_t *ret_at, struct fault *fault);

/* ended: nothing more is to be done with it. */
enum outcome forget_list_decide(struct book_txn *txn, int64_t id, const char *state, int64_t officer_id,
    const char *note, bool ended, struct fault *fault);
enum outcome forget_list_end(struct book_txn *txn, int64_t id, struct fault *fault);

/* Lists that were ended and whose words the full text may still hold in part. */
enum outcome forget_list_unmerged(struct book_txn *txn, bool *ret_are, struct fault *fault);
enum outcome forget_list_merged(struct book_txn *txn, struct fault *fault);

/* kept NULL = it was done. */
enum outcome forget_item_settle(
    struct book_txn *txn, int64_t list_id, int64_t complaint_id, const char *kept, struct fault *fault);

/* The oldest list that was agreed to and is not carried out; *ret_id 0 = none. */
enum outcome forget_list_next(struct book_txn *txn, int64_t *ret_id, struct fault *fault);
/* Its next complaint above `after` that is not settled; 0 = none. */
enum outcome forget_item_next(
    struct book_txn *txn, int64_t list_id, int64_t after, int64_t *ret_complaint_id, struct fault *fault);

/* What is looked at of a complaint before it is touched; kind in the arena. */
enum outcome forget_facts(struct book_txn *txn, int64_t complaint_id, struct retention_facts *ret,
    struct arena *arena, struct fault *fault);

/* Complaints closed before that, with data, that stand on no open list, by id from `after` on. */
typedef enum outcome forget_visit(
    void *arg, int64_t complaint_id, const struct retention_facts *facts, struct fault *fault);
enum outcome forget_candidates(
    struct book_txn *txn, int64_t closed_before, forget_visit *visit, void *arg, struct fault *fault);

#endif
