#include "rules/skm.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void add(struct skm *skm, int times, int first, int rest)
{
    const int scores[SKM_UNSUR] = {first, rest, rest, rest, rest, rest, rest, rest, rest};
    while (times--)
        assert_true(skm_add(skm, scores));
}

static void the_best_and_the_worst_reach_the_ends(void **state)
{
    (void)state;
    struct skm best = {0}, worst = {0};
    add(&best, 7, 4, 4);
    add(&worst, 7, 1, 1);
    assert_int_equal(skm_index_hundredths(&best), 10000);
    assert_int_equal(skm_index_hundredths(&worst), 2500);
    assert_int_equal(skm_grade(10000), 'A');
    assert_int_equal(skm_grade(2500), 'D');
}

/* By hand: three forms, one unsur 3, 3, 4 (mean 3.333), eight unsur 3 each: (10 + 72) * 2500 / 27 = 7592.59. */
static void a_worked_example(void **state)
{
    (void)state;
    struct skm skm = {0};
    add(&skm, 2, 3, 3);
    add(&skm, 1, 4, 3);
    assert_int_equal(skm_average_thousandths(&skm, 0), 3333);
    assert_int_equal(skm_unsur_hundredths(&skm, 0), 8333);
    assert_int_equal(skm_average_thousandths(&skm, 1), 3000);
    assert_int_equal(skm_index_hundredths(&skm), 7593);
    assert_int_equal(skm_grade(skm_index_hundredths(&skm)), 'C');
    assert_string_equal(skm_grade_words('C'), "Kurang baik");
}

/* By hand: first unsur blank twice of four (mean 4), the others 3, 3, 2, 2 (mean 2.5): 25 * (4 + 20) / 9 = 66.67. */
static void a_blank_answer_counts_for_its_own_unsur_only(void **state)
{
    (void)state;
    struct skm skm = {0};
    add(&skm, 1, 0, 3);
    add(&skm, 1, 4, 3);
    add(&skm, 1, 0, 2);
    add(&skm, 1, 4, 2);
    assert_int_equal(skm.forms, 4);
    assert_int_equal(skm.count[0], 2);
    assert_int_equal(skm_average_thousandths(&skm, 0), 4000);
    assert_int_equal(skm_index_hundredths(&skm), 6667);
}

static void an_unsur_nobody_answered_gives_no_index(void **state)
{
    (void)state;
    struct skm skm = {0};
    assert_int_equal(skm_index_hundredths(&skm), 0);
    add(&skm, 5, 0, 4);
    assert_int_equal(skm_index_hundredths(&skm), 0);
    assert_int_equal(skm_average_thousandths(&skm, 0), 0);
    assert_int_equal(skm_grade(0), '-');
    assert_string_equal(skm_grade_words('-'), "");
}

static void borders_of_grades_are_where_the_rule_puts_them(void **state)
{
    static const struct {
        int64_t value;
        char grade;
    } borders[] = {{6499, 'D'}, {6500, 'C'}, {7660, 'C'}, {7661, 'B'}, {8830, 'B'}, {8831, 'A'}};
    (void)state;
    for (size_t i = 0; i < sizeof borders / sizeof *borders; i++)
        assert_int_equal(skm_grade(borders[i].value), borders[i].grade);
}

/* 64.995, 76.605 and 88.305 are in the class above: rounded first, then compared. */
static void what_lies_between_two_classes_is_rounded_into_one(void **state)
{
    static const struct {
        int64_t sum, count; /* of every unsur */
        int64_t index;
    } cases[] = {{25998, 10000, 6500}, {30642, 10000, 7661}, {35322, 10000, 8831}, {25997, 10000, 6499}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct skm skm = {.forms = cases[i].count};
        for (int u = 0; u < SKM_UNSUR; u++) {
            skm.sum[u] = cases[i].sum;
            skm.count[u] = cases[i].count;
        }
        assert_int_equal(skm_index_hundredths(&skm), cases[i].index);
    }
}

static void wrong_forms_are_refused_whole(void **state)
{
    (void)state;
    struct skm skm = {0};
    const int high[SKM_UNSUR] = {4, 4, 4, 4, 4, 4, 4, 4, 5}, low[SKM_UNSUR] = {-1}, blank[SKM_UNSUR] = {0};
    assert_false(skm_add(&skm, high));
    assert_false(skm_add(&skm, low));
    assert_false(skm_add(&skm, blank));
    assert_int_equal(skm.forms, 0);
    assert_int_equal(skm.sum[0], 0);
    const int good[SKM_UNSUR] = {4, 4, 4, 4, 4, 4, 4, 4, 4};
    skm.forms = SKM_ANSWERS_MOST;
    assert_false(skm_add(&skm, good));
}

/* Exact and unequal counts agree where both are defined; the largest numbers do not overflow. */
static void large_numbers_stay_exact(void **state)
{
    (void)state;
    struct skm skm = {.forms = SKM_ANSWERS_MOST};
    for (int u = 0; u < SKM_UNSUR; u++) {
        skm.count[u] = SKM_ANSWERS_MOST;
        skm.sum[u] = 3 * (int64_t)SKM_ANSWERS_MOST;
    }
    assert_int_equal(skm_index_hundredths(&skm), 7500);
    skm.count[8] -= 1;
    skm.sum[8] -= 3;
    assert_int_equal(skm_index_hundredths(&skm), 7500);
}

/* Points of the published table. */
static void the_sample_is_that_of_krejcie_and_morgan(void **state)
{
    static const int64_t table[][2] = {{10, 10}, {50, 44}, {100, 80}, {200, 132}, {500, 217}, {1000, 278},
        {2000, 322}, {5000, 357}, {10000, 370}, {20000, 377}, {75000, 382}, {1000000, 384}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(skm_sample(table[i][0]), table[i][1]);
    assert_int_equal(skm_sample(0), 0);
    assert_int_equal(skm_sample(-5), 0);
    assert_int_equal(skm_sample(1), 1);
    assert_int_equal(skm_sample(INT64_MAX), 384);
    for (int64_t n = 1; n < 3000; n++)
        assert_true(skm_sample(n) <= n && skm_sample(n) <= skm_sample(n + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_and_the_worst_reach_the_ends),
        cmocka_unit_test(a_worked_example),
        cmocka_unit_test(a_blank_answer_counts_for_its_own_unsur_only),
        cmocka_unit_test(an_unsur_nobody_answered_gives_no_index),
        cmocka_unit_test(borders_of_grades_are_where_the_rule_puts_them),
        cmocka_unit_test(what_lies_between_two_classes_is_rounded_into_one),
        cmocka_unit_test(wrong_forms_are_refused_whole),
        cmocka_unit_test(large_numbers_stay_exact),
        cmocka_unit_test(the_sample_is_that_of_krejcie_and_morgan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
