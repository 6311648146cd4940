#include "moment.h"
#include "workday.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool moment_from_unix(double number, int64_t *ret_ms)
{
    /* 1e11 s is the year 5138, 1e11 ms is 1973: no message is either. Above the year 9999 it is no time. */
    if (!(number > 0) || number > 253402300799000.0)
        return false;
    *ret_ms = number < 1e11 ? (int64_t)(number * 1000 + 0.5) : (int64_t)number;
    return true;
}

/* Two digits at s, -1 when they are none or exceed max. */
static int two_digits(const char *s, int max)
{
    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
        return -1;
    int n = (s[0] - '0') * 10 + (s[1] - '0');
    return n <= max ? n : -1;
}

/* RFC 3339 section 5.6 time-offset, or "+0700" of ISO 8601; minutes east of Greenwich. A missing one is UTC: Wablas
 * leaves it out at times. */
static bool read_offset(const char *s, int *ret_minutes)
{
    *ret_minutes = 0;
    if (!*s || ((*s == 'Z' || *s == 'z') && !s[1]))
        return true;
    size_t n = strlen(s);
    if ((n != 6 && n != 5) || (*s != '+' && *s != '-') || (n == 6 && s[3] != ':'))
        return false;
    int hours = two_digits(s + 1, 23), minutes = two_digits(s + n - 2, 59);
    *ret_minutes = (hours * 60 + minutes) * (*s == '-' ? -1 : 1);
    return hours >= 0 && minutes >= 0;
}

/* RFC 3339 section 5.6 time-secfrac: up to milliseconds, more digits are passed over. */
static const char *read_fraction(const char *s, int *ret_ms)
{
    *ret_ms = 0;
    if (*s != '.')
        return s;
    int scale = 100;
    for (s++; *s >= '0' && *s <= '9'; s++, scale /= 10)
        *ret_ms += (*s - '0') * scale;
    return s;
}

static bool is_date(int year, int month, int day)
{
    int y, m, d;
    workday_to_date(workday_from_date(year, month, day), &y, &m, &d);
    return y == year && m == month && d == day;
}

bool moment_from_rfc3339(const char *text, int64_t *ret_ms)
{
    if (strlen(text) < 19 || strlen(text) > 40)
        return false;
    int century = two_digits(text, 99), years = two_digits(text + 2, 99);
    int month = two_digits(text + 5, 12), day = two_digits(text + 8, 31);
    int hour = two_digits(text + 11, 23), minute = two_digits(text + 14, 59),
        second = two_digits(text + 17, 60);
    bool punctuated =
        text[4] == '-' && text[7] == '-' && strchr("Tt ", text[10]) && text[13] == ':' && text[16] == ':';
    if (!punctuated || century < 0 || years < 0 || month < 1 || day < 1 || hour < 0 || minute < 0 ||
        second < 0)
        return false;
    int year = century * 100 + years, fraction, offset;
    if (year < 1970 || !is_date(year, month, day) ||
        !read_offset(read_fraction(text + 19, &fraction), &offset))
        return false;
    int64_t minutes = ((int64_t)workday_from_date(year, month, day) * 24 + hour) * 60 + minute - offset;
    *ret_ms = (minutes * 60 + second) * 1000 + fraction;
    return true;
}

/* A number of one to `most` digits, and the character behind it; *s moves behind both. -1 = it is none. */
static int take_number(const char **s, size_t most, char behind)
{
    size_t n = strspn(*s, "0123456789");
    if (!n || n > most || (*s)[n] != behind)
        return -1;
    int number = (int)strtol(*s, NULL, 10);
    *s += n + 1;
    return number;
}

/* 1..12, 0 = none of them; *s moves behind the name and the blank. */
static int take_month(const char **s)
{
    static const char *const names[] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (int i = 0; i < 12; i++)
        if (!strncmp(*s, names[i], 3) && (*s)[3] == ' ') {
            *s += 4;
            return i + 1;
        }
    return 0;
}

bool moment_from_rfc5322(const char *text, int64_t *ret_ms)
{
    const char *comma = strchr(text, ','), *s = comma ? comma + 1 : text;
    s += strspn(s, " ");
    int day = take_number(&s, 2, ' '), month = day < 0 ? 0 : take_month(&s);
    int year = month ? take_number(&s, 4, ' ') : -1, hour = year < 0 ? -1 : take_number(&s, 2, ':');
    int minute = hour < 0 ? -1 : take_number(&s, 2, ':'), second = minute < 0 ? -1 : take_number(&s, 2, ' ');
    int offset;
    if (second < 0 || year < 1970 || hour > 23 || minute > 59 || second > 60 || !is_date(year, month, day) ||
        !read_offset(strcmp(s, "GMT") ? s : "", &offset))
        return false;
    int64_t minutes = ((int64_t)workday_from_date(year, month, day) * 24 + hour) * 60 + minute - offset;
    *ret_ms = (minutes * 60 + second) * 1000;
    return true;
}

void moment_print(int64_t ms, char out[MOMENT_TEXT])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    if (!gmtime_r(&seconds, &tm) || !strftime(out, MOMENT_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm))
        out[0] = '\0';
}
