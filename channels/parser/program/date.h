/* The moment a Date field names, in whatever form mail has it: RFC 5322 and its obsolete forms, ISO 8601, ctime,
 * months in Indonesian and its neighbours, 08.30, PM, WIB. */
#ifndef PARSER_DATE_H
#define PARSER_DATE_H

#include <stdbool.h>
#include <stddef.h>

enum { DATE_SIZE = 24 };

/* "2026-11-18T01:30:00Z" into out. Without a zone it is UTC (RFC 5322 3.3). False when no day of a year
 * between 1900 and 9999 is named. */
bool date_to_utc(const char *text, char out[DATE_SIZE]);

#endif
