#include "opening.h"
#include "daemon/base/str.h"
#include "rules/words_date.h"
#include <stdio.h>
#include <string.h>

enum { WEEK = 7, CLOCK_SIZE = 16, WORDS_MAX = 400 };

static const char *const day_names[WEEK] = {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"};

static void write_clock(char out[CLOCK_SIZE], int minutes)
{
    snprintf(out, CLOCK_SIZE, "%02d.%02d", minutes / 60 % 24, minutes % 60);
}

static bool same(struct office_shift a, struct office_shift b)
{
    return a.start == b.start && a.end == b.end;
}

json_t *opening_week(const struct office_hours *hours)
{
    json_t *rows = json_array();
    for (int day = 0, last; day < WEEK; day = last + 1) {
        struct office_shift shift = hours->week[day];
        char from[CLOCK_SIZE], to[CLOCK_SIZE];
        for (last = day; last + 1 < WEEK && same(hours->week[last + 1], shift);)
            last++;
        write_clock(from, shift.start);
        write_clock(to, shift.end);
        json_t *days = last == day       ? json_string(day_names[day])
                       : last == day + 1 ? json_sprintf("%s, %s", day_names[day], day_names[last])
                                         : json_sprintf("%s–%s", day_names[day], day_names[last]);
        json_array_append_new(
            rows, json_pack("{s:o, s:b, s:o}", "days", days, "open", shift.end != 0, "hours",
                      shift.end ? json_sprintf("%s–%s", from, to) : json_string("tutup")));
    }
    return rows;
}

const char *opening_words(const struct office_hours *hours, struct arena *arena)
{
    struct str out;
    json_t *rows = opening_week(hours);
    str_init(&out, WORDS_MAX);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (json_is_true(json_object_get(row, "open")))
            str_addf(&out, "%s%s %s", out.len ? ", " : "", json_string_value(json_object_get(row, "days")),
                json_string_value(json_object_get(row, "hours")));
    }
    json_decref(rows);
    const char *words = out.len && str_ok(&out) ? arena_strdup(arena, out.data) : NULL;
    str_release(&out);
    return words;
}

const char *opening_now(const struct office_hours *hours, int64_t now, struct arena *arena)
{
    char clock[CLOCK_SIZE], day[WORDS_DATE_SIZE];
    int offset = hours->utc_offset_minutes;
    if (office_hours_open(hours, now)) {
        write_clock(clock, office_hours_of(hours, workday_of_ms(now, offset)).end);
        return arena_printf(arena, "Buka sampai %s", clock);
    }
    int64_t next = office_hours_next(hours, now);
    if (next < 0)
        return "Tutup";
    int32_t on = workday_of_ms(next, offset);
    write_clock(clock, office_hours_of(hours, on).start);
    if (on == workday_of_ms(now, offset))
        return arena_printf(arena, "Tutup, buka pukul %s", clock);
    words_date_long(day, sizeof day, next, offset);
    return arena_printf(arena, "Tutup, buka lagi %s, pukul %s", day, clock);
}
