#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/workday.h"

static int32_t day(const char *text)
{
    int32_t number;
    assert_true(workday_parse(text, &number));
    return number;
}

static void dates_are_read_as_people_write_them(void **state)
{
    static const char *const wrong[] = {
        "", "30-02-2026", "2026-13-01", "1-1", "01-01-2026x", "aa-bb-cccc", "2026-01-", "01.01.2026"};
    int32_t number;
    (void)state;
    assert_int_equal(day("20-11-2026"), day("2026-11-20"));
    assert_int_equal(day("20/11/2026"), day("2026-11-20"));
    assert_int_equal(day("1-1-1970"), 0);
    assert_int_equal(day("29-02-2028"), day("28-02-2028") + 1);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(workday_parse(wrong[i], &number));
    assert_false(workday_parse(NULL, &number));
}

static void every_date_comes_back_from_its_number(void **state)
{
    (void)state;
    for (int32_t n = -30000; n < 60000; n++) {
        int y, m, d;
        workday_to_date(n, &y, &m, &d);
        assert_int_equal(workday_from_date(y, m, d), n);
    }
}

static void weekends_and_holidays_do_not_count(void **state)
{
    const int32_t holidays[] = {day("2026-12-24"), day("2026-12-25")};
    const struct workday_calendar five = {0x1f, holidays, 2}, six = {0x3f, holidays, 2},
                                  never = {0, holidays, 2};
    (void)state;
    assert_int_equal(workday_weekday(day("2026-11-23")), 0); /* a Monday */
    assert_int_equal(workday_add(day("2026-11-22"), 1, &five), day("2026-11-23"));
    assert_int_equal(workday_add(day("2026-11-22"), 14, &five), day("2026-12-10"));
    assert_int_equal(workday_add(day("2026-11-27"), 1, &five), day("2026-11-30"));
    assert_int_equal(workday_add(day("2026-11-27"), 1, &six), day("2026-11-28"));
    assert_int_equal(workday_add(day("2026-12-23"), 1, &five), day("2026-12-28"));
    assert_int_equal(workday_between(day("2026-11-20"), day("2026-11-27"), &five), 5);
    assert_int_equal(workday_between(day("2026-11-27"), day("2026-11-20"), &five), -5);
    assert_true(workday_add(day("2026-11-22"), 3, &never) > day("2026-11-22")); /* ends */
}

static void a_day_begins_and_ends_in_the_offices_zone(void **state)
{
    const int64_t evening = 1795276800000; /* 2026-11-21T16:00:00Z = 23.00 WIB, and already the 22nd in WIT */
    (void)state;
    assert_int_equal(workday_of_ms(evening, 420), day("2026-11-21"));
    assert_int_equal(workday_of_ms(evening, 540), day("2026-11-22"));
    assert_int_equal(workday_of_ms(workday_end_ms(day("2026-11-21"), 420), 420), day("2026-11-21"));
    assert_int_equal(workday_of_ms(workday_end_ms(day("2026-11-21"), 420) + 1, 420), day("2026-11-22"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_as_people_write_them),
        cmocka_unit_test(every_date_comes_back_from_its_number),
        cmocka_unit_test(weekends_and_holidays_do_not_count),
        cmocka_unit_test(a_day_begins_and_ends_in_the_offices_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
