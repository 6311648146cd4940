/* SP4N-LAPOR!: the number ("tracking ID") by which it knows a report, and the columns of its lists. Pure. */
#ifndef RULES_LAPOR_H
#define RULES_LAPOR_H

#include <stdbool.h>
#include <stdint.h>

enum { LAPOR_NUMBER_SIZE = 13 };

/* "#1234567", "No. 1.234.567", "1234567" -> "1234567": 4 to 12 digits, whatever stands around and between them that people
 * and spreadsheets write (blanks, dots, dashes, "#", "No", "ID"). False for anything else. */
bool lapor_number(const char *typed, char out[LAPOR_NUMBER_SIZE]);

enum lapor_column {
    LAPOR_NUMBER,
    LAPOR_TEXT,
    LAPOR_TITLE,
    LAPOR_DATE,
    LAPOR_NAME,
    LAPOR_ADDRESS,
    LAPOR_PHONE,
    LAPOR_EMAIL,
    LAPOR_PLACE,
    LAPOR_COLUMNS
};
const char *lapor_column_label(enum lapor_column column); /* "Nomor laporan" */

/* Which column a heading seems to name: "Tracking ID" -> LAPOR_NUMBER; -1 = none of these. */
int lapor_column(const char *heading);

/* "20/11/2026 10:22", "2026-11-20", "20 November 2026 10.22" -> days since 1970; false when it is no date. */
bool lapor_date(const char *typed, int32_t *ret_day);

#endif
