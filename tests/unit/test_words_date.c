#include "rules/words_date.h"
#include "rules/workday.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { WIB = 7 * 60, WITA = 8 * 60, WIT = 9 * 60 };

typedef void write_date(char *out, size_t size, int64_t ms, int utc_offset);

static int64_t at(int year, int month, int day, int hour, int minute, int offset)
{
    return (((int64_t)workday_from_date(year, month, day) * 24 + hour) * 60 + minute - offset) * 60000;
}

static void check(write_date *write, int64_t ms, int offset, const char *expected)
{
    char out[WORDS_DATE_SIZE];
    write(out, sizeof out, ms, offset);
    assert_string_equal(out, expected);
}

static void dates_in_words(void **state)
{
    (void)state;
    int64_t ms = at(2026, 11, 23, 8, 52, WIB);
    assert_int_equal(ms, 1795398720000);
    check(words_date_long, ms, WIB, "Senin, 23 November 2026");
    check(words_date_full, ms, WIB, "Senin, 23 November 2026, pukul 08.52 WIB");
    check(words_date_day, ms, WIB, "23 November 2026");
    check(words_date_moment, ms, WIB, "Sen, 23 Nov, 08.52");
    check(words_date_clock, ms, WIB, "08.52");
    check(words_date_table, ms, WIB, "23-11-26");
    check(words_date_iso, ms, WIB, "2026-11-23T08:52+07:00");
    check(words_date_moment, at(2026, 8, 5, 0, 0, WIB), WIB, "Rab, 5 Agu, 00.00");
    check(words_date_full, ms + 59999, WIB, "Senin, 23 November 2026, pukul 08.52 WIB");
    assert_string_equal(words_date_month_name(2), "Februari");
    assert_string_equal(words_date_month_name(13), "");
}

static void zones_move_the_day(void **state)
{
    (void)state;
    int64_t ms = at(2026, 12, 31, 23, 30, WIB);
    check(words_date_full, ms, WIB, "Kamis, 31 Desember 2026, pukul 23.30 WIB");
    check(words_date_full, ms, WITA, "Jumat, 1 Januari 2027, pukul 00.30 WITA");
    check(words_date_full, ms, WIT, "Jumat, 1 Januari 2027, pukul 01.30 WIT");
    check(words_date_full, ms, 0, "Kamis, 31 Desember 2026, pukul 16.30");
    check(words_date_iso, ms, -90, "2026-12-31T15:00-01:30");
    check(words_date_full, -1, 0, "Rabu, 31 Desember 1969, pukul 23.59");
}

static void the_longest_words_fit(void **state)
{
    (void)state;
    for (int month = 1; month <= 12; month++)
        for (int day = 20; day < 28; day++) {
            char out[WORDS_DATE_SIZE];
            words_date_full(out, sizeof out, at(2026, month, day, 23, 59, WITA), WITA);
            assert_string_equal(out + strlen(out) - 4, "WITA");
        }
}

static void check_age(int64_t now, int64_t ms, const char *expected)
{
    char out[WORDS_DATE_SIZE];
    words_date_age(out, sizeof out, ms, now, WIB);
    assert_string_equal(out, expected);
}

static void ages(void **state)
{
    (void)state;
    int64_t now = at(2026, 11, 23, 8, 40, WIB);
    check_age(now, now + 5000, "baru saja");
    check_age(now, now - 59999, "baru saja");
    check_age(now, now - 22 * 60000, "22 menit lalu");
    check_age(now, now - 3 * 3600000, "3 jam lalu");
    check_age(now, at(2026, 11, 22, 23, 0, WIB), "kemarin");
    check_age(now, at(2026, 11, 22, 0, 0, WIB), "kemarin");
    check_age(now, at(2026, 11, 21, 23, 59, WIB), "2 hari lalu");
    check_age(now, at(2026, 11, 10, 9, 14, WIB), "13 hari lalu");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_in_words),
        cmocka_unit_test(zones_move_the_day),
        cmocka_unit_test(the_longest_words_fit),
        cmocka_unit_test(ages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
