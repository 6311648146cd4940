#include "text_match.h"
#include <string.h>

struct span span_of(const char *text)
{
    return (struct span){text ? text : "", text ? strlen(text) : 0};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes of white space at the start of s: 0, 1, or the UTF-8 of U+00A0, U+200B, U+FEFF. */
static size_t space_at(struct span s)
{
    if (s.len && is_space(s.at[0]))
        return 1;
    if (s.len >= 2 && !memcmp(s.at, "\xc2\xa0", 2))
        return 2;
    if (s.len >= 3 && (!memcmp(s.at, "\xef\xbb\xbf", 3) || !memcmp(s.at, "\xe2\x80\x8b", 3)))
        return 3;
    return 0;
}

struct span span_trim(struct span s)
{
    for (size_t n; (n = space_at(s)) > 0; s.at += n, s.len -= n)
        ;
    for (bool more = true; more && s.len;) {
        more = false;
        for (size_t n = 1; n <= 3 && n <= s.len; n++) {
            struct span tail = {s.at + s.len - n, n};
            if (space_at(tail) == n) {
                s.len -= n;
                more = true;
                break;
            }
        }
    }
    return s;
}

struct span span_next_line(struct span *rest)
{
    const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->at) : rest->len;
    struct span line = {rest->at, len};
    size_t used = end ? len + 1 : len;
    rest->at += used;
    rest->len -= used;
    while (line.len && line.at[line.len - 1] == '\r') /* CR CR LF comes from relays that add one too many */
        line.len--;
    return line;
}

bool span_is_blank(struct span s)
{
    for (size_t n; s.len && ((n = space_at(s)) > 0 || (n = (unsigned char)s.at[0] < ' ') > 0);
         s.at += n, s.len -= n)
        ;
    return s.len == 0;
}

/* The small letter of a two-byte character: Latin with accents, Greek, Cyrillic. All pairs have equal length. */
static unsigned small_letter(unsigned char first, unsigned char second)
{
    unsigned c = (first & 0x1Fu) << 6 | (second & 0x3Fu);
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x1A0 && c <= 0x1A5))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c + (c & 1);
    return c;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_pair(const char *p, size_t left)
{
    return left >= 2 && ((unsigned char)p[0] & 0xE0) == 0xC0 && ((unsigned char)p[1] & 0xC0) == 0x80;
}

static bool same(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n;) {
        if (is_pair(a + i, n - i) && is_pair(b + i, n - i)) {
            if (small_letter((unsigned char)a[i], (unsigned char)a[i + 1]) !=
                small_letter((unsigned char)b[i], (unsigned char)b[i + 1]))
                return false;
            i += 2;
        } else if (small(a[i]) == small(b[i])) {
            i++;
        } else {
            return false;
        }
    }
    return true;
}

/* Cheap enough to be asked of every line and word; most comparisons end here. */
static bool may_begin(char c, char word)
{
    return small(c) == small(word) || (c & word & 0x80);
}

bool span_equals(struct span s, const char *word)
{
    return s.len == strlen(word) && same(s.at, word, s.len);
}

bool span_starts(struct span s, const char *word)
{
    if (*word && (!s.len || !may_begin(s.at[0], *word)))
        return false;
    size_t n = strlen(word);
    return s.len >= n && same(s.at, word, n);
}

bool span_ends(struct span s, const char *word)
{
    size_t n = strlen(word);
    return s.len >= n && same(s.at + s.len - n, word, n);
}

/* Where word is in s at or after from; (size_t)-1 when nowhere. */
static size_t find(struct span s, const char *word, size_t from)
{
    size_t n = strlen(word);
    for (size_t i = from; n && i + n <= s.len; i++)
        if (may_begin(s.at[i], word[0]) && same(s.at + i, word, n))
            return i;
    return (size_t)-1;
}

bool span_has(struct span s, const char *word)
{
    return find(s, word, 0) != (size_t)-1;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80);
}

bool span_has_word(struct span s, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = find(s, word, 0); i != (size_t)-1; i = find(s, word, i + 1))
        if ((i == 0 || !is_letter(s.at[i - 1])) && (i + n == s.len || !is_letter(s.at[i + n])))
            return true;
    return false;
}

bool span_has_any(struct span s, const char *const *words)
{
    for (; *words; words++)
        if (span_has(s, *words))
            return true;
    return false;
}

bool span_starts_any(struct span s, const char *const *words)
{
    for (; *words; words++)
        if (span_starts(s, *words))
            return true;
    return false;
}

bool span_equals_any(struct span s, const char *const *words)
{
    for (; *words; words++)
        if (span_equals(s, *words))
            return true;
    return false;
}

bool span_ends_any(struct span s, const char *const *words)
{
    for (; *words; words++)
        if (span_ends(s, *words))
            return true;
    return false;
}

size_t span_find(struct span s, const char *word)
{
    size_t at = find(s, word, 0);
    return at == (size_t)-1 ? s.len : at;
}

struct span span_from(struct span s, size_t at)
{
    size_t used = at < s.len ? at : s.len;
    return used ? (struct span){s.at + used, s.len - used} : s; /* nothing is added to a NULL pointer */
}

size_t span_count_words(struct span s)
{
    size_t words = 0;
    bool inside = false;
    for (size_t i = 0; i < s.len; i++) {
        bool space = is_space(s.at[i]);
        words += !space && !inside;
        inside = !space;
    }
    return words;
}
