#include "daemon/book/event.h"
#include "daemon/book/outbox.h"
#include "tests/support/scratch_book.h"

static const char *state_of(struct book_txn *txn, int64_t complaint_id, int64_t id)
{
    struct outbox_row *rows;
    size_t count;
    DONE(outbox_list(txn, complaint_id, &rows, &count, scratch_arena, NULL));
    for (size_t i = 0; i < count; i++)
        if (rows[i].id == id)
            return rows[i].state;
    fail_msg("no row %d", (int)id);
    return NULL;
}

struct fixture {
    int64_t complaint, row;
};

static struct fixture queued(struct book_txn *txn)
{
    struct fixture f;
    struct complaint c = scratch_complaint();
    DONE(complaint_insert(txn, &c, scratch_arena, NULL));
    f.complaint = c.id;
    DONE(outbox_add(txn,
        &(struct outbox_new){.complaint_id = c.id,
            .channel = "email:kantor",
            .purpose = "jawaban",
            .payload = "{\"to\":\"x\"}"},
        &f.row, NULL));
    return f;
}

static size_t claim(struct book_txn *txn, struct outbox_row **rows)
{
    size_t count;
    DONE(outbox_claim(txn, "email:kantor", 10, rows, &count, scratch_arena, NULL));
    return count;
}

IN_BOOK(a_claimed_row_carries_everything_and_is_claimed_once)
{
    struct fixture f = queued(txn);
    struct outbox_row *rows;
    assert_int_equal(claim(txn, &rows), 1);
    assert_int_equal(rows[0].id, f.row);
    assert_string_equal(rows[0].state, "mengirim");
    assert_string_equal(rows[0].payload, "{\"to\":\"x\"}");
    assert_string_equal(rows[0].number, "001/PGD/XI/2026");
    assert_int_equal(rows[0].attempts, 1);
    assert_int_equal(claim(txn, &rows), 0);
    return OUTCOME_DONE;
}

IN_BOOK(rows_only_move_forward)
{
    struct fixture f = queued(txn);
    struct outbox_row *rows;
    int64_t complaint;
    claim(txn, &rows);
    DONE(outbox_unknown(txn, f.row, "tidak ada jawaban", fault));
    assert_string_equal(state_of(txn, f.complaint, f.row), "tidak_pasti");
    DONE(outbox_accepted(txn, f.row, "ext-1", NULL, fault)); /* the answer came late */
    assert_string_equal(state_of(txn, f.complaint, f.row), "diterima");
    DONE(outbox_unknown(txn, f.row, NULL, fault));
    DONE(outbox_retry(txn, f.row, scratch_now, NULL, fault));
    assert_string_equal(state_of(txn, f.complaint, f.row), "diterima");
    DONE(outbox_delivery(txn, "email:kantor", "ext-1", "dibaca", NULL, &complaint, fault));
    assert_int_equal(complaint, f.complaint);
    DONE(outbox_delivery(txn, "email:kantor", "ext-1", "sampai", NULL, &complaint, fault));
    DONE(outbox_delivery(txn, "email:kantor", "ext-1", "gagal", "bounce", &complaint, fault));
    DONE(outbox_failed(txn, f.row, "x", fault));
    DONE(outbox_accepted(txn, f.row, NULL, NULL, fault));
    assert_string_equal(state_of(txn, f.complaint, f.row), "dibaca");
    DONE(outbox_delivery(txn, "gateway:wa", "ext-1", "sampai", NULL, &complaint, fault));
    assert_int_equal(complaint, 0);
    NEVER(outbox_delivery(txn, "email:kantor", "ext-1", "antre", NULL, &complaint, NULL));
    return OUTCOME_DONE;
}

IN_BOOK(a_bounce_after_acceptance_is_a_failure)
{
    struct fixture f = queued(txn);
    struct outbox_row *rows;
    int64_t complaint;
    size_t count;
    claim(txn, &rows);
    DONE(outbox_accepted(txn, f.row, "ext-1", NULL, fault));
    DONE(outbox_delivery(txn, "email:kantor", "ext-1", "gagal", "kotak surat penuh", &complaint, fault));
    DONE(outbox_list(txn, f.complaint, &rows, &count, scratch_arena, fault));
    assert_string_equal(rows[0].state, "gagal");
    assert_string_equal(rows[0].error, "kotak surat penuh");
    assert_string_equal(rows[0].external, "ext-1");
    return OUTCOME_DONE;
}

IN_BOOK(a_retry_waits_until_it_is_due)
{
    struct fixture f = queued(txn);
    struct outbox_row *rows;
    int64_t due;
    claim(txn, &rows);
    DONE(outbox_next_due(txn, "email:kantor", &due, fault));
    assert_int_equal(due, 0);
    DONE(outbox_retry(txn, f.row, scratch_now + 5000, "sibuk", fault));
    DONE(outbox_next_due(txn, "email:kantor", &due, fault));
    assert_int_equal(due, scratch_now + 5000);
    assert_int_equal(claim(txn, &rows), 0);
    DONE(outbox_retry(txn, f.row, scratch_now, NULL, fault)); /* waits already: nothing to bring back */
    assert_int_equal(claim(txn, &rows), 0);
    return OUTCOME_DONE;
}

static bool left_nowhere(const void *arg, int64_t id)
{
    (void)arg;
    return id < 0;
}

static const int64_t WRONG_MS = 365LL * 24 * 3600 * 1000;

static enum outcome fail_once(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct outbox_row *rows;
    struct fixture *f = arg;
    *f = queued(txn);
    assert_int_equal(claim(txn, &rows), 1);
    return outbox_retry(txn, f->row, txn_now(txn) + 10000, "nanti", fault);
}

static enum outcome claim_both(struct book_txn *txn, void *arg, struct fault *fault)
{
    const struct fixture *early = arg, late = queued(txn);
    struct outbox_row *rows;
    (void)fault;
    assert_int_equal(claim(txn, &rows), 2);
    assert_int_equal(rows[0].id + rows[1].id, early->row + late.row);
    return OUTCOME_DONE;
}

static void a_row_put_back_by_a_wrong_clock_does_not_wait_for_that_time(void **state)
{
    struct fixture f;
    (void)state;
    scratch_now += WRONG_MS;
    DONE(scratch_write(fail_once, &f));
    scratch_now -= WRONG_MS; /* set right */
    DONE(scratch_write(claim_both, &f));
}

static enum outcome queue_one(struct book_txn *txn, void *arg, struct fault *fault)
{
    (void)fault;
    *(int64_t *)arg = queued(txn).row;
    return OUTCOME_DONE;
}

static enum outcome claim_in_order(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct outbox_row *rows;
    (void)fault;
    assert_int_equal(claim(txn, &rows), 2);
    assert_int_equal(rows[0].id, *(int64_t *)arg);
    return OUTCOME_DONE;
}

static void rows_leave_in_the_order_they_were_queued_whatever_the_clock_said(void **state)
{
    int64_t first, second;
    (void)state;
    DONE(scratch_write(queue_one, &first));
    scratch_now -= WRONG_MS;
    DONE(scratch_write(queue_one, &second));
    DONE(scratch_write(claim_in_order, &first));
}

IN_BOOK(after_a_crash_rows_wait_again_or_are_shown)
{
    struct fixture f = queued(txn);
    struct outbox_row *rows;
    int64_t count;
    claim(txn, &rows);
    DONE(outbox_recover(txn, "gateway:wa", left_nowhere, NULL, &count, fault));
    assert_int_equal(count, 0);
    DONE(outbox_recover(txn, "email:kantor", left_nowhere, NULL, &count, fault));
    assert_int_equal(count, 1);
    assert_string_equal(state_of(txn, f.complaint, f.row), "antre");
    assert_int_equal(claim(txn, &rows), 1);
    assert_int_equal(rows[0].attempts, 2);
    DONE(outbox_recover(txn, "email:kantor", NULL, NULL, &count, fault));
    assert_int_equal(count, 1);
    assert_string_equal(state_of(txn, f.complaint, f.row), "tidak_pasti");
    return OUTCOME_DONE;
}

static enum outcome note_count(
    void *arg, const char *channel, const char *state, int64_t count, int64_t oldest, struct fault *fault)
{
    char *text = arg;
    size_t n = strlen(text);
    (void)fault;
    assert_int_equal(oldest, scratch_now);
    snprintf(text + n, 200 - n, "%s %s %d;", channel, state, (int)count);
    return OUTCOME_DONE;
}

IN_BOOK(only_what_waits_or_failed_is_counted)
{
    char text[200] = "";
    struct fixture sent = queued(txn);
    struct outbox_row *rows;
    claim(txn, &rows);
    DONE(outbox_accepted(txn, sent.row, NULL, NULL, fault));
    struct fixture failed = queued(txn);
    claim(txn, &rows);
    DONE(outbox_failed(txn, failed.row, "ditolak", fault));
    queued(txn);
    queued(txn);
    DONE(outbox_counts(txn, note_count, text, fault));
    assert_string_equal(text, "email:kantor antre 2;email:kantor gagal 1;");
    return OUTCOME_DONE;
}

IN_BOOK(an_event_leaves_without_personal_data)
{
    struct fixture f = queued(txn);
    json_t *data = json_pack("{s:s, s:s, s:s}", "state", "diverifikasi", "nama", "Siti", "channel", "situs");
    DONE(event_append(txn, f.complaint, "001/PGD/XI/2026", "verifikasi", "petugas:rina", data, fault));
    json_decref(data);
    struct outbox_row *rows;
    size_t count;
    DONE(outbox_claim(txn, "mqtt", 5, &rows, &count, scratch_arena, fault));
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].purpose, "peristiwa");
    assert_string_equal(rows[0].payload,
        "{\"event\":{\"at\":\"2026-11-22T03:00:00.000Z\",\"channel\":\"situs\",\"id\":1,\"kind\":"
        "\"verifikasi\","
        "\"number\":\"001/PGD/XI/2026\",\"state\":\"diverifikasi\"},\"topic\":\"pengaduan/kedopok/event/"
        "verifikasi\"}");
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(a_claimed_row_carries_everything_and_is_claimed_once),
        BOOK_TEST(rows_only_move_forward),
        BOOK_TEST(a_bounce_after_acceptance_is_a_failure),
        BOOK_TEST(a_retry_waits_until_it_is_due),
        BOOK_TEST(a_row_put_back_by_a_wrong_clock_does_not_wait_for_that_time),
        BOOK_TEST(rows_leave_in_the_order_they_were_queued_whatever_the_clock_said),
        BOOK_TEST(after_a_crash_rows_wait_again_or_are_shown),
        BOOK_TEST(only_what_waits_or_failed_is_counted),
        BOOK_TEST(an_event_leaves_without_personal_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
