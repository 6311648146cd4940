/* The one question after an answer: how satisfied the citizen is. By chat his reply comes as a line (dialog.h). */
#ifndef DESK_RATING_H
#define DESK_RATING_H

#include "daemon/book/complaint.h"
#include "office.h"

/* The answer to this complaint leaves by a chat: asks there. Does nothing for other channels. */
enum outcome rating_ask(struct book_txn *txn, const struct office *office, const struct complaint *c,
    struct arena *arena, struct fault *fault);

#endif
