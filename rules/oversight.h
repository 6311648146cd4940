/* When a sheet for those who watch is due: one for each working day, or for each week on its first working day, at a set
 * hour, moved into the hours in which the office is open on that day. Pure. */
#ifndef RULES_OVERSIGHT_H
#define RULES_OVERSIGHT_H

#include "office_hours.h"

enum sheet_kind { SHEET_HARIAN, SHEET_MINGGUAN, SHEET_KINDS };

const char *sheet_key(enum sheet_kind kind); /* "harian" */
bool sheet_from_key(const char *key, enum sheet_kind *ret_kind);

struct sheet_due {
    int32_t day;
    int64_t at;
};

/* The newest one that is due at `now`; false = there was none within a year. */
bool sheet_due(
    const struct office_hours *hours, enum sheet_kind kind, int hour, int64_t now, struct sheet_due *ret);

#endif
