/* Texts that are the same for everybody and take long to make: figures of thousands of complaints. Kept in memory for so long as
 * nothing was added to the history and KEPT_AGE_MS have not gone by; while the history grows a text may be KEPT_BEHIND_MS
 * old, so that many visitors of a busy house cost one making a second and not one each. Any thread. */
#ifndef WEB_KEPT_H
#define WEB_KEPT_H

#include "daemon/base/arena.h"
#include <stdbool.h>
#include <stdint.h>

enum { KEPT_AGE_MS = 300 * 1000, KEPT_BEHIND_MS = 1000, KEPT_MOST = 16, KEPT_TEXT_MOST = 128 * 1024 };

struct kept;
struct kept *kept_new(void); /* NULL without memory */
void kept_free(struct kept *kept);

/* What a text was made from. */
struct kept_state {
    int64_t event_id; /* newest of the history */
    int64_t at;       /* ms */
};

/* A copy in the arena; NULL = there is none that still holds, or no memory: it is made anew. */
const char *kept_get(struct kept *kept, const char *key, struct kept_state now, struct arena *arena);

/* In place of the oldest when all places are taken. Not kept: too long, or no memory. */
void kept_put(struct kept *kept, const char *key, struct kept_state now, const char *text);

#endif
