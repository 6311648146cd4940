/* A gateway mapping for the command line: its text, and where its settings and secrets come from. */
#ifndef DAEMON_COMMAND_GATEWAY_H
#define DAEMON_COMMAND_GATEWAY_H

#include "channels/gateway/mapping.h"
#include "config/config.h"

struct command_mapping {
    const struct config *config;
    const char *instance; /* [gateway NAME] that settings come from; NULL = none, the mapping stands alone */
    const char *name;     /* preset or path */
    const char *text;     /* NUL-terminated */
    size_t size;
    char *owned; /* the text when it was read from a file */
};

/* name: instance, preset or path (with '/'). NEVER when there is no such mapping. */
enum outcome command_mapping_read(
    struct command_mapping *ret, const struct config *config, const char *name, struct fault *fault);
void command_mapping_release(struct command_mapping *mapping);

/* The lookup's context is the mapping: it must live as long. */
struct gateway_lookup command_mapping_lookup(struct command_mapping *mapping);

#endif
