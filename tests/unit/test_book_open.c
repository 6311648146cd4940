#include "daemon/book/message.h"
#include "tests/support/scratch_book.h"
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void run_sql(const char *sql)
{
    char path[PATH_MAX + 16];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/buku.db", scratch_folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void expect_refused(bool create, enum outcome expected, const char *words)
{
    struct fault fault = {0};
    struct book *book = NULL;
    struct book_options options = scratch_options();
    options.create = create;
    assert_int_equal(book_open(&book, NULL, &options, &fault), expected);
    assert_non_null(strstr(fault.public_text, words));
    assert_null(book);
}

static enum outcome insert_one(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint *c = arg;
    return complaint_insert(txn, c, scratch_arena, fault);
}

static enum outcome get_one(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint *c = arg;
    return complaint_get(txn, c->id, c, scratch_arena, fault);
}

static void what_was_committed_is_there_after_opening_again(void **state)
{
    (void)state;
    struct complaint c = scratch_complaint(), found = {0};
    assert_int_equal(scratch_write(insert_one, &c), OUTCOME_DONE);
    scratch_close();
    scratch_open(NULL);
    found.id = c.id;
    assert_int_equal(scratch_read(get_one, &found), OUTCOME_DONE);
    assert_string_equal(found.number, "001/PGD/XI/2026");
    assert_string_equal(found.code, c.code);
    assert_string_equal(found.reply_to, "siti@contoh.example");
    assert_int_equal(found.state, STATE_MASUK);
    assert_int_equal(found.received_at, scratch_now);
    assert_int_equal(found.version, 1);
}

static void files_are_for_the_owner_only(void **state)
{
    (void)state;
    char path[PATH_MAX + 16];
    struct complaint c = scratch_complaint();
    scratch_close();
    snprintf(path, sizeof path, "%s/buku.db", scratch_folder);
    assert_int_equal(unlink(path), 0); /* that one the test has written */
    scratch_open(NULL);
    assert_int_equal(scratch_write(insert_one, &c), OUTCOME_DONE);
    static const char *const names[] = {"buku.db", "buku.db-wal", "buku.db-shm", "book.lock"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", scratch_folder, names[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

static void a_second_opener_is_refused(void **state)
{
    (void)state;
    expect_refused(true, OUTCOME_STOP, "sedang dipakai");
    pid_t child = fork();
    if (!child) {
        struct fault fault;
        struct book *book;
        struct book_options options = scratch_options();
        _exit(book_open(&book, NULL, &options, &fault) == OUTCOME_STOP ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_newer_book_is_refused(void **state)
{
    (void)state;
    scratch_close();
    run_sql("PRAGMA user_version = 99");
    expect_refused(true, OUTCOME_STOP, "lebih baru");
}

static void a_foreign_file_is_refused_and_not_touched(void **state)
{
    (void)state;
    scratch_close();
    run_sql("PRAGMA journal_mode = DELETE; PRAGMA application_id = 7");
    expect_refused(true, OUTCOME_STOP, "bukan Buku Pengaduan");
    char path[PATH_MAX + 16], head[20];
    snprintf(path, sizeof path, "%s/buku.db", scratch_folder);
    FILE *f = fopen(path, "rb");
    assert_int_equal(fread(head, 1, sizeof head, f), sizeof head);
    fclose(f);
    assert_int_equal(head[18], 1); /* file format version: still not WAL */
}

static void rubbish_is_refused(void **state)
{
    (void)state;
    scratch_close();
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/buku.db", scratch_folder);
    FILE *f = fopen(path, "wb");
    for (int i = 0; i < 4096; i++)
        fputs("bukan basis data", f);
    fclose(f);
    expect_refused(true, OUTCOME_STOP, "rusak");
}

static void nothing_is_made_without_being_asked(void **state)
{
    (void)state;
    char path[PATH_MAX + 16];
    scratch_close();
    snprintf(path, sizeof path, "%s/buku.db", scratch_folder);
    assert_int_equal(unlink(path), 0);
    expect_refused(false, OUTCOME_STOP, "pengaduand init");
    assert_int_not_equal(access(path, F_OK), 0);
    fclose(fopen(path, "wb")); /* what a crash right at the start of `init` leaves */
    expect_refused(false, OUTCOME_STOP, "pengaduand init");
    scratch_open(NULL);
}

static void a_format_without_year_is_refused(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct book *book = NULL;
    struct book_options options = scratch_options();
    options.number_format = "%n/PGD";
    assert_int_equal(book_open(&book, NULL, &options, &fault), OUTCOME_STOP);
    assert_non_null(strstr(fault.public_text, "tahun"));
}

static void a_reader_cannot_write(void **state)
{
    (void)state;
    struct complaint c = scratch_complaint();
    assert_int_not_equal(scratch_read(insert_one, &c), OUTCOME_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(what_was_committed_is_there_after_opening_again),
        BOOK_TEST(files_are_for_the_owner_only),
        BOOK_TEST(a_second_opener_is_refused),
        BOOK_TEST(a_newer_book_is_refused),
        BOOK_TEST(a_foreign_file_is_refused_and_not_touched),
        BOOK_TEST(rubbish_is_refused),
        BOOK_TEST(nothing_is_made_without_being_asked),
        BOOK_TEST(a_format_without_year_is_refused),
        BOOK_TEST(a_reader_cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
