#include "tests/support/scratch_desk.h"

#include "daemon/book/secret.h"

#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/notice.h"
#include "daemon/desk/correspond.h"

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

/* A complaint of its own by that channel. */
static struct intake_result another(
    struct book_txn *txn, const char *channel, const char *external, const char *from)
{
    struct inbound in = scratch_mail(external, from);
    in.reply_to = strcmp(channel, "loket") ? from : NULL;
    return scratch_take(txn, channel, &in);
}

static void join_to(struct book_txn *txn, const struct people *p, int64_t id, const char *main_number)
{
    DONE(act(txn, (struct act){id, ACTION_GABUNG, p->petugas, .main_number = main_number}, NULL));
}

static size_t letters(struct book_txn *txn, int64_t id, const char *purpose)
{
    struct outbox_row *rows;
    size_t count, of_purpose = 0;
    DONE(outbox_list(txn, id, &rows, &count, scratch_arena, NULL));
    while (count--)
        of_purpose += !strcmp(rows[count].purpose, purpose);
    return of_purpose;
}

IN_BOOK(who_was_joined_is_answered_together_each_by_his_own_channel_and_once)
{
    struct people p = hire(txn);
    int64_t main_id = open_case(txn, "email:kantor", "siti@contoh.example");
    int64_t mail = another(txn, "email:kantor", "1/2", "budi@contoh.example").complaint_id,
            chat = another(txn, "gateway:wa", "1/3", "62811@s.whatsapp.net").complaint_id,
            again = another(txn, "email:kantor", "1/4", "SITI@contoh.example").complaint_id,
            counter = another(txn, "loket", "1/5", "-").complaint_id,
            apart = another(txn, "email:kantor", "1/6", "wati@contoh.example").complaint_id;
    const int64_t joined[] = {mail, chat, again, counter};
    struct complaint c;
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++)
        join_to(txn, &p, joined[i], "001/PGD/XI/2026");
    approve(txn, &p, main_id);
    DONE(act(txn, (struct act){main_id, ACTION_JAWAB, p.petugas, .text = "Lampu sudah menyala."}, fault));
    assert_string_equal(scratch_row(txn, mail, "jawaban")->recipient, "budi@contoh.example");
    assert_non_null(strstr(scratch_row(txn, mail, "jawaban")->payload, "002/PGD/XI/2026"));
    assert_string_equal(scratch_row(txn, chat, "jawaban")->channel, "gateway:wa");
    assert_non_null(strstr(scratch_row(txn, chat, "jawaban")->payload, "Lampu sudah menyala."));
    assert_int_equal(letters(txn, main_id, "jawaban"), 1);
    assert_int_equal(letters(txn, again, "jawaban"), 0); /* she has it under her first number */
    assert_int_equal(letters(txn, counter, "jawaban"), 0);
    assert_int_equal(letters(txn, apart, "jawaban"), 0);
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++) {
        struct message *messages;
        size_t count;
        DONE(complaint_get(txn, joined[i], &c, scratch_arena, fault));
        assert_true(c.state == STATE_DUPLIKAT && c.answered_at);
        DONE(message_list(txn, joined[i], &messages, &count, scratch_arena, fault));
        assert_string_equal(messages[count - 1].text, "Lampu sudah menyala.");
    }
    struct notice *notices;
    int64_t total, told = 0;
    DONE(notice_unread(txn, p.petugas->id, 20, &notices, &total, scratch_arena, fault));
    for (; notices; notices = notices->next)
        told += !strcmp(notices->kind, "sampaikan_langsung") && notices->complaint_id == counter;
    assert_int_equal(told, 1); /* nobody else needs to be told by mouth */
    return OUTCOME_DONE;
}

IN_BOOK(who_is_joined_after_the_answer_gets_it_then_and_brings_along_who_was_joined_to_him)
{
    struct people p = hire(txn);
    int64_t main_id = open_case(txn, "email:kantor", "siti@contoh.example");
    struct intake_result second = another(txn, "email:kantor", "1/2", "budi@contoh.example"),
                         third = another(txn, "email:kantor", "1/3", "wati@contoh.example");
    struct complaint c;
    approve(txn, &p, main_id);
    DONE(act(txn, (struct act){main_id, ACTION_JAWAB, p.petugas, .text = "Sudah menyala."}, fault));
    join_to(txn, &p, third.complaint_id, second.number);
    assert_int_equal(letters(txn, third.complaint_id, "jawaban"), 0);
    join_to(txn, &p, second.complaint_id, "001/PGD/XI/2026");
    assert_int_equal(letters(txn, second.complaint_id, "jawaban"), 1);
    assert_int_equal(letters(txn, third.complaint_id, "jawaban"), 1);
    DONE(complaint_get(txn, third.complaint_id, &c, scratch_arena, fault));
    assert_int_equal(c.main_id, main_id);
    DONE(act(txn, (struct act){third.complaint_id, ACTION_BUKA_KEMBALI, p.petugas, .text = "Lain"}, fault));
    DONE(complaint_get(txn, third.complaint_id, &c, scratch_arena, fault));
    assert_int_equal(c.main_id, 0);
    return OUTCOME_DONE;
}

IN_BOOK(word_on_the_way_and_a_referral_go_to_all_as_well)
{
    struct people p = hire(txn);
    int64_t main_id = open_case(txn, "email:kantor", "siti@contoh.example");
    int64_t other = another(txn, "email:kantor", "1/2", "budi@contoh.example").complaint_id;
    join_to(txn, &p, other, "001/PGD/XI/2026");
    DONE(correspond_interim(
        txn, &scratch_office, p.petugas, main_id, 0, "Masih dikerjakan.", scratch_arena, fault));
    assert_non_null(strstr(scratch_row(txn, other, "sementara")->payload, "Masih dikerjakan."));
    DONE(act(txn,
        (struct act){main_id, ACTION_RUJUK, p.petugas, .text = "x", .referred_to = "Dinas Perhubungan"},
        fault));
    assert_non_null(strstr(scratch_row(txn, other, "rujukan")->payload, "Dinas Perhubungan"));
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
        BOOK_TEST(who_was_joined_is_answered_together_each_by_his_own_channel_and_once),
        BOOK_TEST(who_is_joined_after_the_answer_gets_it_then_and_brings_along_who_was_joined_to_him),
        BOOK_TEST(word_on_the_way_and_a_referral_go_to_all_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
