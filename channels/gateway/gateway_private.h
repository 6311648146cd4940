/* Shared by gateway.c, event_inbound.c and gateway_send.c. */
#ifndef GATEWAY_GATEWAY_PRIVATE_H
#define GATEWAY_GATEWAY_PRIVATE_H

#include "gateway.h"
#include "mapping.h"
#include "mapping_event.h"

struct gateway {
    struct channel channel;
    struct channel_context context;
    struct gateway_mapping *mapping;
    char *id;           /* "gateway:wa" */
    char *route, *deep; /* patterns of the callback */
    bool private_peer;
    bool stopping;
};

/* The inbound of one event, with an arena of its own; raw is copied. NULL without memory. */
struct inbound *event_inbound(
    const struct gateway *g, const struct gateway_event *e, const void *raw, size_t size, int64_t now_ms);

/* A callback that holds nothing for us (kind OTHER) or cannot be read (UNREADABLE). NULL without memory. */
struct inbound *event_inbound_bare(enum inbound_kind kind, const char *reason, const void *raw, size_t size);

void gateway_send(struct channel *channel, struct outbound *out);

#endif
