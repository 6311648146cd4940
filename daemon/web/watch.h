/* What those who watch the others see on their desk: figures of the day, who has how much to do, and the ledger of all that
 * arrived. */
#ifndef WEB_WATCH_H
#define WEB_WATCH_H

#include "page.h"

/* Adds figures, loads and ledger to data for Kasi and Camat, and to theirs and the Sekcam's the newest sheet of oversight; nothing
 * for others. soon_until: as workload.h. */
enum outcome watch_add(struct page *page, int64_t soon_until, json_t *data);

/* What desk/overview.h counted, as the views want it; what is given stays the caller's. NULL = nobody has anything to do. */
json_t *watch_loads(struct page *page, json_t *desks);
json_t *watch_ledger(struct page *page, json_t *ledger);

#endif
