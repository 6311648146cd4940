#include "daemon/web/limit.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static const int64_t now = 1000000;

static void some_guesses_are_free_then_it_takes_time(void **state)
{
    (void)state;
    struct limit *limit = limit_new(LIMIT_GUESSES);
    for (int i = 0; i < LIMIT_TOKENS; i++) {
        assert_true(limit_allows(limit, "192.0.2.1", now));
        limit_count(limit, "192.0.2.1", now);
    }
    assert_false(limit_allows(limit, "192.0.2.1", now));
    assert_true(limit_allows(limit, "192.0.2.2", now));
    assert_false(limit_allows(limit, "192.0.2.1", now + LIMIT_REFILL_MS - 1));
    assert_true(limit_allows(limit, "192.0.2.1", now + LIMIT_REFILL_MS));
    limit_free(limit);
}

static void neighbours_in_one_ipv6_network_are_one(void **state)
{
    (void)state;
    struct limit *limit = limit_new(LIMIT_GUESSES);
    for (int i = 0; i < LIMIT_TOKENS; i++) {
        char peer[40];
        snprintf(peer, sizeof peer, "2001:db8:0:1::%x", i + 1);
        limit_count(limit, peer, now);
    }
    assert_false(limit_allows(limit, "2001:db8:0:1::99", now));
    assert_true(limit_allows(limit, "2001:db8:0:2::1", now));
    limit_free(limit);
}

static void an_ipv4_address_is_the_same_in_both_spellings(void **state)
{
    (void)state;
    struct limit *limit = limit_new(LIMIT_GUESSES);
    for (int i = 0; i < LIMIT_TOKENS; i++)
        limit_count(limit, i % 2 ? "192.0.2.1" : "::ffff:192.0.2.1", now);
    assert_false(limit_allows(limit, "192.0.2.1", now));
    assert_true(limit_allows(limit, "::ffff:192.0.2.2", now));
    limit_free(limit);
}

static void a_crowd_forgets_the_quietest(void **state)
{
    (void)state;
    struct limit *limit = limit_new(LIMIT_GUESSES);
    for (int i = 0; i < LIMIT_TOKENS; i++)
        limit_count(limit, "192.0.2.1", now);
    for (int i = 0; i < LIMIT_SLOTS * 2; i++) {
        char peer[40];
        snprintf(peer, sizeof peer, "198.51.%d.%d", i / 256, i % 256);
        limit_count(limit, peer, now + i);
    }
    assert_false(limit_allows(limit, "192.0.2.1", now));
    limit_free(limit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_guesses_are_free_then_it_takes_time),
        cmocka_unit_test(neighbours_in_one_ipv6_network_are_one),
        cmocka_unit_test(an_ipv4_address_is_the_same_in_both_spellings),
        cmocka_unit_test(a_crowd_forgets_the_quietest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
