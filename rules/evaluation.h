/* How a set of complaints was handled: the one counting that public figures, monthly reports and exports share. Facts of
 * one complaint after another go in, counts come out; nothing in it is an average of averages. Pure, integers only.
 *
 * What is counted belongs to the complaints RECEIVED in the period, as they stand at `now`:
 *
 *   received = answered + referred + joined + archived + open        answered: dijawab or ditutup now
 *   judged   an officer verified, asked, passed on, referred, joined or archived it for the first time; in time = by the end
 *            of the third working day after the receipt (Permenpan RB 62/2018)
 *   in time  the answer that stands went out by the date the book had set
 *   days     working days from receipt to that answer
 */
#ifndef RULES_EVALUATION_H
#define RULES_EVALUATION_H

#include "state.h"
#include "workday.h"
#include <stdbool.h>
#include <stdint.h>

enum evaluation_archived { ARCHIVED_WITHDRAWN, ARCHIVED_INCOMPLETE, ARCHIVED_OTHER, ARCHIVED_WAYS };

enum {
    EVALUATION_AGES = 4,   /* of what is open, in working days: 0-3, 4-7, 8-14, more */
    EVALUATION_DAYS = 366, /* the histogram's last place holds all that took longer */
    EVALUATION_JUDGE_DAYS = 3
};

struct evaluation_fact {
    int64_t received_at, judged_at, answered_at, due_at; /* ms; 0 = not */
    enum state state;
    bool suggestion, reopened, compensated;
    enum evaluation_archived archived; /* state diarsipkan */
    int rating;                        /* 1..4; 0 = none */
};

struct evaluation {
    int received, suggestions;
    int judged_in_time, judged_late; /* late: or still waiting past its day */
    int answered, in_time;
    int referred, joined, archived[ARCHIVED_WAYS];
    int open, overdue, open_age[EVALUATION_AGES];
    int reopened;
    int compensated; /* a wrong product was replaced */
    int ratings, rating_sum;
    int days[EVALUATION_DAYS]; /* how many were answered after so many working days */
};

struct evaluation_terms {
    const struct workday_calendar *calendar;
    int utc_offset_minutes;
    int64_t now;
};

void evaluation_add(
    struct evaluation *sum, const struct evaluation_fact *fact, const struct evaluation_terms *terms);
void evaluation_merge(struct evaluation *sum, const struct evaluation *other);

/* Working days within which `percent` of the answered ones were answered: nearest rank. -1 = none was. */
int evaluation_days_within(const struct evaluation *e, int percent);

int evaluation_percent(int part, int whole); /* rounded half up; -1 = of nothing */
int evaluation_archived_sum(const struct evaluation *e);
int evaluation_rating_tenths(const struct evaluation *e); /* 34 = 3,4; rounded half up; -1 = none */

/* Rows of groups that are too small to be shown to everybody: `least` or more complaints, or none. Rows smaller than that go
 * into the row `rest`, and so that nobody can subtract, the smallest others too until it is large enough or all are in it.
 * small[i] = true for those merged away. */
void evaluation_hide_small(struct evaluation *const *rows, int count, int rest, int least, bool *small);

#endif
