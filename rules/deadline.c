#include "deadline.h"

int64_t deadline_due(const struct deadline *deadline)
{
    if (!deadline->promise || !deadline->law)
        return deadline->promise + deadline->law;
    return deadline->promise < deadline->law ? deadline->promise : deadline->law;
}

struct deadline deadline_from(int64_t start, const struct deadline_terms *terms,
    const struct workday_calendar *calendar, int utc_offset_minutes)
{
    struct deadline d = {0, 0};
    int32_t day = workday_of_ms(start, utc_offset_minutes);
    if (terms->working_days > 0)
        d.promise = workday_end_ms(workday_add(day, terms->working_days, calendar), utc_offset_minutes);
    if (terms->calendar_days > 0)
        d.law = workday_end_ms(day + terms->calendar_days, utc_offset_minutes);
    return d;
}

struct deadline deadline_resume(const struct deadline *before, const struct deadline_pause *pause,
    const struct workday_calendar *calendar, int utc_offset_minutes)
{
    struct deadline after = *before;
    int32_t from = workday_of_ms(pause->from, utc_offset_minutes),
            to = workday_of_ms(pause->to, utc_offset_minutes);
    if (pause->most_days > 0 && to > from + pause->most_days)
        to = from + pause->most_days;
    if (to <= from)
        return after;
    int32_t promise = workday_of_ms(before->promise, utc_offset_minutes),
            law = workday_of_ms(before->law, utc_offset_minutes);
    if (before->promise)
        after.promise = workday_end_ms(
            workday_add(promise, workday_between(from, to, calendar), calendar), utc_offset_minutes);
    if (before->law && pause->stops_law)
        after.law = workday_end_ms(law + to - from, utc_offset_minutes);
    return after;
}

struct deadline deadline_of(int64_t start, const struct deadline_terms *terms,
    const struct deadline_pause *pauses, size_t n, const struct workday_calendar *calendar,
    int utc_offset_minutes)
{
    struct deadline d = deadline_from(start, terms, calendar, utc_offset_minutes);
    for (size_t i = 0; i < n; i++)
        d = deadline_resume(&d, &pauses[i], calendar, utc_offset_minutes);
    return d;
}

/* ---- reminders ---- */

enum { OVER = 100 };
static const int shares[] = {50, 80};

/* Open time until a share of what counts is over: the clock stood still for the rest. */
static int64_t open_until(const struct deadline_watch *w, int64_t all, int share)
{
    int64_t counts = all > w->stood ? all - w->stood : 0;
    return w->stood + (counts * share + 99) / 100;
}

int deadline_late(int64_t due, int64_t now, const struct office_hours *hours)
{
    return now <= due ? 0
                      : workday_between(workday_of_ms(due, hours->utc_offset_minutes),
                            workday_of_ms(now, hours->utc_offset_minutes), hours->calendar);
}

int deadline_reminder(const struct deadline_watch *w, int64_t now, const struct office_hours *hours)
{
    int step = 0;
    if (!w->due || w->due <= w->start || !office_hours_open(hours, now))
        return 0;
    if (now > w->due) {
        int late = deadline_late(w->due, now, hours);
        step = late > 1 ? OVER + late : OVER;
    } else {
        int64_t all = office_hours_between(hours, w->start, w->due),
                gone = office_hours_between(hours, w->start, now);
        for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
            if (all > w->stood && gone >= open_until(w, all, shares[i]))
                step = shares[i];
    }
    return step > w->told ? step : 0;
}

/* The office is open on that day, or the next time after it. */
static int64_t opening_on(const struct office_hours *hours, int32_t day)
{
    return office_hours_next(hours, workday_end_ms(day - 1, hours->utc_offset_minutes) + 1);
}

int64_t deadline_reminder_next(const struct deadline_watch *w, const struct office_hours *hours)
{
    int64_t all = w->due > w->start ? office_hours_between(hours, w->start, w->due) : 0;
    if (!w->due || w->due <= w->start)
        return -1;
    for (size_t i = 0; i < sizeof shares / sizeof *shares && all > w->stood; i++) {
        int64_t at = office_hours_add(hours, w->start, open_until(w, all, shares[i]));
        if (at >= 0) /* the last moment of a day is its closing time */
            at = office_hours_next(hours, at);
        if (w->told < shares[i] && at >= 0 && at <= w->due)
            return at;
    }
    int32_t due = workday_of_ms(w->due, hours->utc_offset_minutes);
    int late = w->told < OVER ? 0 : w->told == OVER ? 1 : w->told - OVER;
    return opening_on(hours, late ? workday_add(due, late + 1, hours->calendar) : due + 1);
}
