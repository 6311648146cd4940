/* From "the folder has something new" to "it is in the book and flagged": search, fetch, hand up, settle,
 * flag.
 *
 *   SEARCH last+1:* ─▶ up to `batch` UIDs ─▶ sizes ─▶ cut at 8 MiB ─▶ bodies ─▶ MAIL | LARGE | GONE ... BATCH
 *                                                        flags ◀── SETTLED (the daemon's transaction is
 * through)
 *
 * UIDs are named one by one, never counted in pages: a mail that vanishes makes no other one slip. */
#ifndef MAILBOX_FETCH_H
#define MAILBOX_FETCH_H

#include "session.h"
#include "daemon/base/frame.h"

/* Everything newer than last_uid. Returns early with DONE when the session is leaving. */
enum outcome fetch_new(struct session *s, struct fault *fault);

/* One frame of the daemon. */
struct daemon_word {
    struct frame head;
    char *body; /* owned by fetch_heed() */
};

/* Blocks for a frame. STOP or a closed socket sets `leaving`: then false, and there is nothing to heed. */
bool fetch_hear(struct session *s, struct daemon_word *ret_word);

/* Obeys and frees it: SETTLED flags mail. ret_settled: highest UID that is in the book, 0 = another frame. */
enum outcome fetch_heed(
    struct session *s, struct daemon_word *word, uint32_t *ret_settled, struct fault *fault);

#endif
