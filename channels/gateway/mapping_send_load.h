/* What the loaders of "send", "media" and "lid" share. */
#ifndef GATEWAY_MAPPING_SEND_LOAD_H
#define GATEWAY_MAPPING_SEND_LOAD_H

#include "mapping_private.h"

/* Member "headers" of object; none when absent. names: filled per message, ends with NULL. */
struct headers mapping_load_headers(
    struct check *c, const struct place *at, const json_t *object, const char *const *names);

#endif
