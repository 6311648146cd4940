#include "rules/register.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void number_follows_the_format(void **state)
{
    (void)state;
    static const struct {
        const char *format, *expected;
        int64_t sequence;
        int year, month;
    } rows[] = {
        {"%03n/PGD/%R/%Y", "014/PGD/XI/2026", 14, 2026, 11},
        {"%03n/PGD/%R/%Y", "1284/PGD/I/2027", 1284, 2027, 1},
        {"%n-%m-%Y", "7-08-2026", 7, 2026, 8},
        {"%09n.%Y", "000000001.2026", 1, 2026, 12},
        {"100%% %n %R %Y", "100% 3 VIII 2026", 3, 2026, 8},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[REGISTER_NUMBER_SIZE];
        assert_true(register_number(out, rows[i].format, rows[i].sequence, rows[i].year, rows[i].month));
        assert_string_equal(out, rows[i].expected);
        assert_null(register_format_fault(rows[i].format));
    }
}

static void formats_that_would_repeat_or_overflow_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "PGD/%Y", "%03n/PGD", "%n/%Y/%x", "%n/%Y/%", "%3n/%Y", "%00n/%Y",
        "%n\n%Y", "%n/%Y/a very long name of an office that does not fit into a number"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_non_null(register_format_fault(bad[i]));
    char out[REGISTER_NUMBER_SIZE] = "x";
    assert_false(register_number(out, "%n/%q", 1, 2026, 1));
    assert_string_equal(out, "");
}

static void period_is_that_of_the_office(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        int offset, year, month;
    } rows[] = {
        {1798736399999, 420, 2026, 12}, /* 2026-12-31T23:59:59.999+07:00 */
        {1798736400000, 420, 2027, 1},
        {1798736400000, 0, 2026, 12},
        {-1, 0, 1969, 12},
        {0, 0, 1970, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int year, month;
        register_period(rows[i].ms, rows[i].offset, &year, &month);
        assert_int_equal(year, rows[i].year);
        assert_int_equal(month, rows[i].month);
    }
}

static void code_uses_fifty_bits_and_no_look_alikes(void **state)
{
    (void)state;
    char code[REGISTER_CODE_SIZE], other[REGISTER_CODE_SIZE], shown[REGISTER_SHOWN_SIZE];
    unsigned char random[REGISTER_CODE_RANDOM] = {0};
    int differences = 0;
    register_code(code, random);
    assert_string_equal(code, "0000000000");
    for (int bit = 0; bit < 56; bit++) {
        memset(random, 0, sizeof random);
        random[bit / 8] = (unsigned char)(1 << bit % 8);
        register_code(other, random);
        differences += strcmp(code, other) != 0;
        assert_null(strpbrk(other, "ILOU"));
    }
    assert_int_equal(differences, 50);
    register_code_show(shown, "7KQMX2R94T");
    assert_string_equal(shown, "7KQM-X2R9-4T");
    register_code_show(shown, "7KQ");
    assert_string_equal(shown, "");
}

static void typed_codes_are_forgiven(void **state)
{
    (void)state;
    static const char *const good[] = {"7KQMX2R94T", "7kqm-x2r9-4t", " 7KQM X2R9 4T\n",
        "7KQM\xe2\x80\x93X2R9\xe2\x80\x93"
        "4T",
        "7KQM\xc2\xa0X2R9.4T", "7-K-Q-M-X-2-R-9-4-T"};
    char out[REGISTER_CODE_SIZE];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(register_code_parse(out, good[i]));
        assert_string_equal(out, "7KQMX2R94T");
    }
    assert_true(register_code_parse(out, "oOiIlLuU00"));
    assert_string_equal(out, "001111VV00");
    static const char *const bad[] = {
        "", "7KQMX2R94", "7KQMX2R94TT", "7KQM*2R94T", "7KQMX2R94\xc3\xa9", "\xe2\x80", NULL};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(register_code_parse(out, bad[i]));
        assert_string_equal(out, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_follows_the_format),
        cmocka_unit_test(formats_that_would_repeat_or_overflow_are_refused),
        cmocka_unit_test(period_is_that_of_the_office),
        cmocka_unit_test(code_uses_fifty_bits_and_no_look_alikes),
        cmocka_unit_test(typed_codes_are_forgiven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
