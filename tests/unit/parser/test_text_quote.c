/* Quotes in the languages and forms of mail programs: above quoted and unquoted text, broken over lines, marked
 * as quoted themselves, with the answer below. */
#include "rules/text_reply.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In each "<a@x.example>" stands for the address. */
static const char *const attributions[] = {"Pada Sel, 17 Nov 2026 pukul 16.00 Kec <a@x.example> menulis:",
    "Pada 17 Nov 2026, pukul 16.00, Kec <a@x.example> menulis:",
    "Pada tanggal 17 November 2026 16.00 Kecamatan menulis:",
    "Dina Sel, 17 Nov 2026 tabuh 16.00 Kec <a@x.example> nyerat:",
    "Ing tanggal Sel, 17 Nov 2026 jam 16.00 Kec <a@x.example> nulis:",
    "Kecamatan Porong menulis pada 17/11/2026 pukul 16.00:",
    "On Tue, Nov 17, 2026 at 4:00 PM Kec <a@x.example> wrote:",
    "On Nov 17, 2026, at 4:00 PM, Kec <a@x.example> wrote:", "On 17/11/2026 16:00, Kec wrote:",
    "Kec <a@x.example> wrote on Tue, 17 Nov 2026 16:00:",
    "On Tue, 17 Nov 2026, 16:00 Kec, <a@x.example> wrote:",
    "On Tuesday, November 17, 2026 04:00:00 PM GMT+7, Kec <a@x.example> wrote:",
    "On Tuesday, November 17th, 2026 at 4:00 PM, Kec <a@x.example> wrote:",
    "Op di 17 nov. 2026 om 16:00 schreef Kec <a@x.example>:",
    "Op 17 nov. 2026 om 16:00 heeft Kec <a@x.example> het volgende geschreven:",
    "Am Di., 17. Nov. 2026 um 16:00 Uhr schrieb Kec <a@x.example>:",
    "Kec <a@x.example> schrieb am Di., 17. Nov. 2026, 16:00:", "Am 17.11.26 um 16:00 schrieb Kec:",
    "Am 17.11.2026 um 16:00 schrieb Kec <a@x.example>:",
    "Le mar. 17 nov. 2026 à 16:00, Kec <a@x.example> a écrit :",
    "Le 17 nov. 2026 à 16:00, Kec <a@x.example> a écrit :", "Le 17/11/2026 à 16:00, Kec a écrit :",
    "El mar, 17 nov 2026 a las 16:00, Kec (<a@x.example>) escribió:",
    "El 17 nov 2026, a las 16:00, Kec <a@x.example> escribió:",
    "Em ter., 17 de nov. de 2026 às 16:00, Kec <a@x.example> escreveu:",
    "No dia 17 de nov de 2026, às 16:00, Kec <a@x.example> escreveu:",
    "Il giorno mar 17 nov 2026 alle ore 16:00 Kec <a@x.example> ha scritto:",
    "Il giorno 17 nov 2026, alle ore 16:00, Kec <a@x.example> ha scritto:",
    "Il 17/11/2026 16:00, Kec ha scritto:", "Den tis 17 nov. 2026 kl 16:00 skrev Kec <a@x.example>:",
    "17 nov. 2026 kl. 16:00 skrev Kec <a@x.example>:",
    "Den tirs. 17. nov. 2026 kl. 16.00 skrev Kec <a@x.example>:",
    "tir. 17. nov. 2026 kl. 16:00 skrev Kec <a@x.example>:",
    "ti 17. marrask. 2026 klo 16.00 Kec (a@x.example) kirjoitti:",
    "Kec <a@x.example> kirjoitti 17.11.2026 kello 16.00:",
    "wt., 17 lis 2026 o 16:00 Kec <a@x.example> napisał(a):", "W dniu 17.11.2026 o 16:00, Kec pisze:",
    "вт, 17 нояб. 2026 г. в 16:00, Kec <a@x.example>:",
    "17 нояб. 2026 г., в 16:00, Kec <a@x.example> написал(а):",
    "Вторник, 17 ноября 2026, 16:00 +03:00 от Kec <a@x.example>:",
    "17.11.2026, 16:00, \"Kec\" <a@x.example>:",
    "Kec <a@x.example>, 17 Kas 2026 Sal, 16:00 tarihinde şunu yazdı:",
    "út 17. 11. 2026 v 16:00 odesílatel Kec <a@x.example> napsal:",
    "Kec <a@x.example> ezt írta (időpont: 2026. nov. 17., K, 16:00):",
    "mar., 17 nov. 2026 la 16:00, Kec <a@x.example> a scris:",
    "Στις Τρί 17 Νοε 2026 στις 4:00 μ.μ., ο χρήστης Kec <a@x.example> έγραψε:",
    "вт, 17 лист. 2026 р. о 16:00 Kec <a@x.example> пише:",
    "Vào Th 3, 17 thg 11, 2026 vào lúc 16:00 Kec <a@x.example> đã viết:",
    "ในวันที่ อ. 17 พ.ย. 2026 เวลา 16:00 Kec <a@x.example> เขียนว่า:",
    "2026年11月17日(火) 16:00 Kec <a@x.example>:", "2026/11/17 16:00、Kec <a@x.example>のメール:",
    "On 2026/11/17 16:00, Kec wrote:", "Kec <a@x.example> 于2026年11月17日周二 16:00写道：",
    "在 2026年11月17日，下午4:00，Kec <a@x.example> 写道：",
    "Kec <a@x.example> 於 2026年11月17日 週二 下午4:00寫道：",
    "在 2026-11-17 16:00:00，\"Kec\" <a@x.example> 写道：",
    "2026년 11월 17일 (화) 오후 4:00, Kec <a@x.example>님이 작성:",
    "2026. 11. 17. 오후 4:00, Kec <a@x.example> 작성:",
    "في الثلاثاء، 17 نوفمبر 2026 في 4:00 م تمت كتابة ما يلي بواسطة Kec <a@x.example>:",
    "‫בתאריך יום ג׳, 17 בנוב׳ 2026 ב-16:00 מאת ‪Kec‬‏ <‪a@x.example‬‏>:‬",
    "Noong Mar, Nob 17, 2026, 4:00 PM sumulat si Kec <a@x.example>:",
    "Pada Sel, 17 Nov 2026 pada 4:00 PTG Kec <a@x.example> menulis:",
    "El dt., 17 de nov. 2026, 16:00, Kec <a@x.example> va escriure:"};

/* Labels for From, Date, To, Subject. */
static const char *const blocks[][4] = {{"Dari", "Tgl", "Kpd", "Hal"},
    {"Dari", "Dikirim pada", "Kepada", "Subjek"}, {"Dari", "Dikirim", "Kepada", "Subjek"},
    {"From", "Sent", "To", "Subject"}, {"From", "Date", "To", "Subject"},
    {"Von", "Gesendet", "An", "Betreff"}, {"Van", "Verzonden", "Aan", "Onderwerp"},
    {"De", "Envoyé", "À", "Objet"}, {"De", "Enviado el", "Para", "Asunto"},
    {"De", "Enviada em", "Para", "Assunto"}, {"Da", "Inviato", "A", "Oggetto"},
    {"Från", "Skickat", "Till", "Ämne"}, {"Fra", "Sendt", "Til", "Emne"},
    {"Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"}, {"Od", "Wysłano", "Do", "Temat"},
    {"От", "Отправлено", "Кому", "Тема"}, {"Od", "Odesláno", "Komu", "Předmět"},
    {"Kimden", "Gönderildi", "Kime", "Konu"}, {"Feladó", "Elküldve", "Címzett", "Tárgy"},
    {"差出人", "送信日時", "宛先", "件名"}, {"发件人", "发送时间", "收件人", "主题"},
    {"寄件者", "寄件日期", "收件者", "主旨"}, {"보낸 사람", "보낸 날짜", "받는 사람", "제목"},
    {"Từ", "Đã gửi", "Đến", "Chủ đề"}, {"Daripada", "Dihantar", "Kepada", "Subjek"}};

static const char *const separators[] = {"--- Pesan asal ---", "---- Pesan sebelumnya ----",
    "------------------ Original ------------------", "-----Original Message-----",
    "-------- Original message --------", "--- Original Message ---", "----- Original Message -----",
    "-----Pesan Asli-----", "-------- Pesan asli --------", "-------- Pesan Diteruskan --------",
    "---------- Forwarded message ---------", "---------- Pesan terusan ---------",
    "---------- Forwarded message ----------", "-----Ursprüngliche Nachricht-----",
    "-------- Original-Nachricht --------", "-----Message d'origine-----",
    "-------- Message original --------", "-----Oorspronkelijk bericht-----", "-----Mensaje original-----",
    "-----Mensagem original-----", "-----Messaggio originale-----", "-----Oprindelig meddelelse-----",
    "-----Ursprungligt meddelande-----", "-----Alkuperäinen viesti-----", "-----Oryginalna wiadomość-----",
    "-----Исходное сообщение-----", "------------------ 原始邮件 ------------------", "-----邮件原件-----",
    "-----元のメッセージ-----", "-----원본 메시지-----", "Begin forwarded message:",
    "Awal pesan yang diteruskan:", "----- Forwarded by Budi/Kec on 17/11/2026 16:00 -----",
    "##- Please type your reply above this line -##", "--- Balas di atas garis ini ---",
    "_____Original Message_____", "===== Original Message ====="};

static const char *const footers[] = {"Kirim dari iPhone saya",
    "-------- Terkirim dari perangkat Samsung saya --------", "Sent from my iPhone",
    "Sent from my Samsung Galaxy smartphone.", "Sent from Yahoo Mail on Android",
    "Sent from Yahoo Mail for iPhone", "Sent from Outlook for Android",
    "Get Outlook for iOS<https://aka.ms/o0ukef>", "Get Outlook for Android", "Dapatkan Outlook untuk iOS",
    "Sent from Mail for Windows", "Sent from Mail for Windows 10", "Sent from my BlackBerry® wireless device",
    "Powered by Telkomsel BlackBerry®", "Dikirim dari iPad saya", "Dikirim dari Yahoo Mail untuk iPhone",
    "Dikirim dari ponsel Vivo saya", "Dikirim dari Galaxy saya", "Dikirim dari Samsung Mobile",
    "Dikirim dari perangkat Samsung Galaxy saya", "Dikirim dari Mi Mail saya", "Dikirim dari Xiaomi saya",
    "Dikirim dari ponsel OPPO saya", "Dikirim dari HP saya",
    "Dikirim dari ponsel cerdas BlackBerry 10 saya dengan jaringan Indosat.", "Dikirim dari realme saya",
    "Dikirim lewat Gmail Seluler", "Verzonden vanaf mijn iPhone", "Verstuurd vanaf mijn Samsung",
    "Von meinem iPhone gesendet", "Gesendet von meinem Samsung Galaxy", "Gesendet mit der GMX Mail App",
    "Envoyé de mon iPhone", "Envoyé depuis mon mobile", "Enviado desde mi iPhone", "Enviado do meu iPhone",
    "Inviato da iPhone", "Skickat från min iPhone", "Sendt fra min iPhone", "Lähetetty iPhonesta",
    "Wysłane z iPhone'a", "Отправлено с iPhone", "iPhone'umdan gönderildi", "iPhoneから送信",
    "从我的iPhone发送", "發自我的 iPhone", "나의 iPhone에서 보냄", "Sent with Proton Mail secure email.",
    "Sent from ProtonMail mobile", "Sent via Superhuman",
    "Sent with [ProtonMail](https://protonmail.com) Secure Email.", "Sent from my Windows Phone",
    "Sent from my HTC", "Bebas virus.www.avast.com", "Virus-free. www.avast.com", "Sent from AOL Mobile Mail",
    "Sent from Samsung tablet", "(sent from my phone)", "Sent from my mobile. Please excuse brevity."};

/* Words of people that look like any of it. */
static const char *const traps[] = {
    "Yth. Camat\n\nDari: Budi (budi@x.example)\nKepada: Camat\nTanggal: 5 Nov 2026\n\nJalan rusak",

    "Salam.\n\nPesan ini rahasia, ditujukan hanya kepada Bapak Camat.\nRT 3 pungli.",
    "Salam.\n\nInformasi rahasia: penerima bantuan di RT 3 fiktif.",
    "Hanya ini:\n\nDikirim dari iPhone saya\nsatu\ndua\ntiga\nempat\nlima\nenam\ntujuh",
    "Pada 3 November 2026 saya menulis surat ke camat. Tidak dibalas.",
    "On the day I wrote: please help.\nThanks for reading.",
    "Dari kemarin air mati.\nKepada siapa saya mengadu?", "Catatan:\n> ini kata RT\nMohon tanggapan",
    "Dikirim dari ponsel tetangga karena HP saya rusak\nTolong balas ke nomor lain",
    "Tanggal: besok\nDari: RT 05\nMohon hadir", "Le 17 nov on a une réunion.\nMerci.",
    "Am Montag war Stromausfall:\nalles dunkel.",
    "Sent from my desk this morning was a letter, please check.\nTerima kasih",
    "Data saya:\nNama: Budi\nAlamat: Jl. Mawar 3\nEmail: budi@x.example\nTanggal kejadian: 5 November 2026 "
    "14.00",
    "Jadwal:\n09.00: senam\n10.00: rapat\n\nMohon hadir",
    "1. air\n2. jalan\n--\nterima kasih banyak pak camat yang baik hati, semoga sehat selalu dan tetap "
    "amanah.",
    "Hormat saya,\nBudi\nRT 03", "*PENTING*\njalan rusak", "Saya menulis:\n\njalan rusak sejak 2024", "a: b",
    "-", ">", "> \n", "--", "Balas: ya", "Dari hasil rapat tanggal 5 pukul 09.00:\n- jalan\n- lampu"};

static int wrong;

/* Do both say the same, white space aside? */
static bool same_words(const char *a, const char *b)
{
    for (;;) {
        size_t blank_a = strspn(a, " \n"), blank_b = strspn(b, " \n");
        a += blank_a, b += blank_b;
        if (!*a || !*b)
            return !*a && !*b;
        if (*a != *b || !blank_a != !blank_b)
            return false;
        a++, b++;
    }
}

static void check(const char *what, bool answers, const char *text, const char *reply)
{
    struct str out;
    str_init(&out, 10000);
    (void)text_reply(text, strlen(text), &(struct text_reply_hints){.answers = answers}, &out);
    if (!str_ok(&out) || !same_words(out.data, reply)) {
        print_error("%s: got [%s]\n", what, out.data);
        wrong++;
    }
    str_release(&out);
}

static void check_form(const char *form, const char *head, const char *reply)
{
    char text[4000];
    snprintf(text, sizeof text, form, head);
    check(head, true, text, reply);
}

/* The head with a line end at its address, before or behind the '<'. */
static void check_broken(const char *head, bool behind)
{
    char broken[1000];
    const char *open = strchr(head, '<');
    if (!open || open[1] != 'a')
        return;
    size_t kept = (size_t)(open - head) + behind;
    while (!behind && kept && head[kept - 1] == ' ')
        kept--;
    snprintf(broken, sizeof broken, "%.*s\n%s", (int)kept, head, open + behind);
    check_form("Kata saya.\n\n%s\n\n> lama\n> sekali\n", broken, "Kata saya.");
}

static void knows_attributions_of_many_languages(void **state)
{
    (void)state;
    wrong = 0;
    for (size_t i = 0; i < sizeof attributions / sizeof *attributions; i++) {
        const char *head = attributions[i];
        check_form("Kata saya.\nBaris dua.\n\n%s\n\n> lama\n> sekali\n", head, "Kata saya.\nBaris dua.");
        if (strchr(head, '@'))
            check_form("Kata saya.\n\n%s\n\nlama\nsekali\n", head, "Kata saya.");
        check_form("%s\n> lama\n> sekali\n\nKata saya.\n", head, "Kata saya.");
        check_form("Kata saya.\n\n> %s\n> \n> lama\n", head, "Kata saya.");
        check_form("%s\n> Nama?\n\nBudi\n\n> Alamat?\n\nPorong\n", head, "Budi\n\nPorong");
        check_broken(head, false);
        check_broken(head, true);
    }
    assert_int_equal(wrong, 0);
}

static void check_block(const char *line_form, const char *const *labels, const char *above)
{
    static const char *const values[] = {
        "Kec <a@x.example>", "17 November 2026 16:00", "Budi <b@x.example>", "Jalan"};
    struct str block;
    str_init(&block, 2000);
    str_adds(&block, above);
    for (size_t i = 0; i < 4; i++) {
        char line[300];
        snprintf(line, sizeof line, line_form, labels[i], values[i]);
        str_addf(&block, "%s\n", line);
    }
    check_form("Kata saya.\n\n%s\nlama\nsekali\n", block.data, "Kata saya.");
    str_release(&block);
}

static void knows_header_blocks_of_many_languages(void **state)
{
    (void)state;
    wrong = 0;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        check_block("%s: %s", blocks[i], "");
        check_block("*%s:* %s", blocks[i], "");
        check_block("%s : %s", blocks[i], "");
        check_block("%s\uff1a%s", blocks[i], "");
        check_block("%s: %s", blocks[i], "________________________________\n");
    }
    /* below Outlook's rule the labels may be in any language */
    static const char *const unknown[] = {"Kutoka", "Imetumwa", "Kwa", "Mada"};
    check_block("%s: %s", unknown, "________________________________\n");
    check("quoted block", true,
        "Kata saya.\n\n> Dari: Kec <a@x.example>\n> Dikirim: 17 November 2026 16:00\n> Kepada: B\n> Subjek: "
        "J\n> "
        "\n> lama\n",
        "Kata saya.");
    assert_int_equal(wrong, 0);
}

static void knows_separators_of_many_languages(void **state)
{
    (void)state;
    wrong = 0;
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        check_form("Kata saya.\n\n%s\nFrom: x\n\nlama\n", separators[i], "Kata saya.");
    check_form("Kata saya.\n\n%s\nlama\n", ">>> Kec <a@x.example> 17/11/2026 16:00 >>>", "Kata saya.");
    check_form("%s\n> lama\n\nKata saya.\n", "-----Original Message-----", "Kata saya.");
    assert_int_equal(wrong, 0);
}

static void knows_footers_of_many_programs(void **state)
{
    (void)state;
    wrong = 0;
    for (size_t i = 0; i < sizeof footers / sizeof *footers; i++)
        check_form("Kata saya.\n\n%s\n", footers[i], "Kata saya.");
    assert_int_equal(wrong, 0);
}

static void people_who_write_alike_lose_nothing(void **state)
{
    (void)state;
    wrong = 0;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++)
        check(traps[i], false, traps[i], traps[i]);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(knows_attributions_of_many_languages),
        cmocka_unit_test(knows_header_blocks_of_many_languages),
        cmocka_unit_test(knows_separators_of_many_languages),
        cmocka_unit_test(knows_footers_of_many_programs),
        cmocka_unit_test(people_who_write_alike_lose_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
