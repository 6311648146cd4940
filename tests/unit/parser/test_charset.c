/* Bytes to text: character sets that lie, Unicode that is composed in linear time. */
#include "channels/parser/program/charset.h"
#include "channels/parser/program/utf8.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <gmime/gmime.h>
#include <string.h>
#include <time.h>

struct example {
    const char *what, *label, *bytes, *text;
    bool believed;
};

static const struct example examples[] = {
    {"UTF-8", "utf-8", "caf\xC3\xA9", "café", true},
    {"UTF-8 without a label", NULL, "caf\xC3\xA9", "café", true},
    {"Windows-1252 under the name of ISO-8859-1", "ISO-8859-1", "\x93tunggu\x94 \x96", "“tunggu” –", true},
    {"Windows-1252 without a label", NULL, "caf\xE9", "café", false},
    {"Windows-1252 under the name of ASCII", "us-ascii", "caf\xE9", "café", false},
    {"Windows-1252 under the name of UTF-8", "utf-8", "\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9",
        "éééééééééé", false},
    {"one torn character leaves the rest UTF-8", "utf-8", "caf\xC3\xA9 \xC3", "café \xEF\xBF\xBD", false},
    {"a set that does not exist", "x-tidak-ada", "caf\xE9", "café", false},
    {"a set that does not exist over UTF-8", "x-tidak-ada", "caf\xC3\xA9", "café", false},
    {"a path for a name", "../../etc/passwd", "abc\xE9", "abcé", false},
    {"GB18030 under the name of GB2312", "gb2312", "\x81\x30\x86\x38", "À", true},
    {"CP932 under the name of Shift_JIS", "Shift_JIS", "\x87\x40", "①", true},
    {"stateful", "iso-2022-jp", "\x1B$B$\"\x1B(B", "あ", true},
};

static void reads_what_labels_promise_or_better(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *e = &examples[i];
        struct str out;
        str_init(&out, 1000);
        bool believed = charset_to_utf8(e->label, e->bytes, strlen(e->bytes), &out);
        if (believed != e->believed || strcmp(out.data, e->text)) {
            print_error("%s: got [%s] %d\n", e->what, out.data, believed);
            wrong++;
        }
        str_release(&out);
    }
    assert_int_equal(wrong, 0);
}

static void check_clean(const char *bytes, size_t n, const char *text)
{
    struct str out;
    str_init(&out, 4000);
    utf8_add_clean(bytes, n, &out);
    assert_string_equal(out.data, text);
    str_release(&out);
}

static void text_is_composed_valid_and_without_nul(void **state)
{
    (void)state;
    check_clean("cafe\xCC\x81!", 8, "café!");
    check_clean("e\xCC\x81", 3, "é");
    check_clean("a\0b", 3, "ab");
    check_clean("a\xFF\xFE"
                "b",
        4,
        "a\xEF\xBF\xBD\xEF\xBF\xBD"
        "b");
    check_clean("\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", 9, "각");
    check_clean("", 0, "");
}

/* Pieces must not tear what belongs together: composing a long text equals composing it whole. */
static void pieces_compose_like_the_whole(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 12000; i++) /* a dozen pieces */
        g_string_append(text, i % 3 ? "e\xCC\x81" : i % 7 ? "\xE1\x84\x80\xE1\x85\xA1" : "x\xCC\xA3\xCC\x81");
    char *whole = g_utf8_normalize(text->str, (gssize)text->len, G_NORMALIZE_NFC);
    struct str out;
    str_init(&out, text->len);
    utf8_add_clean(text->str, text->len, &out);
    assert_true(str_ok(&out));
    assert_string_equal(out.data, whole);
    str_release(&out);
    g_free(whole);
    g_string_free(text, TRUE);
}

/* GLib's own normaliser takes half a minute for this. */
static void a_megabyte_of_accents_is_no_weapon(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 500000; i++)
        g_string_append(text, "\xC3\xA9");
    struct str out;
    str_init(&out, 2 * text->len);
    clock_t before = clock();
    utf8_add_clean(text->str, text->len, &out);
    assert_true(clock() - before < 5 * CLOCKS_PER_SEC);
    assert_int_equal(out.len, text->len);
    str_release(&out);
    g_string_free(text, TRUE);
}

static void cuts_between_characters(void **state)
{
    (void)state;
    assert_int_equal(utf8_cut("caf\xC3\xA9", 5, 4), 3);
    assert_int_equal(utf8_cut("caf\xC3\xA9", 5, 5), 5);
    assert_int_equal(utf8_cut("\xF0\x9F\x98\x80", 4, 3), 0);
}

static int start(void **state)
{
    (void)state;
    g_mime_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_labels_promise_or_better),
        cmocka_unit_test(text_is_composed_valid_and_without_nul),
        cmocka_unit_test(pieces_compose_like_the_whole), cmocka_unit_test(a_megabyte_of_accents_is_no_weapon),
        cmocka_unit_test(cuts_between_characters)};
    return cmocka_run_group_tests(tests, start, NULL);
}
