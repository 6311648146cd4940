/* Files compiled into the daemon (views, style sheet, schema, gateway presets), so that one binary is all. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *path; /* as in the source tree: "daemon/web/views/login.html" */
    const char *data; /* NUL-terminated, static */
    size_t size;      /* bytes, without that NUL */
};

extern const struct embedded_file embedded_files[]; /* ends with path NULL; generated at build time */

const struct embedded_file *embedded_find(const char *path); /* NULL when there is none */

#endif
