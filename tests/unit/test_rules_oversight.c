#include "rules/oversight.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { WIB = 420 };

static int64_t at(const char *day, int hour, int minute)
{
    int32_t number;
    assert_true(workday_parse(day, &number));
    return workday_end_ms(number - 1, WIB) + 1 + (hour * 60 + minute) * (int64_t)60000;
}

/* Monday 2026-11-23 and Thursday 2026-11-26 are free. */
static struct workday_calendar calendar = {.weekdays = 0x1f};
static int32_t holidays[2];
static struct office_season ramadan;
static struct office_hours hours;

static int begin(void **state)
{
    (void)state;
    workday_parse("2026-11-23", &holidays[0]);
    workday_parse("2026-11-26", &holidays[1]);
    calendar.holidays = holidays;
    calendar.holiday_count = 2;
    workday_parse("2026-12-01", &ramadan.from);
    workday_parse("2026-12-30", &ramadan.to);
    memcpy(ramadan.week, office_hours_ramadan, sizeof ramadan.week);
    hours = (struct office_hours){
        .calendar = &calendar, .utc_offset_minutes = WIB, .seasons = &ramadan, .season_count = 1};
    memcpy(hours.week, office_hours_usual, sizeof hours.week);
    return 0;
}

static const struct {
    enum sheet_kind kind;
    int hour;
    const char *now_day;
    int now_hour, now_minute;
    const char *due_day;
    int due_hour, due_minute;
} rows[] = {
    {SHEET_HARIAN, 8, "2026-11-25", 8, 0, "2026-11-25", 8, 0},
    {SHEET_HARIAN, 8, "2026-11-25", 7, 59, "2026-11-24", 8, 0},  /* the day before */
    {SHEET_HARIAN, 8, "2026-11-24", 7, 59, "2026-11-20", 8, 0},  /* over a holiday and a weekend */
    {SHEET_HARIAN, 8, "2026-11-26", 12, 0, "2026-11-25", 8, 0},  /* none on a holiday */
    {SHEET_HARIAN, 8, "2026-11-29", 12, 0, "2026-11-27", 8, 0},  /* none on a Sunday */
    {SHEET_HARIAN, 5, "2026-11-25", 7, 29, "2026-11-24", 7, 30}, /* not before the office opens */
    {SHEET_HARIAN, 5, "2026-11-25", 7, 30, "2026-11-25", 7, 30},
    {SHEET_HARIAN, 7, "2026-12-02", 7, 59, "2026-12-01", 8, 0},     /* which is later in Ramadan */
    {SHEET_HARIAN, 20, "2026-11-25", 15, 29, "2026-11-25", 15, 29}, /* nor after it closes */
    {SHEET_HARIAN, 20, "2026-12-02", 14, 59, "2026-12-02", 14, 59},
    {SHEET_MINGGUAN, 8, "2026-11-27", 9, 0, "2026-11-24", 8, 0}, /* Monday is free: Tuesday */
    {SHEET_MINGGUAN, 8, "2026-11-24", 7, 0, "2026-11-16", 8, 0},
    {SHEET_MINGGUAN, 8, "2026-11-29", 23, 0, "2026-11-24", 8, 0},
    {SHEET_MINGGUAN, 8, "2026-11-30", 8, 0, "2026-11-30", 8, 0},
};

static void sheets_are_due_on_working_days_within_office_hours(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sheet_due due;
        int32_t day;
        int64_t now = at(rows[i].now_day, rows[i].now_hour, rows[i].now_minute);
        assert_true(sheet_due(&hours, rows[i].kind, rows[i].hour, now, &due));
        workday_parse(rows[i].due_day, &day);
        if (due.day != day || due.at != at(rows[i].due_day, rows[i].due_hour, rows[i].due_minute))
            fail_msg("row %zu: day %d, %lld ms after", i, due.day - day,
                (long long)(due.at - at(rows[i].due_day, 0, 0)));
    }
}

/* Hour by hour over two years: what is due never goes back, never lies in the future, and a day is due once. */
static void time_that_passes_makes_each_due_once(void **state)
{
    (void)state;
    for (int kind = 0; kind < SHEET_KINDS; kind++) {
        struct sheet_due last = {0}, due;
        int made = 0;
        for (int64_t now = at("2025-01-01", 0, 0); now < at("2027-01-01", 0, 0); now += 3600000) {
            assert_true(sheet_due(&hours, (enum sheet_kind)kind, 8, now, &due));
            assert_true(due.at <= now && due.day >= last.day);
            assert_true(office_hours_open(&hours, due.at));
            made += due.day > last.day;
            last = due;
        }
        assert_int_equal(
            made, kind == SHEET_HARIAN ? 521 : 105); /* 523 weekdays less two, and the one before */
    }
}

static void an_office_that_never_opens_gets_none(void **state)
{
    (void)state;
    struct sheet_due due;
    calendar.weekdays = 0;
    assert_false(sheet_due(&hours, SHEET_HARIAN, 8, at("2026-11-25", 9, 0), &due));
    calendar.weekdays = 0x1f;
}

static void kinds_have_keys(void **state)
{
    (void)state;
    enum sheet_kind kind;
    for (int i = 0; i < SHEET_KINDS; i++)
        assert_true(sheet_from_key(sheet_key((enum sheet_kind)i), &kind) && (int)kind == i);
    assert_false(sheet_from_key("bulanan", &kind));
    assert_false(sheet_from_key(NULL, &kind));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets_are_due_on_working_days_within_office_hours),
        cmocka_unit_test(time_that_passes_makes_each_due_once),
        cmocka_unit_test(an_office_that_never_opens_gets_none),
        cmocka_unit_test(kinds_have_keys),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
