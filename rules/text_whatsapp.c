#include "text_whatsapp.h"
#include <stdint.h>
#include <string.h>

static const char zero_width_space[] = "\xE2\x80\x8B"; /* U+200B */

/* Bytes of the character at s (1 for stray bytes) and its code point. */
static size_t character(const char *s, uint32_t *ret_code_point)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t n = p[0] < 0xC2 || p[0] > 0xF4 ? 1 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    uint32_t c = n == 1 ? p[0] : n == 2 ? p[0] & 0x1Fu : n == 3 ? p[0] & 0x0Fu : p[0] & 0x07u;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            *ret_code_point = 0xFFFD;
            return 1;
        }
        c = c << 6 | (p[i] & 0x3Fu);
    }
    *ret_code_point = c;
    return n;
}

static size_t units_of(uint32_t c)
{
    return c > 0xFFFF ? 2 : 1;
}

size_t text_whatsapp_units(const char *text)
{
    size_t units = 0;
    for (uint32_t c; *text; units += units_of(c))
        text += character(text, &c);
    return units;
}

/* ---- formatting characters ---- */

static bool is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of a block marker ("> ", "* ", "- ", "12. ") at the beginning of a line, without its space; 0 =
 * none. */
static size_t block_marker(const char *line)
{
    if (strchr(">*-", *line) && *line)
        return line[1] == ' ' || *line == '>' ? 1 : 0;
    size_t n = 0;
    while (n < 3 && is_digit(line[n]))
        n++;
    return n && line[n] == '.' && line[n + 1] == ' ' ? n + 1 : 0;
}

void text_whatsapp_neutralise(struct str *out, const char *text)
{
    bool line_begins = true;
    char before = '\n';
    while (*text) {
        size_t block = line_begins ? block_marker(text) : 0;
        line_begins = *text == '\n';
        if (block) {
            str_add(out, text, block);
            str_adds(out, zero_width_space);
            before = text[block - 1];
            text += block;
            continue;
        }
        str_addc(out, *text);
        bool edge = !is_word_byte(before) || !is_word_byte(text[1]);
        if (*text == '`' || (strchr("*_~", *text) && edge))
            str_adds(out, zero_width_space);
        before = *text++;
    }
}

/* ---- parts ---- */

enum { NUMBER_UNITS = 8 /* "(12/34) " */, PARTS_MAX = 99, LEAST = 64 };

static bool is_regional(uint32_t c)
{
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

/* Characters that belong to the one before: joiners, variation selectors, skin tones, combining marks,
 * tags. */
static bool clings(uint32_t c)
{
    return c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F3FB && c <= 0x1F3FF) ||
           (c >= 0x0300 && c <= 0x036F) || c == 0x20E3 || (c >= 0xE0020 && c <= 0xE007F) || c == 0x200B;
}

/* How good a cut before `now` and behind `last` is: 0 = never. */
enum cut { CUT_NEVER, CUT_CHARACTER, CUT_WORD, CUT_SENTENCE, CUT_LINE, CUT_PARAGRAPH, CUT_KINDS };

static enum cut cut_between(uint32_t before_last, uint32_t last, uint32_t now, bool odd_regional)
{
    if (clings(now) || last == 0x200D || (is_regional(now) && odd_regional))
        return CUT_NEVER;
    if (last == '\n')
        return before_last == '\n' ? CUT_PARAGRAPH : CUT_LINE;
    if (last == ' ')
        return before_last == '.' || before_last == '!' || before_last == '?' ? CUT_SENTENCE : CUT_WORD;
    return CUT_CHARACTER;
}

/* Bytes of the first part. A better kind of cut wins while it leaves the part at least half full; a sequence
 * that clings together beyond the whole limit is cut between characters all the same, or nothing would ever
 * leave. */
size_t text_whatsapp_first(const char *text, struct text_whatsapp_limits most)
{
    const size_t max_bytes = most.bytes ? most.bytes : SIZE_MAX;
    size_t best[CUT_KINDS] = {0}, at = 0, units = 0, last_fit = 0;
    uint32_t last = 0, before_last = 0, c;
    bool odd_regional = false;
    while (text[at]) {
        size_t n = character(text + at, &c);
        if (at) {
            enum cut cut = cut_between(before_last, last, c, odd_regional);
            if (cut == CUT_CHARACTER || units * 2 >= most.units || at >= max_bytes / 2)
                best[cut] = at;
        }
        if (units + units_of(c) > most.units || at + n > max_bytes)
            break;
        units += units_of(c);
        at += n;
        last_fit = at;
        odd_regional = is_regional(c) && !odd_regional;
        before_last = last;
        last = c;
    }
    if (!text[at])
        return at;
    for (int kind = CUT_PARAGRAPH; kind >= CUT_CHARACTER; kind--)
        if (best[kind])
            return best[kind];
    return last_fit;
}

static size_t trimmed(const char *part, size_t n)
{
    while (n && strchr(" \n\r", part[n - 1]))
        n--;
    return n;
}

/* Adds the parts when out is given; only counts them otherwise. */
static unsigned cut_parts(struct str *out, const char *text, struct text_whatsapp_limits most, unsigned total)
{
    unsigned count = 0;
    while (*(text += strspn(text, " \n\r"))) {
        size_t n = text_whatsapp_first(text, most);
        count++;
        if (out && total > 1)
            str_addf(out, "(%u/%u) ", count, total);
        if (out) {
            str_add(out, text, trimmed(text, n));
            str_addc(out, '\0');
        }
        text += n;
        if (count > PARTS_MAX)
            return 0;
    }
    return count;
}

unsigned text_whatsapp_split(struct str *parts, const char *text, struct text_whatsapp_limits most)
{
    if (most.units < LEAST || (most.bytes && most.bytes < LEAST))
        return 0;
    if (text_whatsapp_units(text) > most.units || (most.bytes && strlen(text) > most.bytes)) {
        most.units -= NUMBER_UNITS;
        most.bytes -= most.bytes ? NUMBER_UNITS : 0;
    }
    unsigned total = cut_parts(NULL, text, most, 0);
    if (total)
        cut_parts(parts, text, most, total);
    return str_ok(parts) ? total : 0;
}
