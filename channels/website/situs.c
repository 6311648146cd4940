#include "situs.h"
#include <stdio.h>
#include <stdlib.h>

struct situs {
    struct channel channel;
    const struct channel_host *host;
};

static enum outcome situs_open(
    struct channel **ret_channel, const struct channel_context *context, struct fault *fault)
{
    struct situs *s = calloc(1, sizeof *s);
    if (!s)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for situs");
    *s = (struct situs){{&situs_channel, "situs"}, context->host};
    *ret_channel = &s->channel;
    return OUTCOME_DONE;
}

static void situs_start(struct channel *channel, const char *bookmark)
{
    struct situs *s = (struct situs *)channel;
    (void)bookmark;
    s->host->health(s->host->desk, channel, CHANNEL_GOOD, "halaman lacak");
}

static void situs_send(struct channel *channel, struct outbound *out)
{
    struct situs *s = (struct situs *)channel;
    char external[32];
    snprintf(external, sizeof external, "situs-%lld", (long long)out->id);
    const struct sent_result result = {.sent = SENT_DELIVERED, .external = external};
    s->host->sent(s->host->desk, channel, out, &result);
}

static void situs_stop(struct channel *channel)
{
    (void)channel;
}

static void situs_free(struct channel *channel)
{
    free(channel);
}

const struct channel_ops situs_channel = {
    .family = "situs",
    .can_repeat = true,
    .window = 100,
    .open = situs_open,
    .start = situs_start,
    .send = situs_send,
    .stop = situs_stop,
    .free = situs_free,
};
