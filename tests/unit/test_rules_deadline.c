#include "daemon/base/embedded.h"
#include "rules/terms.h"
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

static int told_at(int64_t start, int64_t due, int64_t now, int told)
{
    const struct deadline_watch w = {start, due, 0, told};
    return deadline_reminder(&w, now, &hours);
}

/* Every half hour for as long as it lasts: what was told when. */
static int walk(int64_t start, int64_t due, int64_t stood, int days, int told[32], int64_t when[32])
{
    struct deadline_watch w = {start, due, stood, 0};
    int count = 0;
    for (int64_t now = start; now < due + days * 24 * (int64_t)HOUR; now += HOUR / 2) {
        int step = deadline_reminder(&w, now, &hours);
        if (!step)
            continue;
        assert_true(office_hours_open(&hours, now));
        assert_true(count < 32);
        assert_true(step > w.told);
        when[count] = now;
        told[count++] = w.told = step;
    }
    return count;
}

static void reminders_come_once_each_in_office_hours(void **state)
{
    (void)state;
    const struct deadline_terms terms = {10, 0};
    int64_t start = at("2026-11-20", 7, 0), when[32];
    struct deadline d = deadline_from(start, &terms, &five, WIB);
    int told[32], count = walk(start, d.promise, 0, 14, told, when);
    static const int expected[] = {50, 80, 100, 102, 103, 104, 105, 106, 107, 108, 109, 110};
    assert_true(count >= 9);
    for (int i = 0; i < count; i++)
        assert_int_equal(told[i], expected[i]);
    assert_int_equal(when[2], at("2026-12-07", 7, 30)); /* due on Friday the 4th */
    assert_int_equal(when[3], at("2026-12-08", 7, 30));
    assert_int_equal(workday_of_ms(when[4], WIB), day("2026-12-09"));
}

static void the_next_reminder_is_known_before_it_comes(void **state)
{
    (void)state;
    for (int32_t d = day("2025-12-01"); d < day("2026-12-31"); d += 5)
        for (int n = 1; n <= 60; n += 13)
            for (int64_t stood = 0; stood < 40 * (int64_t)HOUR; stood += 17 * (int64_t)HOUR) {
                const struct deadline_terms terms = {n, 0};
                int64_t start = workday_end_ms(d, WIB) - 9 * (int64_t)HOUR;
                struct deadline limit = deadline_from(start, &terms, &five, WIB);
                struct deadline_watch w = {start, limit.promise, stood, 0};
                for (int i = 0; i < 8; i++) {
                    int64_t next = deadline_reminder_next(&w, &hours);
                    assert_true(next > start);
                    assert_int_equal(deadline_reminder(&w, next - 1, &hours), 0);
                    int step = deadline_reminder(&w, next, &hours);
                    assert_true(step > w.told);
                    w.told = step;
                }
                assert_true(w.told >= 106);
            }
    const struct workday_calendar never = {0, NULL, 0};
    const struct office_hours shut = {.calendar = &never, .utc_offset_minutes = WIB};
    const struct deadline_watch w = {at("2026-11-20", 7, 0), at("2026-11-30", 7, 0), 0, 0},
                                nothing = {at("2026-11-20", 7, 0), 0, 0, 0};
    assert_int_equal(deadline_reminder_next(&w, &shut), -1);
    assert_int_equal(deadline_reminder_next(&nothing, &hours), -1);
}

static void time_that_stood_still_brings_no_reminder_nearer(void **state)
{
    (void)state;
    int64_t start = at("2026-11-02", 7, 30), due = at("2026-11-27", 15, 30);
    struct deadline_watch w = {start, due, 0, 0}, stood = {start, due, 5 * 8 * (int64_t)HOUR, 0};
    assert_true(deadline_reminder_next(&stood, &hours) > deadline_reminder_next(&w, &hours));
    int64_t half = deadline_reminder_next(&w, &hours);
    assert_int_equal(deadline_reminder(&w, half, &hours), 50);
    assert_int_equal(deadline_reminder(&stood, half, &hours), 0);
}

static void a_jump_of_the_clock_tells_the_highest_once(void **state)
{
    (void)state;
    const struct deadline_terms terms = {10, 0};
    int64_t start = at("2026-11-20", 7, 0);
    struct deadline d = deadline_from(start, &terms, &five, WIB);
    int64_t late = at("2026-12-21", 9, 0), night = at("2026-12-21", 3, 0);
    assert_int_equal(told_at(start, d.promise, night, 0), 0);
    assert_int_equal(told_at(start, d.promise, late, 0), 111); /* eleven working days late */
    assert_int_equal(told_at(start, d.promise, late, 111), 0);
    assert_int_equal(told_at(start, d.promise, at("2026-11-23", 9, 0), 111), 0); /* back again */
    assert_int_equal(told_at(start, 0, late, 0), 0);
    assert_int_equal(deadline_late(d.promise, d.promise, &hours), 0);
    assert_int_equal(deadline_late(d.promise, late, &hours), 11);
}

/* ---- the numbers, and pauses all together ---- */

static void the_shipped_numbers_are_those_of_the_rules(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        int working, calendar;
    } rows[] = {{"informasi", 5, 0}, {"pengaduan", 14, 60}, {"pengaduan_pengawasan", 60, 60},
        {"whistleblowing", 60, 60}, {"aspirasi", 14, 0}, {"yang lain", 14, 60}};
    int values[TERM_COUNT];
    for (int i = 0; i < TERM_COUNT; i++) {
        const struct term_setting *s = term_setting((enum term)i);
        enum term again;
        values[i] = s->shipped;
        assert_true(s->least <= s->shipped && s->shipped <= s->most);
        assert_true(*s->source && *s->label);
        assert_true(term_from_key(s->key, &again) && (int)again == i);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct deadline_terms terms = terms_of_kind(values, rows[i].kind);
        assert_int_equal(terms.working_days, rows[i].working);
        assert_int_equal(terms.calendar_days, rows[i].calendar);
    }
    enum term none;
    assert_false(term_from_key("tidak_ada", &none));
}

static void a_deadline_is_the_same_counted_at_once_or_pause_by_pause(void **state)
{
    (void)state;
    const struct deadline_terms terms = {14, 60};
    const struct deadline_pause pauses[] = {{at("2026-11-24", 9, 0), at("2026-12-01", 8, 0), 30, true},
        {at("2026-12-03", 9, 0), at("2026-12-28", 8, 0), 30, true}};
    int64_t start = at("2026-11-20", 9, 0);
    struct deadline step = deadline_from(start, &terms, &five, WIB);
    for (size_t i = 0; i < 2; i++)
        step = deadline_resume(&step, &pauses[i], &five, WIB);
    struct deadline once = deadline_of(start, &terms, pauses, 2, &five, WIB);
    assert_int_equal(once.promise, step.promise);
    assert_int_equal(once.law, step.law);
    /* A new holiday moves what is counted by working days, and nothing else. */
    const int32_t one[] = {day("2026-12-14")};
    const struct workday_calendar bare = {0x1f, NULL, 0}, more = {0x1f, one, 1};
    struct deadline before = deadline_of(start, &terms, NULL, 0, &bare, WIB),
                    after = deadline_of(at("2026-12-01", 9, 0), &terms, NULL, 0, &more, WIB),
                    same = deadline_of(at("2026-12-01", 9, 0), &terms, NULL, 0, &bare, WIB);
    assert_int_equal(before.promise, workday_end_ms(day("2026-12-10"), WIB));
    assert_int_equal(workday_of_ms(after.promise, WIB), day("2026-12-22"));
    assert_int_equal(workday_of_ms(same.promise, WIB), day("2026-12-21"));
    assert_int_equal(after.law, same.law);
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
        cmocka_unit_test(the_next_reminder_is_known_before_it_comes),
        cmocka_unit_test(time_that_stood_still_brings_no_reminder_nearer),
        cmocka_unit_test(a_jump_of_the_clock_tells_the_highest_once),
        cmocka_unit_test(the_shipped_numbers_are_those_of_the_rules),
        cmocka_unit_test(a_deadline_is_the_same_counted_at_once_or_pause_by_pause),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
