#include "oversight.h"
#include <string.h>

enum { LONGEST_CLOSURE = 400, MINUTES = 60, MS_PER_MINUTE = 60000 };

static const char *const keys[SHEET_KINDS] = {"harian", "mingguan"};

const char *sheet_key(enum sheet_kind kind)
{
    return keys[kind];
}

bool sheet_from_key(const char *key, enum sheet_kind *ret_kind)
{
    for (int i = 0; key && i < SHEET_KINDS; i++)
        if (!strcmp(key, keys[i])) {
            *ret_kind = (enum sheet_kind)i;
            return true;
        }
    return false;
}

static bool opens(const struct office_hours *hours, int32_t day)
{
    return office_hours_of(hours, day).end > 0;
}

static bool first_of_week(const struct office_hours *hours, int32_t day)
{
    for (int32_t earlier = day - workday_weekday(day); earlier < day; earlier++)
        if (opens(hours, earlier))
            return false;
    return true;
}

static int64_t moment_on(const struct office_hours *hours, int32_t day, int hour)
{
    struct office_shift shift = office_hours_of(hours, day);
    int minute = hour * MINUTES;
    if (minute >= shift.end)
        minute = shift.end - 1;
    if (minute < shift.start)
        minute = shift.start;
    return workday_end_ms(day - 1, hours->utc_offset_minutes) + 1 + (int64_t)minute * MS_PER_MINUTE;
}

bool sheet_due(
    const struct office_hours *hours, enum sheet_kind kind, int hour, int64_t now, struct sheet_due *ret)
{
    int32_t today = workday_of_ms(now, hours->utc_offset_minutes);
    for (int32_t day = today; day > today - LONGEST_CLOSURE; day--) {
        if (!opens(hours, day) || (kind == SHEET_MINGGUAN && !first_of_week(hours, day)))
            continue;
        *ret = (struct sheet_due){day, moment_on(hours, day, hour)};
        if (ret->at <= now)
            return true;
    }
    return false;
}
