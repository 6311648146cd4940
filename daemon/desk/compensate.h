/* Compensation: written down with date and proof by whoever sees to it while the complaint is open; told to the citizen in
 * the answer by itself (act.c), and counted in the evaluation. */
#ifndef DESK_COMPENSATE_H
#define DESK_COMPENSATE_H

#include "channels/channel.h"
#include "daemon/book/compensation.h"
#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"
#include "office.h"

struct compensating {
    int64_t complaint_id;
    const char *what, *way, *receiver; /* trimmed; receiver "" = not told */
    int32_t day;                       /* INT32_MIN = no date */
    const struct inbound_file *files;  /* the proof */
};

enum { COMPENSATION_WHAT_MOST = 300, COMPENSATION_RECEIVER_MOST = 200 };

bool compensate_may(const struct officer *officer, const struct complaint *c);

/* On the writer, replayable. NEVER with a public text: not his, not open any more, something missing. */
enum outcome compensate(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct compensating *typed, struct arena *arena, struct fault *fault);

/* "KK dicetak ulang, diantar ke rumah Anda pada Jumat, 27 November 2026." NULL without memory. */
const char *compensate_words(const struct compensation *c, bool to_citizen, struct arena *arena);

const char *compensate_way(const char *key); /* "diantar ke rumah"; NULL = no such way */

#endif
