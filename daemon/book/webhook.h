/* Webhooks: where events of the book are sent to other systems. A row of the outbox for each event and webhook is written in
 * the transaction of the event; what came of the last tries is kept here, for the one who set it up. */
#ifndef BOOK_WEBHOOK_H
#define BOOK_WEBHOOK_H

#include "book.h"
#include "daemon/base/arena.h"
#include <jansson.h>

#define WEBHOOK_CHANNEL "webhook"
enum {
    WEBHOOK_SECRET_SIZE = 64 + 1,
    WEBHOOKS_MOST = 20,
    WEBHOOK_TRIES_KEPT = 20,
    WEBHOOK_PATIENCE_HOURS = 24
};

struct webhook {
    int64_t id;
    const char *name, *url, *secret;
    const char *kinds;                            /* between blanks: " masuk jawab " */
    int64_t created_at, failing_since, paused_at; /* 0 = not */
    struct webhook *next;
};

/* Reads name, url, kinds; writes id and the secret. NEVER with a public text when there are WEBHOOKS_MOST. */
enum outcome webhook_add(struct book_txn *txn, struct webhook *w, int64_t officer_id,
    char secret[WEBHOOK_SECRET_SIZE], struct fault *fault);
/* NEVER when there is none, or it was removed. */
enum outcome webhook_get(
    struct book_txn *txn, int64_t id, struct webhook *ret, struct arena *arena, struct fault *fault);
enum outcome webhook_list(
    struct book_txn *txn, struct webhook **ret, struct arena *arena, struct fault *fault); /* oldest first */
/* Going on forgets the failures. */
enum outcome webhook_pause(struct book_txn *txn, int64_t id, bool paused, struct fault *fault);
enum outcome webhook_remove(struct book_txn *txn, int64_t id, struct fault *fault);

/* Does any that works want events of that kind? */
enum outcome webhook_wanted(struct book_txn *txn, const char *kind, bool *ret_wanted, struct fault *fault);
/* Rows of the outbox for all that do: {"webhook", "event"}. */
enum outcome webhook_queue(
    struct book_txn *txn, const char *kind, int64_t complaint_id, const json_t *event, struct fault *fault);
/* One that is no event of the book's, to that webhook alone. */
enum outcome webhook_queue_test(struct book_txn *txn, int64_t id, const json_t *event, struct fault *fault);

/* What came of one try. *ret_paused: it has failed for WEBHOOK_PATIENCE_HOURS and is paused from now on. */
enum outcome webhook_tried(struct book_txn *txn, int64_t id, const char *kind, bool good, const char *text,
    bool *ret_paused, struct fault *fault);

struct webhook_try {
    int64_t at;
    const char *kind, *text;
    bool good;
    struct webhook_try *next;
};
enum outcome webhook_tries(struct book_txn *txn, int64_t id, struct webhook_try **ret, struct arena *arena,
    struct fault *fault); /* the newest first */

#endif
