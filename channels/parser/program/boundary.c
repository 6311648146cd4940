#include "boundary.h"
#include <stdbool.h>
#include <string.h>

enum { BOUNDARY_BYTES = 80 }; /* RFC 2046 5.1.1: 70 characters, "--" at both ends, CR LF */

static bool has_cr(const char *raw, const char *lf)
{
    return lf > raw && lf[-1] == '\r';
}

/* Adds raw[*copied..lf] with the line end `cr` says. */
static void add_line_end(GString *out, const char *raw, size_t *copied, const char *lf, bool cr)
{
    const char *end = has_cr(raw, lf) ? lf - 1 : lf;
    g_string_append_len(out, raw + *copied, (gssize)(end - (raw + *copied)));
    g_string_append(out, cr ? "\r\n" : "\n");
    *copied = (size_t)(lf - raw) + 1;
}

GString *boundary_mend(const char *raw, size_t n)
{
    GString *mended = NULL;
    const char *end = raw + n;
    size_t copied = 0;
    for (const char *lf = raw; (lf = memmem(lf, (size_t)(end - lf), "\n--", 3)); lf++) {
        const char *own = memchr(lf + 1, '\n', (size_t)(end - lf - 1));
        if (own && (own - lf > BOUNDARY_BYTES || has_cr(raw, lf) == has_cr(raw, own)))
            continue;
        if (!own && end - lf > BOUNDARY_BYTES)
            break;
        mended = mended ? mended : g_string_sized_new(n + 64);
        if (own) {
            add_line_end(mended, raw, &copied, lf, has_cr(raw, own));
            continue;
        }
        g_string_append_len(mended, raw + copied, (gssize)(n - copied));
        return g_string_append(mended, has_cr(raw, lf) ? "\r\n" : "\n");
    }
    return mended ? g_string_append_len(mended, raw + copied, (gssize)(n - copied)) : NULL;
}
