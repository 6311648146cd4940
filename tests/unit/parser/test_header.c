/* Header fields: what GMime 3.2.13 loses, what senders write instead of addresses, names that are no place
 * for a path. */
#include "channels/parser/program/header.h"
#include "channels/parser/program/mail.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <gmime/gmime.h>
#include <string.h>

/* The JSON of a mail; json_decref. */
static json_t *parse(const char *text)
{
    char *raw = g_strdup(text);
    struct mail mail;
    assert_true(mail_parse(raw, strlen(raw), &mail));
    g_free(raw);
    json_t *json = json_incref(mail.json);
    mail_release(&mail);
    return json;
}

static void check(const char *mail, const char *key, const char *member, const char *expected)
{
    json_t *json = parse(mail);
    json_t *value = json_object_get(json, key);
    if (json_is_array(value))
        value = json_array_get(value, 0);
    if (member)
        value = json_object_get(value, member);
    const char *got = json_string_value(value);
    if (!got || strcmp(got, expected))
        fail_msg("%s: got [%s], not [%s]", mail, got ? got : "null", expected);
    json_decref(json);
}

static void encoded_words_lose_nothing(void **state)
{
    (void)state;
    check("Subject: =?UTF-8?B?YWI=?= =?UTF-8?B?Y2Q=?=\n\nx", "subject", NULL, "abcd");
    check("Subject: =?UTF-8?B?YWI=?=\n =?UTF-8?B?Y2Q=?=\n =?UTF-8?B?ZWY=?=\n\nx", "subject", NULL, "abcdef");
    check("Subject: Re: =?utf-8?q?Jalan_rusak=3A?= besar\n\nx", "subject", NULL, "Re: Jalan rusak: besar");
    check("Subject: =?UTF-8?B?ww==?= =?UTF-8?B?qQ==?=\n\nx", "subject", NULL, "é");
    check("Subject: =?iso-8859-1?Q?=93a=94?=\n\nx", "subject", NULL, "“a”");
    check("Subject: =?utf-8*id?Q?a?=\n\nx", "subject", NULL, "a");
    check("Subject: =?utf-8?X?a?= =? =?a =?a?b\n\nx", "subject", NULL, "=?utf-8?X?a?= =? =?a =?a?b");
    check("Subject: =?unknown-8bit?Q?caf=E9_satu?=\n\nx", "subject", NULL, "café satu");
    check("Subject: =?x-unknown?B?Y2Fmw6k=?=\n\nx", "subject", NULL, "café");
    check("Subject: =?us-ascii?Q?caf=E9?=\n\nx", "subject", NULL, "café");
    check("Subject: caf\xC3\xA9\n\nx", "subject", NULL, "café");
    check("Subject: =?UTF-8?B?VEVTVA=?=\n\nx", "subject", NULL, "TEST");
    check("Subject: caf\xE9\n\nx", "subject", NULL, "café");
    check("Subject: \xD3\xD0\xC1\nContent-Type: text/plain; charset=koi8-r\n\nx", "subject", NULL, "спа");
    check("Subject: \xD3\xD0\xC1\nContent-Type: multipart/mixed; boundary=q\n\n--q\n"
          "Content-Type: text/plain; charset=koi8-r\n\nx\n--q--\n",
        "subject", NULL, "спа");
    check("Subject: caf\xC3\xA9\nContent-Type: text/plain; charset=koi8-r\n\nx", "subject", NULL, "café");
    check("Subject: \x1b$B$3$s\x1b(B\n\nx", "subject", NULL, "こん");
    check("References: a@x b@y\n\nx", "references", NULL, "a@x");
    check("From: =?UTF-8?B?QnU=?= =?UTF-8?B?ZGk=?= <b@x.example>\n\nx", "from", "name", "Budi");
    check("To: =?UTF-8?B?QnU=?= =?UTF-8?B?ZGk=?= <b@x.example>\n\nx", "to", "name", "Budi");
}

static void from_is_found_in_whatever_stands_there(void **state)
{
    (void)state;
    check("From: Budi <b@x.example>\n\nx", "from", "address", "b@x.example");
    check("From: b@x.example (Budi)\n\nx", "from", "name", "Budi");
    check("From: Budi Santoso\n\nx", "from", "name", "Budi Santoso");
    check("From: <<b@x.example>\n\nx", "from", "address", "b@x.example");
    check("From: undisclosed: b@x.example;\n\nx", "from", "address", "b@x.example");
    check("From: Budi @ RT 5 <b@x.example>\n\nx", "from", "address", "b@x.example");
    check("From: Budi @ RT 5 <b@x.example>\n\nx", "from", "name", "Budi @ RT 5");
    check("From: Budi [mailto:b@x.example]\n\nx", "from", "address", "b@x.example");
    check("From: Budi [mailto:b@x.example]\n\nx", "from", "name", "Budi");
    check("From: Budi <mailto:b@x.example>\n\nx", "from", "address", "b@x.example");
    check("From: MAILER DAEMON <>\n\nx", "from", "name", "MAILER DAEMON");
    check("From: b@xn--dner-5qa.example\n\nx", "from", "address", "b@xn--dner-5qa.example");
    check("From: A <a@x.example>, B <b@x.example>\nSender: C <c@x.example>\n\nx", "from", "address",
        "a@x.example");
    check("Sender: C <c@x.example>\n\nx", "from", "address", "c@x.example");
    check("From: \nSender: C <c@x.example>\n\nx", "from", "address", "c@x.example");
    check("Subject: x\n\nx", "from", "name", "");
    json_t *json = parse("Subject: x\n\nx");
    assert_true(json_is_null(json_object_get(json_object_get(json, "from"), "address")));
    json_decref(json);
}

static void junk_before_the_header_is_skipped(void **state)
{
    (void)state;
    check("kata\n\nSubject: x\n\ny", "text", NULL, "kata\n\nSubject: x\n\ny");
    check("---- Original ----\nSubject: x\n\ny", "subject", NULL, "x");
    check("\n\nSubject: x\n\ny", "subject", NULL, "x");
    check("hanya kata\n\nlagi", "text", NULL, "hanya kata\n\nlagi");
    check("Subject: x\rFrom: b@x.example\r\ry", "text", NULL, "y");
}

static void check_name(const char *given, const char *expected)
{
    char *safe = header_safe_name(given);
    if (expected)
        assert_string_equal(safe, expected);
    else
        assert_null(safe);
    g_free(safe);
}

static void file_names_are_safe(void **state)
{
    (void)state;
    check_name("foto.jpg", "foto.jpg");
    check_name("../../etc/passwd", "passwd");
    check_name("C:\\Users\\b\\foto 1.jpg", "foto 1.jpg");
    check_name(".htaccess", "htaccess");
    check_name("a\nb\x01.txt", "ab.txt");
    check_name("foto\xE2\x80\xAEgpj.exe", "fotogpj.exe");
    check_name("a:b*c?.jpg", "a_b_c_.jpg");
    check_name("...", NULL);
    check_name("", NULL);
    char *longest = g_strnfill(100000, 'a');
    char *safe = header_safe_name(longest);
    assert_true(strlen(safe) <= 204);
    g_free(safe);
    g_free(longest);
}

static void file_names_are_found(void **state)
{
    (void)state;
    static const char *const fields[][2] = {
        {"Content-Disposition: attachment; filename*=utf-8''caf%C3%A9.pdf", "café.pdf"},
        {"Content-Disposition: attachment; filename=utf-8''caf%C3%A9%201.pdf", "café 1.pdf"},
        {"Content-Disposition: attachment; filename=\"100% utf-8''.pdf\"", "100% utf-8''.pdf"},
        {"Content-Disposition: attachment; filename*0=fo; filename*1=to.jpg", "foto.jpg"},
        {"Content-Disposition: attachment; filename=\"=?UTF-8?B?Zm8=?= =?UTF-8?B?dG8uanBn?=\"", "foto.jpg"},
        {"Content-Type: image/jpeg; name=\"foto.jpg\"", "foto.jpg"},
        {"Content-Type: text/plain; name=foto.txt", "foto.txt"},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        char *mail = g_strdup_printf(
            "Content-Type: multipart/mixed; boundary=q\n\n--q\n%s\n\nx\n--q--\n", fields[i][0]);
        check(mail, "attachments", "filename", fields[i][1]);
        g_free(mail);
    }
}

static int start(void **state)
{
    (void)state;
    g_mime_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(encoded_words_lose_nothing),
        cmocka_unit_test(from_is_found_in_whatever_stands_there),
        cmocka_unit_test(junk_before_the_header_is_skipped), cmocka_unit_test(file_names_are_safe),
        cmocka_unit_test(file_names_are_found)};
    return cmocka_run_group_tests(tests, start, NULL);
}
