#include "register.h"
#include "workday.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Digits and letters without I, L, O and U: what is read aloud or copied from paper cannot be taken for
 * another character, and 32 of them make a character of exactly five bits. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static const char *const roman[] = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

struct directive {
    char letter; /* n, Y, m, R, %; 0 = not one of them */
    int width;   /* of %n; 0 = none given */
    size_t size; /* bytes after the percent sign */
};

static struct directive directive_read(const char *after_percent)
{
    const char *p = after_percent;
    int width = 0;
    if (*p == '0' && p[1] >= '1' && p[1] <= '9') {
        width = p[1] - '0';
        p += 2;
    }
    bool known = width ? *p == 'n' : *p && strchr("nYmR%", *p);
    return (struct directive){
        .letter = known ? *p : 0, .width = width, .size = (size_t)(p - after_percent) + 1};
}

const char *register_format_fault(const char *format)
{
    bool sequence = false, year = false;
    char longest[REGISTER_NUMBER_SIZE];
    for (const char *p = format; *p; p++) {
        if ((unsigned char)*p < 0x20)
            return "tidak boleh berisi karakter kendali";
        if (*p != '%')
            continue;
        struct directive d = directive_read(p + 1);
        if (!d.letter)
            return "hanya mengenal %n, %03n, %Y, %m, %R, dan %%";
        sequence |= d.letter == 'n';
        year |= d.letter == 'Y';
        p += d.size;
    }
    if (!sequence)
        return "harus memuat nomor urut, misalnya %03n";
    if (!year)
        return "harus memuat tahun (%Y), karena nomor urut mulai lagi setiap tahun";
    return register_number(longest, format, 999999999, 2026, 8) ? NULL : "terlalu panjang";
}

static int directive_write(char *out, size_t room, struct directive d, int64_t sequence, int year, int month)
{
    switch (d.letter) {
    case 'n':
        return snprintf(out, room, "%0*lld", d.width, (long long)sequence);
    case 'Y':
        return snprintf(out, room, "%04d", year);
    case 'm':
        return snprintf(out, room, "%02d", month);
    case 'R':
        return snprintf(out, room, "%s", month >= 1 && month <= 12 ? roman[month - 1] : "");
    case '%':
        return snprintf(out, room, "%%");
    default:
        return -1;
    }
}

bool register_number(
    char out[REGISTER_NUMBER_SIZE], const char *format, int64_t sequence, int year, int month)
{
    size_t len = 0;
    for (const char *p = format; *p; p++) {
        size_t room = REGISTER_NUMBER_SIZE - len;
        int n = 1;
        if (*p == '%') {
            struct directive d = directive_read(p + 1);
            n = directive_write(out + len, room, d, sequence, year, month);
            p += d.letter ? d.size : 0;
        } else if (room > 1)
            out[len] = *p;
        if (n < 0 || (size_t)n >= room) {
            out[0] = 0;
            return false;
        }
        len += (size_t)n;
    }
    out[len] = 0;
    return len > 0;
}

void register_period(int64_t ms, int utc_offset_minutes, int *ret_year, int *ret_month)
{
    int day;
    workday_to_date(workday_of_ms(ms, utc_offset_minutes), ret_year, ret_month, &day);
}

void register_code(char out[REGISTER_CODE_SIZE], const unsigned char random[REGISTER_CODE_RANDOM])
{
    uint64_t bits = 0;
    for (int i = 0; i < REGISTER_CODE_RANDOM; i++)
        bits = bits << 8 | random[i];
    for (int i = 0; i < REGISTER_CODE_SIZE - 1; i++, bits >>= 5)
        out[i] = alphabet[bits & 31];
    out[REGISTER_CODE_SIZE - 1] = 0;
}

void register_code_show(char out[REGISTER_SHOWN_SIZE], const char *code)
{
    if (strlen(code) == REGISTER_CODE_SIZE - 1)
        snprintf(out, REGISTER_SHOWN_SIZE, "%.4s-%.4s-%.2s", code, code + 4, code + 8);
    else
        out[0] = 0;
}

static char code_character(char typed)
{
    char c = (char)toupper((unsigned char)typed);
    switch (c) {
    case 'O':
        return '0';
    case 'I':
    case 'L':
        return '1';
    case 'U':
        return 'V';
    default:
        return strchr(alphabet, c) ? c : 0;
    }
}

/* Bytes of a separator at p, 0 when there is none: blanks, ASCII dashes and stops, and what word processors
 * and telephones make of them (U+00A0, U+2010..U+2015, U+2212, in UTF-8). */
static size_t separator_size(const char *p)
{
    if (strchr(" \t\r\n-_.", *p))
        return 1;
    if (!strncmp(p, "\xc2\xa0", 2))
        return 2;
    if (!strncmp(p, "\xe2\x80", 2) && (unsigned char)p[2] >= 0x90 && (unsigned char)p[2] <= 0x95)
        return 3;
    return strncmp(p, "\xe2\x88\x92", 3) ? 0 : 3;
}

bool register_code_parse(char out[REGISTER_CODE_SIZE], const char *text)
{
    size_t len = 0;
    out[0] = 0;
    for (const char *p = text ? text : ""; *p;) {
        size_t skip = separator_size(p);
        char c = skip ? 0 : code_character(*p);
        if (!skip && (!c || len == REGISTER_CODE_SIZE - 1)) {
            out[0] = 0;
            return false;
        }
        if (c)
            out[len++] = c;
        p += skip ? skip : 1;
    }
    bool whole = len == REGISTER_CODE_SIZE - 1;
    out[whole ? len : 0] = 0;
    return whole;
}
