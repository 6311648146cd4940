/* A second look at what opened nothing: an officer has seen it, or makes a complaint of it after all. */
#ifndef DESK_SECOND_LOOK_H
#define DESK_SECOND_LOOK_H

#include "daemon/book/officer.h"
#include "daemon/book/set_aside.h"
#include "office.h"

/* Roles that read the house's mail: petugas, Kasi Pelayanan, Sekcam. */
bool second_look_may(const struct officer *officer);

/* May a complaint be made of it? Of mail and of forms of our own site: of the rest nobody knows what it says. */
bool second_look_opens(const struct set_aside *s);

enum outcome second_look_seen(struct book_txn *txn, const struct officer *officer, int64_t id,
    struct arena *arena, struct fault *fault);

/* As if it had been a citizen's from the beginning, receipt included: the officer has judged that a person wrote it. The
 * history names him. A second click changes nothing and names the same complaint. */
enum outcome second_look_open(struct book_txn *txn, const struct office *office,
    const struct officer *officer, int64_t id, int64_t *ret_complaint_id, struct arena *arena,
    struct fault *fault);

#endif
