/* The citizen's own words: forms of mail programs here, and the traps beside them. */
#include "rules/text_reply.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct example {
    const char *what;
    bool answers;
    const char *text, *reply;
};

static const struct example examples[] = {
    {"Gmail, one line", true,
        "Sudah.\n\nPada Sel, 17 Nov 2026 pukul 16.00 Kec <a@x.example> menulis:\n\n> Apakah sudah?\n",
        "Sudah."},
    {"Gmail, the verb on a line of its own", true,
        "Sudah.\n\nPada Sel, 17 Nov 2026 pukul 16.00 Kecamatan <a@x.example>\nmenulis:\n\n> Apakah?\n",
        "Sudah."},
    {"CR LF line ends", true,
        "Sudah.\r\n\r\nPada Sel, 17 Nov 2026 16.00, Kec <a@x.example> menulis:\r\n> x\r\n", "Sudah."},
    {"Apple Mail quotes its own attribution", true,
        "Di depan pos.\n\nDikirim dari iPhone saya\n\n> Pada 31 Okt 2020, pukul 22.12, Kec <a@x.example> "
        "menulis:\n> \n> Di mana?\n",
        "Di depan pos."},
    {"Outlook for Windows, no quote marks", true,
        "Terlampir.\n\nDari: Kec <a@x.example>\nDikirim: Senin, 16 November 2026 09:05\nKepada: B\nSubjek: "
        "C\n\nlama",
        "Terlampir."},
    {"Outlook block in bold", true,
        "Setuju.\n\n*Dari:* Kec <a@x.example>\n*Dikirim:* 9 November 2026 10:12\n*Kepada:* B\n*Subjek:* "
        "C\n\nlama",
        "Setuju."},
    {"Outlook for Android with its rule", true,
        "Ya.\n\nDapatkan Outlook untuk Android<https://aka.ms/x>\n________________________________\n"
        "From: A <a@x.example>\nSent: Monday, 9 November 2026 10:12\nTo: B\nSubject: C\n\nlama",
        "Ya."},
    {"telephones of an operator", true,
        "Masih padam.\n\nSent from my BlackBerry\u00ae smartphone from Sinyal Bagus XL, Nyambung Terus!\n\n"
        "-----Original Message-----\nFrom: Kec\nDate: Thu, 26 Nov 2026 10:12\n\nlama",
        "Masih padam."},
    {"Yahoo says three verbs", true,
        "Masih padam.\n\nYahoo Mail: Pencarian, Atur, Taklukkan\n\n  Pada Kam, 26 Nov 2026 pada 10.12, "
        "Kec<a@x.example> menulis:   Yth.\n",
        "Masih padam."},
    {"who speaks of his Yahoo Mail", true,
        "Yahoo Mail: saya tidak dapat membukanya sejak kemarin pagi, tolong.\n",
        "Yahoo Mail: saya tidak dapat membukanya sejak kemarin pagi, tolong."},
    {"Yahoo, no quote marks", true,
        " Selesai.\n\n    Pada Sabtu, 31 Oktober 2020 22.12.11 WIB, Kec <a@x.example> menulis:  \n \n Got "
        "sudah.\n",
        "Selesai."},
    {"Yahoo, the quote on the attribution's line", true,
        "Terlampir.\n\n  Pada Sel, 10 Nov 2026 pada 7:58, Kec<a@x.example> menulis:   Yth. Bapak,\nlama\n",
        "Terlampir."},
    {"signature by the book, with a sentence", false, "Mati.\n\n-- \nBudi\nHidup hanya sekali.\n", "Mati."},
    {"signature without the blank", false, "Mati.\n\n--\nBudi\nPorong\n", "Mati."},
    {"Samsung", true,
        "ya betul\n\n\nDikirim dari Galaxy saya\n\n\n-------- Pesan asli --------\nDari: Kec <a@x.example>\n",
        "ya betul"},
    {"Zimbra", true, "Baik.\n\n----- Pada 9 November 2026, jam 08.00, Kecamatan menulis:\n\nlama\n", "Baik."},
    {"Thunderbird, answer below the quote, with signature", true,
        "Pada 10/11/26 15.00, Kecamatan menulis:\n> Mohon hadir.\n\nSaya tidak bisa.\n\n-- "
        "\nSugiono\nKetua\n",
        "Saya tidak bisa."},
    {"Thunderbird, date last", true,
        "Benar.\n\nKecamatan Porong menulis di 09/11/26 08.40:\n> Atas nama siapa?\n", "Benar."},
    {"answers between the questions", true,
        "Pada 10/11/26 15.00, Kec menulis:\n> Nama?\n\nBudi\n\n> Alamat?\n\nPorong\n", "Budi\n\nPorong"},
    {"an answer that begins with a quote quotes throughout", true, "> Nama?\nBudi\n> Alamat?\nPorong\n",
        "Budi\n\nPorong"},
    {"forward with a word in front", false,
        "Mohon arahan.\n\n-------- Pesan Asli --------\nJudul: Pompa\nPengirim: W <w@x.example>\n\nPompa "
        "mati.\n",
        "Mohon arahan."},
    {"forward without a word: the forward is the complaint", false,
        "\n---------- Forwarded message ---------\nDari: RW <r@x.example>\n\nJembatan lapuk.\n",
        "---------- Forwarded message ---------\nDari: RW <r@x.example>\n\nJembatan lapuk."},
    {"disclaimer", false,
        "Sudah lunas.\n\nPERHATIAN: Surel ini bersifat rahasia dan hanya ditujukan\nkepada penerima yang "
        "dimaksud.\n",
        "Sudah lunas."},
    {"nothing but thanks", true,
        "Terima kasih\nSiti\n\nPada Jum, 6 Nov 2026 pukul 14.00 K <a@x.example> menulis:\n\n> x\n",
        "Terima kasih\nSiti"},
    {"nothing but a signature falls back to the text", false, "-- \nBudi\n", "-- \nBudi"},
    {"nothing", false, " \n\n", ""},
    {"words below the footer of the program", false, "Dikirim dari iPhone saya\nLampu mati.\n",
        "Dikirim dari iPhone saya\nLampu mati."},
    {"no date above the quote, at the start", true, "Kecamatan Porong menulis:\n> Di mana?\n\nDi pasar.\n",
        "Di pasar."},
    {"no date above the quote, to the end", true, "Di pasar.\n\nKecamatan Porong menulis:\n> Di mana?\n",
        "Di pasar."},
    {"no date above the quote, but an address", true,
        "Selamat pagi,\n\nKec <a@x.example> menulis:\n> Di mana?\n\nDi pasar.\n",
        "Selamat pagi,\n\nDi pasar."},
    {"webmail that says only whom it quotes", true, "Di pasar.\n\nKutipan Kec <a@x.example>:\n\n> Di mana?\n",
        "Di pasar."},
    {"Outlook's labels, a paragraph each", true,
        "Ya.\n\nDari: Kec <a@x.example>\n\nDikirim: Senin, 16 November 2026 09:05\n\nKepada: B\n\nSubjek: "
        "C\n\n"
        "lama",
        "Ya."},
    {"three dashes above the labels", true,
        "Ya.\n\n---\nDari: Kec <a@x.example>\nTanggal: 16 Nov 2026 09.05\nKepada: B\nSubjek: C\n\nlama",
        "Ya."},
    {"an answering line as helpdesks draw it", true,
        "Selasa.\n\n##- Mohon ketik balasan Anda di atas baris ini -##\n\nSelasa atau Rabu?\n", "Selasa."},
    {"an answering line without dashes", true, "Selasa.\n\nMohon balas di atas garis ini\n\nlama\n",
        "Selasa."},
    {"a virus scanner's link", true,
        "Ya.\n\n<https://www.avast.com/sig-email?utm_medium=email>\nBebas Virus.www.avast.com\n\n"
        "Pada Sel, 17 Nov 2026 pukul 16.00 Kec <a@x.example> menulis:\n\n> lama\n",
        "Ya."},
    /* the answers are within the quote */
    {"answers in another colour", true,
        "Jawaban saya di bawah, huruf merah.\n\nDari: Kec <a@x.example>\nDikirim: 16 November 2026 "
        "09:05\nKepada: "
        "B\nSubjek: C\n\nNama? Budi",
        "Jawaban saya di bawah, huruf merah.\n\nDari: Kec <a@x.example>\nDikirim: 16 November 2026 "
        "09:05\nKepada: "
        "B\nSubjek: C\n\nNama? Budi"},
    {"answers behind the quoted questions", true,
        "Lihat jawaban di bawah.\n\nPada Sel, 17 Nov 2026 16.00 Kec <a@x.example> menulis:\n> Nama? BUDI\n",
        "Lihat jawaban di bawah.\n\nPada Sel, 17 Nov 2026 16.00 Kec <a@x.example> menulis:\n> Nama? BUDI"},
    {"answers on lines of their own need no more than those", true,
        "Jawaban di bawah.\n\nPada Sel, 17 Nov 2026 16.00 Kec <a@x.example> menulis:\n> Nama?\nBudi\n",
        "Jawaban di bawah.\n\nBudi"},
    {"a photograph below is no answer below", true,
        "Foto ada di bawah.\n\nPada Sel, 17 Nov 2026 16.00 Kec <a@x.example> menulis:\n> Foto?\n",
        "Foto ada di bawah."},
    /* traps */
    {"what somebody else writes, within an answer", true,
        "Baik.\n\nPak RT menulis:\n> iuran wajib\nApa boleh?",
        "Baik.\n\nPak RT menulis:\n> iuran wajib\nApa boleh?"},
    {"a letter with labels and gaps of its own", true,
        "Dari: Budi\n\nKepada: Camat\n\nPerihal: Jalan\n\nJalan rusak sejak 5 November 2026 pukul 10.00.",
        "Dari: Budi\n\nKepada: Camat\n\nPerihal: Jalan\n\nJalan rusak sejak 5 November 2026 pukul 10.00."},
    {"the citizen quotes somebody himself", false, "Ini kata pak RT:\n> iuran 50 ribu\n> wajib\nApa boleh?",
        "Ini kata pak RT:\n> iuran 50 ribu\n> wajib\nApa boleh?"},
    {"the citizen quotes and dates it", false,
        "Pak RT menulis tanggal 5 November 2026:\n> iuran 50 ribu\nApa boleh?",
        "Pak RT menulis tanggal 5 November 2026:\n> iuran 50 ribu\nApa boleh?"},
    {"a story with hour and verb", false,
        "Pada 3 November 2026 pukul 09.00 petugas menulis:\n\"besok saja\"\nPadahal saya antri.",
        "Pada 3 November 2026 pukul 09.00 petugas menulis:\n\"besok saja\"\nPadahal saya antri."},
    {"a letter with From and To of its own", false,
        "Dari: Budi\nKepada: Camat\nPerihal: Jalan\n\nJalan rusak.",
        "Dari: Budi\nKepada: Camat\nPerihal: Jalan\n\nJalan rusak."},
    {"sent from is a sentence", false, "Dikirim dari rumah saya ke kecamatan, surat itu hilang.\nTolong.",
        "Dikirim dari rumah saya ke kecamatan, surat itu hilang.\nTolong."},
    {"a closing with name and address stays", false, "Jalan rusak.\n\nHormat kami,\nBudi\nDusun Krajan",
        "Jalan rusak.\n\nHormat kami,\nBudi\nDusun Krajan"},
    {"a story with an address in it", false,
        "Pada 3 November 2026 saya tulis ke a@x.example, petugas menulis: besok.",
        "Pada 3 November 2026 saya tulis ke a@x.example, petugas menulis: besok."},
    {"two dashes between two complaints", false, "Jalan rusak.\n--\nLampu juga mati.",
        "Jalan rusak.\n--\nLampu juga mati."},
    {"dashes as a rule in the text", false, "Dua hal:\n----\n1. air\n----\n2. jalan",
        "Dua hal:\n----\n1. air\n----\n2. jalan"},
};

static void keeps_own_words_and_nothing_else(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *e = &examples[i];
        struct str out;
        str_init(&out, 10000);
        struct text_reply_hints hints = {.answers = e->answers};
        (void)text_reply(e->text, strlen(e->text), &hints, &out);
        if (!str_ok(&out) || strcmp(out.data, e->reply)) {
            print_error("%s: got [%s]\n", e->what, out.data);
            wrong++;
        }
        str_release(&out);
    }
    assert_int_equal(wrong, 0);
}

/* Cut anywhere, any text gives a result, and none is empty while there are words. */
static void is_total_at_every_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        size_t n = strlen(examples[i].text);
        for (size_t cut = 0; cut <= n; cut++) {
            struct str out;
            str_init(&out, 10000);
            (void)text_reply(examples[i].text, cut, &(struct text_reply_hints){.answers = true}, &out);
            assert_true(str_ok(&out));
            bool words = strspn(examples[i].text, " \r\n") < cut;
            assert_int_equal(out.len > 0, words);
            str_release(&out);
        }
    }
}

/* What the HTML says counts in whatever language the words are. */
static void marks_of_the_html_are_believed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *marks, *reply;
    } marked[] = {
        {"Ya.\n\nKec, besok\n\n> lama\n\nDan ini.", "\0\0\1\0\0\0\0", "Ya.\n\nDan ini."},
        {"Ya.\nKutoka: Kec\nlama\nsekali", "\0\1\0\0", "Ya."},
        {"Ya.\nKec bilang\nlama\nDan ini.", "\0\2\2\0", "Ya.\n\nDan ini."},
        {"semua\nasing", "\2\2", "semua\nasing"},
    };
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++) {
        struct str out;
        str_init(&out, 1000);
        struct text_reply_hints hints = {true, marked[i].marks, 7};
        assert_true(text_reply(marked[i].text, strlen(marked[i].text), &hints, &out));
        assert_string_equal(out.data, marked[i].reply);
        str_release(&out);
    }
}

/* Processor time of a text made of one piece again and again. */
static clock_t time_of(const char *piece, size_t bytes)
{
    struct str text, out;
    str_init(&text, bytes + 1000);
    while (text.len < bytes)
        str_adds(&text, piece);
    str_init(&out, 2 * text.len);
    clock_t before = clock();
    (void)text_reply(text.data, text.len, &(struct text_reply_hints){.answers = true}, &out);
    clock_t took = clock() - before;
    assert_true(str_ok(&out));
    str_release(&out);
    str_release(&text);
    return took;
}

/* Eight times the text may cost eight times the time, sixteen with all that machines do beside it; a quadratic
 * rule would cost sixty-four. */
static void texts_made_to_hurt_cost_no_more_than_their_length(void **state)
{
    (void)state;
    static const char *const pieces[] = {"> kutipan\n",
        "Pada 17 Nov 2026 pukul 16.00 K <k@x.example> menulis:\n", "Pada 17 Nov 2026 menulis\n", ":\n", "\n",
        "\n\n\n\n\n\n\n\n\n\na:\n", "________________________\n", "________________________\n\n\n\n", "--\n",
        "--\n\n\n\n\n\n\n\n\n\n\n", "Dari: a\n", "Dari: a\nDikirim: b\nKepada: c\n",
        "Dikirim dari iPhone saya\n", "-- \nBudi\n", ">>> a 1 >>\n", "pada 1", "  \t ", "\xc2\xa0", "@", "a@",
        "> a\nb\n", "> Pada 1 Jan 2026 09.00 menulis:\nx\n", "Perhatian: rahasia penerima\n\n",
        "perhatian rahasia\n", "<a@x.example>:\n", "Budi <\n", "----- -----\n", "\xe2\x80\x90\xe2\x80\x90",
        "Regards,\n", "begin forwarded\n"};
    int slow = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        clock_t one = 0, eight = 0;
        bool hurts = true; /* each time that it is measured */
        for (int run = 0; run < 3 && hurts; run++) {
            one = time_of(pieces[i], 16 << 10), eight = time_of(pieces[i], 128 << 10);
            hurts = eight > CLOCKS_PER_SEC / 50 && eight > 16 * (one + CLOCKS_PER_SEC / 1000);
        }
        if (hurts) {
            print_error("[%s]: %ld us for 16 KiB, %ld us for 128 KiB\n", pieces[i],
                (long)(one * 1000000 / CLOCKS_PER_SEC), (long)(eight * 1000000 / CLOCKS_PER_SEC));
            slow++;
        }
    }
    assert_int_equal(slow, 0);
}

static void a_full_buffer_is_told(void **state)
{
    (void)state;
    struct str out;
    str_init(&out, 3);
    (void)text_reply("panjang", 7, &(struct text_reply_hints){0}, &out);
    assert_false(str_ok(&out));
    str_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_own_words_and_nothing_else),
        cmocka_unit_test(is_total_at_every_cut), cmocka_unit_test(marks_of_the_html_are_believed),
        cmocka_unit_test(texts_made_to_hurt_cost_no_more_than_their_length),
        cmocka_unit_test(a_full_buffer_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
