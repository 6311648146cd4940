/* A disk that is full, played by RLIMIT_FSIZE: a write beyond it fails as a full disk's would. */
#include "daemon/book/blob.h"
#include "daemon/book/message.h"
#include "daemon/book/verify.h"
#include "tests/support/scratch_book.h"
#include <signal.h>
#include <sys/resource.h>

static struct rlimit before;

static void limit_files(rlim_t most)
{
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){most, before.rlim_max}), 0);
}

static int full_setup(void **state)
{
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    return scratch_setup(state);
}

static int full_teardown(void **state)
{
    setrlimit(RLIMIT_FSIZE, &before);
    return scratch_teardown(state);
}

static enum outcome insert_big(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c = scratch_complaint();
    size_t size = *(size_t *)arg;
    char *text = malloc(size + 1);
    memset(text, 'x', size);
    text[size] = 0;
    struct message m = {.channel = "situs", .author = "Siti", .text = text};
    enum outcome outcome = scratch_enter(txn, &c, &m, fault);
    free(text);
    return outcome;
}

static enum outcome put_big(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c = scratch_complaint();
    struct message m = {.channel = "situs", .author = "Siti", .text = "Dengan foto", .has_raw = true};
    enum outcome outcome = blob_put(txn, arg, 4 * BLOB_INLINE, &m.raw, fault);
    return outcome ? outcome : scratch_enter(txn, &c, &m, fault);
}

static enum outcome count(struct book_txn *txn, void *arg, struct fault *fault)
{
    return complaint_count(txn, &(struct complaint_filter){0}, arg, fault);
}

static enum outcome verify(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct verify_report report;
    (void)arg;
    return verify_book(txn, NULL, &report, fault);
}

static void expect_complaints(int64_t expected)
{
    int64_t found = -1;
    DONE(scratch_read(count, &found));
    assert_int_equal(found, expected);
    DONE(scratch_write(verify, NULL));
}

static void a_full_disk_is_later_and_the_book_recovers(void **state)
{
    (void)state;
    struct fault fault = {0};
    DONE(scratch_write(insert_big, &(size_t){100}));
    limit_files(600000);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(book_run(scratch_book, true, insert_big, &(size_t){2000000}, &fault), OUTCOME_LATER);
        assert_non_null(strstr(fault.public_text, "Belum tersimpan"));
    }
    limit_files(before.rlim_cur);
    expect_complaints(1);
    DONE(scratch_write(insert_big, &(size_t){2000000}));
    expect_complaints(2);
}

static void an_attachment_that_does_not_fit_is_later(void **state)
{
    (void)state;
    char *data = arena_alloc(scratch_arena, 4 * BLOB_INLINE);
    limit_files(2 * BLOB_INLINE);
    assert_int_equal(scratch_write(put_big, data), OUTCOME_LATER);
    limit_files(before.rlim_cur);
    DONE(scratch_write(put_big, data));
    expect_complaints(1);
}

static void a_book_left_on_a_full_disk_opens_again(void **state)
{
    (void)state;
    DONE(scratch_write(insert_big, &(size_t){100}));
    limit_files(600000);
    assert_int_equal(scratch_write(insert_big, &(size_t){2000000}), OUTCOME_LATER);
    scratch_close();
    limit_files(before.rlim_cur);
    scratch_open(NULL);
    expect_complaints(1);
}

#define FULL_TEST(name) cmocka_unit_test_setup_teardown(name, full_setup, full_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FULL_TEST(a_full_disk_is_later_and_the_book_recovers),
        FULL_TEST(an_attachment_that_does_not_fit_is_later),
        FULL_TEST(a_book_left_on_a_full_disk_opens_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
