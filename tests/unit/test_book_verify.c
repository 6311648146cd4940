#include "daemon/book/blob.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/verify.h"
#include "tests/support/scratch_book.h"
#include <sqlite3.h>

static enum outcome fill(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c = scratch_complaint();
    struct blob_ref raw, large;
    struct message m = {
        .purpose = "aduan", .channel = "situs", .author = "Siti", .text = "Jalan rusak", .has_raw = true};
    char *big = arena_alloc(scratch_arena, BLOB_INLINE);
    (void)arg;
    DONE(complaint_insert(txn, &c, scratch_arena, fault));
    DONE(blob_put(txn, "raw", 3, &raw, fault));
    DONE(blob_put(txn, big, BLOB_INLINE, &large, fault));
    m.complaint_id = c.id;
    m.raw = raw;
    DONE(message_insert(txn, &m, fault));
    for (int i = 0; i < 5; i++) {
        json_t *data = json_pack("{s:i}", "urutan", i);
        DONE(event_append(txn, i % 2 ? c.id : 0, c.number, "masuk", "sistem", i == 3 ? NULL : data, fault));
        json_decref(data);
    }
    return OUTCOME_DONE;
}

static int filled_setup(void **state)
{
    scratch_setup(state);
    DONE(scratch_write(fill, NULL));
    return 0;
}

static enum outcome verify_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    return verify_book(txn, arg, fault);
}

static enum outcome list_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    return event_list(txn, 1, arg, scratch_arena, fault);
}

static void a_whole_book_verifies(void **state)
{
    (void)state;
    struct verify_report report;
    struct event *events;
    DONE(scratch_read(verify_work, &report));
    assert_int_equal(report.events, 5);
    assert_int_equal(report.blobs, 2);
    DONE(scratch_write(verify_work, &report));
    DONE(scratch_read(list_work, &events));
    assert_int_equal(events->id, 2);
    assert_string_equal(events->data, "{\"urutan\":1}");
    assert_int_equal(events->next->id, 4);
    assert_string_equal(events->next->data, "{}");
    assert_null(events->next->next);
}

/* As somebody with the file and the sqlite3 program would. */
static void tamper(const char *sql)
{
    char path[PATH_MAX + 16], *error = NULL;
    sqlite3 *db;
    scratch_close();
    snprintf(path, sizeof path, "%s/buku.db", scratch_folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error))
        fail_msg("%s", error);
    sqlite3_close(db);
    scratch_open(NULL);
}

static void expect_fault(const char *words)
{
    struct verify_report report;
    struct fault fault = {0};
    NEVER(book_run(scratch_book, true, verify_work, &report, &fault));
    if (!strstr(fault.public_text, words))
        fail_msg("\"%s\" not in \"%s\"", words, fault.public_text);
}

static void a_changed_event_is_named(void **state)
{
    (void)state;
    tamper("UPDATE event SET actor = 'petugas:budi' WHERE id = 3");
    expect_fault("nomor 3: isinya telah diubah");
}

static void a_changed_time_or_owner_is_named(void **state)
{
    (void)state;
    tamper("UPDATE event SET complaint_id = 1 WHERE id = 5");
    expect_fault("nomor 5: isinya telah diubah");
    tamper("UPDATE event SET complaint_id = NULL WHERE id = 5; UPDATE event SET at = at + 1 WHERE id = 2");
    expect_fault("nomor 2: isinya telah diubah");
}

static void a_missing_event_is_named(void **state)
{
    (void)state;
    tamper("DELETE FROM event WHERE id = 2");
    expect_fault("nomor 2: peristiwa ini hilang");
}

static void a_rewritten_link_is_named(void **state)
{
    (void)state;
    tamper("UPDATE event SET prev = zeroblob(32) WHERE id = 4");
    expect_fault("nomor 4: tidak menyambung");
}

static void a_changed_blob_is_noticed(void **state)
{
    (void)state;
    tamper("UPDATE blob SET data = x'776172' WHERE data IS NOT NULL");
    expect_fault("lampiran");
}

static void a_dangling_row_is_noticed(void **state)
{
    (void)state;
    tamper("UPDATE complaint SET citizen_id = 4711");
    expect_fault("hubungan antarcatatan");
}

static void a_message_missing_in_the_index_is_noticed(void **state)
{
    (void)state;
    tamper("DELETE FROM message_text_docsize");
    expect_fault("indeks pencarian");
}

static void a_changed_message_does_not_fit_its_index(void **state)
{
    (void)state;
    tamper("UPDATE message SET text = 'Jembatan baik'");
    expect_fault("indeks pencarian");
}

#define FILLED_TEST(name) cmocka_unit_test_setup_teardown(name, filled_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILLED_TEST(a_whole_book_verifies),
        FILLED_TEST(a_changed_event_is_named),
        FILLED_TEST(a_changed_time_or_owner_is_named),
        FILLED_TEST(a_missing_event_is_named),
        FILLED_TEST(a_rewritten_link_is_named),
        FILLED_TEST(a_changed_blob_is_noticed),
        FILLED_TEST(a_dangling_row_is_noticed),
        FILLED_TEST(a_message_missing_in_the_index_is_noticed),
        FILLED_TEST(a_changed_message_does_not_fit_its_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
