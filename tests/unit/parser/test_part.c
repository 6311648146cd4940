/* What becomes of the parts of a mail: its text, its files, mails within it, soft line ends, uuencoded files. */
#include "channels/parser/program/flowed.h"
#include "channels/parser/program/mail.h"
#include "channels/parser/program/uuencode.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static json_t *parse(const char *text)
{
    struct mail mail;
    char *raw = g_strdup(text);
    assert_true(mail_parse(raw, strlen(raw), &mail));
    json_t *json = json_incref(mail.json);
    mail_release(&mail);
    g_free(raw);
    return json;
}

static void check(const char *mail, const char *key, const char *expected)
{
    json_t *json = parse(mail);
    assert_string_equal(json_string_value(json_object_get(json, key)), expected);
    json_decref(json);
}

/* "name type, name type" of all attachments. */
static void check_files(const char *mail, const char *expected)
{
    json_t *json = parse(mail), *file;
    size_t i;
    GString *all = g_string_new(NULL);
    json_array_foreach(json_object_get(json, "attachments"), i, file)
    {
        const char *name = json_string_value(json_object_get(file, "filename"));
        g_string_append_printf(all, "%s%s %s%s", i ? ", " : "", name ? name : "-",
            json_string_value(json_object_get(file, "content_type")),
            json_is_true(json_object_get(file, "inline")) ? " inline" : "");
    }
    assert_string_equal(all->str, expected);
    g_string_free(all, TRUE);
    json_decref(json);
}

#define MIXED "Content-Type: multipart/mixed; boundary=q\n\n"
#define ALTERNATIVE "Content-Type: multipart/alternative; boundary=r\n\n"

static void text_parts_stand_below_each_other(void **state)
{
    (void)state;
    check(MIXED "--q\n\nsatu\n--q\nContent-Type: text/html\n\n<p>dua</p>\n--q\n\ntiga\n--q--\n", "text",
        "satu\ndua\ntiga");
    check(MIXED "--q\n" ALTERNATIVE "--r\n\nsatu\n--r\nContent-Type: text/html\n\n<b>satu</b>\n--r--\n--q\n"
                "Content-Type: text/html\n\n<p>kaki</p>\n--q--\n",
        "text", "satu\nkaki");
}

static void the_version_that_says_something_is_taken(void **state)
{
    (void)state;
    check(ALTERNATIVE "--r\n\n \n--r\nContent-Type: text/html\n\n<p>isi</p>\n--r--\n", "text", "isi");
    check(ALTERNATIVE "--r\nContent-Type: text/html\n\n<p>isi</p>\n--r\n\nisi polos\n--r--\n", "text",
        "isi polos");
    check(ALTERNATIVE
        "--r\n\nProgram Anda tidak dapat menampilkan HTML.\n--r\nContent-Type: text/html\n\n"
        "<p>Jalan di depan balai desa rusak parah sejak bulan lalu dan sudah tiga pengendara jatuh di sana "
        "karena lubangnya dalam dan tidak ada lampu sama sekali pada malam hari sehingga tidak terlihat "
        "mohon segera ditambal atau setidaknya diberi tanda supaya tidak ada lagi korban terima kasih "
        "banyak pak camat dari kami semua warga RT tiga</p>\n--r--\n",
        "text",
        "Jalan di depan balai desa rusak parah sejak bulan lalu dan sudah tiga pengendara jatuh di sana "
        "karena lubangnya "
        "dalam dan tidak ada lampu sama sekali pada malam hari sehingga tidak terlihat mohon segera ditambal "
        "atau "
        "setidaknya diberi tanda supaya tidak ada lagi korban terima kasih banyak pak camat dari kami semua "
        "warga RT tiga");
    /* two plain versions that differ are no versions */
    check(ALTERNATIVE "--r\n\nsatu\n--r\n\ndua\n--r\n\nsatu\n--r--\n", "text", "satu\ndua\nsatu");
}

/* GMime takes as many bytes off a part's end as the line end of the boundary has. */
static void no_letter_goes_with_a_line_end_of_another_kind(void **state)
{
    (void)state;
    static const char crlf[] = "Content-Type: multipart/mixed; boundary=q\r\n\r\n";
    static const struct {
        const char *head, *body, *text;
    } mails[] = {{MIXED, "--q\n\nJalan\n--q--", "Jalan"}, {MIXED, "--q\n\nJalan\n--q", "Jalan"},
        {crlf, "--q\r\n\r\nJalan\r\n--q--", "Jalan"}, {crlf, "--q\r\n\r\nJalan\n--q--\r\n", "Jalan"},
        {crlf, "--q\r\n\r\nJalan\n--q\r\n\r\nrusak\n--q--\r\n", "Jalan\nrusak"},
        {MIXED, "--q\n\nJalan\r\n--q--\n", "Jalan"},
        {crlf, "--q\r\n\r\nJalan\n-- \r\nBudi\r\n--q--\r\n", "Jalan\n-- \nBudi"}};
    for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
        char *mail = g_strconcat(mails[i].head, mails[i].body, NULL);
        check(mail, "text", mails[i].text);
        g_free(mail);
    }
    json_t *json = parse("Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n"
                         "Content-Type: application/x\r\n\r\nJalan\n--q--\r\n");
    json_t *file = json_array_get(json_object_get(json, "attachments"), 0);
    assert_int_equal(json_integer_value(json_object_get(file, "size")), 5);
    json_decref(json);
}

/* RFC 2045 5.2. */
static void a_type_that_says_nothing_is_text(void **state)
{
    (void)state;
    static const char *const types[] = {"text", "", "plain", "; charset=utf-8", "text plain", "'text/plain'",
        "content/unknown", "X-unknown", "text\\/plain"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char *mail = g_strdup_printf("Content-Type: %s\n\nisi\n", types[i]);
        check(mail, "text", "isi\n");
        g_free(mail);
    }
    check("Content-Type: application/octet-stream\n\nisi\n", "text", "");
    check("Content-Type: image/jpeg\n\nisi\n", "text", "");
}

static void a_text_under_a_name_is_better_than_none(void **state)
{
    (void)state;
    check("Content-Type: text/plain; name=pesan.txt\n\nisi\n", "text", "isi\n");
    check("Content-Type: text/enriched\n\n<bold>isi</bold>\n", "text", "isi");
    check("Content-Disposition: attachment\n\nisi\n", "text", "isi\n");
    check(MIXED "--q\n\nkata\n--q\nContent-Type: text/plain; name=a.txt\n\nisi\n--q--\n", "text", "kata");
    check_files(
        MIXED "--q\n\nkata\n--q\nContent-Type: text/plain; name=a.txt\n\nisi\n--q--\n", "a.txt text/plain");
}

static void a_mail_within_the_mail_shows_words_and_files(void **state)
{
    (void)state;
    static const char mail[] =
        "In-Reply-To: <a@x>\n" MIXED "--q\n\nLihat ini.\n--q\nContent-Type: message/rfc822\n\n"
        "From: RW <rw@x.example>\nDate: Tue, 17 Nov 2026 16:00:00 +0700\nSubject: =?utf-8?Q?Jembatan?=\n"
        "Content-Type: multipart/mixed; boundary=s\n\n--s\n\nLapuk.\n--s\n"
        "Content-Type: image/jpeg; name=foto.jpg\n\nx\n--s--\n--q\n\nTerima kasih.\n--q--\n";
    check(mail, "text",
        "Lihat ini.\n\n-------- Pesan terlampir --------\nDari: RW <rw@x.example>\nTanggal: Tue, 17 Nov 2026 "
        "16:00:00 "
        "+0700\nSubjek: Jembatan\n\nLapuk.\nTerima kasih.");
    check(mail, "reply", "Lihat ini.\n\nTerima kasih.");
    check_files(mail, "- message/rfc822, foto.jpg image/jpeg");
}

static void names_hide_in_many_places(void **state)
{
    (void)state;
    check_files(MIXED
        "--q\nContent-Type: image/jpeg\nContent-Description: foto.jpg\n\nx\n--q\n"
        "Content-Type: image/png\nContent-Location: http://x.example/a/peta.png\n\nx\n--q\n"
        "Content-Type: application/pdf\nContent-Disposition: filename=surat.pdf\n\nx\n--q\n"
        "Content-Type: image/gif\nContent-Description: Foto jalan\nContent-ID: <a>\n\nx\n--q\n"
        "Content-Type: application/ms-tnef; name=\"winmail.dat\"\n\nx\n--q\n"
        "Content-Type: image/gif\nContent-Disposition: attachment; filename=\"..\\..\\a.gif\n\nx\n--q--\n",
        "foto.jpg image/jpeg, peta.png image/png, surat.pdf application/pdf, - image/gif inline, winmail.dat "
        "application/ms-tnef, a.gif image/gif");
}

static void soft_line_ends_are_undone(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain, *deleting;
    } examples[] = {
        {"satu \ndua\ntiga\n", "satu dua\ntiga\n", "satudua\ntiga\n"},
        {"satu \r\ndua\r\n", "satu dua\n", "satudua\n"},
        {"> a \n> b\nc \nd\n", "> a \n> b\nc d\n", "> ab\ncd\n"},
        {"a \n> b\n", "a \n> b\n", "a\n> b\n"},
        {" From saya\n >bukan kutipan\n", "From saya\n>bukan kutipan\n", "From saya\n>bukan kutipan\n"},
        {"isi \n-- \nBudi\n", "isi -- \nBudi\n", "isi-- \nBudi\n"},
        {"akhir ", "akhir \n", "akhir\n"},
        {"", "", ""},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct str out;
        str_init(&out, 1000);
        flowed_join(examples[i].text, strlen(examples[i].text), false, &out);
        assert_string_equal(out.data, examples[i].plain);
        str_clear(&out);
        flowed_join(examples[i].text, strlen(examples[i].text), true, &out);
        assert_string_equal(out.data, examples[i].deleting);
        str_release(&out);
    }
    check("Content-Type: text/plain; format=flowed; delsp=yes\n\njalan \nan rusak\n", "text",
        "jalanan rusak\n");
    check("Content-Type: text/plain\n\njalan \nrusak\n", "text", "jalan \nrusak\n");
}

static void uuencoded_files_become_attachments(void **state)
{
    (void)state;
    static const char mail[] = "Subject: x\n\nFoto:\nbegin 644 a/foto.jpg\n#86)C\n`\nend\nSalam\n";
    check(mail, "text", "Foto:\nbegin 644 a/foto.jpg\n#86)C\n`\nend\nSalam\n");
    check(mail, "reply", "Foto:\n\nSalam");
    check_files(mail, "foto.jpg application/octet-stream");
    json_t *json = parse(mail);
    json_t *file = json_array_get(json_object_get(json, "attachments"), 0);
    /* of "abc" */
    assert_string_equal(json_string_value(json_object_get(file, "sha256")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    json_decref(json);
    /* people begin sentences so, too */
    check_files("Subject: x\n\nbegin 644 x\nkata kata kata\nend\n", "");
    check_files("Subject: x\n\nbegin 644 x\n#86)C\n", "");
    check("Subject: x\n\nbegin again\nend\n", "reply", "begin again\nend");
}

static void a_header_without_its_end_keeps_the_words(void **state)
{
    (void)state;
    check("Subject: x\nJalan rusak di RT 3\n\nlagi\n", "text", "Jalan rusak di RT 3\n\nlagi\n");
    check("Subject: x\nJalan rusak", "text", "Jalan rusak");
    check(MIXED "--q\nContent-Type: text/plain\nsatu\n\n--q\nContent-Type: text/html\n<p>dua</p>\n\n--q--\n",
        "text", "satu\ndua");
    check("Subject: x\nbukan kolom\nFrom: b@x.example\n\nisi\n", "text", "isi\n");
}

static void html_quotes_are_cut_by_their_marks(void **state)
{
    (void)state;
    static const char *const quotes[] = {
        "<div class=\"gmail_quote\"><div class=\"gmail_attr\">Kec, juzi:<br></div><blockquote "
        "class=\"gmail_quote\">lama</blockquote></div>",
        "<div class=\"gmail_quote\"><div class=\"gmail_attr\">Kutoka: Kec<br>Mada: x</div>lama</div>",
        "<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">Kutoka: Kec</div><div>lama</div>",
        "<div id=\"x_appendonsend\"></div><hr><div>Kutoka: Kec</div><div>lama</div>",
        "<div class=\"OutlookMessageHeader\">Kutoka: Kec</div><div>lama</div>",
        "<div class=\"yahoo_quoted\" id=\"yahoo_quoted_1\"><div>Kec, juzi</div><div>lama</div></div>",
        "<div id=\"ydp123yahoo_quoted_1\" class=\"ydp1yahoo_quoted yahoo_quoted\"><div>Kec</div>lama</div>",
        "<div class=\"moz-cite-prefix\">Kec, juzi</div><blockquote type=\"cite\">lama</blockquote>",
        "<div class=\"moz-forward-container\">-- x --<table><tr><td>a<td>b</table>lama</div>",
        "<div class=\"protonmail_quote\">Kec, juzi<blockquote type=\"cite\">lama</blockquote></div>",
        "<hr id=\"zwchr\"><div><b>Kutoka:</b> Kec</div><br>lama"};
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        char *mail = g_strdup_printf("Content-Type: text/html\n\n<p>Kata saya.</p>%s", quotes[i]);
        check(mail, "reply", "Kata saya.");
        g_free(mail);
        /* beside a plain version in a language that nobody here speaks */
        mail = g_strdup_printf(ALTERNATIVE
            "--r\n\nKata saya.\n\nKec, juzi\nlama\n--r\nContent-Type: text/html\n\n"
            "<p>Kata saya.</p>%s\n--r--\n",
            quotes[i]);
        check(mail, "reply", "Kata saya.");
        g_free(mail);
    }
    /* words below and between stay */
    check("Content-Type: text/html\n\n<div class=gmail_quote><div "
          "class=gmail_attr>Kec:</div><blockquote>q</blockquote>"
          "<div>satu</div><blockquote>r</blockquote><div>dua</div></div>",
        "reply", "satu\n\ndua");
    check("Content-Type: text/html\n\n<div class=yahoo_quoted>lama</div><p>Kata saya.</p>", "reply",
        "Kata saya.");
    /* nothing else is left: all of it */
    check("Content-Type: text/html\n\n<div class=yahoo_quoted>lama</div>", "reply", "lama");
}

/* Processor time of reading a mail; the best of three. */
static clock_t time_of(GString *mail)
{
    clock_t best = 0;
    for (int run = 0; run < 3; run++) {
        struct mail read;
        char *raw = g_strndup(mail->str, mail->len);
        clock_t before = clock();
        assert_true(mail_parse(raw, mail->len, &read));
        clock_t took = clock() - before;
        best = run == 0 || took < best ? took : best;
        mail_release(&read);
        g_free(raw);
    }
    return best;
}

struct bomb {
    const char *what, *head, *piece, *tail;
};

static GString *build(const struct bomb *bomb, int times)
{
    GString *mail = g_string_new(bomb->head);
    for (int i = 0; i < times; i++)
        g_string_append_printf(mail, bomb->piece, i, i);
    return g_string_append(mail, bomb->tail);
}

/* Eight times the pieces, at most sixteen times the time: see test_text_reply.c. */
static void mails_made_to_hurt_cost_no_more_than_their_size(void **state)
{
    (void)state;
    static const struct bomb bombs[] = {
        {"parameters", "Content-Type: text/plain", "; a%d=b", "\n\nx"},
        {"folded parameters", "Content-Type: text/plain", ";\n a%d=b", "\n\nx"},
        {"continuations", "Content-Disposition: attachment", "; filename*%d=a", "\n\nx"},
        {"parts", MIXED, "--q\n\na%d\n", "--q--\n"},
        {"alternatives", ALTERNATIVE, "--r\n\na%d\n", "--r--\n"},
        {"mails", MIXED, "--q\nContent-Type: message/rfc822\n\nSubject: a%d\n\nb\n", "--q--\n"},
        {"files in the text", "Subject: x\n\n", "begin 644 a%d\n#86)C\n`\nend\n", ""},
        {"beginnings of files", "Subject: x\n\n", "begin 644 a%d\n#86)C\n", ""},
        {"addresses", "To: ", "a%d@x.example, ", "\n\nx"},
        {"fields", "", "X-A%d: b\n", "\nx"},
        {"stray lines", "Subject: x\n", "kata %d\n", "\nx"},
        {"references", "References: ", "<a%d@x> ", "\n\nx"},
        {"words", "Subject: ", "=?utf-8?B?YQ==?= %d", "\n\nx"},
        {"items", "Content-Type: text/html\n\n<ol>", "<li>a%d", ""},
        {"quotes", "Content-Type: text/html\n\n", "<div class=gmail_attr>a%d</div><blockquote>b</blockquote>",
            ""},
        {"classes", "Content-Type: text/html\n\n<p class='", "gmail_att%d ", "'>x"},
        {"soft ends", "Content-Type: text/plain; format=flowed\n\n", "a%d \n", ""},
        {"failures", "From: mailer-daemon@x\nContent-Type: message/delivery-status\n\n",
            "Final-Recipient: rfc822; a%d@x\nAction: failed\n\n", ""},
        {"prose", "From: mailer-daemon@x\nSubject: failure\n\n", "<a%d@x>: could not be delivered\n", ""},
    };
    int slow = 0;
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        GString *one = build(&bombs[i], 1000), *eight = build(&bombs[i], 8000);
        clock_t short_time = time_of(one), long_time = time_of(eight);
        if (long_time > CLOCKS_PER_SEC / 20 && long_time > 16 * (short_time + CLOCKS_PER_SEC / 1000)) {
            print_error("%s: %ld us, then %ld us\n", bombs[i].what,
                (long)(short_time * 1000000 / CLOCKS_PER_SEC), (long)(long_time * 1000000 / CLOCKS_PER_SEC));
            slow++;
        }
        g_string_free(one, TRUE);
        g_string_free(eight, TRUE);
    }
    assert_int_equal(slow, 0);
}

static int start(void **state)
{
    (void)state;
    g_mime_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(text_parts_stand_below_each_other),
        cmocka_unit_test(the_version_that_says_something_is_taken),
        cmocka_unit_test(no_letter_goes_with_a_line_end_of_another_kind),
        cmocka_unit_test(a_type_that_says_nothing_is_text),
        cmocka_unit_test(a_text_under_a_name_is_better_than_none),
        cmocka_unit_test(a_mail_within_the_mail_shows_words_and_files),
        cmocka_unit_test(names_hide_in_many_places), cmocka_unit_test(soft_line_ends_are_undone),
        cmocka_unit_test(uuencoded_files_become_attachments),
        cmocka_unit_test(a_header_without_its_end_keeps_the_words),
        cmocka_unit_test(html_quotes_are_cut_by_their_marks),
        cmocka_unit_test(mails_made_to_hurt_cost_no_more_than_their_size)};
    return cmocka_run_group_tests(tests, start, NULL);
}
