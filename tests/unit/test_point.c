#include "rules/point.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void points_of_the_earth_are_read_and_written(void **state)
{
    static const struct {
        const char *text, *written;
        int32_t latitude, longitude;
    } rows[] = {
        {"-7.756000,113.211500", "-7.756000,113.211500", -7756000, 113211500},
        {"0,0", "0.000000,0.000000", 0, 0},
        {"-0.5,-0.000001", "-0.500000,-0.000001", -500000, -1},
        {"90,180", "90.000000,180.000000", 90000000, 180000000},
        {"-90.0,-180.000000", "-90.000000,-180.000000", -90000000, -180000000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct point point;
        char written[POINT_SIZE];
        assert_true(point_parse(rows[i].text, &point));
        assert_int_equal(point.latitude, rows[i].latitude);
        assert_int_equal(point.longitude, rows[i].longitude);
        point_write(written, point);
        assert_string_equal(written, rows[i].written);
    }
}

static void anything_else_is_no_point(void **state)
{
    static const char *const rows[] = {"", ",", "1", "1,", ",1", "91,0", "90.000001,0", "0,180.5", "0,181",
        "1.0000001,1", "+1,1", " 1,1", "1,1 ", "1,1,1", "1e1,1", "nan,1", "--1,1", "99999999999999999999,1",
        "1;1"};
    (void)state;
    struct point point;
    assert_false(point_parse(NULL, &point));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_false(point_parse(rows[i], &point));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_of_the_earth_are_read_and_written),
        cmocka_unit_test(anything_else_is_no_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
