#include "rules/words_date.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { WIB = 7 * 60, WITA = 8 * 60, WIT = 9 * 60 };

static int64_t at(int year, int month, int day, int hour, int minute, int offset)
{
    return ((words_day_of(year, month, day) * 24 + hour) * 60 + minute - offset) * 60000;
}

static void dates_in_words(void **state)
{
    (void)state;
    int64_t ms = at(2026, 11, 23, 8, 52, WIB);
    assert_int_equal(ms, 1795398720000);
    assert_string_equal(words_date(ms, WIB).text, "Senin, 23 November 2026");
    assert_string_equal(words_date_full(ms, WIB).text, "Senin, 23 November 2026, pukul 08.52 WIB");
    assert_string_equal(words_date_day(ms, WIB).text, "23 November 2026");
    assert_string_equal(words_date_short(ms, WIB).text, "Sen, 23 Nov, 08.52");
    assert_string_equal(words_date_table(ms, WIB).text, "23-11-26");
    assert_string_equal(words_date_iso(ms, WIB).text, "2026-11-23T08:52+07:00");
    assert_string_equal(words_time(ms, WIB).text, "08.52");
    assert_string_equal(words_month(2026, 2).text, "Februari 2026");
}

static void zones_move_the_day(void **state)
{
    (void)state;
    int64_t ms = at(2026, 12, 31, 23, 30, WIB);
    assert_string_equal(words_date_full(ms, WIB).text, "Kamis, 31 Desember 2026, pukul 23.30 WIB");
    assert_string_equal(words_date_full(ms, WITA).text, "Jumat, 1 Januari 2027, pukul 00.30 WITA");
    assert_string_equal(words_date_full(ms, WIT).text, "Jumat, 1 Januari 2027, pukul 01.30 WIT");
    assert_string_equal(words_date_full(ms, 0).text, "Kamis, 31 Desember 2026, pukul 16.30");
    assert_string_equal(words_date_iso(ms, -90).text, "2026-12-31T15:00-01:30");
}

static void every_day_of_five_centuries_there_and_back(void **state)
{
    (void)state;
    int64_t number = words_day_of(1800, 1, 1);
    int year = 1799, month = 12, day = 31;
    for (; number < words_day_of(2300, 1, 1); number++) {
        int y, m, d;
        words_calendar(number, &y, &m, &d);
        assert_int_equal(words_day_of(y, m, d), number);
        assert_true((y == year && m == month && d == day + 1) ||
                    (d == 1 && (m == month + 1 || (m == 1 && y == year + 1))));
        year = y, month = m, day = d;
    }
    assert_int_equal(words_day_of(1970, 1, 1), 0);
    assert_string_equal(words_date(-1, 0).text, "Rabu, 31 Desember 1969");
}

static void ages(void **state)
{
    (void)state;
    int64_t now = at(2026, 11, 23, 8, 40, WIB);
    assert_string_equal(words_age(now, now + 5000, WIB).text, "baru saja");
    assert_string_equal(words_age(now, now - 59999, WIB).text, "baru saja");
    assert_string_equal(words_age(now, now - 22 * 60000, WIB).text, "22 menit lalu");
    assert_string_equal(words_age(now, now - 3 * 3600000, WIB).text, "3 jam lalu");
    assert_string_equal(words_age(now, at(2026, 11, 22, 23, 0, WIB), WIB).text, "kemarin");
    assert_string_equal(words_age(now, at(2026, 11, 22, 0, 0, WIB), WIB).text, "kemarin");
    assert_string_equal(words_age(now, at(2026, 11, 21, 23, 59, WIB), WIB).text, "2 hari lalu");
    assert_string_equal(words_age(now, at(2026, 11, 10, 9, 14, WIB), WIB).text, "13 hari lalu");
}

static void dates_that_people_type(void **state)
{
    (void)state;
    static const char *const good[] = {
        "20-11-2026", "20/11/2026", "20.11.2026", "20 11 2026", " 20-11-2026 ", "2026-11-20"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t day = 0;
        assert_true(words_date_parse(good[i], &day));
        assert_int_equal(day, words_day_of(2026, 11, 20));
    }
    static const char *const bad[] = {"", "kemarin", "20-11", "20-11-", "31-02-2026", "29-02-2026",
        "0-1-2026", "1-13-2026", "20-11-2026x", "20-11-20261", "20-11-26", "--", "20--2026"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t day = 0;
        if (words_date_parse(bad[i], &day))
            fail_msg("%s", bad[i]);
    }
    int64_t leap = 0;
    assert_true(words_date_parse("29-02-2028", &leap));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_in_words),
        cmocka_unit_test(zones_move_the_day),
        cmocka_unit_test(every_day_of_five_centuries_there_and_back),
        cmocka_unit_test(ages),
        cmocka_unit_test(dates_that_people_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
