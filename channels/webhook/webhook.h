/* Webhooks out: each event as one signed HTTPS request (docs/webhook-keluar.md). Family "webhook", one instance, section
 * [webhook]; where they go stands in the book and comes with each row. In no order, again until the other side says 2xx:
 * it tells doubles apart by the event's id. */
#ifndef WEBHOOK_WEBHOOK_H
#define WEBHOOK_WEBHOOK_H

#include "channels/channel.h"

extern const struct channel_ops webhook_channel;

#endif
