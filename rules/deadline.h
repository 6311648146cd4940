/* Until when a complaint has to be answered, and when somebody is reminded of it. The office's own promise counts working
 * days (Permenpan RB 62/2018), the law calendar days (UU 25/2009, Perpres 76/2013): the earlier one rules. While the citizen is asked the clock stands
 * still. Times are UTC milliseconds; a deadline is the last millisecond of its day. Pure. */
#ifndef RULES_DEADLINE_H
#define RULES_DEADLINE_H

#include "office_hours.h"

struct deadline_terms {
    int working_days;  /* 0 = none */
    int calendar_days; /* 0 = none */
};

/* Both limits are kept: after a pause the other one may be the earlier. */
struct deadline {
    int64_t promise, law; /* 0 = none */
};

int64_t deadline_due(const struct deadline *deadline); /* the earlier one; 0 = none */

/* The day of the start does not count. */
struct deadline deadline_from(int64_t start, const struct deadline_terms *terms,
    const struct workday_calendar *calendar, int utc_offset_minutes);

/* The citizen was asked, and answered. */
struct deadline_pause {
    int64_t from, to;
    int most_days; /* a longer one counts so many calendar days only: the legal stop; 0 = as long as it lasts */
    bool stops_law; /* the law's limit stands still as well */
};

/* The working days that passed from the day of asking to the day of the answer are given back to the promise, all days to
 * the law's limit if it stood still. */
struct deadline deadline_resume(const struct deadline *before, const struct deadline_pause *pause,
    const struct workday_calendar *calendar, int utc_offset_minutes);

/* What has to be told at `now`: 50, 80 or 100 per cent of the open hours between start and due are over, and the office is
 * open; 0 = nothing. The caller keeps the highest it has told, so that a restart or a jump of the clock neither skips nor
 * repeats one: the highest is told once, lower ones it passed over are not. */
int deadline_reminder(int64_t start, int64_t due, int64_t now, int told, const struct office_hours *hours);

#endif
