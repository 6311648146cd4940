/* What was said: letters, forms, chat lines, reports, notes, with their attachments, and the references by which a
 * reply finds its complaint. */
#ifndef BOOK_MESSAGE_H
#define BOOK_MESSAGE_H

#include "attachment.h"
#include "blob.h"
#include "book.h"
#include "daemon/base/arena.h"

enum { MESSAGES_A_COMPLAINT = 65535 }; /* a message's id is complaint id * 65536 + 1, 2, ... */

struct message {
    int64_t id, complaint_id;
    int64_t at, claimed_at; /* ms; at 0 on insert = txn_now(); claimed_at 0 = unknown */
    const char *purpose;    /* schema/001_book.sql lists them */
    const char *channel;
    int64_t officer_id; /* 0 = citizen or daemon */
    const char *author;
    const char *subject; /* NULL = none */
    const char *text;
    const char *own_words;    /* NULL = same as text */
    const char *must_read;    /* NULL = the text is complete */
    const char *reference;    /* its own id in the scheme of its channel; NULL = none */
    int64_t withdrawn_at;     /* taken back before it left (undo.h); 0 = no */
    const char *authenticity; /* asli | tidak_pasti | palsu; NULL = not judged */
    const char *told_to;      /* who was told it by word of mouth; NULL = nobody */
    bool has_raw;
    struct blob_ref raw;
    struct attachment *attachments;
};

/* Stores message and attachments, whose blobs were put before (blob.h); fills id and at. */
enum outcome message_insert(struct book_txn *txn, struct message *m, struct fault *fault);

/* One of them, attachments left out. NEVER when absent. */
enum outcome message_get(
    struct book_txn *txn, int64_t id, struct message *ret, struct arena *arena, struct fault *fault);

/* Puts a message into another complaint, with its attachments, its letter in the outbox, its line in the ledger and
 * the reference by which replies find it. It gets a new id and keeps its time. */
enum outcome message_move(struct book_txn *txn, const struct message *m, int64_t to_complaint,
    const char *purpose, int64_t *ret_id, struct fault *fault);

/* The same message in other words: subject, text, own words, author, must_read and told_to of `now`, without reference and
 * raw bytes; its place in the full text follows. For what takes out who somebody is (desk/forget.h). */
enum outcome message_reword(
    struct book_txn *txn, const struct message *before, const struct message *now, struct fault *fault);

/* All of a complaint, oldest first, attachments included, in the arena. */
enum outcome message_list(struct book_txn *txn, int64_t complaint_id, struct message **ret_messages,
    size_t *ret_count, struct arena *arena, struct fault *fault);

/* The full text from the messages, and nothing of what it said before. Their number in *ret_count. A long transaction:
 * some ten thousand messages a second. */
enum outcome message_index_anew(struct book_txn *txn, int64_t *ret_count, struct fault *fault);

/* The newest text of that purpose in a complaint that was not withdrawn; *ret NULL = none. */
enum outcome message_newest_text(struct book_txn *txn, int64_t complaint_id, const char *purpose,
    const char **ret, struct arena *arena, struct fault *fault);

/* The newest text of that purpose by that officer, if it was withdrawn; *ret NULL = it was not, or there is none. */
enum outcome message_withdrawn_text(struct book_txn *txn, int64_t complaint_id, const char *purpose,
    int64_t officer_id, const char **ret, struct arena *arena, struct fault *fault);

/* The message that a callback of that channel became: by the gateway's id. *ret_id 0 = none. */
enum outcome message_by_external(
    struct book_txn *txn, const char *channel, const char *gateway_id, int64_t *ret_id, struct fault *fault);

enum outcome reference_add(struct book_txn *txn, const char *scheme, const char *value, int64_t complaint_id,
    struct fault *fault); /* the first one stays */
enum outcome reference_find(struct book_txn *txn, const char *scheme, const char *value,
    int64_t *ret_complaint_id, struct fault *fault); /* 0 = unknown */

/* The newest `most` of a complaint in that scheme, oldest first, in the arena. */
enum outcome reference_list(struct book_txn *txn, const char *scheme, int64_t complaint_id, int most,
    const char ***ret_values, size_t *ret_count, struct arena *arena, struct fault *fault);

#endif
