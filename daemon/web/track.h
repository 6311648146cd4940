/* What the receipt and the tracking page share: from a typed code to the complaint, with guessers slowed. */
#ifndef WEB_TRACK_H
#define WEB_TRACK_H

#include "daemon/book/complaint.h"
#include "page.h"
#include "rules/register.h"

/* NEVER with page->status 404 and a public text when there is no such code, 429 when this visitor guessed
 * wrong too often (limit.h). shown: the code as people read it. */
enum outcome track_find(
    struct page *page, const char *typed, struct complaint *ret, char shown[REGISTER_SHOWN_SIZE]);

#endif
