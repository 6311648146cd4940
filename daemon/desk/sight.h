/* The right eyes only: who may see which complaint and which part of it. Pure. */
#ifndef DESK_SIGHT_H
#define DESK_SIGHT_H

#include "daemon/book/complaint.h"
#include "daemon/book/officer.h"

/* A section sees what was assigned to it (and what it helps with: classify_sight()); a rahasia case only Sekcam, Camat and the petugas pengaduan. */
bool sight_complaint(const struct officer *officer, const struct complaint *c);

/* Name, address and telephone: hidden from sections for anonim, and for rahasia from everybody until asked for
 * (which is an event). */
bool sight_identity(const struct officer *officer, const struct complaint *c);

/* What of a list is not for him: narrows a filter before the rows are asked for. A section has its own, and where the filter
 * asks for what somebody helps with, that of it. What depends on a row itself is
 * classify_sight()'s. */
void sight_narrow(const struct officer *officer, struct complaint_filter *filter);

#endif
