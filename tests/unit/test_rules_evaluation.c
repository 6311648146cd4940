/* What is counted of complaints, and what is hidden where few complained; periods; what is struck out of a text. */
#include "rules/evaluation.h"
#include "rules/period.h"
#include "rules/redact.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { WIB = 7 * 60 };

static const struct workday_calendar five_days = {.weekdays = 0x1f};

/* So many working days after Monday, 2 November 2026, at nine o'clock WIB. */
static int64_t at(int working_days)
{
    int32_t monday = workday_from_date(2026, 11, 2);
    int32_t day = working_days ? workday_add(monday, working_days, &five_days) : monday;
    return workday_end_ms(day - 1, WIB) + 1 + 9 * INT64_C(3600000);
}

static struct evaluation_terms terms(int now)
{
    return (struct evaluation_terms){&five_days, WIB, at(now)};
}

static void one_complaint_is_counted_where_it_belongs(void **state)
{
    (void)state;
    const struct {
        int64_t judged_at, answered_at, due_at;
        enum state state;
        int now, judged_in_time, judged_late, answered, in_time, open, overdue, age;
    } rows[] = {
        /* verified on the third working day, on the fourth; nobody looked yet, within and behind the three */
        {at(3), 0, at(14), STATE_DIVERIFIKASI, 3, 1, 0, 0, 0, 1, 0, 0},
        {at(4), 0, at(14), STATE_DIVERIFIKASI, 4, 0, 1, 0, 0, 1, 0, 1},
        {0, 0, at(14), STATE_MASUK, 3, 0, 0, 0, 0, 1, 0, 0},
        {0, 0, at(14), STATE_MASUK, 4, 0, 1, 0, 0, 1, 0, 1},
        /* taken back before anybody looked */
        {0, 0, at(14), STATE_DIARSIPKAN, 9, 0, 0, 0, 0, 0, 0, 0},
        /* answered in time to the last moment, and a moment later; without a date it cannot be late */
        {at(1), at(14), at(14), STATE_DIJAWAB, 20, 1, 0, 1, 1, 0, 0, 0},
        {at(1), at(14) + 1, at(14), STATE_DITUTUP, 20, 1, 0, 1, 0, 0, 0, 0},
        {at(1), at(30), 0, STATE_DITUTUP, 40, 1, 0, 1, 1, 0, 0, 0},
        /* open again: the old answer does not count; late, but not while the citizen is asked */
        {at(1), at(5), at(14), STATE_DIBUKA_KEMBALI, 14, 1, 0, 0, 0, 1, 0, 2},
        {at(1), 0, at(14), STATE_DITINDAKLANJUTI, 15, 1, 0, 0, 0, 1, 1, 3},
        {at(1), 0, at(14), STATE_PERLU_DILENGKAPI, 15, 1, 0, 0, 0, 1, 0, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct evaluation e = {0};
        const struct evaluation_terms t = terms(rows[i].now);
        const struct evaluation_fact fact = {.received_at = at(0),
            .judged_at = rows[i].judged_at,
            .answered_at = rows[i].answered_at,
            .due_at = rows[i].due_at,
            .state = rows[i].state,
            .archived = ARCHIVED_OTHER};
        evaluation_add(&e, &fact, &t);
        assert_int_equal(e.received, 1);
        assert_int_equal(e.judged_in_time, rows[i].judged_in_time);
        assert_int_equal(e.judged_late, rows[i].judged_late);
        assert_int_equal(e.answered, rows[i].answered);
        assert_int_equal(e.in_time, rows[i].in_time);
        assert_int_equal(e.open, rows[i].open);
        assert_int_equal(e.overdue, rows[i].overdue);
        assert_int_equal(e.open_age[rows[i].age], rows[i].open);
        assert_int_equal(e.answered + e.referred + e.joined + evaluation_archived_sum(&e) + e.open, 1);
    }
}

static void every_state_is_in_exactly_one_part_of_the_sum(void **state)
{
    (void)state;
    struct evaluation e = {0};
    const struct evaluation_terms t = terms(1);
    for (int s = 0; s < STATE_COUNT; s++) {
        const struct evaluation_fact fact = {
            .received_at = at(0), .answered_at = at(0), .state = (enum state)s};
        evaluation_add(&e, &fact, &t);
        assert_int_equal(
            e.received, e.answered + e.referred + e.joined + evaluation_archived_sum(&e) + e.open);
    }
    assert_int_equal(e.open, e.open_age[0] + e.open_age[1] + e.open_age[2] + e.open_age[3]);
}

static void median_and_90th_percentile_are_nearest_ranks(void **state)
{
    (void)state;
    const struct {
        int days[10], count, median, p90;
    } rows[] = {{{0}, 0, -1, -1}, {{7}, 1, 7, 7}, {{1, 9}, 2, 1, 9}, {{1, 2, 9}, 3, 2, 9},
        {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 10, 5, 9}, {{0, 0, 0, 0, 0, 0, 0, 0, 0, 400}, 10, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct evaluation e = {0};
        const struct evaluation_terms t = terms(500);
        for (int k = 0; k < rows[i].count; k++) {
            const struct evaluation_fact fact = {
                .received_at = at(0), .answered_at = at(rows[i].days[k]), .state = STATE_DIJAWAB};
            evaluation_add(&e, &fact, &t);
        }
        assert_int_equal(evaluation_days_within(&e, 50), rows[i].median);
        assert_int_equal(evaluation_days_within(&e, 90), rows[i].p90);
    }
}

static void means_are_rounded_half_up(void **state)
{
    (void)state;
    assert_int_equal(evaluation_percent(0, 0), -1);
    assert_int_equal(evaluation_percent(1, 3), 33);
    assert_int_equal(evaluation_percent(1, 200), 1);
    assert_int_equal(evaluation_percent(38, 41), 93);
    assert_int_equal(evaluation_rating_tenths(&(struct evaluation){0}), -1);
    assert_int_equal(evaluation_rating_tenths(&(struct evaluation){.ratings = 20, .rating_sum = 67}), 34);
    assert_int_equal(evaluation_rating_tenths(&(struct evaluation){.ratings = 3, .rating_sum = 10}), 33);
}

/* No row that is shown is small, unless all together are; and nothing is lost. */
static void small_groups_are_merged_so_that_nobody_can_subtract(void **state)
{
    (void)state;
    const struct {
        int before[5], after[5]; /* the last is the rest */
    } rows[] = {
        {{9, 8, 0, 0, 0}, {9, 8, 0, 0, 0}},
        {{9, 8, 0, 0, 1}, {9, 0, 0, 0, 9}},
        {{9, 8, 1, 0, 0}, {9, 0, 0, 0, 9}},
        {{9, 8, 3, 2, 0}, {9, 8, 0, 0, 5}},
        {{9, 0, 4, 0, 0}, {0, 0, 0, 0, 13}},
        {{1, 1, 1, 0, 0}, {0, 0, 0, 0, 3}},
        {{0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct evaluation e[5] = {{0}}, *list[5];
        bool small[5];
        for (int k = 0; k < 5; k++) {
            e[k].received = rows[i].before[k];
            list[k] = &e[k];
        }
        evaluation_hide_small(list, 5, 4, 5, small);
        for (int k = 0; k < 5; k++)
            assert_int_equal(small[k] ? 0 : e[k].received, rows[i].after[k]);
    }
}

static void periods_are_read_and_stepped(void **state)
{
    (void)state;
    struct period p = {1, 1};
    char key[PERIOD_SIZE], words[PERIOD_SIZE];
    static const char *const wrong[] = {NULL, "", "2026-", "2026-13", "2026-00", "2026-1", "26-11",
        "2026-11-01", "2026/11", "+026-11", "1999-12", "2200"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(period_parse(wrong[i], &p));
    assert_int_equal(p.year, 1);
    assert_true(period_parse("2026-12", &p));
    period_words(&p, words);
    assert_string_equal(words, "Desember 2026");
    assert_int_equal(period_last(&p) - period_first(&p), 30);
    p = period_step(&p, 1);
    period_key(&p, key);
    assert_string_equal(key, "2027-01");
    p = period_step(&p, -13);
    period_key(&p, key);
    assert_string_equal(key, "2025-12");
    assert_true(period_parse("2028", &p));
    assert_int_equal(period_last(&p) - period_first(&p), 365);
    /* The first moment of November in Probolinggo is still October in Greenwich. */
    assert_true(period_parse("2026-11", &p));
    assert_int_equal(period_from_ms(&p, WIB), INT64_C(1793466000000));
    assert_int_equal(period_month_of(period_from_ms(&p, WIB) - 1, WIB).month, 10);
    assert_int_equal(period_month_of(period_to_ms(&p, WIB), WIB).month, 12);
}

static void what_is_known_of_the_citizen_is_struck_out_wherever_it_stands(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct redact_known known[8] = {{"Jalan Mawar 7", "[alamat]"}};
    struct redact_found found;
    size_t n = redact_name("Kuntari Puspaningtyas Adi", known + 1, 6, arena);
    assert_int_equal(n, 3); /* "Adi" alone is too short to be struck out everywhere */
    static const struct {
        const char *text, *struck;
    } rows[] = {{"", ""}, {"kata KUNTARI tadi", "kata [nama] tadi"},
        {"kuntarian itu lain", "kuntarian itu lain"}, {"di jalan mawar 7, ya", "di [alamat], ya"},
        {"di Jalan Mawar 70", "di Jalan Mawar 70"}, {"Kuntari Puspaningtyas Adi", "[nama]"},
        {"(puspaningtyas)", "([nama])"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(redact_find(rows[i].text, known, &found, arena));
        assert_string_equal(redact_strike(rows[i].text, &found, arena), rows[i].struck);
    }
    /* What was struck out is not found again. */
    const char *labels = "Saya [nama], NIK [NIK], telepon [telepon], surel [e-mail], rumah [alamat], "
                         "[rekening], [plat nomor], "
                         "[kode lacak]";
    assert_true(redact_find(labels, known, &found, arena));
    assert_int_equal(found.count, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_complaint_is_counted_where_it_belongs),
        cmocka_unit_test(every_state_is_in_exactly_one_part_of_the_sum),
        cmocka_unit_test(median_and_90th_percentile_are_nearest_ranks),
        cmocka_unit_test(means_are_rounded_half_up),
        cmocka_unit_test(small_groups_are_merged_so_that_nobody_can_subtract),
        cmocka_unit_test(periods_are_read_and_stepped),
        cmocka_unit_test(what_is_known_of_the_citizen_is_struck_out_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
