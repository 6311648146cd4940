#include "daemon/book/arrival.h"
#include "daemon/book/blob.h"
#include "daemon/book/event.h"
#include "daemon/book/journal.h"
#include "daemon/book/message.h"
#include "daemon/book/stmt.h"
#include "daemon/book/txn_private.h"
#include "daemon/book/verify.h"
#include "tests/support/scratch_book.h"
#include <sqlite3.h>

static enum outcome fill(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c = scratch_complaint();
    struct attachment photo = {.filename = "foto.png", .media_type = "image/png", .size = BLOB_INLINE};
    struct message m = {.channel = "situs",
        .author = "Siti",
        .subject = "Jalan",
        .text = "Jalan depan pasar rusak",
        .has_raw = true,
        .attachments = &photo};
    char *big = arena_alloc(scratch_arena, BLOB_INLINE);
    (void)arg;
    DONE(blob_put(txn, "raw", 3, &m.raw, fault));
    DONE(blob_put(txn, big, BLOB_INLINE, &photo.blob, fault));
    DONE(scratch_enter(txn, &c, &m, fault));
    for (int i = 1; i < 5; i++) {
        json_t *data = json_pack("{s:i}", "urutan", i);
        DONE(event_append(txn, i % 2 ? c.id : 0, c.number, "catatan", "sistem", i == 3 ? NULL : data, fault));
        json_decref(data);
    }
    return OUTCOME_DONE;
}

static enum outcome fill_again(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c = scratch_complaint();
    struct message m = {.channel = "situs", .author = "Budi", .text = "Lampu jalan mati"};
    (void)arg;
    return scratch_enter(txn, &c, &m, fault);
}

static enum outcome add_text(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c = scratch_complaint();
    struct message m = {.channel = "situs", .author = "Budi", .subject = arg, .text = arg};
    return scratch_enter(txn, &c, &m, fault);
}

static int filled_setup(void **state)
{
    scratch_setup(state);
    DONE(scratch_write(fill, NULL));
    return 0;
}

static enum outcome verify_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    return verify_book(txn, NULL, arg, fault);
}

struct asking {
    const struct verify_options *options;
    struct verify_report *report;
};

static enum outcome ask_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct asking *asking = arg;
    return verify_book(txn, asking->options, asking->report, fault);
}

static enum outcome pieces_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    return verify_in_pieces(txn, NULL, arg, fault);
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
    assert_int_equal(report.complaints, 1);
    assert_int_equal(report.messages, 1);
    assert_int_equal(report.strays, 0);
    DONE(scratch_write(verify_work, &report));
    DONE(book_run_aside(scratch_book, pieces_work, &report, NULL));
    assert_int_equal(report.events, 5);
    DONE(scratch_read(list_work, &events));
    assert_int_equal(events->id, 1);
    assert_string_equal(events->next->data, "{\"urutan\":1}");
    assert_int_equal(events->next->next->id, 4);
    assert_string_equal(events->next->next->data, "{}");
    assert_null(events->next->next->next);
}

static enum outcome enter_text(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c = scratch_complaint();
    struct message m = {.channel = "situs", .author = "Budi", .subject = arg, .text = arg};
    return scratch_enter(txn, &c, &m, fault);
}

/* What the tokenizer sees as words is its business: nothing a citizen sends may look like a damaged index. */
static void messages_of_odd_characters_are_whole_too(void **state)
{
    static const char *const texts[] = {"\xc3\xbf\xc3\xbf\xc3\xbf", "|\xe2\x82\xac\xef\xbf\xbd",
        "\xf0\x9f\x99\x8f", "rusak\xe2\x80\xa6", "caf\xc3\xa9 na\xc3\xafve", "\" OR NEAR(a* \"", "***",
        "a-b/c.d,e'f", "", "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7", "x\xcc\x81y",
        "\xef\xbf\xbd\xef\xbf\xbd kata"};
    struct verify_report report;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        DONE(scratch_write(enter_text, (void *)texts[i]));
    DONE(scratch_read(verify_work, &report));
    DONE(book_run_aside(scratch_book, pieces_work, &report, NULL));
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

/* And the journal takes it for the daemon's: a bug of ours, not a stranger. */
static void write_by(const char *sql)
{
    struct book_txn *txn;
    struct book_options options = scratch_options();
    char *error = NULL;
    scratch_close();
    DONE(connection_open(&txn, &options, true, NULL));
    sqlite3_exec(txn->db, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (sqlite3_exec(txn->db, sql, NULL, NULL, &error))
        fail_msg("%s", error);
    journal_undo(txn, 0);
    DONE(journal_seal_anew(txn, NULL));
    sqlite3_exec(txn->db, "COMMIT", NULL, NULL, NULL);
    connection_close(txn);
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
    expect_fault("isi blob ");
}

static void a_dangling_row_is_noticed(void **state)
{
    (void)state;
    write_by("UPDATE complaint SET citizen_id = 4711");
    expect_fault("tabel complaint menunjuk catatan citizen yang tidak ada");
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
    write_by("UPDATE message SET text = 'Jembatan baik'");
    expect_fault("indeks pencarian");
    struct verify_report report;
    struct fault fault = {0};
    NEVER(book_run_aside(scratch_book, pieces_work, &report, &fault));
    assert_non_null(
        strstr(fault.public_text, "milik aduan 001/PGD/XI/2026 tidak ditemukan dengan kata-katanya sendiri"));
}

static enum outcome count_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct sealed_tables *tables = malloc(sizeof *tables);
    int *counts = arg;
    DONE(sealed_load(txn, tables, fault));
    counts[0] = tables->count;
    free(tables);
    struct stmt s =
        stmt_open(txn, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                       " AND name NOT LIKE 'message_text%' AND name <> 'journal'");
    counts[1] = stmt_row(&s) ? (int)stmt_int_at(&s, 0) : 0;
    return stmt_close(&s, fault);
}

/* Without a primary key a table would be left out quietly. */
static void every_table_of_the_schema_is_sealed(void **state)
{
    (void)state;
    int counts[2];
    DONE(scratch_read(count_work, counts));
    assert_int_equal(counts[0], counts[1]);
    assert_true(counts[0] >= 18);
}

/* ---- what was written by us and cannot be ---- */

static void what_does_not_fit_together_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *words;
    } cases[] = {
        {"UPDATE arrival SET outcome = 'diabaikan'", "tidak mungkin memuat pesan"},
        {"UPDATE arrival SET outcome = 'hilang'", "hasilnya tidak dikenal"},
        {"UPDATE arrival SET message_id = NULL", "pesannya tidak ada"},
        {"INSERT INTO arrival (channel, external, at, outcome, complaint_id, message_id) VALUES ('situs', "
         "'lagi', 1, 'dibuka', 1, 65537)",
            "sudah dicatat oleh baris lain"},
        {"UPDATE arrival SET outcome = 'dicatat', complaint_id = NULL", "pesannya milik aduan lain"},
        {"UPDATE message SET purpose = 'tambahan'", "bukan pesan yang dapat datang begitu"},
        {"UPDATE message SET purpose = 'jawaban'", "bukan pesan yang dapat datang begitu"},
        {"UPDATE message SET purpose = 'catatan'; UPDATE arrival SET outcome = 'ditambahkan'",
            "bukan pesan yang dapat datang begitu"},
        {"UPDATE arrival SET message_id = NULL, outcome = 'ganda'", "tidak ada kedatangannya"},
        {"UPDATE complaint SET state = 'dijawab'", "lain dari riwayatnya"},
        {"UPDATE complaint SET state = 'apa'", "lain dari riwayatnya"},
        {"UPDATE complaint SET number = '007/PGD/XI/2026'", "nomor register sebelumnya hilang"},
        {"UPDATE register_sequence SET last = 2", "nomor register terakhir"},
        {"INSERT INTO bookmark VALUES ('email:kantor', '1/7', 1)", "batas baca saluran email:kantor"},
        {"INSERT INTO blob (sha256, size, data) VALUES "
         "(x'2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', 5, "
         "CAST('hello' AS BLOB))",
            "tidak dipakai"},
        {"UPDATE outbox SET state = 'diterima'", "keadaan yang tidak mungkin"},
        {"UPDATE outbox SET state = 'entah'", "keadaan yang tidak mungkin"},
        {"UPDATE outbox SET payload = 'x' WHERE id = 1", "isinya tidak dapat dibaca"},
        {"UPDATE outbox SET complaint_id = NULL WHERE id = 1", "peristiwanya tidak ada"},
        {"UPDATE outbox SET purpose = 'jawaban' WHERE id = 1", "pesannya tidak ada"},
        {"UPDATE complaint SET citizen_id = 4711", "tabel complaint menunjuk catatan citizen yang tidak ada"},
        {"UPDATE message SET text = 'Jembatan baik'", "indeks pencarian"},
        {"CREATE TRIGGER t AFTER INSERT ON notice BEGIN DELETE FROM session; END", "trigger t ditambahkan"},
        {"DROP INDEX notice_unread", "index notice_unread hilang"},
        {"DROP INDEX notice_unread; CREATE INDEX notice_unread ON notice (officer_id)",
            "index notice_unread diubah"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_by(cases[i].sql);
        expect_fault(cases[i].words);
        scratch_teardown(state);
        filled_setup(state);
    }
}

static enum outcome add_by_hand(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct message m = {.complaint_id = 1,
        .purpose = "jawaban",
        .channel = "gateway:wa",
        .author = "Petugas",
        .text = "Besok kami ke sana"};
    (void)arg;
    DONE(message_insert(txn, &m, fault));
    struct arrival a = {.channel = m.channel,
        .external = "message:3EB0",
        .outcome = "ditambahkan",
        .complaint_id = 1,
        .message_id = m.id};
    return arrival_insert(txn, &a, fault);
}

/* An officer took the office's telephone and answered there: it came like a citizen's word, and is an answer. */
static void an_answer_by_hand_came_and_was_not_sent(void **state)
{
    static const struct {
        const char *sql, *words;
    } cases[] = {
        {"UPDATE arrival SET outcome = 'dibuka' WHERE id = 2", "bukan pesan yang dapat datang begitu"},
        {"UPDATE arrival SET outcome = 'dicatat' WHERE id = 2", "bukan pesan yang dapat datang begitu"},
        {"UPDATE arrival SET outcome = 'diabaikan' WHERE id = 2", "tidak mungkin memuat pesan"},
        {"UPDATE arrival SET channel = 'situs' WHERE id = 2", "tidak ditulis di telepon kantor"},
        {"UPDATE arrival SET channel = 'gateway:lain' WHERE id = 2", "tidak ditulis di telepon kantor"},
        {"INSERT INTO officer (login, name, role, password_hash, created_at) VALUES ('rina', 'Rina', "
         "'petugas', "
         "'', 1); UPDATE message SET officer_id = 1 WHERE id = 65538",
            "tidak ditulis di telepon kantor"},
        {"INSERT INTO outbox (complaint_id, message_id, channel, purpose, payload, state, next_at, "
         "created_at,"
         " state_at) VALUES (1, 65538, 'gateway:wa', 'jawaban', '{}', 'antre', 0, 1, 1)",
            "tidak ditulis di telepon kantor"},
        {"UPDATE arrival SET message_id = NULL, outcome = 'ganda' WHERE id = 2", "tidak ada kedatangannya"},
    };
    struct verify_report report;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DONE(scratch_write(add_by_hand, NULL));
        DONE(scratch_read(verify_work, &report));
        write_by(cases[i].sql);
        expect_fault(cases[i].words);
        scratch_teardown(state);
        filled_setup(state);
    }
}

static enum outcome rewrite_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct stmt s = stmt_open_once(txn, arg);
    return stmt_run(&s, fault);
}

/* Signs that are no words, words among them, words cut where the looking ends. */
static void any_text_is_found_by_its_own_words(void **state)
{
    (void)state;
    static const char *const texts[] = {"\U0001F642", "… — “ ” °", "Terima kasih \U0001F64F\U0001F64F",
        "naïve café résumé", "Jalan—rusak…parah", "50% * \"kutip\" AND OR NOT NEAR(",
        "pelayanan* (cepat) a_b-c.d@e.f", "٣ ½ ²", "e\u0301tat", "ＡＢＣ 東京",
        "\xc2\xa0spasi\xc2\xa0keras\xc2\xa0", ""};
    struct verify_report report;
    struct fault fault = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        DONE(scratch_write(add_text, (void *)texts[i]));
    char *longest = arena_alloc(scratch_arena, 20001);
    memset(longest, 'a', 20000);
    DONE(scratch_write(add_text, longest));
    for (size_t i = 0; i + 7 < 20000; i += 7)
        longest[i] = ' ';
    DONE(scratch_write(add_text, longest));
    if (book_run_aside(scratch_book, pieces_work, &report, &fault))
        fail_msg("%s", fault.public_text);
    assert_int_equal(report.messages, sizeof texts / sizeof *texts + 3);
}

static enum outcome told_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct stmt s = stmt_open_once(txn, arg);
    DONE(stmt_run(&s, fault));
    return event_append(txn, 1, NULL, "catatan", "petugas:rina", NULL, fault);
}

/* A message may be moved or erased one day; the history then says so. */
static void with_an_event_that_tells_it_a_row_may_be_written_again(void **state)
{
    struct verify_report report;
    (void)state;
    DONE(scratch_write(told_work, "UPDATE attachment SET filename = 'lain.png'"));
    DONE(scratch_read(verify_work, &report));
    DONE(scratch_write(told_work, "UPDATE event SET actor = actor WHERE id = 5"));
    expect_fault("tabel event, baris 5");
}

/* Even in the daemon's own way, with a link of the journal's chain that is right. */
static void what_was_said_and_what_happened_cannot_be_written_a_second_time(void **state)
{
    static char *const cases[] = {"UPDATE message SET text = 'Jembatan baik'",
        "UPDATE message SET author = 'Budi'", "UPDATE attachment SET filename = 'lain.png'",
        "DELETE FROM attachment", "UPDATE arrival SET reason = 'x'",
        "UPDATE event SET actor = actor WHERE id = 5", "DELETE FROM arrival"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DONE(scratch_write(rewrite_work, cases[i]));
        expect_fault("ditulis untuk kedua kalinya");
        scratch_teardown(state);
        filled_setup(state);
    }
}

static void a_kept_head_is_found_as_long_as_nobody_rewrites_the_journal(void **state)
{
    (void)state;
    struct verify_report report;
    unsigned char kept[CHAIN_DIGEST];
    struct verify_options options = {.head = kept};
    DONE(scratch_read(verify_work, &report));
    memcpy(kept, report.head, sizeof kept);
    write_by("UPDATE section SET name = 'Seksi Lain' WHERE id = 1");
    struct asking asking = {&options, &report};
    DONE(scratch_read(ask_work, &asking));
    assert_true(report.head_found);
    assert_memory_not_equal(report.head, kept, sizeof kept);
    kept[0] ^= 1;
    DONE(scratch_read(ask_work, &asking));
    assert_false(report.head_found);
}

static void a_number_may_change_its_form_and_begins_anew_each_year(void **state)
{
    (void)state;
    struct verify_report report;
    for (int year = 0; year < 2; year++) {
        DONE(scratch_write(fill_again, NULL));
        scratch_now += 366LL * 24 * 3600 * 1000;
    }
    write_by("UPDATE complaint SET number = 'B.2/' || substr(number, 9) WHERE id = 2");
    DONE(scratch_read(verify_work, &report));
    assert_int_equal(report.complaints, 3);
    write_by("UPDATE complaint SET number = '005/PGD/XI/2027' WHERE id = 3");
    expect_fault("nomor register sebelumnya hilang");
}

/* A clock that is wrong for a while, forwards or back: each year has a register of its own. */
static void numbers_may_come_from_a_clock_that_was_wrong_for_a_while(void **state)
{
    (void)state;
    static const int years[] = {0, 1, 0, -1, 1, 0};
    struct verify_report report;
    int64_t now = scratch_now;
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        scratch_now = now + years[i] * INT64_C(366) * 24 * 3600 * 1000;
        DONE(scratch_write(fill_again, NULL));
    }
    DONE(scratch_read(verify_work, &report));
    assert_int_equal(report.complaints, 7);
    DONE(book_run_aside(scratch_book, pieces_work, &report, NULL));
    write_by("UPDATE complaint SET number = '003/PGD/XI/2027' WHERE number LIKE '002/%/2027'");
    expect_fault("nomor register sebelumnya hilang");
}

/* The number is of the year in which it was given, which need not be that in which the letter came: the mailbox may
 * have waited over the turn of the year. */
static void what_came_last_year_may_be_numbered_this_year(void **state)
{
    (void)state;
    struct verify_report report;
    scratch_now += 366LL * 24 * 3600 * 1000;
    DONE(scratch_write(fill_again, NULL));
    write_by("UPDATE complaint SET received_at = received_at - 366 * 86400000 WHERE id = 2");
    DONE(scratch_read(verify_work, &report));
    assert_int_equal(report.complaints, 2);
}

static void a_number_may_have_its_year_right_beside_its_sequence(void **state)
{
    (void)state;
    struct verify_report report;
    DONE(scratch_write(fill_again, NULL));
    write_by("UPDATE complaint SET number = 'PGD' || substr(number, -4) || substr(number, 1, 3)");
    DONE(scratch_read(verify_work, &report));
    assert_int_equal(report.complaints, 2);
    write_by("UPDATE complaint SET number = substr(number, 1, 7) || '004' WHERE id = 2");
    expect_fault("nomor register sebelumnya hilang");
}

/* ---- memory ---- */

static sqlite3_mem_methods memory;
static int until_refused; /* 0 = never */

static void *refusing_malloc(int n)
{
    return until_refused && !--until_refused ? NULL : memory.xMalloc(n);
}

static enum outcome reword(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "UPDATE outbox SET error = ?1 WHERE id = 1");
    stmt_text(&s, arg);
    return stmt_run(&s, fault);
}

/* Each refusal is LATER or does no harm: a seal that does not fit its row would look like a stranger's hand for ever. */
static void without_memory_no_row_is_sealed_wrongly(void **state)
{
    enum { REFUSALS = 40 };
    struct verify_report report;
    int later = 0;
    (void)state;
    DONE(scratch_write(reword, (void *)"Nomor tujuan tidak dapat dihubungi."));
    for (int n = 1; n <= REFUSALS; n++) {
        char text[60];
        snprintf(text, sizeof text, "Gerbang menolak untuk ke-%d kalinya.", n);
        until_refused = n;
        later += scratch_write(reword, text) == OUTCOME_LATER;
        until_refused = 0;
        DONE(scratch_read(verify_work, &report));
    }
    assert_in_range(later, 1, REFUSALS);
}

static void refuse_memory_to_sqlite(void)
{
    sqlite3_mem_methods refusing;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory);
    refusing = memory;
    refusing.xMalloc = refusing_malloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &refusing);
}

#define FILLED_TEST(name) cmocka_unit_test_setup_teardown(name, filled_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILLED_TEST(a_whole_book_verifies),
        FILLED_TEST(messages_of_odd_characters_are_whole_too),
        FILLED_TEST(every_table_of_the_schema_is_sealed),
        FILLED_TEST(any_text_is_found_by_its_own_words),
        FILLED_TEST(what_does_not_fit_together_is_named),
        FILLED_TEST(an_answer_by_hand_came_and_was_not_sent),
        FILLED_TEST(what_was_said_and_what_happened_cannot_be_written_a_second_time),
        FILLED_TEST(with_an_event_that_tells_it_a_row_may_be_written_again),
        FILLED_TEST(a_kept_head_is_found_as_long_as_nobody_rewrites_the_journal),
        FILLED_TEST(a_number_may_change_its_form_and_begins_anew_each_year),
        FILLED_TEST(numbers_may_come_from_a_clock_that_was_wrong_for_a_while),
        FILLED_TEST(what_came_last_year_may_be_numbered_this_year),
        FILLED_TEST(a_number_may_have_its_year_right_beside_its_sequence),
        FILLED_TEST(without_memory_no_row_is_sealed_wrongly),
        FILLED_TEST(a_changed_event_is_named),
        FILLED_TEST(a_changed_time_or_owner_is_named),
        FILLED_TEST(a_missing_event_is_named),
        FILLED_TEST(a_rewritten_link_is_named),
        FILLED_TEST(a_changed_blob_is_noticed),
        FILLED_TEST(a_dangling_row_is_noticed),
        FILLED_TEST(a_message_missing_in_the_index_is_noticed),
        FILLED_TEST(a_changed_message_does_not_fit_its_index),
    };
    refuse_memory_to_sqlite();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
