/* The fields of a posted form -> struct inbound. Pure but for the clock it is given. */
#ifndef WEBSITE_SUBMISSION_H
#define WEBSITE_SUBMISSION_H

#include "channels/channel.h"
#include <stddef.h>

struct submission_source {
    const char *content_type; /* NULL = absent */
    const void *body;
    size_t length;
    const char *timestamp; /* as signed: makes a form without id one arrival a sending */
    const char *(*their_name)(void *context, const char *ours); /* NULL result = the same name */
    void *context;
};

/* The inbound with an arena of its own, raw copied, types of files as the client says. NEVER: malformed; LATER: no
 * memory. */
enum outcome submission_read(
    const struct submission_source *source, struct inbound **ret, struct fault *fault);

#endif
