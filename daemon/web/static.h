/* Files compiled into the daemon, under /statis/<hash>/<name>: the hash changes with the content, so browsers
 * may keep them for ever. */
#ifndef WEB_STATIC_H
#define WEB_STATIC_H

#include "daemon/base/embedded.h"
#include <stdbool.h>
#include <stddef.h>

enum { STATIC_HASH = 17 }; /* 16 hex digits and the NUL */

/* Of daemon/web/static/<name>; false when there is no such file. */
bool static_hash(const char *name, char hash[STATIC_HASH]);

/* rest: "<hash>/<name>". NULL when there is none. *ret_lasting: the hash is that of the content. */
const struct embedded_file *static_find(const char *rest, bool *ret_lasting);

/* The same file compressed with gzip; NULL when it is kept plain only. */
const struct embedded_file *static_zipped(const struct embedded_file *file);

const char *static_media_type(const char *path); /* by the ending; "application/octet-stream" when unknown */

#endif
