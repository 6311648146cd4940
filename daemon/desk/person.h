/* Who complained, as officers look him up and complete what is missing. Both leave a line in the history,
 * which tells that it happened and never what was seen or written. */
#ifndef DESK_PERSON_H
#define DESK_PERSON_H

#include "daemon/book/book.h"
#include "daemon/book/officer.h"

enum person_look {
    PERSON_IDENTITY, /* name, address and contact of a rahasia complaint */
    PERSON_CONTACT,  /* telephone number and e-mail address in full */
};

/* On the writer thread. NEVER, as if there were no such complaint, when it is not for these eyes: a section
 * may never look. */
enum outcome person_look(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    enum person_look what, struct arena *arena, struct fault *fault);

enum { PERSON_FIELD_MAX = 500 }; /* bytes of name, occupation, address */

/* As typed; NULL or blank leaves what is known. phone in the habits of phone_from_human(). */
struct person_typed {
    const char *nama, *pekerjaan, *alamat, *phone;
};

/* On the writer thread, replayable. version: the complaint's as the officer saw it, 0 = do not check; it
 * grows by one. NEVER with a public text, before anything is written: not for this officer, anonim, changed
 * meanwhile, nothing new, or a telephone number that is none. */
enum outcome person_complete(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t version, const struct person_typed *typed, struct arena *arena, struct fault *fault);

/* On the writer thread, replayable: decides whether the complaint's citizen and the other one, seen with one another's
 * identity in one event, are the same person. Joined people stay joined; the history of every complaint that changes
 * hands tells of it. NEVER with a public text: not for this officer, or nothing is to be decided (any more). */
enum outcome person_decide_same(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    int64_t other_id, bool same, struct arena *arena, struct fault *fault);

#endif
