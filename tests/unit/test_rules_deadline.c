#include "daemon/base/embedded.h"
#include "rules/deadline.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

enum { WIB = 420, WITA = 480, WIT = 540, HOUR = 3600000, DAYS_MOST = 200 };

static int32_t holidays[DAYS_MOST];
static struct workday_calendar five = {.weekdays = 0x1f, .holidays = holidays},
                               six = {.weekdays = 0x3f, .holidays = holidays};
static struct office_hours hours = {.calendar = &five, .utc_offset_minutes = WIB};
static struct office_season ramadan;

static int32_t day(const char *text)
{
    int32_t number;
    assert_true(workday_parse(text, &number));
    return number;
}

/* A moment in WIB. */
static int64_t at(const char *date, int hour, int minute)
{
    return workday_end_ms(day(date) - 1, WIB) + 1 + hour * (int64_t)HOUR + minute * 60000;
}

static int compare(const void *a, const void *b)
{
    return *(const int32_t *)a - *(const int32_t *)b;
}

static int load(void **state)
{
    (void)state;
    const struct embedded_file *file = embedded_find("config/libur-nasional.json");
    json_t *root = json_loadb(file->data, file->size, 0, NULL), *row;
    size_t i, count = 0;
    json_array_foreach(json_object_get(root, "holidays"), i, row) holidays[count++] =
        day(json_string_value(json_object_get(row, "date")));
    json_decref(root);
    qsort(holidays, count, sizeof *holidays, compare);
    five.holiday_count = six.holiday_count = count;
    memcpy(hours.week, office_hours_usual, sizeof hours.week);
    ramadan = (struct office_season){.from = day("2026-02-18"), .to = day("2026-03-19")};
    memcpy(ramadan.week, office_hours_ramadan, sizeof ramadan.week);
    hours.seasons = &ramadan;
    hours.season_count = 1;
    return count > 40 ? 0 : -1;
}

static void no_day_of_the_joint_decree_is_a_working_day(void **state)
{
    (void)state;
    for (size_t i = 0; i < five.holiday_count; i++) {
        assert_false(workday_is(holidays[i], &five));
        assert_false(workday_is(holidays[i], &six));
    }
    /* Lebaran 2026: 18 to 24 March are free, with the weekend between them. */
    assert_int_equal(workday_add(day("2026-03-17"), 1, &five), day("2026-03-25"));
    assert_int_equal(workday_between(day("2026-03-17"), day("2026-03-25"), &five), 1);
}

static void adding_working_days_is_sound_over_three_years(void **state)
{
    (void)state;
    const struct workday_calendar *calendars[] = {&five, &six};
    for (int c = 0; c < 2; c++)
        for (int32_t d = day("2025-01-01"); d <= day("2027-12-31"); d++)
            for (int n = 1; n <= 60; n += 7) {
                int32_t there = workday_add(d, n, calendars[c]);
                assert_true(workday_is(there, calendars[c]));
                assert_int_equal(workday_add(there, 5, calendars[c]), workday_add(d, n + 5, calendars[c]));
                assert_true(workday_add(d + 1, n, calendars[c]) >= there);
                assert_true(workday_add(d, n + 1, calendars[c]) > there);
                assert_int_equal(workday_between(d, there, calendars[c]), n);
            }
}

static void the_earlier_limit_rules(void **state)
{
    (void)state;
    const struct deadline_terms ordinary = {14, 60}, supervision = {60, 60}, law = {0, 14}, none = {0, 0};
    int64_t start = at("2026-11-20", 10, 0);
    struct deadline d = deadline_from(start, &ordinary, &five, WIB);
    assert_int_equal(deadline_due(&d), workday_end_ms(day("2026-12-10"), WIB));
    d = deadline_from(start, &supervision, &five, WIB);
    assert_int_equal(deadline_due(&d), workday_end_ms(day("2026-11-20") + 60, WIB));
    assert_true(d.promise > d.law);
    d = deadline_from(start, &law, &five, WIB);
    assert_int_equal(deadline_due(&d), workday_end_ms(day("2026-12-04"), WIB));
    d = deadline_from(start, &none, &five, WIB);
    assert_int_equal(deadline_due(&d), 0);
}

static void the_day_is_that_of_the_offices_zone(void **state)
{
    (void)state;
    const struct deadline_terms one = {1, 0};
    int64_t start = at("2026-11-22", 23, 30); /* Sunday in WIB, Monday in WIT */
    struct deadline west = deadline_from(start, &one, &five, WIB),
                    middle = deadline_from(start, &one, &five, WITA),
                    east = deadline_from(start, &one, &five, WIT);
    assert_int_equal(deadline_due(&west), workday_end_ms(day("2026-11-23"), WIB));
    assert_int_equal(deadline_due(&middle), workday_end_ms(day("2026-11-24"), WITA));
    assert_int_equal(deadline_due(&east), workday_end_ms(day("2026-11-24"), WIT));
    start = at("2028-02-28", 12, 0); /* a leap year */
    west = deadline_from(start, &one, &five, WIB);
    assert_int_equal(deadline_due(&west), workday_end_ms(day("2028-02-29"), WIB));
}

static struct deadline resume(
    const struct deadline *before, const char *asked, const char *answered, int most_days, bool stops_law)
{
    const struct deadline_pause pause = {at(asked, 9, 0), at(answered, 8, 0), most_days, stops_law};
    return deadline_resume(before, &pause, &five, WIB);
}

static void a_pause_gives_its_working_days_back(void **state)
{
    (void)state;
    const struct deadline_terms terms = {5, 30};
    struct deadline before = deadline_from(at("2026-11-20", 9, 0), &terms, &five, WIB), after;
    assert_int_equal(before.promise, workday_end_ms(day("2026-11-27"), WIB));
    after = resume(&before, "2026-11-24", "2026-11-24", 0, true); /* the same day */
    assert_int_equal(after.promise, before.promise);
    assert_int_equal(after.law, before.law);
    after = resume(&before, "2026-11-24", "2026-12-01", 0, false);
    assert_int_equal(after.promise, workday_end_ms(day("2026-12-04"), WIB)); /* Wed, Thu, Fri, Mon, Tue */
    assert_int_equal(after.law, before.law);
    after = resume(&before, "2026-11-24", "2026-12-01", 0, true);
    assert_int_equal(after.law, before.law + 7 * 24 * (int64_t)HOUR);
    after = resume(&before, "2026-11-27", "2026-11-29", 0, false); /* a weekend costs nobody anything */
    assert_int_equal(after.promise, before.promise);
    after = resume(&before, "2026-11-24", "2026-11-20", 0, true); /* a clock that went back */
    assert_int_equal(after.promise, before.promise);
    after = resume(&before, "2026-11-24", "2027-06-01", 30, true); /* the legal stop */
    assert_int_equal(after.law, before.law + 30 * 24 * (int64_t)HOUR);
    struct deadline same = resume(&before, "2026-11-24", "2026-12-24", 0, true);
    assert_int_equal(after.promise, same.promise);
}

static void the_office_is_open_in_its_hours_only(void **state)
{
    (void)state;
    assert_false(office_hours_open(&hours, at("2026-11-20", 7, 29)));
    assert_true(office_hours_open(&hours, at("2026-11-20", 7, 30)));
    assert_true(office_hours_open(&hours, at("2026-11-20", 15, 29)));
    assert_false(office_hours_open(&hours, at("2026-11-20", 15, 30)));
    assert_false(office_hours_open(&hours, at("2026-11-21", 10, 0)));
    assert_false(office_hours_open(&hours, at("2026-12-25", 10, 0)));
    assert_false(office_hours_open(&hours, at("2026-02-18", 7, 45))); /* Ramadan */
    assert_true(office_hours_open(&hours, at("2026-02-19", 14, 59)));
    assert_int_equal(office_hours_next(&hours, at("2026-11-20", 16, 0)), at("2026-11-23", 7, 30));
    assert_int_equal(office_hours_next(&hours, at("2026-11-20", 9, 0)), at("2026-11-20", 9, 0));
    assert_int_equal(office_hours_next(&hours, at("2026-03-17", 15, 0)), at("2026-03-25", 7, 30));
}

static void open_time_adds_up(void **state)
{
    (void)state;
    assert_int_equal(
        office_hours_between(&hours, at("2026-11-20", 14, 30), at("2026-11-23", 8, 30)), 2 * (int64_t)HOUR);
    assert_int_equal(office_hours_between(&hours, at("2026-11-23", 8, 30), at("2026-11-20", 14, 30)), 0);
    for (int32_t d = day("2026-01-01"); d < day("2026-12-31"); d++)
        for (int n = 1; n < 30; n += 3) {
            int64_t from = workday_end_ms(d, WIB) - n * (int64_t)HOUR,
                    there = office_hours_add(&hours, from, n * (int64_t)HOUR);
            assert_int_equal(office_hours_between(&hours, from, there), n * (int64_t)HOUR);
        }
    const struct workday_calendar never = {0, NULL, 0};
    const struct office_hours shut = {.calendar = &never, .utc_offset_minutes = WIB};
    assert_int_equal(office_hours_next(&shut, at("2026-11-20", 9, 0)), -1);
    assert_int_equal(office_hours_add(&shut, at("2026-11-20", 9, 0), 1), -1);
}

static void reminders_come_once_each_in_office_hours(void **state)
{
    (void)state;
    const struct deadline_terms terms = {10, 0};
    int64_t start = at("2026-11-20", 7, 0);
    struct deadline d = deadline_from(start, &terms, &five, WIB);
    int told = 0, seen[4] = {0}, count = 0;
    for (int64_t now = start; now < d.promise + 5 * 24 * (int64_t)HOUR; now += HOUR / 2) {
        int step = deadline_reminder(start, d.promise, now, told, &hours);
        if (!step)
            continue;
        assert_true(office_hours_open(&hours, now));
        assert_true(count < 3);
        seen[count++] = step;
        told = step;
    }
    assert_int_equal(count, 3);
    assert_int_equal(seen[0], 50);
    assert_int_equal(seen[1], 80);
    assert_int_equal(seen[2], 100);
}

static void a_jump_of_the_clock_tells_the_highest_once(void **state)
{
    (void)state;
    const struct deadline_terms terms = {10, 0};
    int64_t start = at("2026-11-20", 7, 0);
    struct deadline d = deadline_from(start, &terms, &five, WIB);
    int64_t late = at("2026-12-21", 9, 0), night = at("2026-12-21", 3, 0);
    assert_int_equal(deadline_reminder(start, d.promise, night, 0, &hours), 0);
    assert_int_equal(deadline_reminder(start, d.promise, late, 0, &hours), 100);
    assert_int_equal(deadline_reminder(start, d.promise, late, 100, &hours), 0);
    assert_int_equal(
        deadline_reminder(start, d.promise, at("2026-11-23", 9, 0), 100, &hours), 0); /* back again */
    assert_int_equal(deadline_reminder(start, 0, late, 0, &hours), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_day_of_the_joint_decree_is_a_working_day),
        cmocka_unit_test(adding_working_days_is_sound_over_three_years),
        cmocka_unit_test(the_earlier_limit_rules),
        cmocka_unit_test(the_day_is_that_of_the_offices_zone),
        cmocka_unit_test(a_pause_gives_its_working_days_back),
        cmocka_unit_test(the_office_is_open_in_its_hours_only),
        cmocka_unit_test(open_time_adds_up),
        cmocka_unit_test(reminders_come_once_each_in_office_hours),
        cmocka_unit_test(a_jump_of_the_clock_tells_the_highest_once),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
