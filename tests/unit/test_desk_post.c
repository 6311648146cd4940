/* Letters and complaints: who gets into whose, what comes back, what stops two robots, what a person sets right. */
#include "tests/support/scratch_desk.h"

#include "daemon/book/chat.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/notice.h"
#include "daemon/book/reply_text.h"
#include "daemon/book/secret.h"
#include "daemon/desk/correspond.h"
#include "daemon/desk/dialog.h"

static const int64_t HOUR_MS = 3600 * 1000;
static const char CHAT[] = "6281234567890@s.whatsapp.net";
static const char *const SITI = "siti@contoh.example", *const BUDI = "budi@contoh.example";

static struct complaint get(struct book_txn *txn, int64_t id)
{
    struct complaint c;
    DONE(complaint_get(txn, id, &c, scratch_arena, NULL));
    return c;
}

static const char *tag_of(struct book_txn *txn, const char *number)
{
    struct thread_key key;
    char tag[THREAD_TAG_SIZE];
    DONE(secret_thread_key(txn, &key, NULL));
    thread_tag_of_number(&key, number, tag);
    return arena_strdup(scratch_arena, tag);
}

static struct intake_result mail(struct book_txn *txn, const char *external, const char *from)
{
    struct inbound in = scratch_mail(external, from);
    return scratch_take(txn, "email:kantor", &in);
}

static const char *payload_text(const struct outbox_row *row, const char *key)
{
    json_t *payload = json_loads(row->payload, 0, NULL);
    const char *text = arena_strdup(scratch_arena, json_string_value(json_object_get(payload, key)));
    json_decref(payload);
    return text;
}

static bool has_event(struct book_txn *txn, int64_t id, const char *kind)
{
    struct event *events;
    DONE(event_list(txn, id, &events, scratch_arena, NULL));
    while (events && strcmp(events->kind, kind))
        events = events->next;
    return events != NULL;
}

static struct message *messages_of(struct book_txn *txn, int64_t id, size_t *ret_count)
{
    struct message *messages;
    DONE(message_list(txn, id, &messages, ret_count, scratch_arena, NULL));
    return messages;
}

/* ---- threads ---- */

struct reply {
    const char *what, *from;
    bool reference, number, tag, forged_tag;
    const char *authenticity;
    bool joins, related;
};

static const struct reply replies[] = {
    {"reference, party", .from = "siti@contoh.example", .reference = true, .joins = true},
    {"tagged number, party", .from = "SITI@contoh.example", .number = true, .tag = true, .joins = true},
    {"number alone, party", .from = "siti@contoh.example", .number = true, .related = true},
    {"forged tag, party", .from = "siti@contoh.example", .number = true, .forged_tag = true, .related = true},
    {"reference, stranger", .from = "budi@contoh.example", .reference = true, .related = true},
    {"tagged number, stranger", .from = "budi@contoh.example", .number = true, .tag = true, .related = true},
    {"reference, party proven false", .from = "siti@contoh.example", .reference = true,
        .authenticity = "palsu", .related = true},
    {"reference, party not proven", .from = "siti@contoh.example", .reference = true,
        .authenticity = "tidak_pasti", .joins = true},
    {"nothing, party", .from = "siti@contoh.example"},
};

IN_BOOK(a_mail_joins_with_proof_and_as_a_party_only)
{
    struct intake_result first = mail(txn, "1/1", SITI);
    const char *ours[] = {
        payload_text(scratch_row(txn, first.complaint_id, "tanda_terima"), "message_id"), NULL};
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        const struct reply *r = &replies[i];
        struct inbound in =
            scratch_mail(arena_printf(scratch_arena, "2/%zu", i), arena_strdup(scratch_arena, r->from));
        if (r->from[0] == 'S')
            in.identity_value = "siti@contoh.example"; /* as the channel lowers it */
        in.references = r->reference ? ours : NULL;
        in.number = r->number ? first.number : NULL;
        in.tag = r->tag ? tag_of(txn, first.number) : r->forged_tag ? "k7qmx2r9" : NULL;
        in.authenticity = r->authenticity;
        struct intake_result got = scratch_take(txn, "email:kantor", &in);
        struct complaint c = get(txn, got.complaint_id);
        if ((got.complaint_id == first.complaint_id) != r->joins ||
            (c.related_id == first.complaint_id) != r->related)
            fail_msg("%s: complaint %d, related %d", r->what, (int)got.complaint_id, (int)c.related_id);
    }
    struct complaint_kin *kin;
    DONE(complaint_kin(txn, first.complaint_id, 10, &kin, scratch_arena, fault));
    int count = 0;
    for (; kin; kin = kin->next)
        count += !kin->joined;
    assert_int_equal(count, 5);
    return OUTCOME_DONE;
}

IN_BOOK(our_own_letter_that_comes_back_is_known_and_opens_nothing)
{
    struct intake_result first = mail(txn, "1/1", SITI);
    struct inbound in = scratch_mail("1/2", "pengaduan@kedopok.example");
    in.own_reference = payload_text(scratch_row(txn, first.complaint_id, "tanda_terima"), "message_id");
    assert_string_equal(scratch_take(txn, "email:kantor", &in).outcome, "diabaikan");
    return OUTCOME_DONE;
}

/* ---- what comes back ---- */

static const struct outbox_row *answer(struct book_txn *txn, int64_t id, const struct officer *petugas)
{
    struct act act = {
        .complaint_id = id, .officer = petugas, .action = ACTION_TANYA, .text = "Di RT berapa?"};
    bool queued;
    struct outbox_row *rows;
    size_t count;
    struct complaint c = get(txn, id);
    act.version = c.version;
    DONE(act_on(txn, &scratch_office, &act, &queued, scratch_arena, NULL));
    DONE(outbox_claim(txn, "email:kantor", 10, &rows, &count, scratch_arena, NULL));
    const struct outbox_row *row = scratch_row(txn, id, "pertanyaan");
    DONE(outbox_accepted(txn, row->id, row->external, "250 queued as X1", NULL));
    return scratch_row(txn, id, "pertanyaan");
}

static struct inbound bounce(const char *external, const char *raw, bool for_good, const char *status)
{
    struct inbound in = scratch_mail(external, "mailer-daemon@contoh.example");
    in.automatic = "bounce";
    in.raw = raw;
    in.raw_size = strlen(raw);
    in.text = "Your message could not be delivered.";
    in.returned_to = "siti@contoh.example";
    in.returned_for_good = for_good;
    in.returned_status = status;
    in.reason = "tidak dapat diantar untuk siti@contoh.example: 5.1.1";
    return in;
}

IN_BOOK(a_bounce_marks_the_letter_it_is_about_and_lies_on_the_petugas_desk)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    struct intake_result first = mail(txn, "1/1", SITI);
    const struct outbox_row *row = answer(txn, first.complaint_id, petugas);
    assert_string_equal(row->reply, "250 queued as X1");
    const char *raw = arena_printf(scratch_arena,
        "Subject: failure\r\n\r\nHi. This is a free-form report.\r\n"
        "--- Below is the original\r\nMessage-ID: <%s>\r\n",
        row->external);
    struct inbound delay = bounce("1/2", raw, false, "4.4.1");
    struct intake_result got = scratch_take(txn, "email:kantor", &delay);
    assert_string_equal(got.outcome, "dicatat");
    assert_string_equal(scratch_row(txn, first.complaint_id, "pertanyaan")->state, "diterima");
    struct inbound report = bounce("1/3", raw, true, "5.1.1");
    got = scratch_take(txn, "email:kantor", &report);
    assert_int_equal(got.complaint_id, first.complaint_id);
    row = scratch_row(txn, first.complaint_id, "pertanyaan");
    assert_string_equal(row->state, "gagal");
    assert_non_null(strstr(row->error, "5.1.1"));
    assert_true(has_event(txn, first.complaint_id, "kiriman_gagal"));
    struct notice *notices;
    int64_t total;
    DONE(notice_unread(txn, petugas->id, 10, &notices, &total, scratch_arena, fault));
    assert_string_equal(notices->kind, "kiriman_gagal");
    /* nothing was answered, nothing opened, the complaint waits as before */
    assert_int_equal(get(txn, first.complaint_id).state, STATE_PERLU_DILENGKAPI);
    size_t count;
    messages_of(txn, first.complaint_id, &count);
    assert_int_equal(count, 2);
    DONE(correspond_again(txn, petugas, first.complaint_id, row->id, true, scratch_arena, fault));
    assert_string_equal(scratch_row(txn, first.complaint_id, "pertanyaan")->state, "antre");
    NEVER(correspond_again(txn, petugas, first.complaint_id, row->id, false, scratch_arena, fault));
    return OUTCOME_DONE;
}

IN_BOOK(a_bounce_without_our_id_is_tied_by_recipient_and_tagged_number)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    struct intake_result first = mail(txn, "1/1", SITI);
    answer(txn, first.complaint_id, petugas);
    struct inbound report = bounce("1/2", "x", true, "5.1.1");
    report.number = first.number;
    assert_string_equal(
        scratch_take(txn, "email:kantor", &report).outcome, "diabaikan"); /* anybody can write that */
    report.external = "1/3";
    report.tag = tag_of(txn, first.number);
    assert_string_equal(scratch_take(txn, "email:kantor", &report).outcome, "dicatat");
    assert_string_equal(scratch_row(txn, first.complaint_id, "pertanyaan")->state, "gagal");
    return OUTCOME_DONE;
}

IN_BOOK(a_delivery_report_of_success_says_arrived)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    struct intake_result first = mail(txn, "1/1", SITI);
    const struct outbox_row *row = answer(txn, first.complaint_id, petugas);
    struct inbound report = bounce(
        "1/2", arena_printf(scratch_arena, "Original-Envelope-Id: %s\r\n", row->external), false, "2.0.0");
    scratch_take(txn, "email:kantor", &report);
    row = scratch_row(txn, first.complaint_id, "pertanyaan");
    assert_string_equal(row->state, "sampai");
    assert_null(row->error);
    return OUTCOME_DONE;
}

IN_BOOK(an_out_of_office_answer_is_kept_and_moves_nothing)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    struct intake_result first = mail(txn, "1/1", SITI);
    const char *ours[] = {answer(txn, first.complaint_id, petugas)->external, NULL};
    struct inbound in = scratch_mail("1/2", SITI);
    in.automatic = "out-of-office";
    in.references = ours;
    assert_string_equal(scratch_take(txn, "email:kantor", &in).outcome, "dicatat");
    assert_int_equal(get(txn, first.complaint_id).state, STATE_PERLU_DILENGKAPI);
    return OUTCOME_DONE;
}

IN_BOOK(an_answer_through_a_mailing_list_is_a_persons)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    struct intake_result first = mail(txn, "1/1", SITI);
    const char *ours[] = {answer(txn, first.complaint_id, petugas)->external, NULL};
    struct inbound in = scratch_mail("1/2", SITI);
    in.automatic = "bulk";
    in.references = ours;
    assert_string_equal(scratch_take(txn, "email:kantor", &in).outcome, "ditambahkan");
    assert_int_not_equal(get(txn, first.complaint_id).state, STATE_PERLU_DILENGKAPI);
    return OUTCOME_DONE;
}

/* ---- robots ---- */

IN_BOOK(letters_no_person_wrote_are_capped_in_all)
{
    int receipts = 0;
    for (int i = 0; i < scratch_office.mail_most.in_all + 20; i++) {
        struct intake_result r = mail(txn, arena_printf(scratch_arena, "1/%d", i + 1),
            arena_printf(scratch_arena, "robot%d@contoh.example", i));
        struct outbox_row *rows;
        size_t count;
        DONE(outbox_list(txn, r.complaint_id, &rows, &count, scratch_arena, NULL));
        bool sent = false;
        while (count--)
            sent |= !strcmp(rows[count].purpose, "tanda_terima");
        receipts += sent;
        assert_int_equal(!sent, has_event(txn, r.complaint_id, "tanda_terima_ditahan"));
    }
    assert_int_equal(receipts, scratch_office.mail_most.in_all);
    scratch_now += 25LL * 3600 * 1000;
    return OUTCOME_DONE;
}

/* One line to a chat an hour, of those that no person wrote. */
static struct office terse(void)
{
    static const struct office_chat_limit most[] = {
        {"gateway:lain", {.to_recipient = 9}}, {"gateway:wa", {.to_recipient = 1, .in_all = 300}}};
    struct office office = scratch_office;
    office.chat.ask = true;
    office.chat.quiet_ms = 1000;
    office.chat.give_up_ms = 24 * HOUR_MS;
    office.chat_most = most;
    office.chat_most_count = sizeof most / sizeof *most;
    return office;
}

static enum outcome say_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    const char *text = arg;
    struct office office = terse();
    struct intake_result result;
    struct inbound in = {.kind = INBOUND_MESSAGE,
        .external = text,
        .raw = "{}",
        .raw_size = 2,
        .identity_scheme = "phone",
        .identity_value = "+6281234567890",
        .reply_to = CHAT,
        .text = text,
        .conversation = true};
    return intake_record(txn, &office, "gateway:wa", &in, NULL, &result, scratch_arena, fault);
}

static enum outcome wake_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    int64_t next;
    struct office office = terse();
    struct chat *chat = arg;
    DONE(dialog_wake(txn, &office, &next, scratch_arena, fault));
    return chat_get(txn, "gateway:wa", CHAT, chat, scratch_arena, fault);
}

static enum outcome lines_work(struct book_txn *txn, void *arg, struct fault *fault)
{
    struct outbox_row *rows;
    size_t count;
    int *lines = arg;
    *lines = 0;
    DONE(outbox_list(txn, 1, &rows, &count, scratch_arena, fault));
    while (count--)
        *lines += !strcmp(rows[count].channel, "gateway:wa");
    return OUTCOME_DONE;
}

static void heard_and_woken(const char *text, struct chat *ret, int expected_lines)
{
    int lines;
    DONE(scratch_write(say_work, (void *)text));
    scratch_now += 2000;
    DONE(scratch_write(wake_work, ret));
    DONE(scratch_read(lines_work, &lines));
    assert_int_equal(lines, expected_lines);
}

/* The receipt is the one line of this hour. No question waits then, so his next line is about the matter; the question
 * comes when there is room for it. */
static void a_question_that_is_held_back_was_not_asked(void **state)
{
    struct chat chat;
    (void)state;
    heard_and_woken("Got mampet di belakang pasar lama", &chat, 1);
    assert_null(chat.asked);
    assert_false(chat.finished);
    heard_and_woken("Airnya masuk ke rumah warga", &chat, 1);
    assert_null(chat.asked);
    scratch_now += HOUR_MS;
    heard_and_woken("Sampai sekarang belum surut", &chat, 2);
    assert_string_equal(chat.asked, "nama");
    assert_int_equal(chat.asked_times, 1);
    scratch_now += HOUR_MS;
    DONE(scratch_write(say_work, "Ahmad Fauzi"));
    DONE(scratch_write(wake_work, &chat));
    assert_string_equal(chat.said[CHAT_NAMA], "Ahmad Fauzi");
    scratch_now += 25 * HOUR_MS;
}

/* ---- by hand ---- */

static int64_t second_message(struct book_txn *txn, int64_t complaint_id)
{
    size_t count;
    struct message *messages = messages_of(txn, complaint_id, &count);
    assert_true(count >= 2);
    return messages[1].id;
}

static int64_t with_reply(struct book_txn *txn, const char *external, const char *own_id, const char *words)
{
    struct intake_result first = mail(txn, external, SITI);
    const char *ours[] = {
        payload_text(scratch_row(txn, first.complaint_id, "tanda_terima"), "message_id"), NULL};
    struct inbound in = scratch_mail(arena_printf(scratch_arena, "%s/b", external), SITI);
    struct inbound_file file = {.filename = "foto.png", .media_type = "image/png", .data = "PNG", .size = 3};
    in.references = ours;
    in.own_reference = own_id;
    in.subject = in.text = words;
    in.files = &file;
    scratch_take(txn, "email:kantor", &in);
    return first.complaint_id;
}

static enum outcome count_hit(void *arg, const struct complaint *c, struct fault *fault)
{
    (void)fault;
    *(int64_t *)arg = c->id;
    return OUTCOME_DONE;
}

static int64_t found_by(struct book_txn *txn, const char *words)
{
    const struct complaint_filter filter = {.words = words, .limit = 5};
    int64_t id = 0;
    DONE(complaint_list(txn, &filter, count_hit, &id, NULL));
    return id;
}

IN_BOOK(a_message_moves_with_its_files_its_search_words_and_its_later_replies)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    int64_t wrong = with_reply(txn, "1/1", "r1@contoh.example", "Jembatan bambu putus");
    struct intake_result right = mail(txn, "1/9", SITI);
    size_t count;
    assert_int_equal(found_by(txn, "bambu"), wrong);
    DONE(
        correspond_move(txn, petugas, wrong, second_message(txn, wrong), right.number, scratch_arena, fault));
    messages_of(txn, wrong, &count);
    assert_int_equal(count, 1);
    struct message *moved = &messages_of(txn, right.complaint_id, &count)[1];
    assert_int_equal(count, 2);
    assert_string_equal(moved->text, "Jembatan bambu putus");
    assert_string_equal(moved->attachments->filename, "foto.png");
    assert_int_equal(found_by(txn, "bambu"), right.complaint_id);
    assert_true(
        has_event(txn, wrong, "pesan_dipindah") && has_event(txn, right.complaint_id, "pesan_diterima"));
    const char *theirs[] = {"r1@contoh.example", NULL};
    struct inbound later = scratch_mail("1/10", SITI);
    later.references = theirs;
    assert_int_equal(scratch_take(txn, "email:kantor", &later).complaint_id, right.complaint_id);
    return OUTCOME_DONE;
}

IN_BOOK(a_message_becomes_a_complaint_of_its_own)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    int64_t id = with_reply(txn, "1/1", "r1@contoh.example", "Ini hal lain: pohon tumbang"), own;
    DONE(correspond_split(
        txn, &scratch_office, petugas, id, second_message(txn, id), &own, scratch_arena, fault));
    struct complaint c = get(txn, own);
    assert_string_equal(c.subject, "Ini hal lain: pohon tumbang");
    assert_int_equal(c.related_id, id);
    assert_int_equal(c.citizen_id, get(txn, id).citizen_id);
    scratch_row(txn, own, "tanda_terima");
    size_t count;
    assert_string_equal(messages_of(txn, own, &count)->purpose, "aduan");
    assert_int_equal(found_by(txn, "tumbang"), own);
    return OUTCOME_DONE;
}

IN_BOOK(what_may_not_be_moved_stays)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS),
                         *seksi = scratch_officer(txn, "joko", ROLE_SEKSI);
    int64_t id = with_reply(txn, "1/1", "r1@contoh.example", "Tambahan"), second = second_message(txn, id),
            own;
    struct intake_result other = mail(txn, "1/9", BUDI);
    size_t count;
    int64_t first = messages_of(txn, id, &count)->id;
    NEVER(correspond_move(txn, petugas, id, first, other.number, scratch_arena, fault));
    NEVER(
        correspond_move(txn, petugas, other.complaint_id, second, get(txn, id).number, scratch_arena, fault));
    NEVER(correspond_move(txn, petugas, id, second, get(txn, id).number, scratch_arena, fault));
    NEVER(correspond_move(txn, petugas, id, second, "999/PGD/XI/2026", scratch_arena, fault));
    NEVER(correspond_move(txn, petugas, id, second, "", scratch_arena, fault));
    NEVER(correspond_move(txn, seksi, id, second, other.number, scratch_arena, fault));
    NEVER(correspond_split(txn, &scratch_office, seksi, id, second, &own, scratch_arena, fault));
    messages_of(txn, id, &count);
    assert_int_equal(count, 2);
    return OUTCOME_DONE;
}

IN_BOOK(word_on_the_way_leaves_by_the_citizens_channel_and_changes_no_state)
{
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    struct intake_result first = mail(txn, "1/1", SITI);
    DONE(correspond_interim(txn, &scratch_office, petugas, first.complaint_id, 0, "Petugas sudah ke lokasi.",
        scratch_arena, fault));
    const struct outbox_row *row = scratch_row(txn, first.complaint_id, "sementara");
    assert_non_null(strstr(payload_text(row, "text"), "Petugas sudah ke lokasi."));
    assert_int_equal(get(txn, first.complaint_id).state, STATE_MASUK);
    assert_true(has_event(txn, first.complaint_id, "kabar_sementara"));
    NEVER(
        correspond_interim(txn, &scratch_office, petugas, first.complaint_id, 0, " ", scratch_arena, fault));
    return OUTCOME_DONE;
}

IN_BOOK(an_own_text_of_the_office_is_what_the_citizen_gets)
{
    const struct officer *admin = scratch_officer(txn, "admin", ROLE_ADMIN);
    DONE(reply_text_set(txn, "tanda_terima", "Sampun ditampi: {nomor}, {kode}.", admin->id, fault));
    struct intake_result first = mail(txn, "1/1", SITI);
    const char *text = payload_text(scratch_row(txn, first.complaint_id, "tanda_terima"), "text");
    assert_int_equal(strncmp(text, "Sampun ditampi: 001/PGD/XI/2026, ", 33), 0);
    DONE(reply_text_set(txn, "tanda_terima", NULL, admin->id, fault));
    struct intake_result second = mail(txn, "1/2", BUDI);
    text = payload_text(scratch_row(txn, second.complaint_id, "tanda_terima"), "text");
    assert_non_null(strstr(text, "Terima kasih."));
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(a_mail_joins_with_proof_and_as_a_party_only),
        BOOK_TEST(our_own_letter_that_comes_back_is_known_and_opens_nothing),
        BOOK_TEST(a_bounce_marks_the_letter_it_is_about_and_lies_on_the_petugas_desk),
        BOOK_TEST(a_bounce_without_our_id_is_tied_by_recipient_and_tagged_number),
        BOOK_TEST(a_delivery_report_of_success_says_arrived),
        BOOK_TEST(an_out_of_office_answer_is_kept_and_moves_nothing),
        BOOK_TEST(an_answer_through_a_mailing_list_is_a_persons),
        BOOK_TEST(letters_no_person_wrote_are_capped_in_all),
        BOOK_TEST(a_question_that_is_held_back_was_not_asked),
        BOOK_TEST(a_message_moves_with_its_files_its_search_words_and_its_later_replies),
        BOOK_TEST(a_message_becomes_a_complaint_of_its_own),
        BOOK_TEST(what_may_not_be_moved_stays),
        BOOK_TEST(word_on_the_way_leaves_by_the_citizens_channel_and_changes_no_state),
        BOOK_TEST(an_own_text_of_the_office_is_what_the_citizen_gets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
