#include "rules/undo.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { MINUTE = 60000 };

enum { HIS = 1, SAME = 2, ON_PAGE = 4 };

static const struct {
    int what;
    int64_t age_ms;
    int waiting, gone;
    int64_t wait_ms;
    enum undo_verdict verdict;
} table[] = {
    {HIS | SAME, MINUTE, 0, 0, MINUTE, UNDO_MAY},
    {HIS | SAME, MINUTE, 1, 0, MINUTE, UNDO_MAY},
    {HIS | SAME, 10 * MINUTE - 1, 0, 0, 0, UNDO_MAY},
    {HIS | SAME, 10 * MINUTE, 0, 0, 0, UNDO_LATE},
    {HIS | SAME, -1, 0, 0, 0, UNDO_LATE},
    {HIS | SAME, 10 * MINUTE, 1, 0, 0, UNDO_LATE},
    {HIS | SAME, 0, 0, 1, MINUTE, UNDO_GONE},
    {HIS | SAME, 0, 2, 1, MINUTE, UNDO_GONE},
    {HIS, 0, 0, 0, MINUTE, UNDO_CHANGED},
    {SAME, 0, 0, 0, MINUTE, UNDO_NOT_HIS},
    {HIS | SAME | ON_PAGE, MINUTE - 1, 0, 0, MINUTE, UNDO_MAY},
    {HIS | SAME | ON_PAGE, MINUTE, 0, 0, MINUTE, UNDO_LATE},
    {HIS | SAME | ON_PAGE, 0, 0, 0, 0, UNDO_LATE},
    {HIS | SAME | ON_PAGE, 10 * MINUTE, 0, 0, 20 * MINUTE, UNDO_LATE},
};

static void an_act_is_taken_back_by_who_did_it_soon_and_while_nothing_has_left(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct undo_facts facts = {.himself = table[i].what & HIS,
            .unchanged = table[i].what & SAME,
            .on_page = table[i].what & ON_PAGE,
            .age_ms = table[i].age_ms,
            .waiting = table[i].waiting,
            .gone = table[i].gone,
            .wait_ms = table[i].wait_ms};
        if (undo_judge(&facts) != table[i].verdict)
            fail_msg("row %zu: %s", i, undo_words(undo_judge(&facts)));
    }
}

static void every_refusal_says_why(void **state)
{
    (void)state;
    for (int v = 0; v < UNDO_VERDICTS; v++)
        assert_true(strlen(undo_words((enum undo_verdict)v)) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_act_is_taken_back_by_who_did_it_soon_and_while_nothing_has_left),
        cmocka_unit_test(every_refusal_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
