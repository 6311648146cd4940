/* Time comes in from here and nowhere else, so that tests and rehearsals can hold it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void);  /* milliseconds since 1970-01-01T00:00:00Z: for what is stored and shown */
int64_t clock_mono_ms(void); /* milliseconds that never jump: for deadlines of I/O only */

/* Replaces the wall clock (NULL = the system's again). Before threads start. */
void clock_replace(int64_t (*now_ms)(void));

#endif
