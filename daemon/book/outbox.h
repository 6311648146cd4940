/* What waits to leave the house: answers, receipts, notices, events. A row is written in the transaction that
 * caused it and carries everything the channel needs.
 *
 *   antre ──claim──▶ mengirim ──▶ diterima ──▶ sampai ──▶ dibaca      (never backwards)
 *     │ ◀──── later ────├──▶ gagal        refused for good, an officer sees it
 *     │                 └──▶ tidak_pasti  written to the wire, no answer: shown, not repeated blindly
 *     └──▶ dibatalkan   its writer took it back before it left (undo.h); nothing moves it any more */
#ifndef BOOK_OUTBOX_H
#define BOOK_OUTBOX_H

#include "book.h"
#include "daemon/base/arena.h"

struct outbox_row {
    int64_t id, complaint_id, message_id; /* complaint and message 0 = none */
    const char *channel, *purpose, *payload, *state;
    int attempts;
    int64_t next_at, created_at, state_at;
    const char *external, *error;  /* NULL = none */
    const char *recipient, *reply; /* NULL = none */
    int64_t handled_at;            /* a person took care of gagal or tidak_pasti; 0 = no */
    const char *number;            /* register number, NULL = none */
};

struct outbox_new {
    int64_t complaint_id, message_id; /* 0 = none */
    const char *channel, *purpose, *payload;
    const char
        *external; /* our own name for it, where the other side will use that: Message-ID; NULL = none */
    const char *recipient; /* of what goes to a citizen; NULL = not counted */
    const char *chat;      /* where it goes on a channel of chats: delivery.h; NULL = elsewhere */
    bool automatic;        /* no person wrote it */
};
enum outcome outbox_add(
    struct book_txn *txn, const struct outbox_new *row, int64_t *ret_id, struct fault *fault);

/* Letters that no person wrote, since `since`: to this recipient, about this complaint; and by e-mail in all, by full
 * hours. Counting to a recipient ends at `most`. */
struct outbox_automatic {
    int to_recipient, about_complaint, in_all;
};
enum outcome outbox_count_automatic(struct book_txn *txn, const char *recipient, int64_t complaint_id,
    int64_t since, int most, struct outbox_automatic *ret, struct fault *fault);

/* Due rows of one channel, oldest first, become `mengirim`; attempts grows. In the arena. */
enum outcome outbox_claim(struct book_txn *txn, const char *channel, int limit, struct outbox_row **ret_rows,
    size_t *ret_count, struct arena *arena, struct fault *fault);

/* One more by e-mail; outbox_add() calls it. */
enum outcome outbox_note_automatic(struct book_txn *txn, struct fault *fault);

/* When the channel's next `antre` row is due; 0 = none waits. */
enum outcome outbox_next_due(struct book_txn *txn, const char *channel, int64_t *ret_at, struct fault *fault);

/* State moves; a move backwards is a no-op. external and error may be NULL = unchanged. */
enum outcome outbox_accepted(struct book_txn *txn, int64_t id, const char *external, const char *reply,
    struct fault *fault); /* reply: last words of the next hop, NULL = unchanged */
enum outcome outbox_retry(
    struct book_txn *txn, int64_t id, int64_t next_at, const char *error, struct fault *fault);
enum outcome outbox_failed(struct book_txn *txn, int64_t id, const char *error, struct fault *fault);
enum outcome outbox_unknown(struct book_txn *txn, int64_t id, const char *error, struct fault *fault);
/* delivered: "sampai", "dibaca" or "gagal" by the other side's name for it. *ret_complaint_id 0 = not ours. */
enum outcome outbox_delivery(struct book_txn *txn, const char *channel, const char *external,
    const char *state, const char *error, int64_t *ret_complaint_id, struct fault *fault);

/* The letter a report is about: by the left side of our Message-ID, whichever e-mail channel sent it; or the newest letter to that
 * address about that complaint. *ret_id 0 = none. */
enum outcome outbox_find_letter(
    struct book_txn *txn, const char *left_side, int64_t *ret_id, struct fault *fault);
enum outcome outbox_find_letter_to(
    struct book_txn *txn, const char *recipient, int64_t complaint_id, int64_t *ret_id, struct fault *fault);
enum outcome outbox_get(
    struct book_txn *txn, int64_t id, struct outbox_row *ret, struct arena *arena, struct fault *fault);

/* What was reported about it afterwards: "sampai" or "gagal" by the ladder; NULL = only the text. */
enum outcome outbox_report(
    struct book_txn *txn, int64_t id, const char *state, const char *text, struct fault *fault);

/* A person took care of a gagal or tidak_pasti row in another way; *ret_was false = it was neither, or already. */
enum outcome outbox_handled(struct book_txn *txn, int64_t id, bool *ret_was, struct fault *fault);

/* After a crash: a channel's rows in `mengirim` become tidak_pasti when may_have_left() says so (NULL = always), else
 * antre. */
typedef bool outbox_left(const void *arg, int64_t id);
enum outcome outbox_recover(struct book_txn *txn, const char *channel, outbox_left *may_have_left,
    const void *arg, int64_t *ret_rows, struct fault *fault);

/* After the book was taken from a backup: what waited then may have left since. It becomes tidak_pasti; events go
 * again (their readers know them by number). */
enum outcome outbox_restored(struct book_txn *txn, int64_t *ret_rows, struct fault *fault);

enum outcome outbox_list(struct book_txn *txn, int64_t complaint_id, struct outbox_row **ret_rows,
    size_t *ret_count, struct arena *arena, struct fault *fault);

/* Counts what waits or went wrong: antre, mengirim, gagal, tidak_pasti that nobody took care of. */
typedef enum outcome outbox_visit(
    void *arg, const char *channel, const char *state, int64_t count, int64_t oldest_at, struct fault *fault);
enum outcome outbox_counts(struct book_txn *txn, outbox_visit *visit, void *arg, struct fault *fault);

/* When each channel last got rid of something, among the newest few thousand rows: count is how many, oldest_at when the
 * last one went, state "". */
enum outcome outbox_last_sent(struct book_txn *txn, outbox_visit *visit, void *arg, struct fault *fault);

#endif
