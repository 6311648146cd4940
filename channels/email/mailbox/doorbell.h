/* Waiting for new mail: IDLE (RFC 2177) where the server has it, else a look every poll_seconds. Both are
 * only a doorbell: what is new is found by UID SEARCH afterwards, so that a lost or false ring harms
 * nothing. */
#ifndef MAILBOX_DOORBELL_H
#define MAILBOX_DOORBELL_H

#include "session.h"

/* Returns when it rang, when the time is up, or when the session is leaving. Frames of the daemon are
 * obeyed. */
enum outcome doorbell_wait(struct session *s, struct fault *fault);

#endif
