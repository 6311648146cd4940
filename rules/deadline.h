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

/* From start to now, with everything that stood still in between; pauses in order, n of them. */
struct deadline deadline_of(int64_t start, const struct deadline_terms *terms,
    const struct deadline_pause *pauses, size_t n, const struct workday_calendar *calendar,
    int utc_offset_minutes);

/* ---- reminders ---- */

/* told is the highest step so far: 0, then 50, 80, 100 per cent; behind 100 the working days it is late, as 100 + days, from
 * the second on (the first is what 100 tells). */
struct deadline_watch {
    int64_t start, due;
    int64_t stood; /* open time since start in which the clock stood still */
    int told;
};

/* What has to be told at `now`: the highest step that was reached and not told, if the office is open; 0 = nothing. Lower
 * ones that a restart or a jump of the clock passed over are not told afterwards, and none is told twice. */
int deadline_reminder(const struct deadline_watch *watch, int64_t now, const struct office_hours *hours);

/* The first moment at which deadline_reminder() has something; -1 = the office does not open within a year. */
int64_t deadline_reminder_next(const struct deadline_watch *watch, const struct office_hours *hours);

/* Working days late at `now`; 0 = not late. */
int deadline_late(int64_t due, int64_t now, const struct office_hours *hours);

#endif
