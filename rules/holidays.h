/* Lists of holidays as offices get them: iCalendar (RFC 5545: whole-day events) and JSON. Strict and bounded: what cannot be
 * read is refused with its place in words, never guessed. Pure. */
#ifndef RULES_HOLIDAYS_H
#define RULES_HOLIDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOLIDAY_NAME = 160, HOLIDAYS_MOST = 400, HOLIDAYS_BYTES = 256 * 1024, HOLIDAY_PROBLEM = 160 };

struct holiday {
    int32_t day;             /* workday.h */
    char name[HOLIDAY_NAME]; /* UTF-8, one line */
    const char *kind;        /* static: libur_nasional | cuti_bersama | libur_daerah */
};

/* "cuti_bersama" -> "Cuti bersama"; NULL = no such kind. */
const char *holiday_kind_label(const char *key);

/* Into out, of HOLIDAYS_MOST, ascending, each day once. 0 = refused, and problem says why (Indonesian); *ret_no_memory when
 * nothing is known about the text. */
size_t holidays_read(
    const char *text, size_t n, struct holiday *out, char problem[HOLIDAY_PROBLEM], bool *ret_no_memory);

#endif
