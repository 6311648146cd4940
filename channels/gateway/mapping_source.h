/* Where a mapping is read from: its text (preset or file), and where its settings and secrets come from. */
#ifndef GATEWAY_MAPPING_SOURCE_H
#define GATEWAY_MAPPING_SOURCE_H

#include "mapping.h"
#include "config/config.h"

struct mapping_source {
    const struct config *config;
    const char *instance; /* [gateway NAME] that settings come from; NULL = none, the mapping stands alone */
    const char *name;     /* preset or path */
    const char *text;     /* NUL-terminated */
    size_t size;
    char *owned; /* the text when it was read from a file */
};

/* name: instance, preset or path (with '/'). NEVER when there is no such mapping. */
enum outcome mapping_source_read(
    struct mapping_source *ret, const struct config *config, const char *name, struct fault *fault);
void mapping_source_release(struct mapping_source *mapping);

/* The lookup's context is the mapping: it must live as long. */
struct gateway_lookup mapping_source_lookup(struct mapping_source *mapping);

#endif
