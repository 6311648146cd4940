#include "route.h"
#include <string.h>

static bool has_prefix(const char *s, const char *prefix)
{
    return !strncmp(s, prefix, strlen(prefix));
}

struct route route_of(const struct office *office, const struct complaint *c)
{
    const char *to = c->reply_to ? c->reply_to : "";
    if (has_prefix(c->channel, "email:") || has_prefix(c->channel, "gateway:"))
        return (struct route){c->channel, to};
    if (has_prefix(to, "email:") && office->email_out)
        return (struct route){"email", to + strlen("email:")};
    if (has_prefix(to, "wa:") && office->wa_channel)
        return (struct route){office->wa_channel, to + strlen("wa:")};
    if (!strcmp(c->channel, "situs") || has_prefix(c->channel, "web:") || has_prefix(c->channel, "open311:"))
        return (struct route){"situs", ""};
    return (struct route){NULL, ""};
}

const char *route_channel_label(const char *channel_id)
{
    static const struct {
        const char *prefix, *label;
    } labels[] = {
        {"email", "e-mail"},
        {"gateway:", "WhatsApp"},
        {"situs", "situs web"},
        {"web:", "situs web"},
        {"open311:", "aplikasi (Open311)"},
        {"loket", "loket"},
        {"telepon", "telepon"},
        {"kotak", "kotak saran"},
        {"surat", "surat"},
        {"faks", "faks"},
        {"lapor", "SP4N-LAPOR!"},
        {"mqtt", "MQTT"},
        {"webhook", "webhook"},
        {"api", "program (API)"},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (has_prefix(channel_id, labels[i].prefix))
            return labels[i].label;
    return channel_id;
}
