/* A month or a year, as reports and pages name it: "2026-11", "2026". Days are those of workday.h, in the office's own
 * zone. Pure. */
#ifndef RULES_PERIOD_H
#define RULES_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct period {
    int year, month; /* month 0 = the whole year */
};

enum { PERIOD_SIZE = 32, PERIOD_YEAR_LEAST = 2000, PERIOD_YEAR_MOST = 2199 };

/* False, with nothing set, when the text is neither, or out of the years above. NULL is neither. */
bool period_parse(const char *text, struct period *ret);

struct period period_month_of(int64_t ms, int utc_offset_minutes);

int32_t period_first(const struct period *p); /* day */
int32_t period_last(const struct period *p);  /* day, part of it */
/* [from, to) in ms */
int64_t period_from_ms(const struct period *p, int utc_offset_minutes);
int64_t period_to_ms(const struct period *p, int utc_offset_minutes);

struct period period_step(const struct period *p, int step); /* so many months, or years, on */

void period_key(const struct period *p, char out[PERIOD_SIZE]);   /* 2026-11 */
void period_words(const struct period *p, char out[PERIOD_SIZE]); /* November 2026 */

#endif
