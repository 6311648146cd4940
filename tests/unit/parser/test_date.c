/* Dates as mail programs and people write them, to UTC. */
#include "channels/parser/program/date.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static const struct {
    const char *field, *utc; /* NULL = not understood */
} examples[] = {
    {"Wed, 18 Nov 2026 08:30:00 +0700", "2026-11-18T01:30:00Z"},
    {"18 Nov 2026 08:30 +0700", "2026-11-18T01:30:00Z"},
    {"Wed, 18 Nov 2026 08:30:00 +0700 (WIB)", "2026-11-18T01:30:00Z"},
    {"Wed,18 Nov 2026 08:30:00 +0700", "2026-11-18T01:30:00Z"},
    {"Wed, 18 Nov 26 08:30:00 +0700", "2026-11-18T01:30:00Z"},
    {"Wed, 18 Nov 126 08:30:00 +0700", "2026-11-18T01:30:00Z"},
    {"Thu, 13 Feb 1969 23:32:54 -0330", "1969-02-14T03:02:54Z"},
    {"Thu,\r\n 13\r\n  Feb\r\n  1969\r\n 23:32\r\n  -0330 (Newfoundland (x) Time)", "1969-02-14T03:02:00Z"},
    {"Mon, 2 Apr 101 04:20:10 CST", "2001-04-02T10:20:10Z"},
    {"Fri, 21 Nov 97 09:55:06 EST", "1997-11-21T14:55:06Z"},
    {"2026-11-18 08:30:00 +0700", "2026-11-18T01:30:00Z"},
    {"2026-11-18T08:30:00+07:00", "2026-11-18T01:30:00Z"},
    {"2026-11-18T01:30:00.123Z", "2026-11-18T01:30:00Z"},
    {"Rabu, 18 November 2026 08.30 WIB", "2026-11-18T01:30:00Z"},
    {"Min, 2 Agu 2026 10:00:00 +0800", "2026-08-02T02:00:00Z"},
    {"Sab, 31 Okt 2020 22.12 WITA", "2020-10-31T14:12:00Z"},
    {"18/11/2026 08:30", "2026-11-18T08:30:00Z"},
    {"11/18/2026 8:30 PM", "2026-11-18T20:30:00Z"},
    {"18.11.2026 08:30:00 +0100", "2026-11-18T07:30:00Z"},
    {"18-Nov-2026 08:30:00 +0700", "2026-11-18T01:30:00Z"},
    {"Wed Nov 18 08:30:00 2026", "2026-11-18T08:30:00Z"},
    {"Wed Nov 18 08:30:00 WIB 2026", "2026-11-18T01:30:00Z"},
    {"Wed, 18 Nov 2026 08:30:00 GMT+7", "2026-11-18T01:30:00Z"},
    {"Wed, 18 Nov 2026 08:30:00 +07:00", "2026-11-18T01:30:00Z"},
    {"Wed, 18 Nov 2026 08:30:00 Asia/Jakarta", "2026-11-18T01:30:00Z"},
    {"Nov 18, 2026 12:30 AM", "2026-11-18T00:30:00Z"},
    {"mar. 17 nov. 2026 08:30 +0100", "2026-11-17T07:30:00Z"},
    {"Mi., 18 Dez. 2026 08:30:00 +0100", "2026-12-18T07:30:00Z"},
    {"Wed, 18 Nov 2026 24:00:00 +0700", "2026-11-18T17:00:00Z"},
    {"Wed, 18 Nov 2026 08:30:60 +0000", "2026-11-18T08:30:59Z"},
    {"Wed, 18 Nov 2026", "2026-11-18T00:00:00Z"},
    {"Wed, 18 Nov 2026 08:30:00 +9999", "2026-11-18T08:30:00Z"},
    {"Wed, 32 Nov 2026 08:30:00 +0700", NULL},
    {"31 Feb 2026 08:30", NULL},
    {"kemarin", NULL},
    {"08:30", NULL},
    {"99999999999999999999", NULL},
    {"(((((((((", NULL},
    {"", NULL},
};

static void understands_the_forms_that_mail_has(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        char utc[DATE_SIZE] = "";
        bool understood = date_to_utc(examples[i].field, utc);
        if (understood != (examples[i].utc != NULL) || (understood && strcmp(utc, examples[i].utc))) {
            print_error("[%s]: %s\n", examples[i].field, understood ? utc : "not understood");
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(understands_the_forms_that_mail_has)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
