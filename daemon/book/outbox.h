/* What waits to leave the house: answers, receipts, notices, events. A row is written in the transaction that
 * caused it and carries everything the channel needs.
 *
 *   antre ──claim──▶ mengirim ──▶ diterima ──▶ sampai ──▶ dibaca      (never backwards)
 *     ▲                 ├──▶ gagal        refused for good, an officer sees it
 *     └──── later ──────┴──▶ tidak_pasti  written to the wire, no answer: shown, not repeated blindly */
#ifndef BOOK_OUTBOX_H
#define BOOK_OUTBOX_H

#include "book.h"
#include "daemon/base/arena.h"

struct outbox_row {
    int64_t id, complaint_id, message_id; /* complaint and message 0 = none */
    const char *channel, *purpose, *payload, *state;
    int attempts;
    int64_t next_at, created_at, state_at;
    const char *external, *error; /* NULL = none */
    const char *number;           /* register number, NULL = none */
};

enum outcome outbox_add(struct book_txn *txn, int64_t complaint_id, int64_t message_id, const char *channel,
    const char *purpose, const char *payload, int64_t *ret_id, struct fault *fault);

/* Due rows of one channel, oldest first, become `mengirim`; attempts grows. In the arena. */
enum outcome outbox_claim(struct book_txn *txn, const char *channel, int limit, struct outbox_row **ret_rows,
    size_t *ret_count, struct arena *arena, struct fault *fault);

/* When the channel's next `antre` row is due; 0 = none waits. */
enum outcome outbox_next_due(struct book_txn *txn, const char *channel, int64_t *ret_at, struct fault *fault);

/* State moves; a move backwards is a no-op. external and error may be NULL = unchanged. */
enum outcome outbox_accepted(struct book_txn *txn, int64_t id, const char *external, struct fault *fault);
enum outcome outbox_retry(
    struct book_txn *txn, int64_t id, int64_t next_at, const char *error, struct fault *fault);
enum outcome outbox_failed(struct book_txn *txn, int64_t id, const char *error, struct fault *fault);
enum outcome outbox_unknown(struct book_txn *txn, int64_t id, const char *error, struct fault *fault);
/* delivered: "sampai", "dibaca" or "gagal" by the other side's name for it. *ret_complaint_id 0 = not ours. */
enum outcome outbox_delivery(struct book_txn *txn, const char *channel, const char *external,
    const char *state, const char *error, int64_t *ret_complaint_id, struct fault *fault);

/* After a crash: rows in `mengirim` of a channel become antre (it can deduplicate) or tidak_pasti. */
enum outcome outbox_recover(
    struct book_txn *txn, const char *channel, bool can_repeat, int64_t *ret_rows, struct fault *fault);

/* After the book was taken from a backup: what waited then may have left since. It becomes tidak_pasti; events go
 * again (their readers know them by number). */
enum outcome outbox_restored(struct book_txn *txn, int64_t *ret_rows, struct fault *fault);

enum outcome outbox_find(struct book_txn *txn, int64_t id, struct outbox_row *ret, bool *ret_found,
    struct arena *arena, struct fault *fault);
enum outcome outbox_list(struct book_txn *txn, int64_t complaint_id, struct outbox_row **ret_rows,
    size_t *ret_count, struct arena *arena, struct fault *fault);

/* Counts what waits or went wrong: antre, mengirim, gagal, tidak_pasti. */
typedef enum outcome outbox_visit(
    void *arg, const char *channel, const char *state, int64_t count, int64_t oldest_at, struct fault *fault);
enum outcome outbox_counts(struct book_txn *txn, outbox_visit *visit, void *arg, struct fault *fault);

#endif
