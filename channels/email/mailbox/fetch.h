/* From "the folder has something new" to "it was handed up": search, fetch, hand up; settle.h has the rest.
 *
 *   SEARCH last+1:* ─▶ up to `batch` UIDs ─▶ sizes ─▶ cut at 8 MiB ─▶ bodies ─▶ MAIL | LARGE | GONE ... BATCH
 *                          ▲                                                                          │
 *                          └── flags ◀── SETTLED of the batch BEFORE (its transaction is through) ◀───┘
 *
 * UIDs are named one by one, never counted in pages: a mail that vanishes makes no other one slip. */
#ifndef MAILBOX_FETCH_H
#define MAILBOX_FETCH_H

#include "session.h"

/* Everything newer than last_uid, until it is all in the book. Returns early with DONE when the session is leaving. */
enum outcome fetch_new(struct session *s, struct fault *fault);

#endif
