#include "rules/csv.h"
#include "rules/lapor.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* What was read, rows by "\n", fields by "|"; of a refusal what it says. The caller frees. */
static char *told(const void *bytes, size_t size)
{
    static char out[4096];
    struct arena *arena = arena_new(16 << 20);
    struct csv csv;
    char problem[CSV_PROBLEM];
    size_t n = 0;
    out[0] = '\0';
    if (!csv_read(bytes, size, &csv, problem, arena)) {
        strcpy(out, problem);
    } else {
        for (size_t r = 0; r < csv.count; r++)
            for (size_t c = 0; c < csv.columns; c++)
                n += (size_t)snprintf(out + n, sizeof out - n, "%s%s", csv.rows[r].fields[c],
                    c + 1 < csv.columns ? "|"
                    : r + 1 < csv.count ? "\n"
                                        : "");
    }
    arena_free(arena);
    return out;
}

#define CASE(bytes, expected) assert_string_equal(told(bytes, sizeof(bytes) - 1), expected)

static void separators_quotes_and_line_ends_are_those_of_the_file(void **state)
{
    (void)state;
    CASE("a,b\n1,2\n", "a|b\n1|2");
    CASE("a;b\r\n1,5;2\r\n", "a|b\n1,5|2");
    CASE("a\tb\r1\t2", "a|b\n1|2");
    CASE("a|b\n1|2", "a|b\n1|2");
    CASE("sep=;\r\na,x;b\r\n1;2", "a,x|b\n1|2");
    CASE("\"a\",\"b \"\"c\"\"\"\n\"1,5\",2\n", "a|b \"c\"\n1,5|2");
    CASE("a,b\n\"baris satu\r\nbaris dua\",2", "a|b\nbaris satu\nbaris dua|2");
    CASE("\"a;b\",c\n1,2", "a;b|c\n1|2");
    CASE("satu\n\n1\n ,\n", "satu\n1");
    CASE("a,b,,\n1,2,,\n3\n", "a|b\n1|2\n3|");
    CASE("a\n\n\n  \n1", "a\n1");
    CASE("a,b\n  1  ,\t2\n", "a|b\n1|2");
}

static void encodings_of_spreadsheets_are_known(void **state)
{
    (void)state;
    CASE("\xEF\xBB\xBFnama,isi\nIbu \xE2\x80\x9CSiti\xE2\x80\x9D,ya", "nama|isi\nIbu “Siti”|ya");
    CASE("\xFF\xFE"
         "a\0;\0b\0\n\0\xE9\0;\0\x3D\xD8\x00\xDE\n\0",
        "a|b\né|😀");
    CASE("\xFE\xFF\0a\0,\0b\0\n\0001\0,\0002", "a|b\n1|2");
    CASE("a\0,\0b\0\n\0001\0,\0002\0", "a|b\n1|2"); /* UTF-16 without a BOM */
    CASE("\0a\0,\0b\0\n\0001\0,\0002", "a|b\n1|2");
    CASE("nama\nRen\xE9 \x93ya\x94\n", "nama\nRené “ya”"); /* Windows-1252 */
    CASE("\xFF\xFE"
         "a\0\n\0\x00\xD8"
         "b\0c",
        "a\n\xEF\xBF\xBD"
        "b\xEF\xBF\xBD"); /* half a pair, half a unit */
}

static void what_is_no_list_is_refused_with_its_line(void **state)
{
    (void)state;
    CASE("", "Berkas ini kosong.");
    CASE("\n\n ;\n", "Berkas ini kosong.");
    CASE("a,b\n1,\"dua\n3,4", "Baris 2: tanda kutip dibuka tetapi tidak ditutup.");
    CASE("a,b\n\n1,2,3", "Baris 3: isinya lebih banyak daripada judul kolomnya.");
    CASE("PK\3\4\0\0\0\0\0\0abc\0def", "Ini bukan berkas CSV. Dari Excel pilih Simpan sebagai, lalu CSV.");
    CASE("a\n1\x07 2\x7f", "a\n1  2");
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    char *big = malloc(CSV_BYTES + 1);
    assert_non_null(big);
    memset(big, 'a', CSV_BYTES + 1);
    assert_string_equal(told(big, CSV_BYTES + 1), "Berkas terlalu besar, paling banyak 512 KB.");
    assert_string_equal(told(big, CSV_BYTES), "Baris 1: isian terlalu panjang, paling banyak 20.000 huruf.");
    for (size_t i = 1; i < CSV_BYTES; i += 2)
        big[i] = '\n';
    assert_string_equal(
        told(big, CSV_BYTES), "Baris 202: paling banyak 200 baris sekali impor; bagilah berkasnya.");
    for (size_t i = 1; i < CSV_BYTES; i += 2)
        big[i] = ';';
    assert_string_equal(told(big, 200), "Baris 1: kolomnya lebih dari 64.");
    free(big);
}

static void a_row_knows_its_line_and_its_bytes(void **state)
{
    (void)state;
    static const char text[] = "a,b\n\n\"x\ny\",2\n3,4\n";
    struct arena *arena = arena_new(16 << 20);
    struct csv csv;
    char problem[CSV_PROBLEM];
    assert_true(csv_read(text, sizeof text - 1, &csv, problem, arena));
    assert_int_equal(csv.count, 3);
    assert_int_equal(csv.rows[1].line, 3);
    assert_int_equal(csv.rows[2].line, 5);
    assert_int_equal(csv.rows[1].source_size, 7);
    assert_memory_equal(csv.rows[1].source, "\"x\ny\",2", 7);
    arena_free(arena);
}

static void numbers_of_lapor_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *number;
    } cases[] = {{"1234567", "1234567"}, {"#1234567", "1234567"}, {" No. 1.234.567 ", "1234567"},
        {"Tracking ID: #7654321", "7654321"}, {"Nomor 12-34-56", "123456"}, {"123", NULL}, {"", NULL},
        {"1234567890123", NULL}, {"12a45678", NULL}, {"1.23457E+06", NULL}, {"tujuh", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[LAPOR_NUMBER_SIZE];
        bool known = lapor_number(cases[i].typed, out);
        if (known != (cases[i].number != NULL) || (known && strcmp(out, cases[i].number) != 0))
            fail_msg("%s -> %s", cases[i].typed, known ? out : "none");
    }
}

static void headings_of_lapor_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *heading;
        int column;
    } cases[] = {{"Tracking ID", LAPOR_NUMBER}, {"TRACKING_ID", LAPOR_NUMBER},
        {"Nomor Laporan", LAPOR_NUMBER}, {"Judul Laporan", LAPOR_TITLE}, {"Isi Laporan", LAPOR_TEXT},
        {"isi", LAPOR_TEXT}, {"Nama Pelapor", LAPOR_NAME}, {"Tanggal Laporan Masuk", LAPOR_DATE},
        {"Tgl. laporan", LAPOR_DATE}, {"No. HP", LAPOR_PHONE}, {"Email", LAPOR_EMAIL},
        {"Lokasi Kejadian", LAPOR_PLACE}, {"Alamat Pelapor", LAPOR_ADDRESS}, {"Status", -1}, {"No", -1},
        {"", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (lapor_column(cases[i].heading) != cases[i].column)
            fail_msg("%s -> %d", cases[i].heading, lapor_column(cases[i].heading));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(separators_quotes_and_line_ends_are_those_of_the_file),
        cmocka_unit_test(encodings_of_spreadsheets_are_known),
        cmocka_unit_test(what_is_no_list_is_refused_with_its_line),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(a_row_knows_its_line_and_its_bytes),
        cmocka_unit_test(numbers_of_lapor_are_read_as_people_write_them),
        cmocka_unit_test(headings_of_lapor_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
