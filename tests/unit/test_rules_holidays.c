#include "daemon/base/embedded.h"
#include "daemon/base/json_read.h"
#include "rules/holidays.h"
#include "rules/workday.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct holiday list[HOLIDAYS_MOST];
static char problem[HOLIDAY_PROBLEM];

static size_t take(const char *text)
{
    bool no_memory;
    size_t n = holidays_read(text, strlen(text), list, problem, &no_memory);
    assert_false(no_memory);
    return n;
}

static int32_t day(const char *text)
{
    int32_t number;
    assert_true(workday_parse(text, &number));
    return number;
}

static void the_shipped_list_has_every_day_of_both_decrees(void **state)
{
    (void)state;
    const struct embedded_file *file = embedded_find("config/libur-nasional.json");
    size_t of_year[2] = {0}, joint[2] = {0}, n = take(file->data);
    for (size_t i = 0; i < n; i++) {
        int y, m, d;
        workday_to_date(list[i].day, &y, &m, &d);
        assert_true(y == 2025 || y == 2026);
        of_year[y - 2025]++;
        joint[y - 2025] += !strcmp(list[i].kind, "cuti_bersama");
    }
    assert_int_equal(of_year[1], 25); /* SKB 1497/2025: 17 and 8 */
    assert_int_equal(joint[1], 8);
    assert_true(of_year[0] >= 27);
}

#define EVENT(lines) "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" lines "END:VEVENT\r\nEND:VCALENDAR\r\n"

static void calendars_are_read_as_programs_write_them(void **state)
{
    (void)state;
    assert_int_equal(take(EVENT("DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270102\r\n"
                                "SUMMARY:Tahun Baru\\, hari\r\n  pertama\r\n"
                                "BEGIN:VALARM\r\nSUMMARY:Bangun\r\nTRIGGER:-P1D\r\nEND:VALARM\r\n")),
        1);
    assert_int_equal(list[0].day, day("2027-01-01"));
    assert_string_equal(list[0].name, "Tahun Baru, hari pertama");
    assert_string_equal(list[0].kind, "libur_nasional");
    /* Two days, bare line feeds, no end, and a joint leave by its name; out of order. */
    assert_int_equal(take("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Cuti Bersama Lebaran\nDTSTART:20270312\n"
                          "DTEND:20270314\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART;X=\"a:b\":20270310T000000Z\n"
                          "SUMMARY:Idulfitri\nEND:VEVENT\nEND:VCALENDAR"),
        3);
    assert_int_equal(list[0].day, day("2027-03-10"));
    assert_int_equal(list[2].day, day("2027-03-13"));
    assert_string_equal(list[1].kind, "cuti_bersama");
    /* What was called off is not there. */
    assert_int_equal(
        take("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270312\nSUMMARY:Batal\nSTATUS:CANCELLED\n"
             "END:VEVENT\nBEGIN:VEVENT\nDTSTART:20280229\nSUMMARY:Kabisat\nEND:VEVENT\nEND:VCALENDAR"),
        1);
    assert_int_equal(list[0].day, day("2028-02-29"));
}

static void json_is_read_in_the_shapes_that_go_round(void **state)
{
    (void)state;
    assert_int_equal(take("{\"holidays\":[{\"date\":\"2027-01-01\",\"name\":\"Tahun\\u0007 Baru\","
                          "\"type\":\"libur_nasional\"}]}"),
        1);
    assert_string_equal(list[0].name, "Tahun Baru");
    assert_int_equal(
        take("\xef\xbb\xbf [{\"tanggal\":\"2027-01-02\",\"keterangan\":\"Cuti Bersama\"},"
             "{\"holiday_date\":\"2027-01-01\",\"holiday_name\":\"Hari jadi\",\"jenis\":\"libur daerah\"},"
             "{\"tanggal\":\"2027-01-02\",\"keterangan\":\"Sama\"}]"),
        2);
    assert_string_equal(list[0].kind, "libur_daerah");
    assert_string_equal(list[1].kind, "cuti_bersama");
    assert_string_equal(list[1].name, "Cuti Bersama"); /* the first one stays */
}

static void what_cannot_be_read_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "bukan kalender"},
        {"halo", "bukan kalender"},
        {"BEGIN:VCALENDAR\nEND:VCALENDAR", "tidak ada hari"},
        {"[]", "tidak ada hari"},
        {"{\"a\":1}", "tidak ada daftar"},
        {"[{\"date\":\"2027-02-30\",\"name\":\"x\"}]", "Hari ke 1: tanggalnya"},
        {"[{\"date\":\"1027-02-03\",\"name\":\"x\"}]", "tanggalnya"},
        {"[{\"date\":\"2127-02-03\",\"name\":\"x\"}]", "tahunnya"},
        {"[{\"date\":\"2027-02-03\"}]", "nama harinya"},
        {"[{\"date\":\"2027-02-03\",\"date\":\"2027-02-04\",\"name\":\"x\"}]", "Baris 1: bukan JSON"},
        {EVENT("SUMMARY:x\r\n"), "tanpa tanggal mulai"},
        {EVENT("DTSTART:20270101\r\n"), "nama harinya"},
        {EVENT("DTSTART:20270101T090000Z\r\nSUMMARY:Rapat\r\n"), "Baris 3: bukan acara sepanjang hari"},
        {EVENT("DTSTART:20270101\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:x\r\n"), "berulang"},
        {EVENT("DTSTART:20270101\r\nDTEND:20270301\r\nSUMMARY:x\r\n"), "lebih dari 31 hari"},
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:x\n", "terpotong"},
        {"BEGIN:VCALENDAR\nEND:VEVENT\n", "tanpa awalnya"},
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VEVENT\n", "acara di dalam acara"},
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VALARM\n", "tanpa awalnya"},
        {"BEGIN:VCALENDAR\nbaris lepas\n", "Baris 2: bukan baris"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(take(rows[i].text), 0);
        if (!strstr(problem, rows[i].says))
            fail_msg("%s: %s", rows[i].text, problem);
    }
    static char large[HOLIDAYS_BYTES + 2];
    bool no_memory;
    memset(large, ' ', sizeof large);
    memcpy(large, "[", 1);
    assert_int_equal(holidays_read(large, sizeof large, list, problem, &no_memory), 0);
    assert_non_null(strstr(problem, "terlalu besar"));
    assert_int_equal(holidays_read("[\0]", 3, list, problem, &no_memory), 0);
    static char lengthy[8192] = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:";
    memset(lengthy + strlen(lengthy), 'x', 5000);
    assert_int_equal(take(lengthy), 0);
    assert_non_null(strstr(problem, "Baris 3: terlalu panjang"));
}

static void a_long_name_is_cut_between_characters(void **state)
{
    char text[1024] = "[{\"date\":\"2027-01-01\",\"name\":\"x";
    (void)state;
    for (int i = 0; i < 200; i++)
        strcat(text, "é");
    strcat(text, "\"}]");
    assert_int_equal(take(text), 1);
    size_t n = strlen(list[0].name);
    assert_true(n < HOLIDAY_NAME && n > HOLIDAY_NAME - 4 && n % 2 == 1);
    assert_non_null(holiday_kind_label("cuti_bersama"));
    assert_null(holiday_kind_label("lain"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_list_has_every_day_of_both_decrees),
        cmocka_unit_test(calendars_are_read_as_programs_write_them),
        cmocka_unit_test(json_is_read_in_the_shapes_that_go_round),
        cmocka_unit_test(what_cannot_be_read_is_refused_with_its_place),
        cmocka_unit_test(a_long_name_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
