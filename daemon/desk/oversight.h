/* Oversight as the standards ask for: the Kasi's sheet each working day, the Sekcam's each week, made at a set hour and kept. A
 * sheet says what is late and what soon will be, who has how much to do, what came and left since the sheet before it, and
 * what became of all that arrived. It is made in one transaction with its event, and told to whom it is for as each chose;
 * book/sheet.h has one row a day and kind, so that neither a restart nor a jump of the clock makes one twice. What was due while
 * the machine was off is told by one sheet, which begins where the last one ended.
 *
 *   {"received", "answered", "answered_late", "late", "soon", "loads": [], "ledger": {}, "rows": [{"id", "late"}], "more"}
 *
 * Rows are complaints by their ids, so that a sheet keeps nothing of what people wrote. */
#ifndef DESK_OVERSIGHT_H
#define DESK_OVERSIGHT_H

#include "daemon/book/sheet.h"
#include "daemon/book/timetable.h"
#include "office.h"

/* Is one due? A reader may look. */
enum outcome oversight_look(
    struct book_txn *txn, const struct timetable *t, bool *ret_due, struct fault *fault);

/* Makes one that is due, if any. */
enum outcome oversight_make(struct book_txn *txn, const struct office *office, const struct timetable *t,
    bool *ret_made, struct arena *arena, struct fault *fault);

#endif
