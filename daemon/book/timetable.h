/* What deadlines are counted with, as it stands in the book now: days, hours, numbers, and their version. Kept with the
 * connection until a newer version is there, so that reading it costs one row. */
#ifndef BOOK_TIMETABLE_H
#define BOOK_TIMETABLE_H

#include "book.h"
#include "rules/office_hours.h"
#include "rules/terms.h"

struct timetable {
    int64_t version; /* 0 = nothing was entered yet: five days a week, no holidays, shipped numbers */
    struct workday_calendar calendar;
    struct office_hours hours; /* its calendar is the one above */
    int terms[TERM_COUNT];
    struct office_season ramadan; /* from > to = none is entered */
};

/* Lent: until this job ends, or changes a day or a number. */
enum outcome timetable_get(struct book_txn *txn, const struct timetable **ret, struct fault *fault);

/* The limits of an answer: those of the service where it has its own. service_id 0 = none. */
enum outcome timetable_terms(struct book_txn *txn, const struct timetable *t, const char *kind,
    int64_t service_id, struct deadline_terms *ret, struct fault *fault);

/* What the service has of its own; 0 = nothing. */
enum outcome timetable_own(
    struct book_txn *txn, int64_t service_id, struct deadline_terms *ret, struct fault *fault);

/* ---- changes: each needs a version, made in the same transaction ---- */

/* *ret_version: the new one. officer_id 0 = the daemon itself. */
enum outcome timetable_new_version(
    struct book_txn *txn, int64_t officer_id, const char *reason, int64_t *ret_version, struct fault *fault);

enum outcome timetable_set_term(struct book_txn *txn, enum term term, int value, struct fault *fault);
enum outcome timetable_set_service(
    struct book_txn *txn, int64_t service_id, const struct deadline_terms *terms, struct fault *fault);
/* week of office_hours; fasting: the hours of Ramadan. */
enum outcome timetable_set_shift(
    struct book_txn *txn, bool fasting, int weekday, struct office_shift shift, struct fault *fault);
enum outcome timetable_set_ramadan(struct book_txn *txn, int32_t from, int32_t to, struct fault *fault);

void timetable_forget(struct book_txn *txn); /* what is kept with the connection */

#endif
