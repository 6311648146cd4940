/* Who an event is from, and by what it is recognised when told twice. Private to mapping_event.c. */
#ifndef GATEWAY_EVENT_IDENTITY_H
#define GATEWAY_EVENT_IDENTITY_H

#include "mapping_event.h"
#include "mapping_private.h"

/* A group, channel or broadcast; NULL is none. */
bool event_identity_is_crowd(const struct gateway_mapping *m, const char *chat);

/* Fills from, sender_* and alias_* out of the mapping's "from" and "lid" (NULL = none) and the event's
 * chat. */
void event_identity_read(const struct gateway_mapping *m, struct gateway_event *e, const char *from,
    const char *lid, struct arena *arena);

/* Fills dedupe and dedupe_windowed. list: the mapping's "dedupe"; a default when empty. */
void event_identity_dedupe(
    struct gateway_event *e, const enum field_id *list, size_t count, struct arena *arena);

#endif
