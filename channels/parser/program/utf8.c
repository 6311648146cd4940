#include "utf8.h"
#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum {
    PIECE = 4096, /* bytes: g_utf8_normalize moves the tail for each composition, so keep the tail short */
    PIECE_HARD = 65536,   /* bytes: a run of marks longer than any writing has is cut anyway */
    LAST_STARTER = 0x300, /* below this code point nothing combines with what stands before it */
};

size_t utf8_cut(const char *bytes, size_t n, size_t max)
{
    if (n <= max)
        return n;
    size_t cut = max;
    while (cut > 0 && max - cut < 4 && ((unsigned char)bytes[cut] & 0xC0) == 0x80)
        cut--;
    return cut;
}

/* May a piece end before this character? Not when it could be composed with the one before. */
static bool is_boundary(gunichar c)
{
    if (c < LAST_STARTER)
        return true;
    /* Hangul vowels and finals compose with the syllable before */
    if (c >= 0x1160 && c <= 0x11FF)
        return false;
    return !g_unichar_ismark(c);
}

static size_t ascii_run(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n && (unsigned char)(p[i] - 1) < 0x7F)
        i++;
    return i;
}

/* Adds valid UTF-8 without NUL, composed. */
static void add_composed(const char *p, size_t n, struct str *out)
{
    while (n) {
        size_t plain = ascii_run(p, n);
        /* the last letter may carry a mark that follows */
        if (plain < n && plain > 0)
            plain--;
        if (plain) {
            str_add(out, p, plain);
            p += plain, n -= plain;
            continue;
        }
        size_t end = (size_t)(g_utf8_next_char(p) - p);
        while (end < n && end < PIECE_HARD) {
            gunichar c = g_utf8_get_char(p + end);
            if (c < 0x80 ? end >= 256 : end >= PIECE && is_boundary(c))
                break;
            end += (size_t)(g_utf8_next_char(p + end) - (p + end));
        }
        char *composed = g_utf8_normalize(p, (gssize)end, G_NORMALIZE_NFC);
        str_adds(out, composed);
        g_free(composed);
        p += end, n -= end;
    }
}

void utf8_add_clean(const char *bytes, size_t n, struct str *out)
{
    while (n) {
        const char *bad;
        if (g_utf8_validate_len(bytes, n, &bad)) {
            add_composed(bytes, n, out);
            return;
        }
        size_t good = (size_t)(bad - bytes);
        add_composed(bytes, good, out);
        if (*bad)
            str_adds(out, "\xEF\xBF\xBD");
        bytes = bad + 1;
        n -= good + 1;
    }
}

json_t *utf8_json(const char *bytes, size_t n, size_t max)
{
    n = utf8_cut(bytes, n, max);
    if (ascii_run(bytes, n) == n)
        return json_stringn_nocheck(bytes, n);
    struct str clean;
    str_init(&clean, 3 * max + 16); /* each bad byte becomes three */
    utf8_add_clean(bytes, n, &clean);
    json_t *string = str_ok(&clean) ? json_stringn_nocheck(clean.data, clean.len) : NULL;
    str_release(&clean);
    return string;
}
