/* Chats: where a conversation stands. One row a chat; the desk reads it, decides, and writes it back in the same
 * transaction. */
#ifndef BOOK_CHAT_H
#define BOOK_CHAT_H

#include "book.h"
#include "daemon/base/arena.h"
#include "rules/chat.h"

struct chat {
    const char *channel, *address;
    int64_t citizen_id, complaint_id; /* 0 = none */
    const char *asked;                /* NULL = nothing waits; schema/003_correspondence.sql lists them */
    int64_t asked_at;
    int asked_times;
    unsigned skipped;              /* bit set of 1u << enum chat_field */
    const char *said[CHAT_FIELDS]; /* NULL = not told */
    bool anonym, finished, anew;
    int64_t heard_at;
    int64_t wake_at, person_at; /* 0 = none */
    int64_t rating_id;          /* complaint, 0 = none is awaited */
    int64_t rated_at;
};

/* A chat that was never heard of is a fresh one with finished = true. */
enum outcome chat_get(struct book_txn *txn, const char *channel, const char *address, struct chat *ret,
    struct arena *arena, struct fault *fault);
enum outcome chat_put(struct book_txn *txn, const struct chat *chat, struct fault *fault);

/* The chat that is due first at `now`; *ret_found false = none. *ret_next: when the next one is due, 0 = none. */
enum outcome chat_due(struct book_txn *txn, int64_t now, struct chat *ret, bool *ret_found, int64_t *ret_next,
    struct arena *arena, struct fault *fault);

/* Chats whose citizen asked for a person, longest waiting first. c lives until the visit returns. */
typedef enum outcome chat_visit(void *arg, const struct chat *c, struct fault *fault);
enum outcome chat_waiting(
    struct book_txn *txn, int limit, chat_visit *visit, void *arg, struct arena *arena, struct fault *fault);

/* The citizen's judgement of an answer; a later one replaces it. comment NULL = keep the old one. */
enum outcome rating_put(struct book_txn *txn, int64_t complaint_id, int value, const char *comment,
    const char *channel, struct fault *fault);
enum outcome rating_comment(
    struct book_txn *txn, int64_t complaint_id, const char *comment, struct fault *fault);
enum outcome rating_get(struct book_txn *txn, int64_t complaint_id, int *ret_value, const char **ret_comment,
    struct arena *arena, struct fault *fault); /* 0 = none */

#endif
