/* Mail of programs and mail of people that looks like it; whom a bounce did not reach. */
#include "rules/text_automatic.h"
#include "rules/text_bounce.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

struct example {
    const char *what;
    enum text_automatic kind;
    const char *from, *subject, *header, *value, *reply;
};

static const struct example examples[] = {
    {"a person", TEXT_BY_HAND, "budi@x.example", "Jalan rusak", NULL, NULL, "Jalan rusak."},
    {"vacation by RFC 3834", TEXT_AUTO_REPLY, "b@x.example", "Auto: x", "Auto-Submitted",
        "auto-replied (vacation)", ""},
    {"RFC 3834's no", TEXT_BY_HAND, "b@x.example", "x", "Auto-Submitted", "no", ""},
    {"cron and the like", TEXT_AUTO_REPLY, "b@x.example", "x", "Auto-Submitted", "auto-generated", ""},
    {"cPanel", TEXT_AUTO_REPLY, "b@x.example", "Terima kasih", "X-Autorespond", "Hasil", ""},
    {"out of office by subject alone", TEXT_OUT_OF_OFFICE, "b@x.example", "Out of Office: Rekap", NULL, NULL,
        ""},
    {"Outlook's answer by subject alone", TEXT_AUTO_REPLY, "b@x.example", "Balasan otomatis: Rekap", NULL,
        NULL, ""},
    {"a list", TEXT_BULK, "b@x.example", "Buletin", "List-Unsubscribe", "<https://x.example>", ""},
    {"Precedence bulk", TEXT_BULK, "b@x.example", "x", "Precedence", "bulk", ""},
    {"another office's receipt is no bounce", TEXT_AUTO_REPLY, "b@x.example", "Diterima", "Return-Path", "<>",
        ""},
    {"mail system", TEXT_BOUNCE, "MAILER-DAEMON@x.example", "x", NULL, NULL, ""},
    {"bounce by subject alone", TEXT_BOUNCE, "b@x.example", "Undelivered Mail Returned to Sender", NULL, NULL,
        ""},
    {"Gmail's failed recipients", TEXT_BOUNCE, "b@x.example", "x", "X-Failed-Recipients", "a@x.example", ""},
    {"postmaster with a second sign", TEXT_BOUNCE, "postmaster@x.example", "Message failed", NULL, NULL, ""},
    {"no-reply address", TEXT_AUTO_REPLY, "sistem-noreply@x.example", "Laporan", NULL, NULL, ""},
    {"says so itself", TEXT_AUTO_REPLY, "b@x.example", "Laporan", NULL, NULL,
        "Diteruskan.\n\nPesan ini dibuat secara otomatis oleh sistem, mohon tidak membalas."},
    {"the same within a paragraph", TEXT_AUTO_REPLY, "cs@x.example", "[Tiket #12] Pesan diterima", NULL, NULL,
        "Pesan Anda kami terima. Ini adalah email otomatis, mohon tidak membalas."},
    {"who complains of it", TEXT_BY_HAND, "b@x.example", "Keluhan", NULL, NULL,
        "Saya hanya dijawab \"Ini adalah email otomatis, mohon tidak membalas\". Tolong."},
    /* people */
    {"a person is postmaster", TEXT_BY_HAND, "postmaster@desa.example", "Jalan rusak", NULL, NULL, ""},
    {"complains about automatic answers", TEXT_BY_HAND, "b@x.example",
        "Balasan otomatis dari kecamatan tidak membantu", NULL, NULL, ""},
    {"asks about a bounce", TEXT_BY_HAND, "b@x.example", "Undelivered Mail Returned to Sender, kenapa?", NULL,
        NULL, ""},
    {"forwards an automatic answer", TEXT_BY_HAND, "b@x.example", "Fwd: Balasan otomatis: Permohonan", NULL,
        NULL, ""},
    {"a host that takes no replies", TEXT_AUTO_REPLY, "tiket@noreply.x.example", "Tiket", NULL, NULL, ""},
    {"a numbered no-reply address", TEXT_AUTO_REPLY, "noreply2@x.example", "Tiket", NULL, NULL, ""},
    {"not to be answered, in Indonesian", TEXT_AUTO_REPLY, "jangan-dibalas@x.example", "Tiket", NULL, NULL,
        ""},
    {"says so between stars", TEXT_AUTO_REPLY, "b@x.example", "Laporan", NULL, NULL,
        "Sudah kami terima.\n\n*** Email ini dikirim otomatis oleh sistem, harap tidak dibalas ***"},
    {"vacation note without a mark", TEXT_AUTO_REPLY, "b@x.example", "Re: Hasil", "In-Reply-To", "<a@x>",
        "Saya sedang cuti sampai 20 November. Untuk hal mendesak hubungi Bu Rini."},
    {"the same in English", TEXT_AUTO_REPLY, "b@x.example", "Re: Hasil", "References", "<a@x>",
        "Thank you for your email. I am out of the office until Monday."},
    {"an answer that begins with its name", TEXT_AUTO_REPLY, "b@x.example", "Re: Hasil", "In-Reply-To",
        "<a@x>", "[Balasan otomatis] Saya sedang rapat."},
    /* people */
    {"a citizen on leave", TEXT_BY_HAND, "b@x.example", "Re: Hasil", "In-Reply-To", "<a@x>",
        "Saya sedang cuti sampai 20 November, jadi bisa hadir kapan saja. Kapan pengukuran tanah saya?"},
    {"a citizen who was not at home", TEXT_BY_HAND, "b@x.example", "Re: Hasil", "In-Reply-To", "<a@x>",
        "Saya sedang tidak di tempat waktu petugas datang. Mohon dijadwalkan ulang."},
    {"a citizen who starts a conversation on leave", TEXT_BY_HAND, "b@x.example", "Air", NULL, NULL,
        "Saya sedang cuti. Untuk hal mendesak hubungi istri saya. Air mati."},
    {"asks about automatic answers", TEXT_BY_HAND, "b@x.example", "Re: Hasil", "In-Reply-To", "<a@x>",
        "Balasan otomatis terus. Kapan dijawab petugas?"},
    {"Out of Office over a question of ours", TEXT_OUT_OF_OFFICE, "b@x.example",
        "Out of Office: Apakah sampah sudah diangkut?", NULL, NULL, "Perlu segera? Hubungi Bu Rini."},
    {"asks who stands in for somebody", TEXT_BY_HAND, "b@x.example", "Sedang cuti", NULL, NULL,
        "Kasi sedang cuti, siapa penggantinya?"},
    {"on the way, answers for himself", TEXT_BY_HAND, "b@x.example", "Re: Hasil", "In-Reply-To", "<a@x>",
        "Terima kasih atas email Anda. Saya sedang di luar kota sampai Senin, nanti saya ke kantor membawa "
        "KTP."},
    {"vacation note that thanks and promises", TEXT_AUTO_REPLY, "b@x.example", "Re: Hasil", "In-Reply-To",
        "<a@x>", "Terima kasih atas email Anda. Saya sedang cuti dan akan membalas setelah Senin."},
    {"his own mail came back", TEXT_BY_HAND, "b@x.example", "Pesan gagal terkirim", NULL, NULL,
        "Kemarin pesan saya ke camat@x.example tidak dapat dikirim. Mohon alamat yang benar."},
    {"calls his mail like a bounce", TEXT_BY_HAND, "b@x.example", "Delivery failed", NULL, NULL,
        "Kurir gagal mengantar e-KTP saya."},
    {"calls his mail like a bounce, without telling of himself", TEXT_BY_HAND, "b@x.example",
        "Failure notice", NULL, NULL, "PLN memasang surat di tiang."},
    {"bounce by subject and text", TEXT_BOUNCE, "b@x.example", "Delivery failed", NULL, NULL,
        "Your message to a@x.example could not be delivered."},
    {"tells of a full mailbox", TEXT_BY_HAND, "b@x.example", "Mailbox full katanya", NULL, NULL,
        "Email saya ke alamat lain kembali: mailbox full."},
    {"is called like that", TEXT_BY_HAND, "noreply.anto@x.example", "Selokan", NULL, NULL, ""},
    {"wants a read receipt", TEXT_BY_HAND, "b@x.example", "x", "Disposition-Notification-To", "b@x.example",
        ""},
};

static void tells_programs_from_people(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *e = &examples[i];
        struct text_header header = {e->header, e->value};
        struct text_mail_signs signs = {.headers = &header,
            .header_count = e->header ? 1 : 0,
            .from_address = e->from,
            .subject = e->subject,
            .reply = e->reply,
            .text = e->reply};
        enum text_automatic kind = text_automatic(&signs);
        if (kind != e->kind) {
            print_error("%s: got %d\n", e->what, (int)kind);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static enum text_automatic kind_of_subject(const char *subject)
{
    struct text_mail_signs signs = {
        .from_address = "b@x.example", .subject = subject, .reply = "x", .text = "x"};
    return text_automatic(&signs);
}

static const char *const away[] = {"Out of Office: Rekap", "Out of Office", "[Out of office] Rekap",
    "Re: Rekap (Out of Office)", "OUT OF OFFICE AutoReply: Rekap", "Di luar kantor: Rekap", "Sedang cuti",
    "Sedang dinas luar: Rekap", "Tidak di kantor", "Di Luar Kantor Re: Rekap", "Pemberitahuan cuti: Rekap",
    "Pemberitahuan tidak di tempat: Rekap", "Ketidakhadiran: Rekap", "Tidak masuk kantor: Rekap",
    "Abwesenheitsnotiz: Rekap", "Abwesend", "Nicht im Büro: Rekap", "Afwezig: Rekap", "Niet op kantoor",
    "Absence du bureau : Rekap", "Absent", "Fuera de la oficina: Rekap", "Fuera de oficina",
    "Fora do escritório: Rekap", "Ausência: Rekap", "Fuori ufficio: Rekap", "Frånvaro: Rekap",
    "Fravær: Rekap", "Ikke på kontoret", "Poissa toimistosta: Rekap", "Poza biurem: Rekap",
    "Вне офиса: Rekap", "ВНЕ ОФИСА: Rekap", "Ofis dışında: Rekap", "不在通知: Rekap", "不在", "外出",
    "부재중: Rekap"};

static const char *const answered[] = {"Balasan otomatis: Rekap", "BALASAN OTOMATIS: Rekap",
    "Jawaban otomatis", "[Balasan Otomatis] Rekap", "Balasan Email Otomatis", "Auto Respon: Terima kasih",
    "Autorespon: Terima kasih", "Konfirmasi otomatis: surel Anda sudah kami terima", "Otomatis: Rekap",
    "Automatic reply: Rekap", "Auto-Reply: Rekap", "Autoreply", "Auto: Rekap", "Re: Rekap [Auto-Reply]",
    "Automatische Antwort: Rekap", "Automatisch antwoord: Rekap", "Réponse automatique : Rekap",
    "Respuesta automática: Rekap", "Resposta automática: Rekap", "Risposta automatica: Rekap",
    "Automatiskt svar: Rekap", "Autosvar: Rekap", "Automatisk svar: Rekap", "Automaattinen vastaus: Rekap",
    "Odpowiedź automatyczna: Rekap", "Автоматический ответ: Rekap", "Otomatik Yanıt: Rekap",
    "自動応答: Rekap", "自动回复: Rekap", "自动回复：Rekap", "자동 회신: Rekap", "Read: Rekap",
    "Dibaca: Rekap"};

static const char *const by_people[] = {"Balasan otomatis dari kecamatan tidak membantu",
    "Re: Out of office hours question", "Out of office hours: kapan buka?",
    "Di luar kantor camat banyak pungli", "Sedang cuti semua petugasnya", "Absence of street light",
    "Vacation rental taxes", "Auto rickshaw parkir liar", "Automatic door is broken",
    "Fwd: Automatic reply: Rekap", "Fwd: Out of Office: Rekap", "Gagal terkirim", "Pesan tidak terkirim",
    "Delivery motor kurir menabrak pagar", "Returned goods tax", "Otomatisasi loket",
    "Abwesenheit des Beamten im Büro", "Mailbox surat warga hilang", "Bounce house izin", "Cuti bersama",
    "Lu mau apa", "Cuti: apakah kepala desa boleh cuti?", "Ketidakhadiran petugas posyandu",
    "Konfirmasi otomatis tidak pernah datang", "Luar kantor kecamatan gelap", "Warning: jalan licin",
    "Re: Undangan", ""};

static void check_subjects(const char *const *subjects, size_t n, enum text_automatic kind)
{
    int wrong = 0;
    for (size_t i = 0; i < n; i++)
        if (kind_of_subject(subjects[i]) != kind) {
            print_error("[%s]: %d\n", subjects[i], (int)kind_of_subject(subjects[i]));
            wrong++;
        }
    assert_int_equal(wrong, 0);
}

static void knows_subjects_of_many_languages(void **state)
{
    (void)state;
    check_subjects(away, sizeof away / sizeof *away, TEXT_OUT_OF_OFFICE);
    check_subjects(answered, sizeof answered / sizeof *answered, TEXT_AUTO_REPLY);
    check_subjects(by_people, sizeof by_people / sizeof *by_people, TEXT_BY_HAND);
}

static enum text_automatic kind_of_field(const char *name, const char *value)
{
    struct text_header header = {name, value};
    struct text_mail_signs signs = {.headers = &header,
        .header_count = 1,
        .from_address = "b@x.example",
        .subject = "Rekap",
        .reply = "x"};
    return text_automatic(&signs);
}

static void knows_fields_of_many_programs(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
        enum text_automatic kind;
    } fields[] = {{"Auto-Submitted", "auto-replied", TEXT_AUTO_REPLY},
        {"auto-submitted", " Auto-Replied (vacation)", TEXT_AUTO_REPLY},
        {"Auto-Submitted", "auto-notified; owner=x", TEXT_AUTO_REPLY}, {"Auto-Submitted", "no", TEXT_BY_HAND},
        {"Auto-Submitted", "auto-generated (failure)", TEXT_BOUNCE},
        {"Auto-Submitted", "auto-replied (rejected)", TEXT_BOUNCE},
        {"Precedence", "auto_reply", TEXT_AUTO_REPLY}, {"Precedence", "bulk", TEXT_BULK},
        {"Precedence", "junk", TEXT_BULK}, {"Precedence", "list", TEXT_BULK},
        {"Precedence", "first-class", TEXT_BY_HAND}, {"X-Autoreply", "yes", TEXT_AUTO_REPLY},
        {"X-Autoreply", "no", TEXT_BY_HAND}, {"X-Autorespond", "Rekap", TEXT_AUTO_REPLY},
        {"X-AutoReply-From", "b@x.example", TEXT_AUTO_REPLY}, {"X-Mail-Autoreply", "", TEXT_AUTO_REPLY},
        {"X-MS-Exchange-Inbox-Rules-Loop", "b@x.example", TEXT_AUTO_REPLY},
        {"X-Boxtrapper", "abc", TEXT_AUTO_REPLY}, {"X-Auto-Response-Suppress", "All", TEXT_BY_HAND},
        {"X-Auto-Response-Suppress", "DR, OOF", TEXT_BY_HAND}, {"X-Loop", "b@x.example", TEXT_AUTO_REPLY},
        {"X-Loop", "relay@x.example", TEXT_BY_HAND}, {"List-Id", "<x.example>", TEXT_BULK},
        {"List-Unsubscribe", "<mailto:x@x.example>", TEXT_BULK}, {"Feedback-ID", "1:2:3:x", TEXT_BULK},
        {"X-Failed-Recipients", "a@x.example", TEXT_BOUNCE}, {"Return-Path", "<>", TEXT_AUTO_REPLY},
        {"Return-Path", "<b@x.example>", TEXT_BY_HAND}, {"X-Mailer", "Auto Respon Motor", TEXT_BY_HAND},
        {"X-Mailer", "vacation 1.2.7", TEXT_AUTO_REPLY}, {"User-Agent", "Vacation/1.2.6.1", TEXT_AUTO_REPLY},
        {"X-Mailer", "Autoresponder", TEXT_AUTO_REPLY}, {"X-Autoresponder-Version", "1", TEXT_AUTO_REPLY},
        {"Delivered-To", "Autoresponder", TEXT_AUTO_REPLY}, {"Delivered-To", "b@x.example", TEXT_BY_HAND},
        {"X-FC-MachineGenerated", "true", TEXT_AUTO_REPLY}, {"X-OTRS-Loop", "yes", TEXT_AUTO_REPLY},
        {"X-POST-MessageClass", "9; Autoresponder", TEXT_AUTO_REPLY},
        {"X-FreeScout-Mail-Type", "auto.reply", TEXT_AUTO_REPLY},
        {"X-FreeScout-Mail-Type", "customer.message", TEXT_BY_HAND}};
    int wrong = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (kind_of_field(fields[i].name, fields[i].value) != fields[i].kind) {
            print_error("%s: %s: %d\n", fields[i].name, fields[i].value,
                (int)kind_of_field(fields[i].name, fields[i].value));
            wrong++;
        }
    assert_int_equal(wrong, 0);
}

/* A vacation note repeats the subject of our letter, which may speak of failures; null sender and Auto-Submitted do
 * not make a bounce of it. */
static void an_answering_machine_is_no_bounce(void **state)
{
    (void)state;
    struct text_header headers[] = {{"Return-Path", "<>"}, {"Auto-Submitted", "auto-replied"}};
    struct text_mail_signs signs = {.headers = headers,
        .header_count = 2,
        .from_address = "b@x.example",
        .subject = "Re: Gagal terkirim: pengaduan 112",
        .reply = "Saya sedang umrah.",
        .text = "Saya sedang umrah."};
    assert_int_equal(text_automatic(&signs), TEXT_AUTO_REPLY);
    signs.header_count = 1;
    assert_int_equal(text_automatic(&signs), TEXT_AUTO_REPLY);
    signs.subject = "Gagal terkirim: pengaduan 112";
    assert_int_equal(text_automatic(&signs), TEXT_BOUNCE);
    signs.subject = "Re: Gagal terkirim";
    signs.text = "Pesan Anda tidak dapat dikirim ke penerima berikut:\n\na@x.example";
    assert_int_equal(text_automatic(&signs), TEXT_BOUNCE);
}

static enum text_automatic kind_of_answer(const char *name, const char *value)
{
    struct text_header headers[] = {{"In-Reply-To", "<a@x>"}, {name, value}};
    struct text_mail_signs signs = {.headers = headers,
        .header_count = 2,
        .from_address = "b@x.example",
        .subject = "Re: Hasil",
        .reply = "Terima kasih.",
        .text = "Terima kasih."};
    return text_automatic(&signs);
}

static void an_answer_with_precedence_is_a_machines_through_a_list_a_persons(void **state)
{
    (void)state;
    assert_int_equal(kind_of_answer("Precedence", "bulk"), TEXT_AUTO_REPLY);
    assert_int_equal(kind_of_answer("Precedence", "junk"), TEXT_AUTO_REPLY);
    assert_int_equal(kind_of_answer("Auto-Submitted", "auto-generated"), TEXT_AUTO_REPLY);
    assert_int_equal(kind_of_answer("Precedence", "list"), TEXT_BULK);
    assert_int_equal(kind_of_answer("List-Id", "<warga.x.example>"), TEXT_BULK);
    assert_int_equal(kind_of_answer("X-Mailer", "x"), TEXT_BY_HAND);
}

static void a_report_is_what_its_type_says(void **state)
{
    (void)state;
    struct text_mail_signs signs = {.report = true, .report_type = "delivery-status"};
    assert_int_equal(text_automatic(&signs), TEXT_BOUNCE);
    signs.report_type = "disposition-notification";
    assert_int_equal(text_automatic(&signs), TEXT_AUTO_REPLY);
    signs = (struct text_mail_signs){.calendar = true};
    assert_int_equal(text_automatic(&signs), TEXT_AUTO_REPLY);
}

static void names_are_those_of_the_contract(void **state)
{
    (void)state;
    assert_null(text_automatic_name(TEXT_BY_HAND));
    assert_string_equal(text_automatic_name(TEXT_OUT_OF_OFFICE), "out-of-office");
    assert_string_equal(text_automatic_name(TEXT_AUTO_REPLY), "auto-reply");
    assert_string_equal(text_automatic_name(TEXT_BOUNCE), "bounce");
    assert_string_equal(text_automatic_name(TEXT_BULK), "bulk");
}

struct bounce_example {
    const char *what;
    struct text_bounce_signs signs;
    struct text_failure expect;
};

static const struct bounce_example bounces[] = {
    {"report of a failure",
        {.status = "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@x.example\nAction: failed\nStatus: "
                   "5.1.1\n"},
        {"a@x.example", "5.1.1", true}},
    {"report of a delay",
        {.status = "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@x.example\nAction: delayed\nStatus: "
                   "4.4.1\n"},
        {"a@x.example", "4.4.1", false}},
    {"gave up after temporary failures",
        {.status = "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 4.4.7 (too old)\n"},
        {"a@x.example", "4.4.7", true}},
    {"failure counts before delay and delivery",
        {.status = "Final-Recipient: rfc822; a@x.example\nAction: delayed\nStatus: 4.0.0\n\n"
                   "Final-Recipient: rfc822; b@x.example\nAction: delivered\n\n"
                   "Final-Recipient: rfc822; c@x.example\nAction: failed\nStatus: 5.0.0\n"},
        {"c@x.example", "5.0.0", true}},
    {"the address as we wrote it",
        {.status = "Original-Recipient: rfc822;a@x.example\nFinal-Recipient: rfc822;z@y.example\nAction: "
                   "failed\n"
                   "Status: 5.2.2\n"},
        {"a@x.example", "5.2.2", true}},
    {"Gmail's header", {.failed_recipients = "a@x.example", .text = "550 5.1.1 no such account"},
        {"a@x.example", "5.1.1", true}},
    {"Postfix's prose",
        {.text = "This is the mail system.\n\n<a@x.example>: host mx[192.0.2.1] said: 550 5.1.1\n    "
                 "unknown\n"},
        {"a@x.example", "5.1.1", true}},
    {"Indonesian prose, not our own address",
        {.text = "Kepada office@kec.example\nPesan Anda tidak terkirim ke a@x.example karena tidak "
                 "ditemukan.\n",
            .own_address = "office@kec.example"},
        {"a@x.example", "", true}},
    {"a warning by subject",
        {.subject = "Warning: could not send message for past 4 hours", .text = "<a@x.example>"},
        {"a@x.example", "", false}},
    {"an IP number is no status", {.text = "host 5.1.1.7 refused <a@x.example>"}, {"a@x.example", "", true}},
    {"a control byte is no recipient", {.status = "Original-Recipient: \x14@@\n"}, {"", "", true}},
    {"nothing known", {0}, {"", "", true}},
};

static void finds_whom_it_did_not_reach(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof bounces / sizeof *bounces; i++) {
        const struct bounce_example *b = &bounces[i];
        struct text_bounce got;
        text_bounce(&b->signs, &got);
        const struct text_failure *first = &got.failures[0];
        if (strcmp(first->recipient, b->expect.recipient) || strcmp(first->status, b->expect.status) ||
            first->permanent != b->expect.permanent) {
            print_error("%s: got %s %s %d\n", b->what, first->recipient, first->status, first->permanent);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tells_programs_from_people),
        cmocka_unit_test(knows_subjects_of_many_languages), cmocka_unit_test(knows_fields_of_many_programs),
        cmocka_unit_test(an_answering_machine_is_no_bounce),
        cmocka_unit_test(an_answer_with_precedence_is_a_machines_through_a_list_a_persons),
        cmocka_unit_test(a_report_is_what_its_type_says), cmocka_unit_test(names_are_those_of_the_contract),
        cmocka_unit_test(finds_whom_it_did_not_reach)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
