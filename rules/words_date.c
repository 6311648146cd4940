#include "words_date.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { MINUTE_MS = 60 * 1000, DAY_MINUTES = 24 * 60 };

static const char *const days[] = {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"};
static const char *const days_short[] = {"Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"};
static const char *const months[] = {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
    "Agustus", "September", "Oktober", "November", "Desember"};
static const char *const months_short[] = {
    "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"};

struct moment {
    int64_t day_number;
    int year, month, day; /* month and day from 1 */
    int weekday;          /* 0 = Senin */
    int hour, minute;
};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Gregorian calendar by eras of 400 years (146097 days) that begin on 1 March, so that the leap day is the
 * last of its year. */
void words_calendar(int64_t day_number, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t days_since = day_number + 719468; /* from 0000-03-01 */
    int64_t era = floor_div(days_since, 146097);
    int64_t in_era = days_since - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153; /* 0 = March */
    *ret_day = (int)(in_year - (153 * month + 2) / 5 + 1);
    *ret_month = (int)(month < 10 ? month + 3 : month - 9);
    *ret_year = (int)(year + era * 400 + (*ret_month <= 2));
}

int64_t words_day_of(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400), in_era = y - era * 400;
    int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

int64_t words_day_number(int64_t ms, int utc_offset)
{
    return floor_div(floor_div(ms, MINUTE_MS) + utc_offset, DAY_MINUTES);
}

static struct moment moment_of(int64_t ms, int utc_offset)
{
    int64_t minutes = floor_div(ms, MINUTE_MS) + utc_offset;
    struct moment m = {.day_number = floor_div(minutes, DAY_MINUTES)};
    int of_day = (int)(minutes - m.day_number * DAY_MINUTES);
    words_calendar(m.day_number, &m.year, &m.month, &m.day);
    m.weekday = (int)((m.day_number % 7 + 10) % 7); /* 1970-01-01 was a Thursday */
    m.hour = of_day / 60;
    m.minute = of_day % 60;
    return m;
}

const char *words_zone(int utc_offset)
{
    switch (utc_offset) {
    case 7 * 60:
        return "WIB";
    case 8 * 60:
        return "WITA";
    case 9 * 60:
        return "WIT";
    default:
        return "";
    }
}

struct words words_date(int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    struct words w;
    snprintf(w.text, sizeof w.text, "%s, %d %s %d", days[m.weekday], m.day, months[m.month - 1], m.year);
    return w;
}

struct words words_date_full(int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    const char *zone = words_zone(utc_offset);
    struct words w;
    snprintf(w.text, sizeof w.text, "%s, %d %s %d, pukul %02d.%02d%s%s", days[m.weekday], m.day,
        months[m.month - 1], m.year, m.hour, m.minute, *zone ? " " : "", zone);
    return w;
}

struct words words_date_day(int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    struct words w;
    snprintf(w.text, sizeof w.text, "%d %s %d", m.day, months[m.month - 1], m.year);
    return w;
}

struct words words_date_short(int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    struct words w;
    snprintf(w.text, sizeof w.text, "%s, %d %s, %02d.%02d", days_short[m.weekday], m.day,
        months_short[m.month - 1], m.hour, m.minute);
    return w;
}

struct words words_date_table(int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    struct words w;
    snprintf(w.text, sizeof w.text, "%02d-%02d-%02d", m.day, m.month, m.year % 100);
    return w;
}

struct words words_date_iso(int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    int away = utc_offset < 0 ? -utc_offset : utc_offset;
    struct words w;
    snprintf(w.text, sizeof w.text, "%04d-%02d-%02dT%02d:%02d%c%02d:%02d", m.year, m.month, m.day, m.hour,
        m.minute, utc_offset < 0 ? '-' : '+', away / 60, away % 60);
    return w;
}

struct words words_time(int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    struct words w;
    snprintf(w.text, sizeof w.text, "%02d.%02d", m.hour, m.minute);
    return w;
}

struct words words_month(int year, int month)
{
    struct words w;
    snprintf(w.text, sizeof w.text, "%s %d", months[(month + 11) % 12], year);
    return w;
}

struct words words_age(int64_t now_ms, int64_t ms, int utc_offset)
{
    int64_t minutes = floor_div(now_ms - ms, MINUTE_MS);
    int64_t apart = words_day_number(now_ms, utc_offset) - words_day_number(ms, utc_offset);
    struct words w;
    if (minutes < 1)
        snprintf(w.text, sizeof w.text, "baru saja");
    else if (minutes < 60)
        snprintf(w.text, sizeof w.text, "%d menit lalu", (int)minutes);
    else if (apart == 0)
        snprintf(w.text, sizeof w.text, "%d jam lalu", (int)(minutes / 60));
    else if (apart == 1)
        snprintf(w.text, sizeof w.text, "kemarin");
    else
        snprintf(w.text, sizeof w.text, "%lld hari lalu", (long long)apart);
    return w;
}

/* Up to four digits at *at; moves behind them. -1 when there are none or more. */
static int read_number(const char **at)
{
    int value = 0, digits = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++, digits++) {
        if (digits == 4)
            return -1;
        value = value * 10 + (**at - '0');
    }
    return digits ? value : -1;
}

static bool skip_separator(const char **at)
{
    return **at && strchr("-/. ", *(*at)++);
}

bool words_date_parse(const char *text, int64_t *ret_day_number)
{
    int part[3];
    const char *at = text + strspn(text, " ");
    size_t first = strspn(at, "0123456789");
    for (int i = 0; i < 3; i++) {
        part[i] = read_number(&at);
        if (part[i] < 0 || (i < 2 && !skip_separator(&at)))
            return false;
    }
    int year = part[first == 4 ? 0 : 2], month = part[1], day = part[first == 4 ? 2 : 0];
    if (at[strspn(at, " ")] || year < 1900 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    int64_t number = words_day_of(year, month, day);
    int y, m, d;
    words_calendar(number, &y, &m, &d);
    if (d != day) /* 31-02 runs over into March */
        return false;
    *ret_day_number = number;
    return true;
}
