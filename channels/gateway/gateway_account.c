/* Whether the office's account can send. It is lost when the gateway says so (session events), refused when the gateway
 * does not take a message for it (a token that is over, a number that was banned). The queue stops and the admin is told
 * once. It goes on when the gateway says that the session is well; when a citizen is heard who wrote after that, which
 * gateways without such events show it by; and by the desk's own look from time to time. Only what is then accepted
 * ends the alarm. */
#include "daemon/base/clock.h"
#include "gateway_private.h"
#include <stdio.h>

static const int64_t TRY_GAP_MS =
    60 * 1000; /* a token that is over does not keep citizens from being heard */

static void tell(struct gateway *g, enum channel_health health, const char *text)
{
    g->context.host->health(g->context.host->desk, &g->channel, health, text);
}

static bool stopped(const struct gateway_account *a)
{
    return a->lost || a->refused;
}

static void note_stop(struct gateway_account *a)
{
    if (stopped(a))
        return;
    a->since = clock_now_ms();
    a->tried_at = 0;
}

static void session_event(struct gateway *g, const struct gateway_event *e)
{
    struct gateway_account *a = &g->account;
    char text[160];
    if (e->state == GATEWAY_STATE_LOST && !a->lost) {
        note_stop(a);
        a->lost = true;
        snprintf(text, sizeof text, "sesi terputus (%.40s%s%.40s): hubungkan lagi di gerbangnya",
            e->status ? e->status : "?", e->error ? ", " : "", e->error ? e->error : "");
        tell(g, CHANNEL_NEEDS_PERSON, text);
    } else if (e->state == GATEWAY_STATE_GOOD && stopped(a)) {
        a->lost = a->refused = false;
        tell(g, CHANNEL_GOOD, "sesi tersambung lagi");
    }
}

/* Only what was written after the account stopped: callbacks of before may come late. */
static void message_event(struct gateway *g, const struct gateway_event *e)
{
    struct gateway_account *a = &g->account;
    int64_t now = clock_mono_ms();
    bool since = e->time_ms != GATEWAY_NO_TIME && e->time_ms > a->since;
    if (!stopped(a) || !since || (a->tried_at && now - a->tried_at < TRY_GAP_MS))
        return;
    a->tried_at = now;
    a->lost = false;
    a->refused = true; /* until something is accepted */
    g->context.host->try_again(g->context.host->desk, &g->channel);
}

void gateway_account_heard(struct gateway *g, const struct gateway_event *e)
{
    if (e->as == GATEWAY_SESSION)
        session_event(g, e);
    else if (e->as == GATEWAY_MESSAGE)
        message_event(g, e);
}

void gateway_account_sent(struct gateway *g, enum sent sent, const struct fault *fault)
{
    struct gateway_account *a = &g->account;
    if (sent == SENT_STOPPED) {
        if (!stopped(a))
            tell(g, CHANNEL_NEEDS_PERSON, fault->public_text);
        note_stop(a);
        a->refused = true;
    } else if (sent == SENT_ACCEPTED && a->refused) {
        a->refused = false;
        if (!a->lost)
            tell(g, CHANNEL_GOOD, "mengirim lagi");
    }
}
