/* The one question after an answer: how satisfied the citizen is. By chat his reply comes as a line (dialog.h), else by the
 * tracking page. */
#ifndef DESK_RATING_H
#define DESK_RATING_H

#include "daemon/book/complaint.h"
#include "office.h"

/* The answer to this complaint leaves by a chat: asks there. Does nothing for other channels. */
enum outcome rating_ask(struct book_txn *txn, const struct office *office, const struct complaint *c,
    struct arena *arena, struct fault *fault);

/* His judgement of the answer, 1 (not satisfied) to 4; a later one replaces it, the same once more changes nothing. number:
 * of the complaint, NULL = not at hand. comment NULL = none. */
enum outcome rating_take(struct book_txn *txn, int64_t complaint_id, const char *number, int value,
    const char *comment, const char *channel, struct arena *arena, struct fault *fault);

#endif
