#include "text_address.h"
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_address_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || (c & 0x80) ||
           (c && strchr("!#$%&'*+-/=?^_`{|}~.@", c) != NULL);
}

/* Writing without blanks runs into the address ("收件人：a@x"): what is left of the last character of three bytes
 * is none of it. */
static size_t after_wide(struct span s, size_t from, size_t at)
{
    for (size_t i = from; i + 2 < at; i++)
        if (((unsigned char)s.at[i] & 0xF0) == 0xE0)
            from = i + 3;
    return from;
}

struct span text_address_next(struct span s, size_t *at)
{
    for (size_t i = *at; i < s.len; i++) {
        if (s.at[i] != '@')
            continue;
        size_t from = i, to = i + 1;
        while (from > *at && is_address_byte(s.at[from - 1]) && s.at[from - 1] != '@')
            from--;
        while (to < s.len && is_address_byte(s.at[to]) && s.at[to] != '@')
            to++;
        while (to > i + 1 && strchr(".-'/?!*", s.at[to - 1]))
            to--;
        from = after_wide(s, from, i);
        while (from < i && strchr("'/*", s.at[from]))
            from++;
        *at = to;
        struct span found = {s.at + from, to - from};
        if (span_starts(found, "smtp=")) /* X.400 notation of old Exchange */
            found = span_from(found, 5);
        if (from < i && to > i + 1)
            return found;
    }
    *at = s.len;
    return (struct span){0};
}

bool text_address_plausible(const char *text)
{
    const char *at = strchr(text, '@');
    if (!at || at == text || strchr(at + 1, '@'))
        return false;
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || strchr("\"<>(),;:\\", *p))
            return false;
    const char *dot = strrchr(at, '.');
    return dot && dot > at + 1 && strlen(dot) > 2 && !strstr(at, "..") && at[1] != '.' && at[1] != '-';
}

void text_address_keep(char *into, size_t size, struct span s)
{
    if (!s.len || s.len >= size)
        return;
    for (size_t i = 0; i < s.len; i++) /* no address, status or id holds blanks or control bytes */
        if ((unsigned char)s.at[i] <= ' ' || s.at[i] == 0x7f)
            return;
    memcpy(into, s.at, s.len);
    into[s.len] = 0;
}

/* RFC 3463 2. */
size_t text_address_status(struct span s, size_t i)
{
    size_t k = i;
    if (k >= s.len || !s.at[k] || !strchr("245", s.at[k]) ||
        (i && (is_digit(s.at[i - 1]) || s.at[i - 1] == '.')))
        return 0;
    k++;
    for (int part = 0; part < 2; part++) {
        if (k >= s.len || s.at[k] != '.')
            return 0;
        size_t digits = 0;
        for (k++; k < s.len && is_digit(s.at[k]) && digits < 3; k++)
            digits++;
        if (!digits)
            return 0;
    }
    bool goes_on =
        k < s.len && (is_digit(s.at[k]) || (s.at[k] == '.' && k + 1 < s.len && is_digit(s.at[k + 1])));
    return goes_on ? 0 : k - i;
}
