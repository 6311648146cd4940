#include "office_hours.h"

enum { MS_PER_MINUTE = 60000, LONGEST_CLOSURE = 400 };

#define ALL_WEEK(start, end)                                                                                 \
    {                                                                                                        \
        {start, end}, {start, end}, {start, end}, {start, end}, {start, end}, {0, 0},                        \
        {                                                                                                    \
            0, 0                                                                                             \
        }                                                                                                    \
    }

const struct office_shift office_hours_usual[7] = ALL_WEEK(450, 930);
const struct office_shift office_hours_ramadan[7] = ALL_WEEK(480, 900);

struct office_shift office_hours_of(const struct office_hours *hours, int32_t day)
{
    const struct office_shift *week = hours->week;
    if (!workday_is(day, hours->calendar))
        return (struct office_shift){0, 0};
    for (size_t i = 0; i < hours->season_count; i++)
        if (day >= hours->seasons[i].from && day <= hours->seasons[i].to) {
            week = hours->seasons[i].week;
            break;
        }
    struct office_shift shift = week[workday_weekday(day)];
    return shift.end > shift.start ? shift : (struct office_shift){0, 0};
}

struct opening {
    int64_t from, to; /* [from, to) */
};

static struct opening opening_of(const struct office_hours *hours, int32_t day)
{
    struct office_shift shift = office_hours_of(hours, day);
    int64_t midnight = workday_end_ms(day - 1, hours->utc_offset_minutes) + 1;
    return (struct opening){
        midnight + (int64_t)shift.start * MS_PER_MINUTE, midnight + (int64_t)shift.end * MS_PER_MINUTE};
}

bool office_hours_open(const struct office_hours *hours, int64_t at)
{
    struct opening o = opening_of(hours, workday_of_ms(at, hours->utc_offset_minutes));
    return at >= o.from && at < o.to;
}

int64_t office_hours_next(const struct office_hours *hours, int64_t at)
{
    int32_t day = workday_of_ms(at, hours->utc_offset_minutes);
    for (int n = 0; n < LONGEST_CLOSURE; n++) {
        struct opening o = opening_of(hours, day + n);
        if (o.to > o.from && at < o.to)
            return at > o.from ? at : o.from;
    }
    return -1;
}

int64_t office_hours_between(const struct office_hours *hours, int64_t from, int64_t to)
{
    int64_t open = 0;
    if (to <= from)
        return 0;
    int32_t last = workday_of_ms(to, hours->utc_offset_minutes);
    for (int32_t day = workday_of_ms(from, hours->utc_offset_minutes); day <= last; day++) {
        struct opening o = opening_of(hours, day);
        int64_t begin = from > o.from ? from : o.from, end = to < o.to ? to : o.to;
        open += end > begin ? end - begin : 0;
    }
    return open;
}

int64_t office_hours_add(const struct office_hours *hours, int64_t from, int64_t open_ms)
{
    int32_t day = workday_of_ms(from, hours->utc_offset_minutes);
    for (int closed = 0; closed < LONGEST_CLOSURE; day++) {
        struct opening o = opening_of(hours, day);
        int64_t begin = from > o.from ? from : o.from, left = o.to > begin ? o.to - begin : 0;
        if (left && open_ms <= left)
            return begin + open_ms;
        open_ms -= left;
        closed = left ? 0 : closed + 1;
    }
    return -1;
}
