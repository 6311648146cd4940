/* Dates and ages in Indonesian words, for pages, letters and receipts. Pure; times are milliseconds since
 * 1970-01-01T00:00:00Z, the office's zone comes in as minutes east of UTC. All write into out, cut at size
 * with a final NUL; WORDS_DATE_SIZE is enough for each. */
#ifndef RULES_WORDS_DATE_H
#define RULES_WORDS_DATE_H

#include <stddef.h>
#include <stdint.h>

enum { WORDS_DATE_SIZE = 64 };

void words_date_long(char *out, size_t size, int64_t ms, int utc_offset); /* Senin, 30 November 2026 */
/* Senin, 23 November 2026, pukul 08.52 WIB */
void words_date_full(char *out, size_t size, int64_t ms, int utc_offset);
void words_date_day(char *out, size_t size, int64_t ms, int utc_offset);    /* 30 November 2026 */
void words_date_moment(char *out, size_t size, int64_t ms, int utc_offset); /* Sel, 10 Nov, 09.14 */
void words_date_clock(char *out, size_t size, int64_t ms, int utc_offset);  /* 09.14 */
void words_date_table(char *out, size_t size, int64_t ms, int utc_offset);  /* 02-11-26 */
/* 2026-11-10T09:14+07:00: <time datetime> */
void words_date_iso(char *out, size_t size, int64_t ms, int utc_offset);

/* baru saja, 22 menit lalu, 3 jam lalu, kemarin, 13 hari lalu: by calendar days of the zone once it is not
 * today. What lies ahead is "baru saja": clocks differ. */
void words_date_age(char *out, size_t size, int64_t ms, int64_t now_ms, int utc_offset);

const char *words_date_zone(int utc_offset);  /* WIB, WITA, WIT; "" for other zones */
const char *words_date_month_name(int month); /* 1..12: "November" */

#endif
