#include "daemon/book/officer.h"
#include "daemon/book/outbox.h"
#include "daemon/book/webhook.h"
#include "tests/support/scratch_book.h"

static int64_t make(struct book_txn *txn, const char *kinds)
{
    struct officer o = {.login = "adi", .name = "Adi", .role = ROLE_ADMIN};
    struct webhook w = {.name = "Dasbor", .url = "https://dasbor.example/kabar", .kinds = kinds};
    char secret[WEBHOOK_SECRET_SIZE];
    if (officer_by_login(txn, "adi", &o, scratch_arena, NULL))
        DONE(officer_add(txn, &o, "x", NULL));
    DONE(webhook_add(txn, &w, o.id, secret, NULL));
    assert_int_equal(strlen(secret), WEBHOOK_SECRET_SIZE - 1);
    return w.id;
}

static int waiting(struct book_txn *txn)
{
    struct outbox_row *rows;
    size_t count;
    DONE(outbox_claim(txn, WEBHOOK_CHANNEL, 100, &rows, &count, scratch_arena, NULL));
    return (int)count;
}

IN_BOOK(an_event_waits_for_each_webhook_that_wants_its_kind)
{
    int64_t one = make(txn, " masuk jawab ");
    make(txn, " masuk ");
    make(txn, " masuk_lagi ");
    DONE(event_append(txn, 0, NULL, "masuk", "pengadu", NULL, fault));
    assert_int_equal(waiting(txn), 2);
    DONE(event_append(txn, 0, NULL, "jawab", "pengadu", NULL, fault));
    assert_int_equal(waiting(txn), 1);
    DONE(webhook_pause(txn, one, true, fault));
    DONE(event_append(txn, 0, NULL, "jawab", "pengadu", NULL, fault));
    assert_int_equal(waiting(txn), 0);
    DONE(webhook_pause(txn, one, false, fault));
    DONE(webhook_remove(txn, one, fault));
    DONE(event_append(txn, 0, NULL, "jawab", "pengadu", NULL, fault));
    assert_int_equal(waiting(txn), 0);
    return OUTCOME_DONE;
}

static int64_t id;

static enum outcome begin_to_fail(struct book_txn *txn, void *arg, struct fault *fault)
{
    bool paused;
    (void)arg;
    id = make(txn, " masuk ");
    DONE(webhook_tried(txn, id, "masuk", false, "Dijawab 500", &paused, fault));
    assert_false(paused);
    return OUTCOME_DONE;
}

static enum outcome fail_a_day_later(struct book_txn *txn, void *arg, struct fault *fault)
{
    bool paused;
    struct webhook w;
    (void)arg;
    DONE(webhook_tried(txn, id, "masuk", false, "Dijawab 500", &paused, fault));
    assert_true(paused);
    DONE(webhook_tried(txn, id, "masuk", false, "Dijawab 500", &paused, fault));
    assert_false(paused);
    DONE(webhook_get(txn, id, &w, scratch_arena, fault));
    assert_int_equal(w.paused_at, txn_now(txn));
    DONE(webhook_pause(txn, id, false, fault));
    DONE(webhook_get(txn, id, &w, scratch_arena, fault));
    assert_int_equal(w.failing_since, 0);
    return OUTCOME_DONE;
}

static void one_that_fails_is_paused_after_a_day_and_not_before(void **state)
{
    (void)state;
    DONE(scratch_write(begin_to_fail, NULL));
    scratch_now += (int64_t)WEBHOOK_PATIENCE_HOURS * 3600 * 1000;
    DONE(scratch_write(fail_a_day_later, NULL));
}

IN_BOOK(a_success_forgets_the_failures_and_few_tries_are_kept)
{
    bool paused;
    struct webhook w;
    struct webhook_try *t;
    int count = 0;
    id = make(txn, " masuk ");
    for (int i = 0; i < 50; i++)
        DONE(webhook_tried(
            txn, id, "masuk", i == 49, i == 49 ? "Dijawab 204" : "Dijawab 500", &paused, fault));
    DONE(webhook_get(txn, id, &w, scratch_arena, fault));
    assert_int_equal(w.failing_since, 0);
    DONE(webhook_tries(txn, id, &t, scratch_arena, fault));
    assert_string_equal(t->text, "Dijawab 204");
    for (; t; t = t->next)
        count++;
    assert_int_equal(count, WEBHOOK_TRIES_KEPT);
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(an_event_waits_for_each_webhook_that_wants_its_kind),
        BOOK_TEST(one_that_fails_is_paused_after_a_day_and_not_before),
        BOOK_TEST(a_success_forgets_the_failures_and_few_tries_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
