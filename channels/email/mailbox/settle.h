/* What the daemon says while mails are fetched: which are in the book, and which shall be flagged for that.
 *
 * One batch may be fetched while the one before it is being written: then nobody waits for the other, and no
 * more than two batches are ever held. */
#ifndef MAILBOX_SETTLE_H
#define MAILBOX_SETTLE_H

#include "session.h"
#include "daemon/base/frame.h"

/* One frame of the daemon. */
struct daemon_word {
    struct frame head;
    char *body; /* owned by settle_heed() */
};

/* Blocks for a frame. STOP or a closed socket sets `leaving`: then false, and there is nothing to heed. */
bool settle_hear(struct session *s, struct daemon_word *ret_word);

/* Obeys and frees it: SETTLED flags mail and moves last_uid. */
enum outcome settle_heed(struct session *s, struct daemon_word *word, struct fault *fault);

/* Until everything up to uid is in the book and flagged. Returns early with DONE when the session is leaving.
 */
enum outcome settle_await(struct session *s, uint32_t uid, struct fault *fault);

/* The batch that ends with UID `highest` was handed up: tells it, and waits for the batch before it. */
enum outcome settle_batch(struct session *s, uint32_t highest, struct fault *fault);

#endif
