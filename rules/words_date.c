#include "words_date.h"
#include "workday.h"
#include <stdio.h>

enum { MINUTE_MS = 60 * 1000, DAY_MINUTES = 24 * 60 };

static const char *const days[] = {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"};
static const char *const months[] = {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
    "Agustus", "September", "Oktober", "November", "Desember"};

/* Short names are the first three letters. */
enum { SHORT = 3 };

struct moment {
    int year, month, day; /* month and day from 1 */
    const char *weekday;
    const char *month_name;
    int hour, minute;
};

static struct moment moment_of(int64_t ms, int utc_offset)
{
    int32_t number = workday_of_ms(ms, utc_offset);
    int64_t end = workday_end_ms(number, utc_offset);
    int of_day = DAY_MINUTES - 1 - (int)((end - ms) / MINUTE_MS);
    struct moment m = {.weekday = days[workday_weekday(number)], .hour = of_day / 60, .minute = of_day % 60};
    workday_to_date(number, &m.year, &m.month, &m.day);
    m.month_name = months[m.month - 1];
    return m;
}

const char *words_date_zone(int utc_offset)
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

const char *words_date_month_name(int month)
{
    return month >= 1 && month <= 12 ? months[month - 1] : "";
}

void words_date_long(char *out, size_t size, int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    snprintf(out, size, "%s, %d %s %d", m.weekday, m.day, m.month_name, m.year);
}

void words_date_full(char *out, size_t size, int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    const char *zone = words_date_zone(utc_offset);
    snprintf(out, size, "%s, %d %s %d, pukul %02d.%02d%s%s", m.weekday, m.day, m.month_name, m.year, m.hour,
        m.minute, *zone ? " " : "", zone);
}

void words_date_day(char *out, size_t size, int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    snprintf(out, size, "%d %s %d", m.day, m.month_name, m.year);
}

void words_date_moment(char *out, size_t size, int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    snprintf(out, size, "%.*s, %d %.*s, %02d.%02d", SHORT, m.weekday, m.day, SHORT, m.month_name, m.hour,
        m.minute);
}

void words_date_clock(char *out, size_t size, int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    snprintf(out, size, "%02d.%02d", m.hour, m.minute);
}

void words_date_table(char *out, size_t size, int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    snprintf(out, size, "%02d-%02d-%02d", m.day, m.month, m.year % 100);
}

void words_date_iso(char *out, size_t size, int64_t ms, int utc_offset)
{
    struct moment m = moment_of(ms, utc_offset);
    int away = utc_offset < 0 ? -utc_offset : utc_offset;
    snprintf(out, size, "%04d-%02d-%02dT%02d:%02d%c%02d:%02d", m.year, m.month, m.day, m.hour, m.minute,
        utc_offset < 0 ? '-' : '+', away / 60, away % 60);
}

void words_date_age(char *out, size_t size, int64_t ms, int64_t now_ms, int utc_offset)
{
    int64_t minutes = now_ms > ms ? (now_ms - ms) / MINUTE_MS : 0;
    int apart = workday_of_ms(now_ms, utc_offset) - workday_of_ms(ms, utc_offset);
    if (minutes < 1)
        snprintf(out, size, "baru saja");
    else if (minutes < 60)
        snprintf(out, size, "%d menit lalu", (int)minutes);
    else if (apart == 0)
        snprintf(out, size, "%d jam lalu", (int)(minutes / 60));
    else if (apart == 1)
        snprintf(out, size, "kemarin");
    else
        snprintf(out, size, "%d hari lalu", apart);
}
