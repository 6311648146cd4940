/* Together: complaints of many about one thing are joined to a main one and answered with it. What is told to its citizen
 * is told to all of them, each by his own channel and under his own number; who cannot be reached is put before the
 * petugas. Who gave one and the same address for several of them gets one letter. */
#ifndef DESK_TOGETHER_H
#define DESK_TOGETHER_H

#include "daemon/book/complaint.h"
#include "daemon/book/message.h"
#include "daemon/book/officer.h"
#include "office.h"

enum { TOGETHER_MOST = 1000 }; /* complaints joined to one */

struct together {
    const char *purpose; /* of the letter: jawaban, sementara, rujukan, penutup */
    const char
        *message; /* purpose of the message it is in the book: "jawaban", "kabar"; NULL = none is written */
    const char *text; /* NULL = a letter that nobody wrote */
    const struct attachment *files;
    const struct officer *officer;
};

/* main_one: as it is after the act. *ret_queued is set when a letter was queued. */
enum outcome together_tell(struct book_txn *txn, const struct office *office,
    const struct complaint *main_one, const struct together *what, bool *ret_queued, struct arena *arena,
    struct fault *fault);

/* c is being joined to main_one: those joined to c come along, and where an answer was given already they all get it now.
 * The caller writes c. NEVER with a public text, before anything is written, when there are too many. */
enum outcome together_join(struct book_txn *txn, const struct office *office, struct complaint *c,
    const struct complaint *main_one, const struct officer *officer, bool *ret_queued, struct arena *arena,
    struct fault *fault);

#endif
