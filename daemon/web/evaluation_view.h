/* An evaluation in words and charts, for the public figures and the officers' report. New json_t, NULL without memory. */
#ifndef WEB_EVALUATION_VIEW_H
#define WEB_EVALUATION_VIEW_H

#include "daemon/desk/evaluate.h"

/* {name, received, judged, answered, in_time, in_time_percent, open, overdue, reopened, median, p90, referred, joined,
 * archived, rating, ratings}: percents "93 %", days and ratings in words, "–" where there is nothing. */
json_t *evaluation_view_row(const char *name, const struct evaluation *e);

/* [{what, count}] with what became of them, what did not occur left out; the sum is received. */
json_t *evaluation_view_outcome(const struct evaluation *e);

json_t *evaluation_view_ages(const char *id, const struct evaluation *e); /* chart of what is open */

/* "93 %", "–" */
void evaluation_view_percent(int part, int whole, char *out, size_t size);

#endif
