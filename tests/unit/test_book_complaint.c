#include "daemon/book/catalogue.h"
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "tests/support/scratch_book.h"

static struct complaint insert(struct book_txn *txn, const char *channel, int64_t citizen_id)
{
    struct complaint c = scratch_complaint();
    c.channel = channel;
    c.citizen_id = citizen_id;
    DONE(complaint_insert(txn, &c, scratch_arena, NULL));
    return c;
}

static enum outcome insert_number(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct complaint c = scratch_complaint();
    (void)fault;
    DONE(complaint_insert(txn, &c, scratch_arena, NULL));
    snprintf(arg, 32, "%s", c.number);
    return OUTCOME_DONE;
}

static enum outcome insert_and_fail(struct book_txn *txn, void *arg, struct fault *fault)
{
    insert_number(txn, arg, fault);
    return OUTCOME_NEVER;
}

static void register_numbers_have_no_gaps_and_begin_again_each_year(void **state)
{
    (void)state;
    char number[32];
    DONE(scratch_write(insert_number, number));
    assert_string_equal(number, "001/PGD/XI/2026");
    NEVER(scratch_write(insert_and_fail, number));
    assert_string_equal(number, "002/PGD/XI/2026");
    DONE(scratch_write(insert_number, number));
    assert_string_equal(number, "002/PGD/XI/2026");
    scratch_now = 1798736399999; /* the last millisecond of the year in Jakarta */
    DONE(scratch_write(insert_number, number));
    assert_string_equal(number, "003/PGD/XII/2026");
    scratch_now++;
    DONE(scratch_write(insert_number, number));
    assert_string_equal(number, "001/PGD/I/2027");
}

IN_BOOK(a_complaint_is_found_by_id_code_and_number)
{
    struct complaint c = insert(txn, "situs", 0), found;
    DONE(complaint_get(txn, c.id, &found, scratch_arena, fault));
    assert_string_equal(found.code, c.code);
    DONE(complaint_by_code(txn, c.code, &found, scratch_arena, fault));
    assert_int_equal(found.id, c.id);
    DONE(complaint_by_number(txn, c.number, &found, scratch_arena, fault));
    assert_int_equal(found.id, c.id);
    struct fault told;
    NEVER(complaint_by_code(txn, "0000000000", &found, scratch_arena, &told));
    assert_string_equal(told.public_text, "Aduan tidak ditemukan.");
    return OUTCOME_DONE;
}

IN_BOOK(an_update_keeps_everything_and_notices_others)
{
    struct complaint c = insert(txn, "situs", 0), other, found;
    struct section section;
    struct service service;
    struct citizen citizen = {.nama = "Siti", .phone = "+6281200000000"};
    DONE(section_by_key(txn, "seksi_trantib", &section, scratch_arena, fault));
    DONE(service_by_key(txn, "izin_keramaian", &service, scratch_arena, fault));
    DONE(citizen_insert(txn, &citizen, fault));
    DONE(complaint_get(txn, c.id, &other, scratch_arena, fault));
    c.state = STATE_DIDISPOSISIKAN;
    c.state_since = c.due_at = c.answered_at = c.closed_at = 1234567;
    c.section_id = section.id;
    c.service_id = service.id;
    c.citizen_id = citizen.id;
    c.instruction = "Tindak lanjuti";
    c.place = "Jl. Mastrip";
    c.referred_to = "Inspektorat";
    c.referred_number = "e-WBS 7";
    c.main_id = c.id;
    DONE(complaint_update(txn, &c, fault));
    DONE(complaint_get(txn, c.id, &found, scratch_arena, fault));
    assert_int_equal(found.version, 2);
    assert_int_equal(found.state, STATE_DIDISPOSISIKAN);
    assert_string_equal(found.section, "Seksi Ketenteraman dan Ketertiban Umum");
    assert_string_equal(found.service, "Izin Keramaian");
    assert_string_equal(found.nama, "Siti");
    assert_string_equal(found.instruction, "Tindak lanjuti");
    assert_string_equal(found.referred_number, "e-WBS 7");
    assert_int_equal(found.closed_at, 1234567);
    assert_int_equal(found.main_id, c.id);
    assert_null(found.occurred);
    struct fault told;
    NEVER(complaint_update(txn, &other, &told));
    assert_non_null(strstr(told.public_text, "diubah oleh orang lain"));
    return OUTCOME_DONE;
}

IN_BOOK(a_new_message_finds_the_complaint_it_belongs_to)
{
    struct citizen citizen = {.nama = "Budi"};
    int64_t id;
    DONE(citizen_insert(txn, &citizen, fault));
    DONE(complaint_latest_open(txn, citizen.id, "gateway:wa", 1000, &id, fault));
    assert_int_equal(id, 0);
    struct complaint first = insert(txn, "gateway:wa", citizen.id);
    insert(txn, "situs", citizen.id);
    DONE(complaint_latest_open(txn, citizen.id, "gateway:wa", 1000, &id, fault));
    assert_int_equal(id, first.id);
    first.closed_at = scratch_now - 999;
    DONE(complaint_update(txn, &first, fault));
    DONE(complaint_latest_open(txn, citizen.id, "gateway:wa", 1000, &id, fault));
    assert_int_equal(id, first.id);
    DONE(complaint_latest_open(txn, citizen.id, "gateway:wa", 999, &id, fault));
    assert_int_equal(id, 0);
    return OUTCOME_DONE;
}

/* ---- lists ---- */

struct ids {
    int64_t id[64];
    int count;
};

static enum outcome note_id(void *arg, const struct complaint *c, struct fault *fault)
{
    struct ids *ids = arg;
    (void)fault;
    assert_true(ids->count < 64);
    ids->id[ids->count++] = c->id;
    return OUTCOME_DONE;
}

static void expect_ids(
    struct book_txn *txn, struct complaint_filter filter, int count, const int64_t *expected)
{
    struct ids ids = {.count = 0};
    int64_t counted = -1;
    filter.limit = filter.limit ? filter.limit : 50;
    DONE(complaint_list(txn, &filter, note_id, &ids, NULL));
    assert_int_equal(ids.count, count);
    for (int i = 0; i < count; i++)
        assert_int_equal(ids.id[i], expected[i]);
    if (filter.limit < 50 || filter.before_id)
        return;
    DONE(complaint_count(txn, &filter, &counted, NULL));
    assert_int_equal(counted, count);
}

IN_BOOK(lists_page_by_key_and_obey_every_filter)
{
    struct complaint c[6];
    struct section section;
    static const char *const channels[] = {
        "situs", "gateway:wa", "gateway:ig", "email:kantor", "loket", "gatewayX"};
    DONE(section_by_key(txn, "seksi_trantib", &section, scratch_arena, fault));
    for (int i = 0; i < 6; i++) {
        c[i] = insert(txn, channels[i], 0);
        c[i].due_at = scratch_now + (3 - i) * 1000;
    }
    c[1].state = STATE_DIDISPOSISIKAN;
    c[1].section_id = section.id;
    c[2].state = STATE_PERLU_DILENGKAPI;
    c[4].state = STATE_DITUTUP;
    c[4].closed_at = scratch_now;
    c[5].confidentiality = "rahasia";
    for (int i = 0; i < 6; i++)
        DONE(complaint_update(txn, &c[i], fault));
    const int64_t I[] = {c[0].id, c[1].id, c[2].id, c[3].id, c[4].id, c[5].id};
    expect_ids(txn, (struct complaint_filter){0}, 6, (int64_t[]){I[5], I[4], I[3], I[2], I[1], I[0]});
    expect_ids(txn, (struct complaint_filter){.limit = 2}, 2, (int64_t[]){I[5], I[4]});
    expect_ids(txn, (struct complaint_filter){.limit = 2, .before_id = I[4]}, 2, (int64_t[]){I[3], I[2]});
    expect_ids(txn, (struct complaint_filter){.channel = "situs"}, 1, I);
    expect_ids(txn, (struct complaint_filter){.channel = "gateway:"}, 2, (int64_t[]){I[2], I[1]});
    expect_ids(txn, (struct complaint_filter){.section_id = section.id}, 1, (int64_t[]){I[1]});
    expect_ids(txn, (struct complaint_filter){.states = 1u << STATE_DITUTUP}, 1, (int64_t[]){I[4]});
    expect_ids(txn, (struct complaint_filter){.states = 1u << STATE_DITUTUP | 1u << STATE_DIDISPOSISIKAN}, 2,
        (int64_t[]){I[4], I[1]});
    expect_ids(txn, (struct complaint_filter){.hide_rahasia = true, .limit = 1}, 1, (int64_t[]){I[4]});
    /* Late are 4 and 5; 4 is closed. Had 2 been late, the citizen would have been waited for. */
    expect_ids(txn, (struct complaint_filter){.overdue = true}, 1, (int64_t[]){I[5]});
    expect_ids(txn, (struct complaint_filter){.overdue = true, .by_due = true}, 1, (int64_t[]){I[5]});
    /* Some of the open states: the index of the open ones must be usable (its condition names the same
     * states). */
    expect_ids(txn,
        (struct complaint_filter){
            .states = 1u << STATE_MASUK | 1u << STATE_PERLU_DILENGKAPI, .before_id = I[5]},
        3, (int64_t[]){I[3], I[2], I[0]});
    expect_ids(
        txn, (struct complaint_filter){.by_due = true}, 6, (int64_t[]){I[5], I[4], I[3], I[2], I[1], I[0]});
    expect_ids(txn, (struct complaint_filter){.from = scratch_now + 1}, 0, NULL);
    expect_ids(txn, (struct complaint_filter){.from = scratch_now, .to = scratch_now + 1, .channel = "loket"},
        1, (int64_t[]){I[4]});
    return OUTCOME_DONE;
}

IN_BOOK(what_waits_for_the_citizen_is_not_overdue)
{
    struct complaint c = insert(txn, "situs", 0);
    c.due_at = scratch_now - 1;
    DONE(complaint_update(txn, &c, fault));
    expect_ids(txn, (struct complaint_filter){.overdue = true}, 1, &c.id);
    c.state = STATE_PERLU_DILENGKAPI;
    DONE(complaint_update(txn, &c, fault));
    expect_ids(txn, (struct complaint_filter){.overdue = true}, 0, NULL);
    return OUTCOME_DONE;
}

/* ---- full text ---- */

static void say(struct book_txn *txn, int64_t complaint_id, const char *text)
{
    struct message m = {
        .complaint_id = complaint_id, .purpose = "aduan", .channel = "situs", .author = "Siti", .text = text};
    struct fault told;
    if (message_insert(txn, &m, &told))
        fail_msg("%s", told.internal);
}

IN_BOOK(words_find_their_relatives_once_and_newest_first)
{
    struct complaint a = insert(txn, "situs", 0), b = insert(txn, "situs", 0), c = insert(txn, "situs", 0);
    say(txn, b.id, "Pelayanan KTP-el lambat, petugas tidak melayani warga");
    say(txn, c.id, "Sampah menumpuk di Jl. Médan Merdeka");
    say(txn, a.id, "Jalan rusak belum diperbaiki");
    say(txn, a.id, "Sudah saya sampaikan: dilayani dengan baik, jalan tetap rusak");
    say(txn, a.id, "Layanan itu baik");
    static const struct {
        const char *words;
        unsigned found; /* 1 = a, 2 = b, 4 = c */
    } rows[] = {
        {"layan", 3},
        {"dilayani", 3},
        {"pelayanan", 3},
        {"layan rusak", 1},
        {"perbaikan jalan", 1},
        {"\"jalan rusak\"", 1},
        {"\"rusak jalan\"", 0},
        {"tumpukan", 4},
        {"medan", 4},
        {"ktp-el", 2},
        {"pelay*", 2},
        {"sampah OR rusak", 0}, /* OR is a word like any other */
        {"kucing", 0},
        {"***", 0},
        {"   ", 7},
    };
    const int64_t ids[] = {c.id, b.id, a.id};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t expected[3];
        int n = 0;
        for (int k = 0; k < 3; k++)
            if (rows[i].found & 4u >> k)
                expected[n++] = ids[k];
        expect_ids(txn, (struct complaint_filter){.words = rows[i].words}, n, expected);
    }
    expect_ids(txn, (struct complaint_filter){.words = "layan", .before_id = b.id}, 1, &a.id);
    expect_ids(txn, (struct complaint_filter){.words = "layan", .limit = 1}, 1, &b.id);
    expect_ids(txn, (struct complaint_filter){.words = "layan", .channel = "loket"}, 0, NULL);
    expect_ids(txn, (struct complaint_filter){.words = "layan", .by_due = true}, 2, (int64_t[]){a.id, b.id});
    return OUTCOME_DONE;
}

/* The same every time: a failure can be repeated. */
static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

IN_BOOK(no_words_make_the_query_fail)
{
    static const char *const hostile[] = {"\"", "\"\"", "a\"b", "NEAR(x", "b:rusak", "-rusak", "^jalan",
        "' OR 1=1 --", "rusak AND", "(jalan", "{a b}:c", "+", "a + b", "NOT x", "\xff\xfe jalan", "\xc3",
        "jalan\"*", "*jalan", "col : x"};
    static const char pieces[] = "ab \"*()^-+:{},'&|\\\x01\xc3\xa9\xff\xe2ORNOTNEAR/.;%_09";
    struct complaint_filter filter = {.limit = 5};
    struct complaint c = insert(txn, "situs", 0);
    struct ids ids = {.count = 0};
    say(txn, c.id, "jalan rusak x");
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        filter.words = hostile[i];
        ids.count = 0;
        DONE(complaint_list(txn, &filter, note_id, &ids, NULL));
    }
    unsigned seed = 7;
    for (int i = 0; i < 3000; i++) {
        char words[48] = {0};
        int n = (int)(next_random(&seed) % 40);
        for (int k = 0; k < n; k++)
            words[k] = pieces[next_random(&seed) % (sizeof pieces - 1)];
        filter.words = words;
        ids.count = 0;
        DONE(complaint_list(txn, &filter, note_id, &ids, NULL));
    }
    char *endless = arena_alloc(scratch_arena, 100001);
    memset(endless, 'x', 100000);
    filter.words = endless;
    NEVER(complaint_list(txn, &filter, note_id, &ids, NULL));
    return OUTCOME_DONE;
}

static enum outcome refuse_second(void *arg, const struct complaint *c, struct fault *fault)
{
    (void)c;
    return ++*(int *)arg == 2 ? fault_set(fault, OUTCOME_LATER, NULL, "enough") : OUTCOME_DONE;
}

IN_BOOK(a_visitor_may_end_the_list)
{
    int visits = 0;
    struct fault told;
    for (int i = 0; i < 4; i++)
        insert(txn, "situs", 0);
    assert_int_equal(
        complaint_list(txn, &(struct complaint_filter){.limit = 9}, refuse_second, &visits, &told),
        OUTCOME_LATER);
    assert_int_equal(visits, 2);
    assert_string_equal(told.internal, "enough");
    return OUTCOME_DONE;
}

IN_BOOK(identities_belong_to_who_had_them_first)
{
    struct citizen siti = {.nama = "Siti", .email = "siti@contoh.example"}, budi = {.nama = "Budi"}, found;
    int64_t id;
    DONE(citizen_insert(txn, &siti, fault));
    DONE(citizen_insert(txn, &budi, fault));
    DONE(citizen_add_identity(txn, siti.id, "wa", "6281@s", fault));
    DONE(citizen_add_identity(txn, budi.id, "wa", "6281@s", fault));
    DONE(citizen_by_identity(txn, "wa", "6281@s", &id, fault));
    assert_int_equal(id, siti.id);
    DONE(citizen_by_identity(txn, "email", "6281@s", &id, fault));
    assert_int_equal(id, 0);
    siti.alamat = "Kedopok";
    siti.email = NULL;
    DONE(citizen_update(txn, &siti, fault));
    DONE(citizen_get(txn, siti.id, &found, scratch_arena, fault));
    assert_string_equal(found.alamat, "Kedopok");
    assert_null(found.email);
    siti.id = 99;
    NEVER(citizen_update(txn, &siti, NULL));
    NEVER(citizen_get(txn, 99, &found, scratch_arena, NULL));
    return OUTCOME_DONE;
}

IN_BOOK(the_first_catalogue_is_there)
{
    struct section *sections, section;
    struct service *services, service;
    int n = 0;
    DONE(section_list(txn, &sections, scratch_arena, fault));
    for (struct section *s = sections; s; s = s->next)
        n++;
    assert_int_equal(n, 8);
    n = 0;
    DONE(service_list(txn, &services, scratch_arena, fault));
    for (struct service *s = services; s; s = s->next)
        n++;
    assert_true(n >= 6);
    DONE(service_by_key(txn, "oss_umk", &service, scratch_arena, fault));
    DONE(section_by_key(txn, "seksi_perekonomian", &section, scratch_arena, fault));
    assert_int_equal(service.section_id, section.id);
    NEVER(service_by_key(txn, "tidak_ada", &service, scratch_arena, NULL));
    NEVER(section_by_key(txn, NULL, &section, scratch_arena, NULL));
    return OUTCOME_DONE;
}

IN_BOOK(a_full_arena_is_later_not_a_half_row)
{
    struct complaint c = insert(txn, "situs", 0), found = {0};
    struct arena *small = arena_new(16);
    assert_int_equal(complaint_get(txn, c.id, &found, small, NULL), OUTCOME_LATER);
    assert_int_equal(found.id, 0);
    arena_free(small);
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(register_numbers_have_no_gaps_and_begin_again_each_year),
        BOOK_TEST(a_complaint_is_found_by_id_code_and_number),
        BOOK_TEST(an_update_keeps_everything_and_notices_others),
        BOOK_TEST(a_new_message_finds_the_complaint_it_belongs_to),
        BOOK_TEST(lists_page_by_key_and_obey_every_filter),
        BOOK_TEST(what_waits_for_the_citizen_is_not_overdue),
        BOOK_TEST(words_find_their_relatives_once_and_newest_first),
        BOOK_TEST(no_words_make_the_query_fail),
        BOOK_TEST(a_visitor_may_end_the_list),
        BOOK_TEST(identities_belong_to_who_had_them_first),
        BOOK_TEST(the_first_catalogue_is_there),
        BOOK_TEST(a_full_arena_is_later_not_a_half_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
