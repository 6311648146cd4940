/* Requests over one's own data, and how long data are kept. */
#include "rules/retention.h"
#include "rules/rights.h"
#include "rules/workday.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { WIB = 420 };

static int64_t noon(const char *date)
{
    int32_t day;
    assert_true(workday_parse(date, &day));
    return workday_end_ms(day, WIB) - 12 * INT64_C(3600000);
}

static void a_request_is_answered_within_three_times_24_hours_whatever_the_days(void **state)
{
    (void)state;
    assert_int_equal(right_due(1000), 1000 + 72 * 3600 * 1000);
    assert_int_equal(right_due(noon("24-12-2026")), noon("27-12-2026")); /* Christmas and a Sunday count */
}

static void who_decides_what(void **state)
{
    (void)state;
    static const struct {
        enum right right;
        enum right_state state;
        enum right_act act;
        const char *roles; /* petugas, kasi, sekcam, seksi, camat, admin: which of them may */
    } rows[] = {
        {RIGHT_AKSES, RIGHT_DIAJUKAN, RIGHT_RECORD, "pks---"},
        {RIGHT_AKSES, RIGHT_DIAJUKAN, RIGHT_FULFIL, "pk----"},
        {RIGHT_AKSES, RIGHT_DIAJUKAN, RIGHT_REFUSE, "pk----"},
        {RIGHT_AKSES, RIGHT_DIPENUHI, RIGHT_FULFIL, "------"},
        {RIGHT_AKSES, RIGHT_DITOLAK, RIGHT_REFUSE, "------"},
        {RIGHT_KOREKSI, RIGHT_DIAJUKAN, RIGHT_FULFIL, "pk----"},
        {RIGHT_HENTI, RIGHT_DIAJUKAN, RIGHT_FULFIL, "-ks---"},
        {RIGHT_HENTI, RIGHT_DIAJUKAN, RIGHT_REFUSE, "-ks---"},
        {RIGHT_HAPUS, RIGHT_DIAJUKAN, RIGHT_FULFIL, "pk----"}, /* the report */
        {RIGHT_HAPUS, RIGHT_DIAJUKAN, RIGHT_REFUSE, "-ks-c-"},
        {RIGHT_HAPUS, RIGHT_DIAJUKAN, RIGHT_CONFIRM, "------"}, /* not before the report */
        {RIGHT_HAPUS, RIGHT_DI_CAMAT, RIGHT_CONFIRM, "----c-"},
        {RIGHT_HAPUS, RIGHT_DI_CAMAT, RIGHT_REFUSE, "----c-"},
        {RIGHT_HAPUS, RIGHT_DI_CAMAT, RIGHT_FULFIL, "------"},
        {RIGHT_HAPUS, RIGHT_DISETUJUI, RIGHT_REFUSE, "------"},
        {RIGHT_HAPUS, RIGHT_DISETUJUI, RIGHT_CONFIRM, "------"},
        {RIGHT_AKSES, RIGHT_DI_CAMAT, RIGHT_CONFIRM, "------"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int role = 0; role < ROLE_COUNT; role++)
            if (right_may(rows[i].right, rows[i].state, rows[i].act, (enum role)role) !=
                (rows[i].roles[role] != '-'))
                fail_msg("row %zu, role %s", i, role_key((enum role)role));
}

static void each_refusal_has_its_reason_and_each_right_some(void **state)
{
    (void)state;
    enum right right;
    enum right_reason reason;
    enum right_state st;
    for (int i = 0; i < RIGHT_COUNT; i++) {
        int fitting = 0;
        assert_true(right_from_key(right_key((enum right)i), &right) && (int)right == i);
        assert_true(*right_label(right) && *right_means(right));
        for (int k = 0; k < REASON_COUNT; k++)
            fitting += right_reason_fits((enum right_reason)k, right);
        assert_true(fitting >= 2);
    }
    for (int k = 0; k < REASON_COUNT; k++) {
        assert_true(right_reason_from_key(right_reason_key((enum right_reason)k), &reason));
        assert_true((int)reason == k && *right_reason_words(reason));
    }
    for (int k = 0; k < RIGHT_STATES; k++)
        assert_true(right_state_from_key(right_state_key((enum right_state)k), &st) && (int)st == k);
    assert_false(right_reason_fits(REASON_ORANG_LAIN, RIGHT_HAPUS));
    assert_false(right_from_key("semua", &right));
    assert_false(right_reason_from_key("", &reason));
    assert_false(right_state_from_key("", &st));
}

static const int five[RETENTION_KINDS] = {5, 10, 0, 1, 10};

static struct retention_facts closed(const char *kind, const char *date)
{
    return (struct retention_facts){.kind = kind, .state = STATE_DITUTUP, .closed_at = noon(date)};
}

static void time_runs_from_the_day_of_closing_by_kind(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *closed, *last;
    } rows[] = {
        {"pengaduan", "27-11-2026", "27-11-2031"},
        {"pengaduan", "29-02-2028", "28-02-2033"}, /* no 29th in that year */
        {"pengaduan", "28-02-2028", "28-02-2033"},
        {"pengaduan", "31-12-2026", "31-12-2031"},
        {"pengaduan_pengawasan", "29-02-2028", "28-02-2038"},
        {"informasi", "29-02-2028", "28-02-2029"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct retention_facts f = closed(rows[i].kind, rows[i].closed);
        int32_t day;
        int64_t until;
        assert_true(workday_parse(rows[i].last, &day));
        assert_int_equal(retention_judge(&f, five, workday_end_ms(day, WIB), WIB, &until), RETENTION_KEPT);
        assert_int_equal(until, workday_end_ms(day, WIB));
        assert_int_equal(retention_judge(&f, five, until + 1, WIB, NULL), RETENTION_DUE);
    }
}

static void what_is_not_set_or_not_known_is_kept(void **state)
{
    (void)state;
    const struct retention_facts saran = closed("aspirasi", "01-01-2000"),
                                 other = closed("lain", "01-01-2000");
    static const int none[RETENTION_KINDS];
    const struct retention_facts old = closed("pengaduan", "01-01-2000");
    assert_int_equal(retention_judge(&saran, five, noon("27-11-2026"), WIB, NULL), RETENTION_UNSET);
    assert_int_equal(retention_judge(&other, five, noon("27-11-2026"), WIB, NULL), RETENTION_UNSET);
    assert_int_equal(retention_judge(&old, none, noon("27-11-2026"), WIB, NULL), RETENTION_UNSET);
    for (int i = 0; i < RETENTION_KINDS; i++) /* no number is a guess of ours */
        assert_true(retention_setting((enum retention_kind)i)->shipped == 0 &&
                    *retention_setting((enum retention_kind)i)->source);
}

static void an_open_case_is_never_touched_however_old(void **state)
{
    (void)state;
    for (int s = 0; s < STATE_COUNT; s++) {
        struct retention_facts f = closed("pengaduan", "01-01-2000");
        f.state = (enum state)s;
        bool over =
            s == STATE_DITUTUP || s == STATE_BUKAN_KEWENANGAN || s == STATE_DUPLIKAT || s == STATE_DIARSIPKAN;
        assert_int_equal(
            retention_judge(&f, five, noon("27-11-2026"), WIB, NULL), over ? RETENTION_DUE : RETENTION_OPEN);
        f.closed_at = 0;
        assert_int_equal(retention_ready(&f), RETENTION_OPEN);
    }
}

static void what_is_still_going_on_about_it_holds_it(void **state)
{
    (void)state;
    struct retention_facts f = closed("pengaduan", "01-01-2000");
    int64_t now = noon("27-11-2026");
    f.main_open = true;
    assert_int_equal(retention_judge(&f, five, now, WIB, NULL), RETENTION_HELD);
    f.main_open = false;
    f.letters_under_way = true;
    assert_int_equal(retention_judge(&f, five, now, WIB, NULL), RETENTION_HELD);
    f.letters_under_way = false;
    f.asked = true; /* it goes by his wish, not by the month's list */
    assert_int_equal(retention_judge(&f, five, now, WIB, NULL), RETENTION_HELD);
    assert_int_equal(retention_ready(&f), RETENTION_DUE);
    f.asked_else = true; /* he still waits for his copy */
    assert_int_equal(retention_ready(&f), RETENTION_HELD);
}

static void nameless_once_is_enough_until_it_was_opened_again(void **state)
{
    (void)state;
    struct retention_facts f = closed("pengaduan", "01-01-2010");
    f.forgotten_at = noon("02-01-2016");
    assert_int_equal(retention_judge(&f, five, noon("27-11-2026"), WIB, NULL), RETENTION_NAMELESS);
    f.closed_at = noon("01-01-2018");
    assert_int_equal(retention_judge(&f, five, noon("27-11-2026"), WIB, NULL), RETENTION_DUE);
    for (int i = 0; i < RETENTION_VERDICTS; i++)
        assert_true(*retention_words((enum retention_verdict)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_answered_within_three_times_24_hours_whatever_the_days),
        cmocka_unit_test(who_decides_what),
        cmocka_unit_test(each_refusal_has_its_reason_and_each_right_some),
        cmocka_unit_test(time_runs_from_the_day_of_closing_by_kind),
        cmocka_unit_test(what_is_not_set_or_not_known_is_kept),
        cmocka_unit_test(an_open_case_is_never_touched_however_old),
        cmocka_unit_test(what_is_still_going_on_about_it_holds_it),
        cmocka_unit_test(nameless_once_is_enough_until_it_was_opened_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
