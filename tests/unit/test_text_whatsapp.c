#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "rules/text_whatsapp.h"

#define Z "\xE2\x80\x8B"

static void check_neutral(const char *in, const char *expected)
{
    struct str out;
    str_init(&out, 4096);
    text_whatsapp_neutralise(&out, in);
    assert_string_equal(out.data, expected);
    str_release(&out);
}

static void formatting_characters_of_citizens_show_as_they_are(void **state)
{
    (void)state;
    check_neutral("*tebal*", "*" Z "tebal*" Z);
    check_neutral("harga _murah_ sekali", "harga _" Z "murah_" Z " sekali");
    check_neutral("~coret~ dan `mono`", "~" Z "coret~" Z " dan `" Z "mono`" Z);
    check_neutral("> kutipan", ">" Z " kutipan");
    check_neutral("satu\n- dua\n12. tiga", "satu\n-" Z " dua\n12." Z " tiga");
    check_neutral("* butir", "*" Z " butir");
}

static void harmless_text_stays_as_it_is(void **state)
{
    (void)state;
    check_neutral("ADU_2026_01 nomor 3*4 jam 10.30", "ADU_2026_01 nomor 3*4 jam 10.30");
    check_neutral("RT 03/RW 05, Rp 10.000 - lunas.", "RT 03/RW 05, Rp 10.000 - lunas.");
    check_neutral("2026.11 tahun", "2026.11 tahun");
    check_neutral("", "");
}

static void length_is_counted_in_utf16_units(void **state)
{
    (void)state;
    assert_int_equal(text_whatsapp_units(""), 0);
    assert_int_equal(text_whatsapp_units("abc"), 3);
    assert_int_equal(text_whatsapp_units("\xC3\xA9"), 1);         /* é */
    assert_int_equal(text_whatsapp_units("\xF0\x9F\x99\x8F"), 2); /* folded hands */
    assert_int_equal(text_whatsapp_units("a\xFF"
                                         "b"),
        3);
}

static void short_text_stays_one_part_without_a_number(void **state)
{
    (void)state;
    struct str parts;
    str_init(&parts, 4096);
    assert_int_equal(
        text_whatsapp_split(&parts, "Laporan diterima.", (struct text_whatsapp_limits){.units = 64}), 1);
    assert_string_equal(parts.data, "Laporan diterima.");
    str_clear(&parts);
    assert_int_equal(text_whatsapp_split(&parts, "", (struct text_whatsapp_limits){.units = 64}), 0);
    assert_int_equal(text_whatsapp_split(&parts, "x", (struct text_whatsapp_limits){.units = 10}), 0);
    str_release(&parts);
}

/* Every part fits, and together they are the text but for the white space at the cuts. */
static unsigned check_split(const char *text, size_t max)
{
    struct str parts, joined;
    str_init(&parts, 1 << 20);
    str_init(&joined, 1 << 20);
    unsigned n = text_whatsapp_split(&parts, text, (struct text_whatsapp_limits){.units = max});
    const char *p = parts.data;
    for (unsigned i = 1; i <= n; i++, p += strlen(p) + 1) {
        char number[32];
        snprintf(number, sizeof number, "(%u/%u) ", i, n);
        assert_true(text_whatsapp_units(p) <= max);
        assert_memory_equal(p, number, strlen(number));
        str_adds(&joined, p + strlen(number));
    }
    assert_ptr_equal(p, parts.data + parts.len);
    const char *j = joined.data;
    for (const char *t = text; *t; t++) {
        if (strchr(" \n", *t) && *t != *j)
            continue;
        assert_int_equal(*t, *j);
        j++;
    }
    str_release(&joined);
    str_release(&parts);
    return n;
}

static void long_text_is_cut_at_sentences_and_numbered(void **state)
{
    (void)state;
    struct str parts;
    str_init(&parts, 4096);
    const char *text =
        "Laporan Bapak sudah kami terima. Petugas akan datang hari Senin untuk memeriksa lampu.";
    assert_int_equal(text_whatsapp_split(&parts, text, (struct text_whatsapp_limits){.units = 64}), 2);
    assert_string_equal(parts.data, "(1/2) Laporan Bapak sudah kami terima.");
    assert_string_equal(
        parts.data + strlen(parts.data) + 1, "(2/2) Petugas akan datang hari Senin untuk memeriksa lampu.");
    str_release(&parts);
    assert_int_equal(check_split(text, 64), 2);
}

static void nothing_is_cut_inside_an_emoji(void **state)
{
    (void)state;
    /* A family of four is one sequence of 11 units, a flag one of two regional letters. */
    static const char family[] = "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"
                                 "\xE2\x80\x8D\xF0\x9F\x91\xA6";
    static const char flag[] = "\xF0\x9F\x87\xAE\xF0\x9F\x87\xA9";
    static const char *const signs[] = {family, flag};
    for (size_t s = 0; s < 2; s++) {
        struct str text, parts;
        str_init(&text, 1 << 16);
        str_init(&parts, 1 << 16);
        str_adds(&text, "x");
        for (int i = 0; i < 40; i++)
            str_adds(&text, signs[s]);
        unsigned n = text_whatsapp_split(&parts, text.data, (struct text_whatsapp_limits){.units = 64});
        assert_true(n > 1);
        const char *p = parts.data;
        for (unsigned i = 0; i < n; i++, p += strlen(p) + 1) {
            size_t bytes = strlen(strchr(p, ' ') + 1) - (i == 0 ? 1 : 0);
            assert_int_equal(bytes % strlen(signs[s]), 0);
        }
        str_release(&parts);
        str_release(&text);
    }
}

static void text_without_any_place_to_cut_still_leaves(void **state)
{
    (void)state;
    char text[1001];
    memset(text, 'a', 1000);
    text[1000] = '\0';
    assert_true(check_split(text, 64) >= 1000 / 64);
    struct str clinging, parts; /* combining marks without end */
    str_init(&clinging, 4096);
    str_init(&parts, 8192);
    for (int i = 0; i < 300; i++)
        str_adds(&clinging, "\xCC\x81");
    assert_true(text_whatsapp_split(&parts, clinging.data, (struct text_whatsapp_limits){.units = 64}) > 1);
    str_clear(&parts);
    struct str huge;
    str_init(&huge, 1 << 20);
    for (int i = 0; i < 20000; i++)
        str_adds(&huge, "kata ");
    assert_int_equal(text_whatsapp_split(&parts, huge.data, (struct text_whatsapp_limits){.units = 64}),
        0); /* more than 99 parts */
    str_release(&huge);
    str_release(&parts);
    str_release(&clinging);
}

static void memory_at_its_end_is_reported(void **state)
{
    (void)state;
    struct str parts;
    str_init(&parts, 20);
    assert_int_equal(text_whatsapp_split(&parts, "Lebih panjang daripada dua puluh byte.",
                         (struct text_whatsapp_limits){.units = 64}),
        0);
    assert_false(str_ok(&parts));
    str_release(&parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formatting_characters_of_citizens_show_as_they_are),
        cmocka_unit_test(harmless_text_stays_as_it_is),
        cmocka_unit_test(length_is_counted_in_utf16_units),
        cmocka_unit_test(short_text_stays_one_part_without_a_number),
        cmocka_unit_test(long_text_is_cut_at_sentences_and_numbered),
        cmocka_unit_test(nothing_is_cut_inside_an_emoji),
        cmocka_unit_test(text_without_any_place_to_cut_still_leaves),
        cmocka_unit_test(memory_at_its_end_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
