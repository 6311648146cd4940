#include "serve.h"
#include "doorbell.h"
#include "fetch.h"
#include "daemon/base/step.h"

/* Until a search finds nothing and nothing was announced meanwhile. What the server announces during a command of
 * ours (RFC 3501 7.3.1: EXISTS may come with any answer) it does not announce again to IDLE: resting then would leave
 * that mail lying until the next one rings. */
static enum outcome serve_fetch_all(struct session *s, struct fault *fault)
{
    uint32_t exists, highest;
    enum outcome outcome;
    do {
        exists = s->imap->imap_selection_info->sel_exists;
        highest = s->handed_uid;
        outcome = fetch_new(s, fault);
    } while (outcome == OUTCOME_DONE && !s->leaving &&
             (s->handed_uid != highest || s->imap->imap_selection_info->sel_exists != exists));
    return outcome;
}

static enum outcome serve_until_stopped(struct session *s, struct fault *fault)
{
    enum outcome outcome = session_login(s, fault);
    step("mailbox.greeted");
    if (outcome == OUTCOME_DONE)
        outcome = session_select(s, fault);
    step("mailbox.selected");
    while (outcome == OUTCOME_DONE && !s->leaving) {
        outcome = serve_fetch_all(s, fault);
        if (outcome == OUTCOME_DONE && !s->leaving)
            outcome = doorbell_wait(s, fault);
    }
    return outcome;
}

int serve(mailstream *stream, int net_fd, int frame_fd, struct order *order)
{
    struct session s;
    struct fault fault = {0};
    enum outcome outcome = session_init(&s, stream, net_fd, frame_fd, order, &fault);
    if (outcome == OUTCOME_DONE)
        outcome = serve_until_stopped(&s, &fault);
    if (outcome == OUTCOME_DONE)
        session_logout(&s);
    else
        session_failed(&s, outcome, &fault);
    session_release(&s);
    return outcome == OUTCOME_DONE || s.leaving ? 0 : 1;
}
