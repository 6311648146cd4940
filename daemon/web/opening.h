/* When the counter is open, in words, from the calendar of the office (rules/office_hours.h). */
#ifndef WEB_OPENING_H
#define WEB_OPENING_H

#include "daemon/base/arena.h"
#include "rules/office_hours.h"
#include <jansson.h>

/* [{days: "Senin–Kamis", open, hours: "07.30–15.30" or "tutup"}], days with the same hours in one row. */
json_t *opening_week(const struct office_hours *hours);

/* "Senin–Kamis 07.30–15.30, Jumat 07.30–14.30"; NULL = never, or no memory. */
const char *opening_words(const struct office_hours *hours, struct arena *arena);

/* "Buka sampai 15.30", "Tutup, buka lagi Senin, 30 November 2026, pukul 07.30" */
const char *opening_now(const struct office_hours *hours, int64_t now, struct arena *arena);

#endif
