#include "serve.h"
#include "doorbell.h"
#include "fetch.h"
#include "daemon/base/step.h"

static enum outcome serve_until_stopped(struct session *s, struct fault *fault)
{
    enum outcome outcome = session_login(s, fault);
    step("mailbox.greeted");
    if (outcome == OUTCOME_DONE)
        outcome = session_select(s, fault);
    step("mailbox.selected");
    while (outcome == OUTCOME_DONE && !s->leaving) {
        outcome = fetch_new(s, fault);
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
