#include "doorbell.h"
#include "settle.h"
#include "../mailbox_protocol.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

/* Sleeps on both sockets. *ret_frame: the daemon has something to say. */
static enum outcome doorbell_sleep(struct session *s, int seconds, bool *ret_frame, struct fault *fault)
{
    struct pollfd fds[2] = {{s->net_fd, POLLIN, 0}, {s->frame_fd, POLLIN, 0}};
    int n;
    *ret_frame = false;
    /* What libetpan read together with "+ idling" never shows on the socket again. */
    if (s->imap->imap_stream->read_buffer_len)
        return OUTCOME_DONE;
    do
        n = poll(fds, 2, seconds * 1000);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return fault_set(fault, OUTCOME_LATER, NULL, "poll: errno %d", errno);
    *ret_frame = fds[1].revents != 0;
    return OUTCOME_DONE;
}

static enum outcome doorbell_begin(struct session *s, struct fault *fault)
{
    if (s->can_idle) {
        session_busy(s, 0);
        int r = mailimap_idle(s->imap);
        if (r != MAILIMAP_NO_ERROR)
            return session_fault(s, r, "idle", fault);
    }
    session_tell(s, MAILBOX_IDLE, 0, NULL, 0);
    return OUTCOME_DONE;
}

/* NOOP lets the server drop us now rather than in the middle of a fetch, and tells it that we are alive. */
static enum outcome doorbell_end(struct session *s, struct fault *fault)
{
    session_busy(s, 0);
    int r = s->can_idle ? mailimap_idle_done(s->imap) : mailimap_noop(s->imap);
    return r == MAILIMAP_NO_ERROR ? OUTCOME_DONE
                                  : session_fault(s, r, s->can_idle ? "idle done" : "noop", fault);
}

enum outcome doorbell_wait(struct session *s, struct fault *fault)
{
    bool frame = false;
    struct daemon_word word;
    enum outcome outcome = doorbell_begin(s, fault);
    if (outcome == OUTCOME_DONE)
        outcome =
            doorbell_sleep(s, s->can_idle ? s->order.idle_seconds : s->order.poll_seconds, &frame, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    bool heard = frame && settle_hear(s, &word);
    if (s->leaving) /* the daemon waits no longer than two seconds, whatever the server does */
        session_hurry(s);
    outcome = doorbell_end(s, fault);
    if (outcome == OUTCOME_DONE && heard)
        return settle_heed(s, &word, fault);
    if (heard)
        free(word.body);
    return s->leaving ? OUTCOME_DONE : outcome;
}
