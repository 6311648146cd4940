/* States of what was sent to chats, in whatever order and by whatever name they come: before the answer to the
 * sending, by a second name, or for all until a moment. What a state does to a row is outbox.h's ladder. */
#ifndef BOOK_DELIVERY_H
#define BOOK_DELIVERY_H

#include "book.h"
#include "daemon/base/arena.h"
#include "outbox.h"

/* Remembers whom a row just queued is for; nothing for channels that are no chats. outbox_add() calls it. */
enum outcome delivery_queued(
    struct book_txn *txn, int64_t outbox_id, const struct outbox_new *row, struct fault *fault);

struct delivery {
    const char *external;      /* the gateway's name for it; NULL = all to `chat` until until_ms */
    const char *alias;         /* its other name, by which later states come; NULL = none */
    const char *chat;          /* NULL = not told */
    int64_t until_ms;          /* 0 = not told */
    const char *state, *error; /* "sampai" | "dibaca" | "gagal", NULL = only the names; error NULL = none */
    bool closed;               /* "gagal" because free text is not allowed any more */
};

/* What it is about. */
struct delivery_about {
    int64_t outbox_id;    /* 0 = not known (yet): the state is kept for a day */
    int64_t complaint_id; /* 0 = none */
    bool closed;          /* it, or what was told of the row before, says so: another way must be found */
};
enum outcome delivery_told(struct book_txn *txn, const char *channel, const struct delivery *d,
    struct delivery_about *ret, struct fault *fault);

/* A row has got its name: what was told of that before is true now. *ret_closed as in struct delivery. */
enum outcome delivery_catch_up(
    struct book_txn *txn, const char *channel, const char *external, bool *ret_closed, struct fault *fault);

/* Whether something that left by this channel has that name: an echo of our own is no officer's answer. */
enum outcome delivery_is_ours(
    struct book_txn *txn, const char *channel, const char *external, bool *ret_ours, struct fault *fault);

/* Which complaint something is about that left by this channel under that name; 0 = none. */
enum outcome delivery_complaint(struct book_txn *txn, const char *channel, const char *external,
    int64_t *ret_complaint_id, struct fault *fault);

/* An echo that came before the gateway's answer: a row that left since `since` and says the same text (or has it as
 * one of its parts) is accepted under that name. */
enum outcome delivery_recognise(struct book_txn *txn, const char *channel, const char *external,
    const char *text, int64_t since, bool *ret_ours, struct fault *fault);

/* When the chat's citizen was last heard, ms; 0 = never. A step back in time changes nothing. */
enum outcome heard_put(
    struct book_txn *txn, const char *channel, const char *address, int64_t at, struct fault *fault);
enum outcome heard_get(
    struct book_txn *txn, const char *channel, const char *address, int64_t *ret_at, struct fault *fault);

/* Texts that no person wrote since `since`: to this chat, and by this channel in all, by full minutes. Counting to a chat
 * ends at `most`. */
struct delivery_automatic {
    int to_chat, in_all;
};
enum outcome delivery_count_automatic(struct book_txn *txn, const char *channel, const char *chat,
    int64_t since, int most, struct delivery_automatic *ret, struct fault *fault);

#endif
