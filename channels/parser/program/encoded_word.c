#include "encoded_word.h"
#include "charset.h"
#include "content.h"
#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Adds bytes as the text of a Q encoded word (RFC 2047 4.2). */
static void add_q(GString *out, const guchar *bytes, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_isalnum(bytes[i]))
            g_string_append_c(out, (char)bytes[i]);
        else
            g_string_append_printf(out, "=%02X", bytes[i]);
    }
}

struct word {
    const char *charset, *text, *end; /* end: behind "?=" */
    gsize charset_len, text_len;
    char encoding;
};

/* An encoded word (RFC 2047 2) at p? */
static bool word_at(const char *p, const char *end, struct word *ret)
{
    if (end - p < 8 || p[0] != '=' || p[1] != '?')
        return false;
    const char *mark = memchr(p + 2, '?', (size_t)(end - p - 2));
    if (!mark || mark - p > 60 || mark == p + 2 || end - mark < 4 || mark[2] != '?' ||
        !strchr("bBqQ", mark[1]))
        return false;
    const char *text = mark + 3, *last = text;
    while (last + 1 < end && !(last[0] == '?' && last[1] == '=') && *last != '\r' && *last != '\n')
        last++;
    if (last + 1 >= end || last[0] != '?')
        return false;
    *ret = (struct word){p + 2, text, last + 2, (gsize)(mark - p - 2), (gsize)(last - text), mark[1]};
    return true;
}

/* The bytes of a word, g_byte_array_unref. */
static GByteArray *word_bytes(const struct word *word)
{
    GByteArray *bytes = g_byte_array_new();
    if (word->encoding == 'b' || word->encoding == 'B') {
        content_add_base64(bytes, word->text, word->text_len);
        return bytes;
    }
    for (gsize i = 0; i < word->text_len; i++) { /* RFC 2047 4.2 */
        guint8 byte = (guint8)(word->text[i] == '_' ? ' ' : word->text[i]);
        bool coded = byte == '=' && i + 2 < word->text_len && g_ascii_isxdigit(word->text[i + 1]) &&
                     g_ascii_isxdigit(word->text[i + 2]);
        if (coded) {
            byte = (guint8)(g_ascii_xdigit_value(word->text[i + 1]) * 16 +
                            g_ascii_xdigit_value(word->text[i + 2]));
            i += 2;
        }
        g_byte_array_append(bytes, &byte, 1);
    }
    return bytes;
}

/* A word of a set that does not exist ("unknown-8bit"): GMime would make '?' of its letters. */
static void add_unknown(GString *out, const struct word *word, const char *charset)
{
    GByteArray *bytes = word_bytes(word);
    struct str utf8;
    str_init(&utf8, 8 * (size_t)bytes->len + 64);
    (void)charset_to_utf8(charset, (const char *)bytes->data, bytes->len, &utf8);
    g_string_append(out, "=?UTF-8?Q?");
    add_q(out, (const guchar *)utf8.data, utf8.len);
    g_string_append(out, "?=");
    str_release(&utf8);
    g_byte_array_unref(bytes);
}

/* Charset of a word without the language of RFC 2231 5, as its superset. Into a buffer of 64 bytes. */
static const char *word_charset(const struct word *word, char *buffer)
{
    gsize n = word->charset_len < 63 ? word->charset_len : 63;
    memcpy(buffer, word->charset, n);
    buffer[n] = 0;
    char *language = strchr(buffer, '*');
    if (language)
        *language = 0;
    return charset_superset(buffer);
}

char *encoded_words_safe(const char *value, size_t n)
{
    GString *out = g_string_sized_new(n + 64);
    const char *end = value + n, *plain = value;
    for (const char *p = value; p < end;) {
        struct word word;
        if (*p != '=' || !word_at(p, end, &word)) {
            p++;
            continue;
        }
        char buffer[64];
        const char *charset = word_charset(&word, buffer);
        g_string_append_len(out, plain, p - plain);
        p = plain = word.end;
        if (!charset_is_known(charset)) {
            add_unknown(out, &word, charset);
            continue;
        }
        g_string_append_printf(out, "=?%s?Q?", charset);
        if (word.encoding == 'b' || word.encoding == 'B') {
            GByteArray *bytes = word_bytes(&word);
            add_q(out, bytes->data, bytes->len);
            g_byte_array_unref(bytes);
        } else {
            g_string_append_len(out, word.text, (gssize)word.text_len);
        }
        g_string_append(out, "?=");
    }
    g_string_append_len(out, plain, end - plain);
    return g_string_free(out, FALSE);
}
