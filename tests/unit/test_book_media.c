#include "daemon/book/media.h"
#include "tests/support/scratch_book.h"

static const char CHANNEL[] = "gateway:wa";
static const int64_t WRONG_MS = 365LL * 24 * 3600 * 1000;

static void queued(struct book_txn *txn)
{
    struct complaint c = scratch_complaint();
    struct message m = {.purpose = "aduan", .author = "warga", .channel = CHANNEL, .text = "Got mampet."};
    DONE(complaint_insert(txn, &c, scratch_arena, NULL));
    m.complaint_id = c.id;
    DONE(message_insert(txn, &m, NULL));
    DONE(media_add(txn, c.id, m.id, CHANNEL, "{\"path\":\"got.jpg\"}", "got.jpg", NULL));
}

static size_t claim(struct book_txn *txn, struct media_row **rows, int64_t *next_due)
{
    size_t count;
    DONE(media_claim(txn, CHANNEL, 10, rows, &count, next_due, scratch_arena, NULL));
    return count;
}

IN_BOOK(a_file_is_claimed_once_and_told_when_the_next_is_due)
{
    struct media_row *rows;
    int64_t next_due;
    queued(txn);
    assert_int_equal(claim(txn, &rows, &next_due), 1);
    assert_string_equal(rows[0].filename, "got.jpg");
    assert_int_equal(next_due, 0);
    assert_int_equal(claim(txn, &rows, &next_due), 0);
    DONE(media_retry(txn, 1, txn_now(txn) + 5000, "nanti", fault));
    assert_int_equal(claim(txn, &rows, &next_due), 0);
    assert_int_equal(next_due, txn_now(txn) + 5000);
    return OUTCOME_DONE;
}

static enum outcome fail_once(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct media_row *rows;
    int64_t next_due;
    (void)arg;
    queued(txn);
    assert_int_equal(claim(txn, &rows, &next_due), 1);
    return media_retry(txn, rows[0].id, txn_now(txn) + 5000, "nanti", fault);
}

static enum outcome claim_it(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct media_row *rows;
    int64_t next_due;
    (void)arg;
    (void)fault;
    assert_int_equal(claim(txn, &rows, &next_due), 1);
    return OUTCOME_DONE;
}

static void a_file_put_back_by_a_wrong_clock_does_not_wait_for_that_time(void **state)
{
    (void)state;
    scratch_now += WRONG_MS;
    DONE(scratch_write(fail_once, NULL));
    scratch_now -= WRONG_MS; /* set right */
    DONE(scratch_write(claim_it, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(a_file_is_claimed_once_and_told_when_the_next_is_due),
        BOOK_TEST(a_file_put_back_by_a_wrong_clock_does_not_wait_for_that_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
