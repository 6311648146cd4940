/* Publishing: an officer makes a copy of a finished complaint for everybody, from which all that tells who somebody is was
 * struck out. What the rules still find in it must be named by the officer as harmless, word by word; and he must have seen
 * exactly what is published (the page's part). */
#ifndef DESK_PUBLISH_H
#define DESK_PUBLISH_H

#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"
#include "daemon/book/publication.h"
#include "known.h"
#include "office.h"

enum publish_part { PUBLISH_TITLE, PUBLISH_PROBLEM, PUBLISH_RESULT, PUBLISH_PLACE, PUBLISH_PARTS };

struct publish_draft {
    struct complaint c;
    const char *original[PUBLISH_PARTS];      /* never NULL; "" = none */
    struct redact_found found[PUBLISH_PARTS]; /* in the original */
    const char *proposed[PUBLISH_PARTS]; /* the copy as it is now, else the original without what was found */
    struct known known;                  /* of this citizen */
    struct publication now;              /* complaint_id 0 = never published */
};

/* Whether this officer may publish such a complaint at all: petugas and Kasi, answered or closed, neither rahasia nor of a
 * kind about officers. */
bool publish_possible(const struct officer *officer, const struct complaint *c);

/* NEVER with a public text when he may not, or may not see it. */
enum outcome publish_draft(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    struct publish_draft *ret, struct arena *arena, struct fault *fault);

/* What is still found in a text of the copy and was not named as harmless; harmless ends with NULL, may be NULL. LATER
 * without memory. */
enum outcome publish_left(const struct publish_draft *draft, const char *text, const char *const *harmless,
    struct redact_found *ret_left, struct arena *arena, struct fault *fault);

/* texts: trimmed, by part. NEVER with a public text: one is missing or too long, or something is left. An event. */
enum outcome publish_put(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct publish_draft *draft, const char *const texts[PUBLISH_PARTS], const char *const *harmless,
    struct arena *arena, struct fault *fault);

/* Nobody reads it any more. Nothing when it was not public. */
enum outcome publish_withdraw(struct book_txn *txn, const struct officer *officer,
    const struct publish_draft *draft, struct arena *arena, struct fault *fault);

/* What is wrong with a text of that part; NULL = fine. */
const char *publish_wrong(enum publish_part part, const char *text);

#endif
