/* Working days of an office. Days are counted from 1970-01-01 = 0 in the office's own zone. Pure. */
#ifndef RULES_WORKDAY_H
#define RULES_WORKDAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workday_calendar {
    unsigned weekdays;       /* bit 0 = Monday ... bit 6 = Sunday; 0x1f = five days */
    const int32_t *holidays; /* ascending day numbers; national, cuti bersama and local */
    size_t holiday_count;
};

int32_t workday_of_ms(int64_t ms, int utc_offset_minutes);
int64_t workday_end_ms(int32_t day, int utc_offset_minutes); /* last millisecond of that day, UTC */
int32_t workday_from_date(int year, int month, int day);     /* proleptic Gregorian */
void workday_to_date(int32_t day, int *ret_year, int *ret_month, int *ret_day);
int workday_weekday(int32_t day); /* 0 = Monday */

/* "20-11-2026", "20/11/2026" or "2026-11-20"; false when it is no date of the calendar. NULL is none. */
bool workday_parse(const char *text, int32_t *ret_day);

bool workday_is(int32_t day, const struct workday_calendar *calendar);

/* The n-th working day after `day` (n >= 1); a complaint of a Saturday counts from Monday on. */
int32_t workday_add(int32_t day, int n, const struct workday_calendar *calendar);

/* Working days from the day after `from` up to and including `to`; negative when `to` is earlier. */
int workday_between(int32_t from, int32_t to, const struct workday_calendar *calendar);

#endif
