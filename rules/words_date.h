/* Dates and ages in Indonesian words, for pages, letters and receipts. Pure; times are milliseconds since
 * 1970-01-01T00:00:00Z, the office's zone comes in as minutes east of UTC. Results are values: no lifetime.
 */
#ifndef RULES_WORDS_DATE_H
#define RULES_WORDS_DATE_H

#include <stdbool.h>
#include <stdint.h>

struct words {
    char text[96]; /* UTF-8, NUL-terminated */
};

struct words words_date(int64_t ms, int utc_offset);       /* Senin, 30 November 2026 */
struct words words_date_full(int64_t ms, int utc_offset);  /* Senin, 23 November 2026, pukul 08.52 WIB */
struct words words_date_day(int64_t ms, int utc_offset);   /* 30 November 2026 */
struct words words_date_short(int64_t ms, int utc_offset); /* Sel, 10 Nov, 09.14 */
struct words words_date_table(int64_t ms, int utc_offset); /* 02-11-26 */
struct words words_date_iso(int64_t ms, int utc_offset);   /* 2026-11-10T09:14+07:00: <time datetime> */
struct words words_time(int64_t ms, int utc_offset);       /* 08.52 */
struct words words_month(int year, int month);             /* November 2026 */

/* baru saja, 22 menit lalu, 3 jam lalu, kemarin, 13 hari lalu: by calendar days of the zone once it is not
 * today. What lies ahead is "baru saja": clocks differ. */
struct words words_age(int64_t now_ms, int64_t ms, int utc_offset);

const char *words_zone(int utc_offset); /* WIB, WITA, WIT; "" for other zones */

/* Days since 1970-01-01 of the zone's calendar, and the Gregorian calendar both ways (month and day from 1).
 */
int64_t words_day_number(int64_t ms, int utc_offset);
void words_calendar(int64_t day_number, int *ret_year, int *ret_month, int *ret_day);
int64_t words_day_of(int year, int month, int day);

/* "20-11-2026", "20/11/2026", "2026-11-20" -> day number; false when it is no such date of the calendar. */
bool words_date_parse(const char *text, int64_t *ret_day_number);

#endif
