#include "tests/support/scratch_desk.h"

#include "daemon/book/secret.h"

#include "daemon/book/event.h"
#include "daemon/book/message.h"

struct people {
    const struct officer *petugas, *kasi, *sekcam, *seksi, *camat;
};

static struct people hire(struct book_txn *txn)
{
    return (struct people){scratch_officer(txn, "rina", ROLE_PETUGAS),
        scratch_officer(txn, "kasi", ROLE_KASI), scratch_officer(txn, "sekcam", ROLE_SEKCAM),
        scratch_officer(txn, "agus", ROLE_SEKSI), scratch_officer(txn, "camat", ROLE_CAMAT)};
}

static int64_t open_case(struct book_txn *txn, const char *channel, const char *reply_to)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    in.reply_to = reply_to;
    return scratch_take(txn, channel, &in).complaint_id;
}

static enum outcome act(struct book_txn *txn, struct act a, struct fault *fault)
{
    bool queued;
    return act_on(txn, &scratch_office, &a, &queued, scratch_arena, fault);
}

static enum state state_of(struct book_txn *txn, int64_t id)
{
    struct complaint c;
    DONE(complaint_get(txn, id, &c, scratch_arena, NULL));
    return c.state;
}

static int64_t in_days(int days)
{
    return scratch_now + days * 86400000LL;
}

/* Through the whole house up to the approval. */
static void approve(struct book_txn *txn, const struct people *p, int64_t id)
{
    int64_t trantib = scratch_section(txn, "seksi_trantib");
    DONE(act(txn, (struct act){id, ACTION_VERIFIKASI, .officer = p->petugas}, NULL));
    DONE(act(txn, (struct act){id, ACTION_TERUSKAN, .officer = p->petugas}, NULL));
    DONE(act(txn,
        (struct act){id, ACTION_DISPOSISI, p->sekcam, .text = "Cek lapangan", .section_id = trantib,
            .due_at = in_days(3)},
        NULL));
    DONE(act(txn, (struct act){id, ACTION_MULAI, .officer = p->seksi}, NULL));
    DONE(act(txn, (struct act){id, ACTION_LAPOR, p->seksi, .text = "Lampu diganti"}, NULL));
    DONE(act(txn, (struct act){id, ACTION_SETUJUI, .officer = p->sekcam}, NULL));
    assert_int_equal(state_of(txn, id), STATE_DISETUJUI);
}

IN_BOOK(a_complaint_walks_through_the_house_and_the_answer_leaves_by_its_channel)
{
    struct people p = hire(txn);
    int64_t id = open_case(txn, "email:kantor", "siti@contoh.example");
    struct event_walk walk = {0};
    approve(txn, &p, id);
    DONE(act(txn, (struct act){id, ACTION_JAWAB, p.petugas, .text = "Lampu sudah menyala."}, fault));
    assert_int_equal(state_of(txn, id), STATE_DIJAWAB);
    const struct outbox_row *row = scratch_row(txn, id, "jawaban");
    assert_string_equal(row->channel, "email:kantor");
    assert_non_null(strstr(row->payload, "Lampu sudah menyala."));
    DONE(act(txn, (struct act){id, ACTION_TUTUP, .officer = p.petugas}, fault));
    DONE(event_verify(txn, &walk, fault));
    assert_true(walk.through && walk.id >= 9);
    return OUTCOME_DONE;
}

IN_BOOK(each_step_belongs_to_one_role)
{
    struct people p = hire(txn);
    int64_t id = open_case(txn, "email:kantor", "siti@contoh.example"),
            trantib = scratch_section(txn, "seksi_trantib");
    NEVER(act(txn, (struct act){id, ACTION_VERIFIKASI, .officer = p.seksi}, fault));
    NEVER(act(txn, (struct act){id, ACTION_VERIFIKASI, .officer = p.camat}, fault));
    DONE(act(txn, (struct act){id, ACTION_VERIFIKASI, .officer = p.petugas}, fault));
    DONE(act(txn, (struct act){id, ACTION_TERUSKAN, .officer = p.petugas}, fault));
    NEVER(act(txn,
        (struct act){
            id, ACTION_DISPOSISI, p.petugas, .text = "x", .section_id = trantib, .due_at = in_days(3)},
        fault));
    NEVER(act(txn, (struct act){id, ACTION_JAWAB, p.petugas, .text = "langsung"}, fault));
    assert_int_equal(state_of(txn, id), STATE_DITERUSKAN);
    return OUTCOME_DONE;
}

IN_BOOK(a_disposition_needs_section_instruction_and_a_date_to_come)
{
    struct people p = hire(txn);
    int64_t id = open_case(txn, "email:kantor", "siti@contoh.example"),
            trantib = scratch_section(txn, "seksi_trantib");
    DONE(act(txn, (struct act){id, ACTION_VERIFIKASI, .officer = p.petugas}, fault));
    DONE(act(txn, (struct act){id, ACTION_TERUSKAN, .officer = p.petugas}, fault));
    NEVER(act(txn, (struct act){id, ACTION_DISPOSISI, p.sekcam, .text = "Cek", .due_at = in_days(3)}, fault));
    assert_string_equal(fault->public_text, "Pilih seksi yang akan menangani.");
    NEVER(act(txn,
        (struct act){
            id, ACTION_DISPOSISI, p.sekcam, .text = " ", .section_id = trantib, .due_at = in_days(3)},
        fault));
    NEVER(act(txn,
        (struct act){
            id, ACTION_DISPOSISI, p.sekcam, .text = "Cek", .section_id = trantib, .due_at = in_days(-1)},
        fault));
    assert_string_equal(fault->public_text, "Isi batas waktu, hari ini atau sesudahnya.");
    return OUTCOME_DONE;
}

IN_BOOK(who_saw_an_old_version_is_told_so)
{
    struct people p = hire(txn);
    int64_t id = open_case(txn, "email:kantor", "siti@contoh.example");
    struct complaint c;
    DONE(complaint_get(txn, id, &c, scratch_arena, fault));
    DONE(act(txn, (struct act){id, ACTION_VERIFIKASI, p.petugas, .version = c.version}, fault));
    NEVER(act(txn, (struct act){id, ACTION_TERUSKAN, p.petugas, .version = c.version}, fault));
    assert_non_null(strstr(fault->public_text, "sudah diubah orang lain"));
    return OUTCOME_DONE;
}

IN_BOOK(a_counter_complaint_is_answered_by_mouth_with_the_name_of_who_heard_it)
{
    struct people p = hire(txn);
    int64_t id = open_case(txn, "loket", NULL);
    approve(txn, &p, id);
    NEVER(act(txn, (struct act){id, ACTION_JAWAB, p.petugas, .text = "Sudah."}, fault));
    NEVER(act(txn, (struct act){id, ACTION_JAWAB, p.petugas, .text = "Sudah.", .told_how = "lisan"}, fault));
    DONE(act(txn,
        (struct act){
            id, ACTION_JAWAB, p.petugas, .text = "Sudah.", .told_how = "lisan", .told_to = "Bu Siti"},
        fault));
    assert_int_equal(state_of(txn, id), STATE_DIJAWAB);
    struct outbox_row *rows;
    size_t count;
    DONE(outbox_list(txn, id, &rows, &count, scratch_arena, fault));
    while (count--)
        assert_string_not_equal(rows[count].purpose, "jawaban");
    return OUTCOME_DONE;
}

IN_BOOK(a_question_goes_to_the_citizen_and_his_answer_brings_the_case_back)
{
    struct people p = hire(txn);
    int64_t id = open_case(txn, "email:kantor", "siti@contoh.example");
    DONE(act(txn, (struct act){id, ACTION_TANYA, p.petugas, .text = "Di tiang mana?"}, fault));
    assert_int_equal(state_of(txn, id), STATE_PERLU_DILENGKAPI);
    const struct outbox_row *row = scratch_row(txn, id, "pertanyaan");
    json_t *payload = json_loads(row->payload, 0, NULL);
    const char *references[] = {json_string_value(json_object_get(payload, "message_id")), NULL};
    struct inbound reply = scratch_mail("1/2", "siti@contoh.example");
    reply.references = references;
    assert_int_equal(scratch_take(txn, "email:kantor", &reply).complaint_id, id);
    assert_int_not_equal(state_of(txn, id), STATE_PERLU_DILENGKAPI);
    json_decref(payload);
    return OUTCOME_DONE;
}

IN_BOOK(an_answered_case_opens_again_when_the_citizen_writes_back)
{
    struct people p = hire(txn);
    int64_t id = open_case(txn, "email:kantor", "siti@contoh.example");
    approve(txn, &p, id);
    DONE(act(txn, (struct act){id, ACTION_JAWAB, p.petugas, .text = "Sudah."}, fault));
    struct complaint c;
    DONE(complaint_get(txn, id, &c, scratch_arena, fault));
    struct inbound reply = scratch_mail("1/2", "siti@contoh.example");
    struct thread_key key;
    char tag[THREAD_TAG_SIZE];
    DONE(secret_thread_key(txn, &key, fault));
    thread_tag_of_number(&key, c.number, tag);
    reply.number = c.number;
    reply.tag = tag;
    scratch_take(txn, "email:kantor", &reply);
    assert_int_equal(state_of(txn, id), STATE_DIBUKA_KEMBALI);
    return OUTCOME_DONE;
}

IN_BOOK(a_section_sees_and_does_only_what_is_its_own)
{
    struct people p = hire(txn);
    struct officer other = *p.seksi;
    other.section_id = scratch_section(txn, "seksi_perekonomian");
    int64_t id = open_case(txn, "email:kantor", "siti@contoh.example"),
            trantib = scratch_section(txn, "seksi_trantib");
    DONE(act(txn, (struct act){id, ACTION_VERIFIKASI, .officer = p.petugas}, fault));
    DONE(act(txn, (struct act){id, ACTION_TERUSKAN, .officer = p.petugas}, fault));
    DONE(act(txn,
        (struct act){
            id, ACTION_DISPOSISI, p.sekcam, .text = "Cek", .section_id = trantib, .due_at = in_days(3)},
        fault));
    NEVER(act(txn, (struct act){id, ACTION_MULAI, .officer = &other}, fault));
    assert_string_equal(fault->public_text, "Aduan ini tidak ada di meja Anda.");
    DONE(act(txn, (struct act){id, ACTION_MULAI, .officer = p.seksi}, fault));
    return OUTCOME_DONE;
}

IN_BOOK(a_complaint_is_joined_to_another_but_not_to_itself)
{
    struct people p = hire(txn);
    int64_t first = open_case(txn, "email:kantor", "siti@contoh.example");
    struct inbound in = scratch_mail("1/2", "budi@contoh.example");
    struct intake_result second = scratch_take(txn, "email:kantor", &in);
    NEVER(act(txn,
        (struct act){
            second.complaint_id, ACTION_GABUNG, p.petugas, .main_number = second.number, .text = "sama"},
        fault));
    DONE(act(txn,
        (struct act){
            second.complaint_id, ACTION_GABUNG, p.petugas, .main_number = "001/PGD/XI/2026", .text = "sama"},
        fault));
    assert_int_equal(state_of(txn, second.complaint_id), STATE_DUPLIKAT);
    assert_int_equal(state_of(txn, first), STATE_MASUK);
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(a_complaint_walks_through_the_house_and_the_answer_leaves_by_its_channel),
        BOOK_TEST(each_step_belongs_to_one_role),
        BOOK_TEST(a_disposition_needs_section_instruction_and_a_date_to_come),
        BOOK_TEST(who_saw_an_old_version_is_told_so),
        BOOK_TEST(a_counter_complaint_is_answered_by_mouth_with_the_name_of_who_heard_it),
        BOOK_TEST(a_question_goes_to_the_citizen_and_his_answer_brings_the_case_back),
        BOOK_TEST(an_answered_case_opens_again_when_the_citizen_writes_back),
        BOOK_TEST(a_section_sees_and_does_only_what_is_its_own),
        BOOK_TEST(a_complaint_is_joined_to_another_but_not_to_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
