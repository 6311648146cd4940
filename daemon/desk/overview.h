/* Who has how much to do, and what became of everything that arrived: counted for the desk of those who watch and for
 * their sheets. Objects for views, and kept as they are. */
#ifndef DESK_OVERVIEW_H
#define DESK_OVERVIEW_H

#include "daemon/base/arena.h"
#include "daemon/book/book.h"
#include "rules/workday.h"
#include <jansson.h>

enum { OVERVIEW_SOON_WORKDAYS = 3 }; /* "Segera" begins here */

/* Until when a due date is "Segera", from today on. */
int64_t overview_soon_until(int64_t now, const struct workday_calendar *calendar, int utc_offset_minutes);

/* [{desk, section_id, people_names, late_count, soon_count, fine_count, pause_count, is_late, is_soon}]: one a section, and
 * one each of the petugas and the Sekcam. section_id 0 = none; people_names is left out when nobody works there. */
enum outcome overview_loads(struct book_txn *txn, int64_t soon_until, bool hide_rahasia, json_t **ret_list,
    struct arena *arena, struct fault *fault);

/* {all, opened, added, noted, ignored, put_aside, lost, fits, entries: [the same, with channel and why]}: what arrived since
 * then. No entries when nothing did. */
enum outcome overview_ledger(
    struct book_txn *txn, int64_t since, json_t **ret_ledger, struct arena *arena, struct fault *fault);

#endif
