/* The office's holidays in the book, with every version they had. Deadlines read them as a whole: timetable.h. */
#ifndef BOOK_CALENDAR_H
#define BOOK_CALENDAR_H

#include "book.h"
#include "daemon/base/arena.h"

struct calendar_day {
    int64_t id;
    int32_t day;
    const char *name, *kind, *source;
    struct calendar_day *next;
};

/* Those that hold, from first to last, ascending. */
enum outcome calendar_days(struct book_txn *txn, int32_t first, int32_t last, struct calendar_day **ret,
    struct arena *arena, struct fault *fault);

/* *ret_new false: that day is one already. version: of timetable_new_version(). */
enum outcome calendar_add(struct book_txn *txn, const struct calendar_day *day, int64_t version,
    bool *ret_new, struct fault *fault);
/* *ret_was false: it does not hold (any more). */
enum outcome calendar_remove(
    struct book_txn *txn, int64_t id, int64_t version, bool *ret_was, struct fault *fault);
enum outcome calendar_get(
    struct book_txn *txn, int64_t id, struct calendar_day *ret, struct arena *arena, struct fault *fault);

/* Was that day ever entered from there? What the office took out does not come back with the next start. */
enum outcome calendar_had(
    struct book_txn *txn, int32_t day, const char *source, bool *ret_had, struct fault *fault);

/* From November on: the next year when no national holiday of it is entered yet, and nobody was told so; else 0. */
enum outcome calendar_missing(struct book_txn *txn, int *ret_year, struct fault *fault);
enum outcome calendar_told_missing(struct book_txn *txn, int year, struct fault *fault);
/* The same, whether told or not. */
enum outcome calendar_lacks(struct book_txn *txn, int *ret_year, struct fault *fault);

struct calendar_version {
    int64_t id, at;
    const char *officer; /* name; NULL = the daemon itself */
    const char *reason;
    int utc_offset;
    struct calendar_version *next;
};

/* Newest first, at most `most`. */
enum outcome calendar_versions(
    struct book_txn *txn, int most, struct calendar_version **ret, struct arena *arena, struct fault *fault);
enum outcome calendar_version_get(struct book_txn *txn, int64_t id, struct calendar_version *ret,
    struct arena *arena, struct fault *fault); /* id 0 when there is none such */

#endif
