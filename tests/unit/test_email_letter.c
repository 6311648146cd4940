/* Letters as they leave the house: header injection, encodings, threads, automatic mail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "channels/email/letter.h"
#include "channels/email/letter_code.h"
#include "tests/support/no_memory.h"
#include <stdlib.h>
#include <string.h>

static const struct letter_office office = {
    "Kecamatan Kedopok", "kec@kedopok.example", "aduan@kedopok.example"};
static const int64_t noon = 1795320000000; /* 2026-11-22T04:00:00Z */

static json_t *payload(const char *subject, const char *text)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[s,s]}", "to", "siti@warga.example", "name",
        "Siti Aminah", "subject", subject, "text", text, "message_id", "77.abc@kedopok.example",
        "in_reply_to", "m2@warga.example", "references", "m1@warga.example", "m2@warga.example");
}

static enum outcome build(struct letter *letter, json_t *json, bool automatic)
{
    struct fault fault;
    enum outcome outcome =
        letter_build(letter, json, NULL, &office, automatic ? LETTER_RECEIPT : LETTER_PERSON, noon, &fault);
    json_decref(json);
    return outcome;
}

/* What every mail must be: only CRLF, no line above 998 (here: 78), an empty line, nothing but ASCII. */
static void assert_well_formed(const struct letter *letter)
{
    size_t column = 0;
    assert_int_equal(strlen(letter->content), letter->length);
    for (size_t i = 0; i < letter->length; i++) {
        char c = letter->content[i];
        assert_true((c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n' || c == '\t');
        if (c == '\r')
            assert_int_equal(letter->content[i + 1], '\n');
        if (c == '\n') {
            assert_true(i && letter->content[i - 1] == '\r');
            column = 0;
        } else {
            assert_true(++column <= 79);
        }
    }
    assert_non_null(strstr(letter->content, "\r\n\r\n"));
    assert_int_equal(letter->content[letter->length - 1], '\n');
}

/* Value of a header, unfolded; caller frees. NULL = absent. */
static char *header(const struct letter *letter, const char *name)
{
    char key[60];
    snprintf(key, sizeof key, "\r\n%s:", name);
    const char *end = strstr(letter->content, "\r\n\r\n");
    char *all = malloc((size_t)(end - letter->content) + 5);
    sprintf(all, "\r\n%.*s\r\n", (int)(end - letter->content), letter->content);
    char *at = strstr(all, key), *value = NULL;
    if (at) {
        char *p = at + strlen(key);
        value = calloc(1, strlen(p) + 1);
        for (size_t n = 0; *p && !(p[0] == '\r' && p[2] != ' '); p++)
            if (*p != '\r' && *p != '\n')
                value[n++] = *p;
    }
    free(all);
    return value;
}

static void assert_header(const struct letter *letter, const char *name, const char *expected)
{
    char *value = header(letter, name);
    if (!expected) {
        assert_null(value);
        return;
    }
    assert_non_null(value);
    assert_string_equal(value + strspn(value, " "), expected);
    free(value);
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

static size_t unbase64(const char *p, const char *end, char *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = 0;
    uint32_t v = 0;
    int bits = 0;
    for (; p < end; p++) {
        const char *at = strchr(alphabet, *p);
        if (*p == '=' || !*p || !at)
            continue;
        v = v << 6 | (uint32_t)(at - alphabet);
        if ((bits += 6) >= 8)
            out[n++] = (char)(v >> (bits -= 8));
    }
    out[n] = 0;
    return n;
}

/* Decoded part of that type with LF line ends. */
static char *part(const struct letter *letter, const char *type)
{
    char *out = calloc(1, letter->length + 1);
    const char *head = strstr(letter->content, type), *p = strstr(head, "\r\n\r\n") + 4;
    const char *end = strstr(p, "\r\n--=_"), *base64 = strstr(head, "base64");
    size_t n = 0;
    if (base64 && base64 < p) {
        n = unbase64(p, end, out);
    } else {
        for (; p < end; p++) {
            if (*p == '=' && p[1] == '\r')
                p += 2;
            else if (*p == '=') {
                out[n++] = (char)(hex(p[1]) << 4 | hex(p[2]));
                p += 2;
            } else
                out[n++] = *p;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (out[i] != '\r')
            out[kept++] = out[i];
    out[kept] = 0;
    return out;
}

static char *body(const struct letter *letter)
{
    return part(letter, "Content-Type: text/plain");
}

static void an_answer_carries_its_thread_and_its_addresses(void **state)
{
    struct letter letter;
    (void)state;
    assert_int_equal(build(&letter, payload("Re: Jalan rusak", "Sudah diperbaiki.\n"), false), OUTCOME_DONE);
    assert_well_formed(&letter);
    assert_header(&letter, "Date", "Sun, 22 Nov 2026 04:00:00 +0000");
    assert_header(&letter, "From", "\"Kecamatan Kedopok\" <kec@kedopok.example>");
    assert_header(&letter, "To", "\"Siti Aminah\" <siti@warga.example>");
    assert_header(&letter, "Reply-To", "\"Kecamatan Kedopok\" <aduan@kedopok.example>");
    assert_header(&letter, "Subject", "Re: Jalan rusak");
    assert_header(&letter, "Message-ID", "<77.abc@kedopok.example>");
    assert_header(&letter, "In-Reply-To", "<m2@warga.example>");
    assert_header(&letter, "References", "<m1@warga.example> <m2@warga.example>");
    assert_header(&letter, "Auto-Submitted", NULL);
    assert_string_equal(letter.envelope_from, "kec@kedopok.example");
    assert_string_equal(letter.to, "siti@warga.example");
    letter_release(&letter);
}

static void automatic_mail_says_so_and_has_the_null_path(void **state)
{
    struct letter letter;
    (void)state;
    assert_int_equal(build(&letter, payload("Tanda terima", "x"), true), OUTCOME_DONE);
    assert_header(&letter, "Auto-Submitted", "auto-replied");
    assert_header(&letter, "X-Auto-Response-Suppress", "All");
    assert_string_equal(letter.envelope_from, "");
    letter_release(&letter);
}

static void line_breaks_in_header_values_are_refused(void **state)
{
    static const char *const evil[] = {"a\r\nBcc: x@y.example", "a\nBcc: x@y.example", "a\rb"};
    struct letter letter;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(build(&letter, payload(evil[i], "x"), false), OUTCOME_NEVER);
        json_t *json = payload("a", "x");
        json_object_set_new(json, "name", json_string(evil[i]));
        assert_int_equal(build(&letter, json, false), OUTCOME_NEVER);
        json = payload("a", "x");
        json_object_set_new(json, "message_id", json_string(evil[i]));
        assert_int_equal(build(&letter, json, false), OUTCOME_NEVER);
        json = payload("a", "x");
        json_object_set_new(json, "to", json_string(evil[i]));
        assert_int_equal(build(&letter, json, false), OUTCOME_NEVER);
    }
}

static void strange_references_are_left_out(void **state)
{
    struct letter letter;
    json_t *json = payload("a", "x");
    (void)state;
    json_object_set_new(json, "in_reply_to", json_string("a>\r\nBcc: <x"));
    json_object_set_new(json, "references", json_pack("[s,s,s]", "ok@a", "a b", "x>\r\nBcc: y"));
    assert_int_equal(build(&letter, json, false), OUTCOME_DONE);
    assert_well_formed(&letter);
    assert_header(&letter, "In-Reply-To", NULL);
    assert_header(&letter, "References", "<ok@a>");
    assert_header(&letter, "Bcc", NULL);
    letter_release(&letter);
}

static void a_long_chain_keeps_its_first_and_its_last(void **state)
{
    struct letter letter;
    json_t *json = payload("a", "x"), *list = json_array();
    char id[30];
    (void)state;
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "m%d@warga.example", i);
        json_array_append_new(list, json_string(id));
    }
    json_object_set_new(json, "references", list);
    json_object_set_new(json, "in_reply_to", json_string("m99@warga.example"));
    assert_int_equal(build(&letter, json, false), OUTCOME_DONE);
    assert_well_formed(&letter);
    char *references = header(&letter, "References");
    assert_ptr_equal(strstr(references, "<m0@warga.example> <m8"), references + 1);
    assert_non_null(strstr(references, "<m98@warga.example> <m99@warga.example>"));
    assert_null(strstr(references, "<m50@"));
    free(references);
    letter_release(&letter);
}

static void subjects_of_any_script_come_back_whole(void **state)
{
    static const char *const subjects[] = {"Lampu jalan mati – RT 03", "é", "=?utf-8?B?eA==?=", " depan",
        "dua  spasi",
        "Pengaduan jalan rusak di depan SDN Kedopok 2 yang sudah berlubang sejak tiga bulan dan belum "
        "diperbaiki",
        "äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü😀😀😀😀😀😀😀😀😀😀😀😀😀",
        "satukatapanjangsatukatapanjangsatukatapanjangsatukatapanjangsatukatapanjangsatukatapanjang"};
    (void)state;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        struct letter letter;
        assert_int_equal(build(&letter, payload(subjects[i], "x"), false), OUTCOME_DONE);
        assert_well_formed(&letter);
        char *value = header(&letter, "Subject"), decoded[600] = "";
        for (char *p = strstr(value, "=?utf-8?B?"); p; p = strstr(p + 10, "=?utf-8?B?")) {
            char piece[100];
            unbase64(p + 10, strstr(p + 10, "?="), piece);
            strcat(decoded, piece);
        }
        assert_string_equal(strstr(value, "=?utf-8?B?") ? decoded : value + 1, subjects[i]);
        free(value);
        letter_release(&letter);
    }
}

static void names_are_quoted_or_encoded(void **state)
{
    struct letter letter;
    json_t *json = payload("a", "x");
    (void)state;
    json_object_set_new(json, "name", json_string("Siti \"Ina\" <x@y.example>, \\"));
    assert_int_equal(build(&letter, json, false), OUTCOME_DONE);
    assert_header(&letter, "To", "\"Siti \\\"Ina\\\" <x@y.example>, \\\\\" <siti@warga.example>");
    letter_release(&letter);
    json = payload("a", "x");
    json_object_set_new(json, "name", json_string("Śiti"));
    assert_int_equal(build(&letter, json, false), OUTCOME_DONE);
    assert_header(&letter, "To", "=?utf-8?B?xZppdGk=?= <siti@warga.example>");
    letter_release(&letter);
}

static void texts_come_back_whole_and_dots_stay(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"satu\n.\ndua\n", "satu\n.\ndua\n"},
        {"From nowhere\r\n.. \t\nakhir ", "From nowhere\n.. \t\nakhir \n"},
        {"tanpa akhir", "tanpa akhir\n"},
        {"a=b=20 é", "a=b=20 é\n"},
        {"Привет мир, как дела", "Привет мир, как дела\n"},
        {"a\rb\r\nc\n\n\nd\n", "a\nb\nc\n\n\nd\n"},
        {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "
         "yyyyyyyyyyyyy "
         "zzzzzzzzzzzzzzzzzzzzzzzzz é\n",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "
            "yyyyyyyyyyyyy "
            "zzzzzzzzzzzzzzzzzzzzzzzzz é\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct letter letter;
        assert_int_equal(build(&letter, payload("a", cases[i].text), false), OUTCOME_DONE);
        assert_well_formed(&letter);
        assert_null(strstr(letter.content, "\r\n.\r\n"));
        assert_null(strstr(letter.content, "\r\nFrom "));
        char *text = body(&letter);
        assert_string_equal(text, cases[i].expected);
        free(text);
        letter_release(&letter);
    }
}

static void the_citizens_words_are_quoted_below(void **state)
{
    struct letter letter;
    json_t *json = payload("a", "Terima kasih.");
    (void)state;
    json_object_set_new(json, "quote", json_string("Jalan rusak\ndi RT 3"));
    assert_int_equal(build(&letter, json, false), OUTCOME_DONE);
    char *text = body(&letter);
    assert_string_equal(text, "Terima kasih.\n\n> Jalan rusak\n> di RT 3\n");
    free(text);
    letter_release(&letter);
}

static void the_same_words_come_as_simple_html(void **state)
{
    struct letter letter;
    (void)state;
    assert_int_equal(
        build(&letter,
            payload("a", "Yth. <Siti> & \"Budi\",\n\nbaris satu\nbaris dua: https://a.example/x?y=1&z.\n"),
            false),
        OUTCOME_DONE);
    assert_well_formed(&letter);
    char *html = part(&letter, "Content-Type: text/html");
    assert_non_null(strstr(html, "<p>Yth. &lt;Siti&gt; &amp; &quot;Budi&quot;,</p>\n"));
    assert_non_null(strstr(html, "<p>baris satu<br>\nbaris dua: <a href=\"https://a.example/x?y=1&amp;z\">"
                                 "https://a.example/x?y=1&amp;z</a>.</p>\n"));
    free(html);
    letter_release(&letter);
}

static void files_ride_behind_the_text_byte_for_byte(void **state)
{
    static unsigned char photo[3001];
    struct inbound_file second = {
        .filename = "laporan akhir – “siap”.pdf", .media_type = "message/rfc822", .data = "%PDF", .size = 4};
    struct inbound_file first = {.filename = "foto \"1\".png",
        .media_type = "image/png",
        .data = photo,
        .size = sizeof photo,
        .next = &second};
    struct letter letter;
    struct fault fault;
    json_t *json = payload("a", "Terlampir.");
    (void)state;
    for (size_t i = 0; i < sizeof photo; i++)
        photo[i] = (unsigned char)(i * 7);
    assert_int_equal(letter_build(&letter, json, &first, &office, LETTER_PERSON, noon, &fault), OUTCOME_DONE);
    json_decref(json);
    assert_well_formed(&letter);
    assert_header(&letter, "Content-Type", "multipart/mixed; boundary=\"=_m77abc\"");
    assert_non_null(strstr(letter.content, "Content-Type: image/png\r\nContent-Disposition: attachment;\r\n"
                                           " filename=\"foto \\\"1\\\".png\"\r\n"));
    /* composite types would be parsed by the reader */
    assert_non_null(strstr(letter.content, "Content-Type: application/octet-stream\r\n"));
    assert_non_null(strstr(letter.content, "filename*0*=utf-8''laporan%20akhir%20%E2%80%93%20"));
    char out[4000];
    const char *head = strstr(letter.content, "image/png"), *begin = strstr(head, "\r\n\r\n") + 4;
    assert_int_equal(unbase64(begin, strstr(begin, "\r\n--=_m"), out), sizeof photo);
    assert_memory_equal(out, photo, sizeof photo);
    letter_release(&letter);
}

/* Never "too long", and never a letter without a part of it. */
static void without_memory_a_letter_is_later_or_whole(void **state)
{
    struct inbound_file file = {
        .filename = "foto.png", .media_type = "image/png", .data = "0123456789", .size = 10};
    struct letter whole, letter;
    struct fault fault;
    json_t *json = payload("Lampu jalan – padam", "Sudah kami perbaiki.\nTerima kasih.");
    enum outcome outcome = OUTCOME_LATER;
    (void)state;
    assert_int_equal(letter_build(&whole, json, &file, &office, LETTER_PERSON, noon, &fault), OUTCOME_DONE);
    long call = 0;
    for (bool over = false; !over; call++) {
        granted_first = call;
        outcome = letter_build(&letter, json, &file, &office, LETTER_PERSON, noon, &fault);
        over = granted_first >= 0;
        granted_first = -1;
        if (outcome) {
            assert_int_equal(outcome, OUTCOME_LATER);
            continue;
        }
        assert_int_equal(letter.length, whole.length);
        letter_release(&letter);
    }
    assert_int_equal(outcome, OUTCOME_DONE);
    assert_true(call > 5);
    letter_release(&whole);
    json_decref(json);
}

static void what_a_person_caused_but_did_not_write_says_so_and_may_bounce(void **state)
{
    struct letter letter;
    struct fault fault;
    json_t *json = payload("a", "x");
    (void)state;
    assert_int_equal(
        letter_build(&letter, json, NULL, &office, LETTER_GENERATED, noon, &fault), OUTCOME_DONE);
    json_decref(json);
    assert_header(&letter, "Auto-Submitted", "auto-generated");
    assert_string_equal(letter.envelope_from, "kec@kedopok.example");
    letter_release(&letter);
}

static void what_cannot_be_a_letter_is_refused(void **state)
{
    static const char *const addresses[] = {"", "siti", "siti@", "@warga.example", "a b@c.example",
        "<a@b.example>", "sïti@warga.example", "a@b.example,c@d.example"};
    struct letter letter;
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        json_t *json = payload("a", "x");
        json_object_set_new(json, "to", json_string(addresses[i]));
        assert_int_equal(build(&letter, json, false), OUTCOME_NEVER);
    }
    json_t *json = payload("a", "x");
    json_object_set_new(json, "text", json_stringn("a\0b", 3));
    assert_int_equal(build(&letter, json, false), OUTCOME_NEVER);
    json = payload("a", "x");
    json_object_del(json, "message_id");
    assert_int_equal(build(&letter, json, false), OUTCOME_NEVER);
    char *huge = malloc(5 << 20);
    memset(huge, 'x', 5 << 20);
    huge[(5 << 20) - 1] = 0;
    assert_int_equal(build(&letter, payload("a", huge), false), OUTCOME_NEVER);
    free(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_carries_its_thread_and_its_addresses),
        cmocka_unit_test(automatic_mail_says_so_and_has_the_null_path),
        cmocka_unit_test(line_breaks_in_header_values_are_refused),
        cmocka_unit_test(strange_references_are_left_out),
        cmocka_unit_test(a_long_chain_keeps_its_first_and_its_last),
        cmocka_unit_test(subjects_of_any_script_come_back_whole),
        cmocka_unit_test(names_are_quoted_or_encoded),
        cmocka_unit_test(texts_come_back_whole_and_dots_stay),
        cmocka_unit_test(the_citizens_words_are_quoted_below),
        cmocka_unit_test(the_same_words_come_as_simple_html),
        cmocka_unit_test(files_ride_behind_the_text_byte_for_byte),
        cmocka_unit_test(without_memory_a_letter_is_later_or_whole),
        cmocka_unit_test(what_a_person_caused_but_did_not_write_says_so_and_may_bounce),
        cmocka_unit_test(what_cannot_be_a_letter_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
