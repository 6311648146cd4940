#include "letter_code.h"
#include <stdbool.h>
#include <stdint.h>
#include <openssl/evp.h>
#include <string.h>

enum {
    LINE_MOST = 76, /* RFC 2045 6.7: encoded lines; header lines keep to it as well */
    WORD_BYTES =
        39, /* UTF-8 bytes in one encoded word: 52 base64 characters + "=?utf-8?B?" + "?=" = 64 <= 75 */
};

static const char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void base64_add(struct str *out, const unsigned char *p, size_t n)
{
    for (; n; p += n < 3 ? n : 3, n -= n < 3 ? n : 3) {
        uint32_t v = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? (uint32_t)p[2] : 0);
        str_addc(out, base64_alphabet[v >> 18]);
        str_addc(out, base64_alphabet[v >> 12 & 63]);
        str_addc(out, n > 1 ? base64_alphabet[v >> 6 & 63] : '=');
        str_addc(out, n > 2 ? base64_alphabet[v & 63] : '=');
    }
}

/* ---- headers ---- */

/* Can stand in a header as it is: printable ASCII that nobody takes for an encoded word, words that fit a
 * line. */
static bool header_plain(const char *value)
{
    size_t word = 0;
    if (strstr(value, "=?") || *value == ' ' || !*value || value[strlen(value) - 1] == ' ')
        return false;
    for (const char *p = value; *p; p++) {
        if (*p < 0x20 || *p > 0x7e || (*p == ' ' && p[1] == ' '))
            return false;
        word = *p == ' ' ? 0 : word + 1;
        if (word > LINE_MOST - 20)
            return false;
    }
    return true;
}

/* Bytes of the next piece that does not split a character (RFC 2047 5: each encoded word stands for
 * itself). */
static size_t word_length(const char *value)
{
    size_t n = strnlen(value, WORD_BYTES);
    if (n == WORD_BYTES)
        while (n > 1 && ((unsigned char)value[n] & 0xc0) == 0x80)
            n--;
    return n;
}

static void encoded_words(struct str *out, const char *value)
{
    for (bool first = true; *value; first = false) {
        unsigned char piece[WORD_BYTES];
        size_t n = word_length(value);
        for (size_t i = 0; i < n; i++) /* '\0' cannot occur */
            piece[i] = (unsigned char)value[i] < 0x20 || value[i] == 0x7f ? ' ' : (unsigned char)value[i];
        str_adds(out, first ? "=?utf-8?B?" : "\r\n =?utf-8?B?");
        base64_add(out, piece, n);
        str_adds(out, "?=");
        value += n;
    }
}

/* Folds at the single spaces of a plain value; column: bytes already on the line. */
static void folded(struct str *out, const char *value, size_t column)
{
    while (*value) {
        size_t n = strcspn(value, " ");
        if (column + 1 + n > LINE_MOST) {
            str_adds(out, "\r\n");
            column = 0;
        }
        str_addc(out, ' ');
        str_add(out, value, n);
        column += n + 1;
        value += n + (value[n] == ' ');
    }
}

void letter_code_header(struct str *out, const char *name, const char *value)
{
    str_adds(out, name);
    if (header_plain(value)) {
        str_addc(out, ':');
        folded(out, value, strlen(name) + 1);
    } else {
        str_adds(out, ": ");
        encoded_words(out, *value ? value : " ");
    }
    str_adds(out, "\r\n");
}

/* RFC 5322 3.2.4: a quoted string may hold everything but backslash and quote, which get a backslash. */
static void quoted_string(struct str *out, const char *text)
{
    str_addc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            str_addc(out, '\\');
        str_addc(out, *text);
    }
    str_addc(out, '"');
}

void letter_code_mailbox(struct str *out, const char *name, const char *display, const char *address)
{
    str_addf(out, "%s: ", name);
    if (display && *display) {
        if (header_plain(display) && strlen(display) <= LINE_MOST - 20)
            quoted_string(out, display);
        else
            encoded_words(out, display);
        str_adds(out, "\r\n ");
    }
    str_addf(out, "<%s>\r\n", address);
}

/* ---- body ---- */

/* Length of the line end at p, 0 = none. */
static size_t line_end(const char *p, const char *end)
{
    if (*p == '\n')
        return 1;
    if (*p != '\r')
        return 0;
    return p + 1 < end && p[1] == '\n' ? 2 : 1;
}

static bool quoted_needs_code(const char *p, const char *end, size_t column)
{
    unsigned char c = (unsigned char)*p;
    if (c == ' ' || c == '\t') /* RFC 2045 6.7 (3): not at the end of a line */
        return p + 1 == end || line_end(p + 1, end);
    if (c < 0x21 || c > 0x7e || c == '=')
        return true;
    /* A lone dot or "From " at the beginning of a line are what careless relays change. */
    return column == 0 && (c == '.' || (end - p >= 5 && !memcmp(p, "From ", 5)));
}

static void quoted_printable(struct str *out, const char *p, const char *end)
{
    size_t column = 0, n;
    while (p < end) {
        if ((n = line_end(p, end)) > 0) {
            str_adds(out, "\r\n");
            column = 0;
            p += n;
            continue;
        }
        bool code = quoted_needs_code(p, end, column);
        if (column + (code ? 3 : 1) > LINE_MOST - 1) {
            str_adds(out, "=\r\n");
            column = 0;
            continue;
        }
        if (code)
            str_addf(out, "=%02X", (unsigned char)*p);
        else
            str_addc(out, *p);
        column += code ? 3 : 1;
        p++;
    }
    if (column)
        str_adds(out, "\r\n");
}

/* Text in base64 has CRLF inside too (RFC 2045 6.8: canonical form first). */
static void base64_lines(struct str *out, const char *p, const char *end)
{
    unsigned char line[LINE_MOST / 4 * 3];
    size_t used = 0, n;
    while (p < end) {
        const char *bytes = p;
        size_t count = 1;
        if ((n = line_end(p, end)) > 0) {
            bytes = "\r\n";
            count = 2;
            p += n;
        } else {
            p++;
        }
        for (size_t i = 0; i < count; i++) {
            line[used++] = (unsigned char)bytes[i];
            if (used == sizeof line) {
                base64_add(out, line, used);
                str_adds(out, "\r\n");
                used = 0;
            }
        }
    }
    if (used) {
        base64_add(out, line, used);
        str_adds(out, "\r\n");
    }
}

void letter_code_body(struct str *out, const char *text, size_t length)
{
    const char *end = text + length;
    size_t foreign = 0;
    for (const char *p = text; p < end; p++)
        foreign += (unsigned char)*p > 0x7e;
    /* Quoted-printable stays legible in the raw file; above one sixth of coded bytes base64 is shorter. */
    bool base64 = foreign * 6 > length;
    str_addf(out, "Content-Transfer-Encoding: %s\r\n\r\n", base64 ? "base64" : "quoted-printable");
    if (base64)
        base64_lines(out, text, end);
    else
        quoted_printable(out, text, end);
}

/* ---- parameters and files ---- */

/* RFC 2231 7: attribute-char. */
static bool attribute_char(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$&+-.^_`{|}~", c));
}

void letter_code_parameter(struct str *out, const char *name, const char *value)
{
    bool plain = strlen(value) < 60;
    for (const char *p = value; *p && plain; p++)
        plain = *p >= 0x20 && *p <= 0x7e;
    if (plain) {
        str_addf(out, ";\r\n %s=", name);
        quoted_string(out, value);
        return;
    }
    for (int piece = 0; *value; piece++) {
        size_t column = 0;
        str_addf(out, ";\r\n %s*%d*=%s", name, piece, piece ? "" : "utf-8''");
        for (; *value && column < 50; value++) {
            unsigned char c = (unsigned char)*value;
            if (attribute_char(c))
                str_addc(out, (char)c);
            else
                str_addf(out, "%%%02X", c);
            column += attribute_char(c) ? 1 : 3;
        }
    }
}

void letter_code_bytes(struct str *out, const void *data, size_t size)
{
    enum { IN = LINE_MOST / 4 * 3 };
    const unsigned char *p = data;
    unsigned char line[LINE_MOST + 3];
    for (; size; p += size < IN ? size : IN, size -= size < IN ? size : IN) {
        int n = EVP_EncodeBlock(line, p, (int)(size < IN ? size : IN));
        line[n++] = '\r';
        line[n++] = '\n';
        str_add(out, line, (size_t)n);
    }
}
