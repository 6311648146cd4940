/* What a file is called in the book: as its sender called it, made safe, or a word for its kind. */
#ifndef GATEWAY_EVENT_NAME_H
#define GATEWAY_EVENT_NAME_H

#include "mapping_event.h"

/* number: 0, or which of several files of one message it is. NULL without memory; never empty. */
const char *event_name(const struct gateway_event *e, unsigned number, struct arena *arena);

#endif
