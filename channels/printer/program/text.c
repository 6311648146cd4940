#include "text.h"
#include <glib.h>
#include <string.h>

static const char ellipsis[] = "\xE2\x80\xA6";

/* Unicode 15, chapter 23: marks, embeddings, overrides and isolates of direction; the byte order mark. */
static bool turns_text(gunichar c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static gunichar shown(gunichar c)
{
    if (c == '\n')
        return c;
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029)
        return ' ';
    return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) ? 0xFFFD : c;
}

const char *text_clean(struct arena *arena, const char *text, size_t n, size_t most)
{
    char *out = arena_alloc(arena, (n < most ? n : most) + sizeof ellipsis);
    const char *end = text + n;
    size_t length = 0;
    if (!out)
        return NULL;
    while (text < end) {
        gunichar c = g_utf8_get_char_validated(text, end - text);
        if (c == (gunichar)-1 || c == (gunichar)-2)
            c = 0xFFFD, text++;
        else
            text = g_utf8_next_char(text);
        char bytes[6];
        size_t size = turns_text(c) ? 0 : (size_t)g_unichar_to_utf8(shown(c), bytes);
        if (length + size > most - (sizeof ellipsis - 1)) {
            memcpy(out + length, ellipsis, sizeof ellipsis);
            return out;
        }
        memcpy(out + length, bytes, size);
        length += size;
    }
    out[length] = '\0';
    return out;
}
