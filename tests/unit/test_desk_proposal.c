#include "tests/support/scratch_desk.h"

#include "daemon/book/event.h"
#include "daemon/book/notice.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/classify_source.h"
#include "daemon/desk/rule_keep.h"

static struct office office;

static int64_t take(struct book_txn *txn, const char *channel, const char *text)
{
    struct inbound in = scratch_mail(text, "siti@contoh.example");
    struct intake_result r;
    struct fault fault = {0};
    in.subject = NULL;
    in.text = text;
    if (intake_record(txn, &office, channel, &in, NULL, &r, scratch_arena, &fault))
        fail_msg("intake: %s", fault.internal);
    return r.complaint_id;
}

static json_t *proposal(struct book_txn *txn, int64_t id)
{
    json_t *found;
    DONE(classify_proposal(txn, id, &found, scratch_arena, NULL));
    return found;
}

static const char *said(const json_t *proposal, const char *key)
{
    const char *text = json_string_value(json_object_get(proposal, key));
    return text ? text : "";
}

static bool has_notice(struct book_txn *txn, const struct officer *o, const char *kind)
{
    struct notice *n;
    int64_t total;
    DONE(notice_unread(txn, o->id, 20, &n, &total, scratch_arena, NULL));
    while (n && strcmp(n->kind, kind) != 0)
        n = n->next;
    return n != NULL;
}

static struct complaint get(struct book_txn *txn, int64_t id)
{
    struct complaint c;
    DONE(complaint_get(txn, id, &c, scratch_arena, NULL));
    return c;
}

IN_BOOK(the_proposal_is_in_the_history_and_changes_nothing_in_the_book)
{
    int64_t id = take(txn, "gateway:wa", "syarat pecah kk apa min? rumah Lajuk");
    json_t *p = proposal(txn, id);
    assert_string_equal(said(p, "kind"), "permintaan_informasi");
    assert_string_equal(said(p, "service"), "ktp_kk");
    assert_string_equal(said(p, "section"), "seksi_pelayanan");
    assert_string_equal(said(p, "place"), "Lajuk");
    assert_true(json_is_false(json_object_get(p, "urgent")));
    assert_true(json_array_size(json_object_get(p, "reasons")) >= 2);
    assert_null(json_object_get(p, "avoid"));
    json_decref(p);
    struct complaint c = get(txn, id);
    assert_string_equal(c.kind, "pengaduan");
    assert_int_equal(c.service_id, 0);
    assert_int_equal(c.section_id, 0);
    return OUTCOME_DONE;
}

IN_BOOK(a_danger_to_life_is_reported_to_all_concerned)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS),
                         *sekcam = scratch_officer(txn, "bagus", ROLE_SEKCAM),
                         *seksi = scratch_officer(txn, "joko", ROLE_SEKSI);
    take(txn, "gateway:wa", "lampu jalan mati di gang 3");
    assert_false(has_notice(txn, petugas, "mendesak"));
    take(txn, "gateway:wa", "tolong pak rumah tetangga kebakaran ada anak di dalam");
    assert_true(has_notice(txn, petugas, "mendesak"));
    assert_true(has_notice(txn, sekcam, "mendesak"));
    assert_false(has_notice(txn, seksi, "mendesak")); /* nothing was given to them yet */
    return OUTCOME_DONE;
}

static bool sees(struct book_txn *txn, const struct officer *officer, const struct complaint *c)
{
    struct fault fault;
    bool ret;
    assert_int_equal(classify_sight(txn, officer, c, &ret, &fault), OUTCOME_DONE);
    return ret;
}

IN_BOOK(a_complaint_about_his_own_section_is_kept_from_the_kasi)
{
    const struct officer *kasi = scratch_officer(txn, "dewi", ROLE_KASI),
                         *sekcam = scratch_officer(txn, "bagus", ROLE_SEKCAM);
    int64_t about = take(txn, "email:kantor", "petugas minta uang 50rb untuk cetak ktp, ini pungli");
    json_t *p = proposal(txn, about);
    assert_string_equal(said(p, "kind"), "pengaduan_pengawasan");
    assert_string_equal(said(p, "section"), "sekcam");
    assert_string_equal(said(p, "avoid"), "seksi_pelayanan");
    json_decref(p);
    struct complaint c = get(txn, about);
    assert_false(has_notice(txn, kasi, "masuk"));
    assert_true(has_notice(txn, sekcam, "masuk"));
    assert_false(sees(txn, kasi, &c));
    assert_true(sees(txn, sekcam, &c));
    c.section_id = scratch_section(txn, "seksi_trantib"); /* another section has it: still not his */
    assert_false(sees(txn, kasi, &c));
    c.section_id = scratch_section(txn, "seksi_pelayanan"); /* the Sekcam gave it to him */
    assert_true(sees(txn, kasi, &c));
    int64_t other = take(txn, "email:kantor", "kades minta uang 50rb, bansos dipotong");
    c = get(txn, other);
    assert_true(sees(txn, kasi, &c));
    return OUTCOME_DONE;
}

IN_BOOK(an_office_without_rules_and_an_older_book_have_no_proposals)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    int64_t id = scratch_take(txn, "email:kantor", &in).complaint_id;
    assert_null(proposal(txn, id));
    assert_null(proposal(txn, id + 1));
    struct complaint c = get(txn, id);
    assert_true(sees(txn, scratch_officer(txn, "dewi", ROLE_KASI), &c));
    return OUTCOME_DONE;
}

IN_BOOK(the_citizens_choice_of_service_stands)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    struct intake_result r;
    in.service = "ikd";
    DONE(intake_record(txn, &office, "situs", &in, NULL, &r, scratch_arena, NULL));
    json_t *p = proposal(txn, r.complaint_id);
    assert_string_equal(said(p, "service"), "ikd");
    assert_string_equal(said(p, "section"), "subbag_umum");
    json_decref(p);
    return OUTCOME_DONE;
}

static size_t letters_to(struct book_txn *txn, const char *address)
{
    struct outbox_row *rows = NULL;
    size_t count = 0, to = 0;
    DONE(outbox_claim(txn, "email", 50, &rows, &count, scratch_arena, NULL));
    for (size_t i = 0; i < count; i++)
        to += strstr(rows[i].payload, address) != NULL;
    return to;
}

IN_BOOK(a_complaint_about_officers_goes_to_the_camat_and_if_set_the_inspektorat_without_its_words)
{
    const struct officer *camat = scratch_officer(txn, "camat", ROLE_CAMAT);
    office.inspektorat = "inspektorat@kota.example";
    take(txn, "gateway:wa", "Lampu jalan di gang kami mati semua.");
    assert_false(has_notice(txn, camat, "masuk"));
    assert_int_equal(letters_to(txn, "inspektorat@kota.example"), 0);
    take(txn, "gateway:wa", "Petugas loket minta uang 50 ribu supaya KTP cepat jadi. Ini pungli.");
    assert_true(has_notice(txn, camat, "masuk"));
    struct outbox_row *rows = NULL;
    size_t count = 0;
    DONE(outbox_claim(txn, "email", 50, &rows, &count, scratch_arena, fault));
    size_t told = 0;
    for (size_t i = 0; i < count; i++) {
        if (!strstr(rows[i].payload, "inspektorat@kota.example"))
            continue;
        told++;
        assert_non_null(strstr(rows[i].payload, "002/PGD/XI/2026"));
        assert_null(strstr(rows[i].payload, "pungli"));
        assert_null(strstr(rows[i].payload, "siti@"));
    }
    assert_int_equal(told, 1);
    office.inspektorat = NULL;
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(the_proposal_is_in_the_history_and_changes_nothing_in_the_book),
        BOOK_TEST(a_danger_to_life_is_reported_to_all_concerned),
        BOOK_TEST(a_complaint_about_his_own_section_is_kept_from_the_kasi),
        BOOK_TEST(an_office_without_rules_and_an_older_book_have_no_proposals),
        BOOK_TEST(the_citizens_choice_of_service_stands),
        BOOK_TEST(a_complaint_about_officers_goes_to_the_camat_and_if_set_the_inspektorat_without_its_words),
    };
    struct classify_rules *rules;
    struct str problems;
    str_init(&problems, 1024);
    if (classify_source_read(&rules, NULL, NULL, &problems, NULL))
        return 1;
    office = scratch_office;
    office.rules = rule_keep_new(rules, NULL);
    int code = cmocka_run_group_tests(tests, NULL, NULL);
    rule_keep_free(office.rules);
    return code;
}
