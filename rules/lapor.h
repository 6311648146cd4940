/* The number ("tracking ID") by which SP4N-LAPOR! knows a report. Pure. */
#ifndef RULES_LAPOR_H
#define RULES_LAPOR_H

#include <stdbool.h>

enum { LAPOR_NUMBER_SIZE = 13 };

/* "#1234567", "No. 1.234.567", "1234567" -> "1234567": 4 to 12 digits, whatever stands around and between them that people
 * and spreadsheets write (blanks, dots, dashes, "#", "No", "ID"). False for anything else. */
bool lapor_number(const char *typed, char out[LAPOR_NUMBER_SIZE]);

#endif
