/* Files that wait at a gateway to be fetched. A row is written with the message it belongs to.
 *
 *   antre ──claim──▶ mengambil ──▶ selesai   attached to the message
 *     ▲                 ├──▶ gagal           shown on the complaint's page, where a person may ask for it again
 *     └──── later ──────┘ */
#ifndef BOOK_MEDIA_H
#define BOOK_MEDIA_H

#include "book.h"
#include "message.h"
#include "daemon/base/arena.h"

struct media_row {
    int64_t id, message_id, complaint_id;
    const char *channel, *request, *filename, *state;
    int attempts;
    int64_t next_at, created_at, state_at;
    const char *error;  /* NULL = none */
    const char *number; /* register number */
};

enum outcome media_add(struct book_txn *txn, int64_t complaint_id, int64_t message_id, const char *channel,
    const char *request, const char *filename, struct fault *fault);

/* Due rows of one channel, oldest first, become `mengambil`. *ret_next_due: of what waits, 0 = nothing. */
enum outcome media_claim(struct book_txn *txn, const char *channel, int limit, struct media_row **ret_rows,
    size_t *ret_count, int64_t *ret_next_due, struct arena *arena, struct fault *fault);

/* The file is here: a's blob was put before. Nothing happens when it was attached already. */
enum outcome media_done(struct book_txn *txn, int64_t id, struct attachment *a, struct fault *fault);
enum outcome media_retry(
    struct book_txn *txn, int64_t id, int64_t next_at, const char *error, struct fault *fault);
enum outcome media_failed(struct book_txn *txn, int64_t id, const char *error, struct fault *fault);

/* A person asks again for what failed, at once. *ret_complaint_id 0: there is nothing to ask for. */
enum outcome media_again(
    struct book_txn *txn, int64_t id, int64_t complaint_id, bool *ret_queued, struct fault *fault);

/* After a crash: `mengambil` becomes `antre`; a fetch changes nothing at the gateway. */
enum outcome media_recover(struct book_txn *txn, const char *channel, struct fault *fault);

/* Of a complaint, without those that are done. */
enum outcome media_list(struct book_txn *txn, int64_t complaint_id, struct media_row **ret_rows,
    size_t *ret_count, struct arena *arena, struct fault *fault);

/* All channels: how many wait, how many failed. */
enum outcome media_counts(
    struct book_txn *txn, int64_t *ret_waiting, int64_t *ret_failed, struct fault *fault);

#endif
