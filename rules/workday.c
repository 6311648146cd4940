#include "workday.h"

enum { MS_PER_DAY = 86400000, LONGEST_CLOSURE = 400 };

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t workday_of_ms(int64_t ms, int utc_offset_minutes)
{
    return (int32_t)floor_divide(ms + (int64_t)utc_offset_minutes * 60000, MS_PER_DAY);
}

int64_t workday_end_ms(int32_t day, int utc_offset_minutes)
{
    return ((int64_t)day + 1) * MS_PER_DAY - 1 - (int64_t)utc_offset_minutes * 60000;
}

/* Days from civil: years begin in March, so that the leap day is the last of the year. */
int32_t workday_from_date(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (int)floor_divide(y, 400), of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * 146097 + days - 719468;
}

void workday_to_date(int32_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int32_t z = day + 719468, era = (int32_t)floor_divide(z, 146097), of_era = z - era * 146097;
    int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    *ret_day = of_year - (153 * month + 2) / 5 + 1;
    *ret_month = month < 10 ? month + 3 : month - 9;
    *ret_year = year + era * 400 + (*ret_month <= 2);
}

int workday_weekday(int32_t day)
{
    int w = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return w < 0 ? w + 7 : w;
}

/* Up to four digits at *text, which moves behind them; -1 when there are none. */
static int read_digits(const char **text)
{
    int value = -1;
    for (int n = 0; n < 4 && **text >= '0' && **text <= '9'; n++)
        value = (value < 0 ? 0 : value) * 10 + *(*text)++ - '0';
    return value;
}

bool workday_parse(const char *text, int32_t *ret_day)
{
    int parts[3], year, month, day;
    for (int i = 0; i < 3; i++) {
        parts[i] = text ? read_digits(&text) : -1;
        if (parts[i] < 0 || (i < 2 && *text != '-' && *text != '/'))
            return false;
        text += i < 2;
    }
    int y = parts[0] > 31 ? parts[0] : parts[2], d = parts[0] > 31 ? parts[2] : parts[0];
    if (*text || y < 1900 || parts[1] < 1 || parts[1] > 12 || d < 1 || d > 31)
        return false;
    int32_t number = workday_from_date(y, parts[1], d);
    workday_to_date(number, &year, &month, &day);
    if (year != y || month != parts[1] || day != d)
        return false;
    *ret_day = number;
    return true;
}

bool workday_is(int32_t day, const struct workday_calendar *calendar)
{
    if (!(calendar->weekdays >> workday_weekday(day) & 1))
        return false;
    size_t low = 0, high = calendar->holiday_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (calendar->holidays[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low == calendar->holiday_count || calendar->holidays[low] != day;
}

int32_t workday_add(int32_t day, int n, const struct workday_calendar *calendar)
{
    int closed = 0; /* a calendar without working days must not hang the daemon */
    while (n > 0 && closed < LONGEST_CLOSURE) {
        day++;
        if (workday_is(day, calendar)) {
            n--;
            closed = 0;
        } else
            closed++;
    }
    return day;
}

int workday_between(int32_t from, int32_t to, const struct workday_calendar *calendar)
{
    int n = 0;
    for (int32_t day = from; day < to; day++)
        n += workday_is(day + 1, calendar);
    for (int32_t day = from; day > to; day--)
        n -= workday_is(day, calendar);
    return n;
}
