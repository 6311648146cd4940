/* Clocks: until when a complaint has to be verified, answered, completed by its citizen, closed; and what happens by itself
 * when that time passes. A complaint's clocks move with its state, in the transaction that moves it; reminders, closings and
 * new counting after a change of the calendar are steps of their own, each one transaction (clockwork.h), so that neither a
 * restart nor a jump of the clock skips or repeats one. */
#ifndef DESK_CLOCKS_H
#define DESK_CLOCKS_H

#include "daemon/book/clocks.h"
#include "daemon/book/complaint.h"
#include "office.h"

/* The due date of a complaint of now. */
enum outcome clocks_promise(
    struct book_txn *txn, const char *kind, int64_t service_id, int64_t *ret_due, struct fault *fault);

/* Right before and right after complaint_insert(): its due date, and its clocks. */
enum outcome clocks_prepare(
    struct book_txn *txn, struct complaint *c, struct clocks *ret, struct fault *fault);
enum outcome clocks_begin(
    struct book_txn *txn, const struct complaint *c, struct clocks *clocks, struct fault *fault);

/* c is as it will be, before complaint_update(); was: its state before; given: the date the Sekcam just gave a section, 0 =
 * none. due_at follows, and the history says why. */
enum outcome clocks_follow(
    struct book_txn *txn, struct complaint *c, enum state was, int64_t given, struct fault *fault);

/* What formal requests for public information (UU 14/2008) have of their own: another limit since now, and a longer one, once,
 * before it has passed. c is as it will be, before complaint_update(); due_at follows, and the history says why. NEVER with a
 * public text when it cannot be. */
enum outcome clocks_make_formal(struct book_txn *txn, struct complaint *c, struct fault *fault);
enum outcome clocks_extend(struct book_txn *txn, struct complaint *c, struct fault *fault);

/* ---- steps ---- */

enum clocks_step { CLOCKS_REST, CLOCKS_COUNTED, CLOCKS_TOLD, CLOCKS_WARNED, CLOCKS_SHEET };

/* In the place of a complaint's id: the calendar of next year is not there; a sheet of oversight is due. */
enum { CLOCKS_CALENDAR = -1, CLOCKS_OVERSIGHT = -2 };

/* Is one due? A reader may look. *ret_id 0 = no, and *ret_next is when to look again (0 = never by itself). */
enum outcome clocks_look(struct book_txn *txn, int64_t *ret_id, int64_t *ret_next, struct fault *fault);

/* The next one, if any is due: one complaint counted anew, or one reminded of, archived,
 * closed; or a sheet of oversight (oversight.h); or the admins, in November, of next year's holidays. *ret_id: which (also when it
 * failed). *ret_next: when to look again, 0 = never by itself. */
enum outcome clocks_step(struct book_txn *txn, const struct office *office, enum clocks_step *ret_step,
    int64_t *ret_id, int64_t *ret_next, struct arena *arena, struct fault *fault);

/* Holidays that came with this program and were never in the book; a zone that the configuration changed. */
enum outcome clocks_settle(
    struct book_txn *txn, const struct office *office, struct arena *arena, struct fault *fault);

#endif
