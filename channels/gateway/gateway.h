/* The WhatsApp and social channel: [gateway NAME] of the configuration, family "gateway", id "gateway:NAME".
 *
 *   gateway.c       opens the mapping, takes callbacks at /hook/gateway/NAME[/TOKEN], answers after the commit
 *   event_inbound.c one event of a callback -> struct inbound
 *   gateway_send.c  a text -> the gateway's send API, part by part
 * How a gateway speaks is its mapping's business (mapping.h). */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "channels/channel.h"

extern const struct channel_ops gateway_channel;

#endif
