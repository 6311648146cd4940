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

int deadline_reminder(int64_t start, int64_t due, int64_t now, int told, const struct office_hours *hours)
{
    static const int steps[] = {100, 80, 50};
    if (!due || due <= start || !office_hours_open(hours, now))
        return 0;
    int64_t all = office_hours_between(hours, start, due), gone = office_hours_between(hours, start, now);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] > told && (now > due || (all && gone * 100 >= all * steps[i])))
            return steps[i];
    return 0;
}
