/* Forms: tables for urlencoded and multipart, two corpora of odd multipart bodies, cuts at every byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/base/file.h"
#include "daemon/loop/http_form.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(4 << 20);
    return !arena;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* "name=value|name(filename;type)=value|": what a form came to; "never" when refused */
static const char *told(enum outcome outcome, const struct http_form *form)
{
    static char text[4000];
    size_t n = 0;
    text[0] = 0;
    if (outcome != OUTCOME_DONE) {
        assert_null(form->fields);
        return outcome_name(outcome);
    }
    for (const struct http_field *f = form->fields; f && n < sizeof text; f = f->next) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%s", f->name);
        if (f->filename && n < sizeof text)
            n += (size_t)snprintf(
                text + n, sizeof text - n, "(%s;%s)", f->filename, f->content_type ? f->content_type : "");
        if (n < sizeof text)
            n += (size_t)snprintf(text + n, sizeof text - n, "=%.*s|", (int)f->length, f->value);
        if (!f->filename)
            assert_int_equal(strlen(f->value), f->length);
    }
    return text;
}

static void queries_are_taken_apart(void **state)
{
    static const char *const table[][2] = {
        {"", ""},
        {"a=1&b=2", "a=1|b=2|"},
        {"a=1&&b=2&", "a=1|b=2|"},
        {"a", "a=|"},
        {"=x", "=x|"},
        {"a=b=c", "a=b=c|"},
        {"a+b=c+d%2Be", "a b=c d+e|"},
        {"a=%C3%A9%26%3d", "a=\xc3\xa9&=|"},
        {"a=%&b=%4&c=%zz&d=100%", "a=%|b=%4|c=%zz|d=100%|"},
        {"a=1&a=2", "a=1|a=2|"},
        {"a=%00", "never"},
        {"%00=1", "never"},
        {"a=%ff", "never"},
        {"a=%c0%af", "never"},
        {"a=%ed%a0%80", "never"},
        {"a=%f4%90%80%80", "never"},
        {"a=%f0%9f%98%80", "a=\xf0\x9f\x98\x80|"},
        {"a=%e2%82", "never"},
    };
    (void)state;
    struct http_form form;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_string_equal(told(http_query_parse(&form, table[i][0], arena, NULL), &form), table[i][1]);
        const char *type = "application/x-www-form-urlencoded; charset=UTF-8";
        assert_string_equal(
            told(http_form_parse(&form, type, table[i][0], strlen(table[i][0]), arena, NULL), &form),
            table[i][1]);
    }
    assert_string_equal(told(http_query_parse(&form, NULL, arena, NULL), &form), "");
}

static void the_first_of_equal_names_counts(void **state)
{
    struct http_form form;
    (void)state;
    assert_int_equal(http_query_parse(&form, "a=1&a=2&b=", arena, NULL), OUTCOME_DONE);
    assert_string_equal(http_form_get(&form, "a"), "1");
    assert_string_equal(http_form_get(&form, "b"), "");
    assert_null(http_form_get(&form, "c"));
    assert_int_equal(http_form_find(&form, "a")->length, 1);
}

static void too_many_fields_are_refused(void **state)
{
    char query[3000] = "";
    struct http_form form;
    (void)state;
    for (int i = 0; i < HTTP_FORM_MAX_FIELDS; i++)
        strcat(query, "a=b&");
    assert_int_equal(http_query_parse(&form, query, arena, NULL), OUTCOME_DONE);
    strcat(query, "c");
    struct fault f;
    assert_int_equal(http_query_parse(&form, query, arena, &f), OUTCOME_NEVER);
    assert_true(f.public_text[0]);
}

static void too_many_files_are_refused(void **state)
{
    char body[4000] = "";
    struct http_form form;
    (void)state;
    for (int i = 0; i <= HTTP_FORM_MAX_FILES; i++) {
        strcat(body, "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\ny\r\n");
        char whole[4100];
        snprintf(whole, sizeof whole, "%s--b--\r\n", body);
        assert_int_equal(
            http_form_parse(&form, "multipart/form-data; boundary=b", whole, strlen(whole), arena, NULL),
            i < HTTP_FORM_MAX_FILES ? OUTCOME_DONE : OUTCOME_NEVER);
    }
}

static void a_full_arena_is_no_form(void **state)
{
    struct http_form form;
    (void)state;
    struct arena *small = arena_new(16);
    assert_int_equal(
        http_query_parse(&form, "a=11111111111111111111111111111111", small, NULL), OUTCOME_LATER);
    assert_null(form.fields);
    arena_free(small);
}

#define PART "--b\r\nContent-Disposition: form-data; name=\"n\""
#define FILE_PART PART "; filename=\"%s\"\r\n\r\nc\r\n--b--"

static void multipart_bodies_are_taken_apart(void **state)
{
    static const char *const table[][2] = {
        {PART "\r\n\r\nvalue\r\n--b--\r\n", "n=value|"},
        {PART "\r\n\r\nvalue\r\n--b--", "n=value|"},
        {PART "\r\n\r\n\r\n--b--", "n=|"},
        {PART "\r\n\r\n--b--", "n=|"},
        {PART "\r\n\r\na\r\n\r\nb\n\r\n--b--", "n=a\r\n\r\nb\n|"},
        {PART "\r\n\r\n--bx\r\n--b \t\r\nContent-Disposition: form-data; name=m\r\n\r\n2\r\n--b--",
            "n=--bx|m=2|"},
        {PART "\r\n\r\n1\r\n--b-\r\n--b-- x\r\n--b--\r\n\r\n", "n=1\r\n--b-\r\n--b-- x|"},
        {"\r\n" PART "\r\n\r\n1\r\n--b--", "n=1|"},
        {"--b--\r\n", ""},
        {"--b\r\ncontent-disposition:form-data;NAME=n;\r\nX-Other: 1\r\n\r\n1\r\n--b--", "n=1|"},
        {"--b\r\nContent-Disposition: form-data; name=\"a%22b%0d%0A%41\"\r\n\r\n1\r\n--b--", "never"},
        {"--b\r\nContent-Disposition: form-data; name=\"a%22b%41\"\r\n\r\n1\r\n--b--", "a\"b%41=1|"},
        {PART "; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--b--", ""},
        {PART "; filename=\"\"\r\n\r\nx\r\n--b--", "n(;)=x|"},
        {PART "; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--", "n(a.txt;text/plain)=x|"},
        {PART "; filename=\"../../etc/pass\twd\"\r\n\r\nc\r\n--b--", "n(passwd;)=c|"},
        {PART "; filename=\"C:\\dir\\a.txt\"\r\n\r\nc\r\n--b--", "n(a.txt;)=c|"},
        {PART "; filename=\"a\\\"b.txt\"\r\n\r\nc\r\n--b--", "n(a\"b.txt;)=c|"},
        {PART "; filename=\"a%0d%0ab.txt\"\r\n\r\nc\r\n--b--", "n(ab.txt;)=c|"},
        {PART "; filename*=utf-8''%C3%A9.txt\r\n\r\nc\r\n--b--", "n(\xc3\xa9.txt;)=c|"},
        {PART "; filename*=iso-8859-1''%E9.txt\r\n\r\nc\r\n--b--", "never"},
        {PART "; filename=a; filename=b\r\n\r\nc\r\n--b--", "never"},
        {PART "; name=m\r\n\r\nc\r\n--b--", "never"},
        {PART "; filename=\"a\xff\"\r\n\r\nc\r\n--b--", "never"},
        {PART "; filename=\"a\r\n\r\nc\r\n--b--", "never"},
        {PART "\r\n\r\n\xff\r\n--b--", "never"},
        {PART "\r\nContent-Disposition: form-data; name=m\r\n\r\n1\r\n--b--", "never"},
        {PART "\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--b--", "never"},
        {PART "\r\nContent-Transfer-Encoding: 8bit\r\n\r\nYQ==\r\n--b--", "n=YQ==|"},
        {PART "\r\nX\r\n\r\n1\r\n--b--", "never"},
        {PART "\r\nX : y\r\n\r\n1\r\n--b--", "never"},
        {PART "\n\n1\n--b--", "never"},
        {PART "\r\n\r\n1\r\n", "never"},
        {PART "\r\n\r\n1\r\n--b", "never"},
        {PART "\r\n\r\n1\r\n--b-", "never"},
        {PART "\r\n\r\n1\r\n--b--\r\n--b\r\n", "never"},
        {"--b\r\n\r\n1\r\n--b--", "never"},
        {"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--", "never"},
        {"x" PART "\r\n\r\n1\r\n--b--", "never"},
        {"--b", "never"},
        {"--", "never"},
        {"", "never"},
    };
    (void)state;
    struct http_form form;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *got = told(http_form_parse(&form, "multipart/form-data; boundary=b", table[i][0],
                                   strlen(table[i][0]), arena, NULL),
            &form);
        if (strcmp(got, table[i][1]) != 0)
            fail_msg("row %zu: %s\n%s", i, got, table[i][0]);
    }
}

static void a_file_points_into_the_body(void **state)
{
    static const char body[] = PART "; filename=f\r\n\r\na\0b\r\n--b--";
    struct http_form form;
    (void)state;
    assert_int_equal(
        http_form_parse(&form, "multipart/form-data; boundary=b", body, sizeof body - 1, arena, NULL),
        OUTCOME_DONE);
    assert_ptr_equal(form.fields->value, strstr(body, "\r\n\r\n") + 4);
    assert_int_equal(form.fields->length, 3);
    assert_null(http_form_get(&form, "n")); /* no text: not NUL-terminated */
}

static void content_types_decide(void **state)
{
    static const char body[] = PART "\r\n\r\n1\r\n--b--";
    static const char *const good[] = {"multipart/form-data; boundary=b",
        "Multipart/Form-Data; charset=utf-8; boundary=\"b\"", "multipart/form-data;boundary=b"};
    static const char *const bad[] = {NULL, "", "text/plain", "multipart/form-data",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=c",
        "multipart/form-data; boundary=\"b", "multipart/form-datax; boundary=b",
        "multipart/mixed; boundary=b", "multipart/form-data; boundary=b; boundary=b",
        "multipart/form-data; "
        "boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    struct http_form form;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_string_equal(
            told(http_form_parse(&form, good[i], body, sizeof body - 1, arena, NULL), &form), "n=1|");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_string_equal(
            told(http_form_parse(&form, bad[i], body, sizeof body - 1, arena, NULL), &form), "never");
}

#define WEBKIT "----WebKitFormBoundary"

struct sample {
    const char *file, *boundary, *expected;
};

static const struct sample samples[] = {
    {"python-multipart/CR_in_header.http", WEBKIT "Tkr3kCBQlBe1nrhc", "never"},
    {"python-multipart/CR_in_header_value.http", WEBKIT "Tkr3kCBQlBe1nrhc", "never"},
    {"python-multipart/almost_match_boundary.http", "--boundary",
        "file(test.txt;text/"
        "plain)=--boundari\r\n--boundaryq--boundary\rq--boundarq\r\n--bounaryd--\r\n--notbound--\r\n"
        "--mismatch\r\n--mismatch--\r\n--boundary-Q\r\n--boundary\rQ--boundaryQ|"},
    {"python-multipart/almost_match_boundary_without_CR.http", "--boundary",
        "field=QQQQQQQQQQQQQQQQQQQQ\r\n----boundaryQQQQQQQQQQQQQQQQQQQQ|"},
    {"python-multipart/almost_match_boundary_without_LF.http", "--boundary",
        "field=QQQQQQQQQQQQQQQQQQQQ\r\n----boundary\rQQQQQQQQQQQQQQQQQQQQ|"},
    {"python-multipart/almost_match_boundary_without_final_hyphen.http", "--boundary",
        "field=QQQQQQQQQQQQQQQQQQQQ\r\n----boundary-QQQQQQQQQQQQQQQQQQQQ|"},
    {"python-multipart/bad_end_of_headers.http", WEBKIT "Tkr3kCBQlBe1nrhc", "never"},
    {"python-multipart/bad_header_char.http", WEBKIT "Tkr3kCBQlBe1nrhc", "never"},
    {"python-multipart/bad_initial_boundary.http", WEBKIT "Tkr3kCBQlBe1nrhc", "never"},
    {"python-multipart/base64_encoding.http", "--boundary", "never"}, /* RFC 7578 4.7: no browser sends it */
    {"python-multipart/empty_header.http", WEBKIT "Tkr3kCBQlBe1nrhc", "never"},
    {"python-multipart/multiple_fields.http", WEBKIT "Tkr3kCBQlBe1nrhc", "field1=field1|field2=field2|"},
    {"python-multipart/multiple_files.http", WEBKIT "gbACTUR58IyeurVf",
        "file1(test1.txt;text/plain)=Test file #1|file2(test2.txt;text/plain)=Test file #2|"},
    {"python-multipart/quoted_printable_encoding.http", "--boundary", "never"},
    {"python-multipart/single_field.http", WEBKIT "Tkr3kCBQlBe1nrhc", "field=This is a test.|"},
    {"python-multipart/single_field_longer.http", WEBKIT "Tkr3kCBQlBe1nrhc",
        "field="
        "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
        "qqqqqqqqqqqqqqqqqqqqqqqqqqqq|"},
    {"python-multipart/single_field_single_file.http", "boundary",
        "field=test1|file(file.txt;text/plain)=test2|"},
    {"python-multipart/single_field_with_leading_newlines.http", WEBKIT "Tkr3kCBQlBe1nrhc",
        "field=This is a test.|"},
    {"python-multipart/single_file.http", WEBKIT "5BZGOJCWtXGYC9HW",
        "file(test.txt;text/plain)=This is a test file.|"},
    {"python-multipart/single_field_blocks.http", "--boundary", "never"}, /* its last line is no boundary */
    {"python-multipart/utf8_filename.http", WEBKIT "I9SCEFp2lpx5DR2K",
        "file(???.txt;text/"
        "plain)=\xe3\x81\x93\xe3\x82\x8c\xe3\x81\xaf\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88\xe3\x81\xa7\xe3"
        "\x81\x99\xe3\x80\x82|"},
    {"rack-multipart/content_type_and_no_disposition", "AaB03x", "never"},
    {"rack-multipart/content_type_and_no_filename", "AaB03x", "text=contents|"},
    {"rack-multipart/content_type_and_unknown_charset", "AaB03x", "text=contents|"},
    {"rack-multipart/empty", "AaB03x", "submit-name=Larry|files(file1.txt;text/plain)=|"},
    {"rack-multipart/end_boundary_first", "AaB03x", "never"},
    {"rack-multipart/fail_16384_nofile", WEBKIT "WsY0GnpbI5U7ztzo", "never"}, /* bare LF */
    {"rack-multipart/filename_and_no_name", "AaB03x", "never"},
    {"rack-multipart/filename_multi", "AaB03x", "files(foo;application/octet-stream)=contents|"},
    {"rack-multipart/filename_with_encoded_words", "AaB03x",
        "files(\xd1\x84\xd0\xb0\xd0\xb9\xd0\xbb;image/jpeg)=contents|"},
    {"rack-multipart/filename_with_escaped_quotes", "AaB03x",
        "files(escape \"quotes;application/octet-stream)=contents|"},
    {"rack-multipart/filename_with_escaped_quotes_and_modification_param", "AaB03x",
        "files(\"human\" genome.jpeg;image/jpeg)=contents|"},
    {"rack-multipart/filename_and_modification_param", "AaB03x", "files(genome.jpeg;image/jpeg)=contents|"},
    {"rack-multipart/filename_with_null_byte", "AaB03x", "files(flowers.exe%00.jpg;image/jpeg)=contents|"},
    {"rack-multipart/filename_with_percent_escaped_quotes", "AaB03x",
        "files(escape \"quotes;application/octet-stream)=contents|"},
    {"rack-multipart/filename_with_plus", "AaB03x", "files(foo+bar;application/octet-stream)=contents|"},
    {"rack-multipart/filename_with_single_quote", "AaB03x", "files(bob's flowers.jpg;image/jpeg)=contents|"},
    {"rack-multipart/filename_with_unescaped_percentages", WEBKIT "2NHc7OhsgU68l3Al",
        "document[attachment](100% of a photo.jpeg;image/jpeg)=contents|"},
    {"rack-multipart/filename_with_unescaped_quotes", "AaB03x", "never"},
    {"rack-multipart/ie", "AaB03x", "files(file1.txt;text/plain)=contents|"},
    {"rack-multipart/invalid_character", "AaB03x", "never"},
    {"rack-multipart/nested", "AaB03x", "foo[submit-name]=Larry|foo[files](file1.txt;text/plain)=contents|"},
    {"rack-multipart/none", "AaB03x", "submit-name=Larry|"},
    {"rack-multipart/preceding_boundary", "AaB03x", "never"},
    {"rack-multipart/quoted", "\"AaB:03x\"",
        "submit-name=Larry|submit-name-with-content=Berry|files(file1.txt;text/plain)=contents|"},
    {"rack-multipart/robust_field_separation", "AaB03x", "text=contents|"},
    {"rack-multipart/semicolon", "AaB03x", "files(fi;le1.txt;text/plain)=contents|"},
    {"rack-multipart/text", "AaB03x",
        "submit-name=Larry|submit-name-with-content=Berry|files(file1.txt;text/plain)=contents|"},
    {"rack-multipart/unity3d_wwwform", "AaB03x", "never"}, /* a header broken in two without a blank */
    {"rack-multipart/webkit", WEBKIT "WLHCs9qmcJJoyjKR",
        "_method=put|profile[blog]=|profile[public_email]=|profile[interests]=|profile[bio]="
        "hello\r\n\r\n\"quote\"|"
        "commit=Save|"},
};

static char *sample_read(const struct sample *sample, size_t *ret_len, char *type, size_t size)
{
    char path[300], *body = NULL;
    struct fault f;
    snprintf(path, sizeof path, "tests/data/%s", sample->file);
    if (file_read(path, 1 << 20, &body, ret_len, &f) != OUTCOME_DONE)
        fail_msg("%s: %s", path, f.internal);
    snprintf(type, size, "multipart/form-data; boundary=%s", sample->boundary);
    return body;
}

static void the_corpora_are_read_or_refused(void **state)
{
    char type[200];
    size_t length;
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct http_form form;
        char *body = sample_read(&samples[i], &length, type, sizeof type);
        const char *got = told(http_form_parse(&form, type, body, length, arena, NULL), &form);
        if (strcmp(got, samples[i].expected) != 0)
            fail_msg("%s: %s", samples[i].file, got);
        free(body); /* after the comparison: files point into it */
    }
}

/* In a block of exactly that size, so that ASan sees a read beyond it. A cut body is refused, or says the
 * same when only the last line end is missing. */
static void a_body_cut_at_any_byte_is_never_another_form(void **state)
{
    char type[200], whole[4000];
    size_t length;
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char *body = sample_read(&samples[i], &length, type, sizeof type);
        for (size_t cut = 0; cut < length && length < 600; cut++) {
            struct http_form form;
            struct arena *own = arena_new(1 << 20);
            char *part = malloc(cut ? cut : 1);
            memcpy(part, body, cut);
            snprintf(whole, sizeof whole, "%s", samples[i].expected);
            const char *got = told(http_form_parse(&form, type, part, cut, own, NULL), &form);
            if (strcmp(got, "never") != 0 && strcmp(got, whole) != 0 && strcmp(whole, "never") != 0)
                fail_msg("%s cut at %zu: %s", samples[i].file, cut, got);
            free(part);
            arena_free(own);
        }
        free(body);
    }
}

/* 1 MiB of things that begin like boundaries must not take quadratic time. */
static void many_almost_boundaries_are_read_in_one_pass(void **state)
{
    enum { SIZE = 1 << 20 };
    static const char head[] = PART "; filename=x\r\n\r\n", tail[] = "\r\n--b--";
    struct http_form form;
    (void)state;
    char *body = malloc(SIZE);
    memcpy(body, head, sizeof head - 1);
    for (size_t i = sizeof head - 1; i < SIZE; i++)
        body[i] = "\r\n--b\r"[i % 6];
    memcpy(body + SIZE - (sizeof tail - 1), tail, sizeof tail - 1);
    assert_int_equal(
        http_form_parse(&form, "multipart/form-data; boundary=b", body, SIZE, arena, NULL), OUTCOME_DONE);
    assert_int_equal(form.fields->length, SIZE - (sizeof head - 1) - (sizeof tail - 1));
    free(body);
}

#define FORM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORM(queries_are_taken_apart),
        FORM(the_first_of_equal_names_counts),
        FORM(too_many_fields_are_refused),
        FORM(too_many_files_are_refused),
        FORM(a_full_arena_is_no_form),
        FORM(multipart_bodies_are_taken_apart),
        FORM(a_file_points_into_the_body),
        FORM(content_types_decide),
        FORM(the_corpora_are_read_or_refused),
        FORM(a_body_cut_at_any_byte_is_never_another_form),
        FORM(many_almost_boundaries_are_read_in_one_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
