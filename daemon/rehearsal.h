/* Rehearsal: a chat from a file, played against a throw-away book with a clock that stands still between the lines. What
 * the daemon would say is printed as it comes; the end state is one JSON object. The same intake and dialog run as in the
 * daemon; only time and the telephone are played.
 *
 * File: {"given": {"complaints": [{"register","tracking","state","text","asked_rating"}]}, "lines": [{"t": seconds,
 * "kind": "text|image|video|document|audio|voice|sticker|location|contact|revoke", "text", "lat", "lon", "filename",
 * "answer_to": "nama|pekerjaan|alamat"}]}. A line with answer_to waits until that was asked. */
#ifndef DAEMON_REHEARSAL_H
#define DAEMON_REHEARSAL_H

#include "config/config.h"
#include "daemon/base/fault.h"
#include <jansson.h>
#include <stdio.h>

/* folder: an empty one for the throw-away book. *ret_end: the end state, to be freed with json_decref(). NEVER with a
 * public text when the story cannot be read. Not thread-safe: it holds the process's clock. */
enum outcome rehearse(const struct config *config, const char *folder, const json_t *story, FILE *out,
    json_t **ret_end, struct fault *fault);

#endif
