/* When the office is open: hours of each weekday, shorter ones in Ramadan (Perpres 21/2023), none on holidays. Reminders
 * leave in office hours only, and progress towards a deadline is measured in them. Times are UTC milliseconds. Pure. */
#ifndef RULES_OFFICE_HOURS_H
#define RULES_OFFICE_HOURS_H

#include "workday.h"

/* Minutes since midnight in the office's zone; end 0 = closed all day. */
struct office_shift {
    int16_t start, end;
};

/* Days on which other hours rule: Ramadan, a market week. Both ends belong to it. */
struct office_season {
    int32_t from, to;
    struct office_shift week[7]; /* Monday first */
};

struct office_hours {
    const struct workday_calendar *calendar;
    int utc_offset_minutes;
    struct office_shift week[7];
    const struct office_season *seasons; /* the first that holds the day rules */
    size_t season_count;
};

/* Monday to Friday 07:30 to 15:30, in Ramadan 08:00 to 15:00: Perpres 21/2023, its break not taken out. */
extern const struct office_shift office_hours_usual[7], office_hours_ramadan[7];

struct office_shift office_hours_of(const struct office_hours *hours, int32_t day); /* end 0 = closed */
bool office_hours_open(const struct office_hours *hours, int64_t at);

/* The first moment from `at` on at which the office is open; -1 when it does not open within a year. */
int64_t office_hours_next(const struct office_hours *hours, int64_t at);

/* Open time between two moments; 0 when `to` is not later. */
int64_t office_hours_between(const struct office_hours *hours, int64_t from, int64_t to);

/* The moment at which `open_ms` of open time have passed since `from`; -1 as above. */
int64_t office_hours_add(const struct office_hours *hours, int64_t from, int64_t open_ms);

#endif
