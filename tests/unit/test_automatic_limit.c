#include "rules/automatic_limit.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void the_first_limit_that_breaks_is_named(void **state)
{
    (void)state;
    static const struct {
        struct automatic_limits most;
        struct automatic_counts now;
        const char *why;
    } cases[] = {
        {{10, 3, 400}, {0, 0, 0}, NULL},
        {{10, 3, 400}, {9, 2, 399}, NULL},
        {{10, 3, 400}, {10, 0, 10}, "alamat"},
        {{10, 3, 400}, {5, 3, 10}, "aduan"},
        {{10, 3, 400}, {5, 2, 400}, "semua"},
        {{10, 3, 400}, {11, 4, 401}, "alamat"},
        {{0, 0, 0}, {1000, 1000, 1000}, NULL}, /* 0 = no limit */
        {{0, 0, 1}, {1000, 1000, 1}, "semua"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *why = automatic_limit_broken(&cases[i].most, &cases[i].now);
        if (cases[i].why)
            assert_string_equal(why, cases[i].why);
        else
            assert_null(why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_limit_that_breaks_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
