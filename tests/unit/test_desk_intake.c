#include "tests/support/scratch_desk.h"

#include "daemon/book/arrival.h"
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "daemon/book/notice.h"
#include "daemon/book/secret.h"
#include "daemon/book/set_aside.h"

/* As it stands behind the number in subjects of ours. */
static const char *tag_of(struct book_txn *txn, const char *number)
{
    struct thread_key key;
    char tag[THREAD_TAG_SIZE];
    DONE(secret_thread_key(txn, &key, NULL));
    thread_tag_of_number(&key, number, tag);
    return arena_strdup(scratch_arena, tag);
}

static int64_t count_all(struct book_txn *txn)
{
    int64_t count;
    const struct complaint_filter all = {.limit = 1};
    DONE(complaint_count(txn, &all, &count, NULL));
    return count;
}

IN_BOOK(a_mail_opens_a_complaint_with_number_code_and_receipt)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    struct intake_result r = scratch_take(txn, "email:kantor", &in);
    assert_string_equal(r.outcome, "dibuka");
    assert_string_equal(r.number, "001/PGD/XI/2026");
    assert_int_equal(strlen(r.code), 12);
    const struct outbox_row *row = scratch_row(txn, r.complaint_id, "tanda_terima");
    assert_string_equal(row->channel, "email:kantor");
    json_t *payload = json_loads(row->payload, 0, NULL);
    const char *text = json_string_value(json_object_get(payload, "text"));
    assert_string_equal(json_string_value(json_object_get(payload, "to")), "siti@contoh.example");
    assert_non_null(strstr(text, r.number));
    assert_non_null(strstr(text, r.code));
    assert_non_null(strstr(text, "Kamis, 10 Desember 2026")); /* 14 working days after Sunday 22 November */
    json_decref(payload);
    return OUTCOME_DONE;
}

IN_BOOK(a_name_of_several_lines_stands_on_one_in_the_letter)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    in.nama = " Siti\r\nBcc: x\x01\tAminah ";
    struct intake_result r = scratch_take(txn, "email:kantor", &in);
    const struct outbox_row *row = scratch_row(txn, r.complaint_id, "tanda_terima");
    json_t *payload = json_loads(row->payload, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(payload, "name")), "Siti Bcc: x Aminah");
    json_decref(payload);
    return OUTCOME_DONE;
}

IN_BOOK(the_same_mail_again_changes_nothing_and_tells_the_same_number)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    struct intake_result first = scratch_take(txn, "email:kantor", &in),
                         again = scratch_take(txn, "email:kantor", &in);
    assert_string_equal(again.outcome, "ganda");
    assert_string_equal(again.number, first.number);
    assert_int_equal(count_all(txn), 1);
    return OUTCOME_DONE;
}

IN_BOOK(a_mail_that_comes_back_under_a_new_uid_is_known_by_its_message_id)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    in.digest = "abc@contoh.example";
    scratch_take(txn, "email:kantor", &in);
    in.external = "2/1"; /* UIDVALIDITY changed */
    assert_string_equal(scratch_take(txn, "email:kantor", &in).outcome, "ganda");
    assert_int_equal(count_all(txn), 1);
    return OUTCOME_DONE;
}

IN_BOOK(kasi_and_sekcam_are_told_in_the_same_transaction)
{
    const struct officer *kasi = scratch_officer(txn, "kasi", ROLE_KASI),
                         *sekcam = scratch_officer(txn, "sekcam", ROLE_SEKCAM);
    const struct officer *petugas = scratch_officer(txn, "rina", ROLE_PETUGAS);
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    struct intake_result r = scratch_take(txn, "email:kantor", &in);
    struct notice *notices;
    int64_t total;
    DONE(notice_unread(txn, kasi->id, 10, &notices, &total, scratch_arena, fault));
    assert_int_equal(total, 1);
    assert_int_equal(notices->complaint_id, r.complaint_id);
    DONE(notice_unread(txn, sekcam->id, 10, &notices, &total, scratch_arena, fault));
    assert_int_equal(total, 1);
    DONE(notice_unread(txn, petugas->id, 10, &notices, &total, scratch_arena, fault));
    assert_int_equal(total, 0);
    const struct outbox_row *row = scratch_row(txn, r.complaint_id, "pemberitahuan");
    assert_string_equal(row->channel, "email");
    assert_non_null(strstr(row->payload, "sekcam@kedopok.example"));
    assert_null(strstr(row->payload, "Siti")); /* no personal data leaves in a notice */
    return OUTCOME_DONE;
}

IN_BOOK(the_citizens_reply_joins_by_reference)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    in.own_reference = "m1@contoh.example";
    struct intake_result first = scratch_take(txn, "email:kantor", &in);
    const char *references[] = {"other@x", "m1@contoh.example", NULL};
    struct inbound reply = scratch_mail("1/2", "siti@contoh.example");
    reply.references = references;
    struct intake_result r = scratch_take(txn, "email:kantor", &reply);
    assert_string_equal(r.outcome, "ditambahkan");
    assert_int_equal(r.complaint_id, first.complaint_id);
    struct message *messages;
    size_t count;
    DONE(message_list(txn, r.complaint_id, &messages, &count, scratch_arena, fault));
    assert_int_equal(count, 2);
    assert_string_equal(messages[1].purpose, "tambahan");
    return OUTCOME_DONE;
}

IN_BOOK(a_stranger_with_a_copied_reference_does_not_get_into_the_case)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    in.own_reference = "m1@contoh.example";
    struct intake_result first = scratch_take(txn, "email:kantor", &in);
    const char *references[] = {"m1@contoh.example", NULL};
    struct inbound other = scratch_mail("1/2", "orang@lain.example");
    other.references = references;
    other.number = first.number;
    struct intake_result r = scratch_take(txn, "email:kantor", &other);
    assert_string_equal(r.outcome, "dibuka");
    assert_int_not_equal(r.complaint_id, first.complaint_id);
    return OUTCOME_DONE;
}

IN_BOOK(a_reply_to_the_receipt_of_a_form_joins_by_the_address_it_gave)
{
    struct inbound form = {.kind = INBOUND_MESSAGE,
        .external = "f1",
        .nama = "Agus",
        .email = "agus@contoh.example",
        .reply_to = "email:agus@contoh.example",
        .text = "Jalan rusak."};
    struct intake_result first = scratch_take(txn, "situs", &form);
    assert_string_equal(scratch_row(txn, first.complaint_id, "tanda_terima")->channel, "email");
    struct inbound reply = scratch_mail("1/1", "Agus@contoh.example");
    reply.number = first.number;
    reply.tag = tag_of(txn, first.number);
    assert_int_equal(scratch_take(txn, "email:kantor", &reply).complaint_id, first.complaint_id);
    return OUTCOME_DONE;
}

IN_BOOK(a_chat_goes_on_in_the_newest_open_complaint_and_begins_anew_for_another_person)
{
    struct inbound chat = {.kind = INBOUND_MESSAGE,
        .external = "W1",
        .identity_scheme = "gateway:wa/phone",
        .identity_value = "+6281234567890",
        .phone = "+6281234567890",
        .reply_to = "6281234567890@s.whatsapp.net",
        .text = "Lampu mati",
        .conversation = true,
        .reference_scheme = "gateway:wa",
        .own_reference = "W1"};
    struct intake_result first = scratch_take(txn, "gateway:wa", &chat);
    chat.external = "W2";
    assert_int_equal(scratch_take(txn, "gateway:wa", &chat).complaint_id, first.complaint_id);
    chat.external = "W3";
    chat.identity_value = "+6281234567899";
    assert_string_equal(scratch_take(txn, "gateway:wa", &chat).outcome, "dibuka");
    return OUTCOME_DONE;
}

IN_BOOK(an_out_of_office_answer_opens_nothing_and_gets_no_receipt)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    in.automatic = "out-of-office";
    assert_string_equal(scratch_take(txn, "email:kantor", &in).outcome, "diabaikan");
    in.external = "1/2";
    in.automatic = "bulk";
    assert_string_equal(scratch_take(txn, "email:kantor", &in).outcome, "dikarantina");
    int64_t waiting;
    DONE(set_aside_waiting(txn, &waiting, fault));
    assert_int_equal(waiting, 1);
    struct set_aside *first;
    DONE(set_aside_list(txn, 0, 9, &first, scratch_arena, fault));
    assert_string_equal(first->words, "Lampu jalan di Gang Melati mati.");
    assert_true(first->must_look && !first->cut && !first->next->must_look && !first->next->next);
    assert_int_equal(count_all(txn), 0);
    return OUTCOME_DONE;
}

IN_BOOK(long_words_are_kept_aside_up_to_a_whole_character)
{
    char *words = arena_alloc(scratch_arena, 40002);
    for (int i = 0; i < 40000; i += 2)
        memcpy(words + 1 + i, "\u00e9", 2);
    words[0] = 'x';
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    in.automatic = "bulk";
    in.text = words;
    scratch_take(txn, "email:kantor", &in);
    struct set_aside *first;
    DONE(set_aside_list(txn, 0, 9, &first, scratch_arena, fault));
    assert_int_equal(strlen(first->words), SET_ASIDE_WORDS - 1);
    assert_true(first->cut);
    return OUTCOME_DONE;
}

IN_BOOK(a_machine_that_keeps_writing_is_written_down_but_not_answered_for_ever)
{
    int receipts = 0;
    for (int i = 0; i < 25; i++) {
        struct inbound in = scratch_mail(arena_printf(scratch_arena, "1/%d", i + 1), "mesin@contoh.example");
        struct intake_result r = scratch_take(txn, "email:kantor", &in);
        struct outbox_row *rows;
        size_t count;
        assert_string_equal(r.outcome, "dibuka");
        DONE(outbox_list(txn, r.complaint_id, &rows, &count, scratch_arena, fault));
        while (count--)
            receipts += !strcmp(rows[count].purpose, "tanda_terima");
    }
    assert_int_equal(receipts, scratch_office.mail_most.to_recipient);
    assert_int_equal(count_all(txn), 25);
    return OUTCOME_DONE;
}

/* Whoever fills in forms with another one's number must not have us pester him. */
IN_BOOK(a_number_typed_into_many_forms_gets_few_receipts)
{
    int receipts = 0;
    for (int i = 0; i < 25; i++) {
        struct inbound in = {.kind = INBOUND_MESSAGE,
            .external = arena_printf(scratch_arena, "F%d", i),
            .raw = "{}",
            .raw_size = 2,
            .reply_to = "wa:+6281234567890",
            .text = "Jalan rusak"};
        struct intake_result r = scratch_take(txn, "situs", &in);
        struct outbox_row *rows;
        size_t count;
        assert_string_equal(r.outcome, "dibuka");
        DONE(outbox_list(txn, r.complaint_id, &rows, &count, scratch_arena, fault));
        while (count--)
            receipts += !strcmp(rows[count].purpose, "tanda_terima");
    }
    assert_int_equal(receipts, scratch_office.mail_most.to_recipient);
    return OUTCOME_DONE;
}

IN_BOOK(what_is_not_for_us_has_its_row_in_the_ledger)
{
    struct inbound in = {
        .kind = INBOUND_OTHER, .external = "W9", .raw = "{}", .raw_size = 2, .reason = "pesan grup"};
    bool known;
    int64_t complaint_id;
    assert_string_equal(scratch_take(txn, "gateway:wa", &in).outcome, "diabaikan");
    DONE(arrival_find(txn, "gateway:wa", "W9", NULL, &known, &complaint_id, fault));
    assert_true(known);
    assert_int_equal(complaint_id, 0);
    return OUTCOME_DONE;
}

IN_BOOK(a_delivery_state_moves_the_letter_it_is_about)
{
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    struct intake_result r = scratch_take(txn, "email:kantor", &in);
    int64_t id = scratch_row(txn, r.complaint_id, "tanda_terima")->id;
    struct outbox_row *rows;
    size_t count;
    DONE(outbox_claim(txn, "email:kantor", 5, &rows, &count, scratch_arena, fault));
    DONE(outbox_accepted(txn, id, "X1", NULL, fault));
    struct inbound state = {
        .kind = INBOUND_DELIVERY, .external = "X1:dibaca", .own_reference = "X1", .delivery_state = "dibaca"};
    assert_string_equal(scratch_take(txn, "email:kantor", &state).outcome, "dicatat");
    assert_string_equal(scratch_row(txn, r.complaint_id, "tanda_terima")->state, "dibaca");
    return OUTCOME_DONE;
}

IN_BOOK(an_anonymous_form_keeps_no_name)
{
    struct inbound form = {.kind = INBOUND_MESSAGE,
        .external = "f1",
        .nama = "Agus",
        .alamat = "Gang 2",
        .text = "Pungli.",
        .confidentiality = "anonim"};
    struct complaint c;
    struct intake_result r = scratch_take(txn, "situs", &form);
    DONE(complaint_get(txn, r.complaint_id, &c, scratch_arena, fault));
    assert_int_equal(c.citizen_id, 0);
    assert_null(c.nama);
    return OUTCOME_DONE;
}

IN_BOOK(the_tracking_code_lets_its_holder_add_to_the_case)
{
    struct inbound form = {
        .kind = INBOUND_MESSAGE, .external = "f1", .text = "Pungli.", .confidentiality = "anonim"};
    struct complaint c;
    struct intake_result r = scratch_take(txn, "situs", &form);
    DONE(complaint_get(txn, r.complaint_id, &c, scratch_arena, fault));
    struct inbound more = {.kind = INBOUND_MESSAGE,
        .external = "f2",
        .identity_scheme = "kode",
        .identity_value = c.code,
        .text = "Kejadiannya kemarin."};
    assert_int_equal(scratch_take(txn, "situs", &more).complaint_id, r.complaint_id);
    return OUTCOME_DONE;
}

IN_BOOK(the_first_words_are_cut_at_a_word_but_an_endless_word_is_cut_itself)
{
    char *text = arena_printf(scratch_arena, "%s %s", "Lihat", "alamat");
    struct complaint c;
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    in.subject = NULL;
    in.text = arena_printf(scratch_arena, "%s%0120d", text, 7);
    DONE(complaint_get(txn, scratch_take(txn, "email:kantor", &in).complaint_id, &c, scratch_arena, fault));
    assert_true(strlen(c.subject) > 80);
    in.external = "1/2";
    in.text = "Jalan di depan pasar rusak berat sejak musim hujan tahun lalu dan belum juga diperbaiki oleh "
              "siapa pun";
    DONE(complaint_get(txn, scratch_take(txn, "email:kantor", &in).complaint_id, &c, scratch_arena, fault));
    assert_string_equal(c.subject,
        "Jalan di depan pasar rusak berat sejak musim hujan tahun lalu dan belum juga diperbaiki…");
    return OUTCOME_DONE;
}

IN_BOOK(the_bookmark_moves_with_the_arrival)
{
    const char *bookmark;
    struct inbound in = scratch_mail("7/41", "siti@contoh.example");
    in.bookmark = "7/41";
    scratch_take(txn, "email:kantor", &in);
    DONE(bookmark_get(txn, "email:kantor", &bookmark, scratch_arena, fault));
    assert_string_equal(bookmark, "7/41");
    return OUTCOME_DONE;
}

IN_BOOK(attachments_are_kept_with_the_message)
{
    struct inbound_file file = {
        .filename = "foto.jpg", .media_type = "image/jpeg", .data = "JPEG", .size = 4};
    struct inbound in = scratch_mail("1/1", "siti@contoh.example");
    in.files = &file;
    struct intake_result r = scratch_take(txn, "email:kantor", &in);
    struct message *messages;
    size_t count, size;
    void *data;
    DONE(message_list(txn, r.complaint_id, &messages, &count, scratch_arena, fault));
    assert_string_equal(messages[0].attachments->filename, "foto.jpg");
    DONE(blob_get(txn, &messages[0].attachments->blob, &data, &size, fault));
    assert_memory_equal(data, "JPEG", 4);
    free(data);
    return OUTCOME_DONE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(a_mail_opens_a_complaint_with_number_code_and_receipt),
        BOOK_TEST(a_name_of_several_lines_stands_on_one_in_the_letter),
        BOOK_TEST(the_same_mail_again_changes_nothing_and_tells_the_same_number),
        BOOK_TEST(a_mail_that_comes_back_under_a_new_uid_is_known_by_its_message_id),
        BOOK_TEST(kasi_and_sekcam_are_told_in_the_same_transaction),
        BOOK_TEST(the_citizens_reply_joins_by_reference),
        BOOK_TEST(a_stranger_with_a_copied_reference_does_not_get_into_the_case),
        BOOK_TEST(a_reply_to_the_receipt_of_a_form_joins_by_the_address_it_gave),
        BOOK_TEST(a_chat_goes_on_in_the_newest_open_complaint_and_begins_anew_for_another_person),
        BOOK_TEST(an_out_of_office_answer_opens_nothing_and_gets_no_receipt),
        BOOK_TEST(long_words_are_kept_aside_up_to_a_whole_character),
        BOOK_TEST(a_machine_that_keeps_writing_is_written_down_but_not_answered_for_ever),
        BOOK_TEST(a_number_typed_into_many_forms_gets_few_receipts),
        BOOK_TEST(what_is_not_for_us_has_its_row_in_the_ledger),
        BOOK_TEST(a_delivery_state_moves_the_letter_it_is_about),
        BOOK_TEST(an_anonymous_form_keeps_no_name),
        BOOK_TEST(the_tracking_code_lets_its_holder_add_to_the_case),
        BOOK_TEST(the_first_words_are_cut_at_a_word_but_an_endless_word_is_cut_itself),
        BOOK_TEST(the_bookmark_moves_with_the_arrival),
        BOOK_TEST(attachments_are_kept_with_the_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
