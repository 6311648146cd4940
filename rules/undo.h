/* Undo: whether what an officer did with a complaint may still be taken back. Pure. Taken back is what has not left the
 * house: the last act, by who did it, soon after, while nothing of it has reached anybody outside. */
#ifndef RULES_UNDO_H
#define RULES_UNDO_H

#include <stdbool.h>
#include <stdint.h>

struct undo_facts {
    bool himself;    /* who asks is who did it */
    bool unchanged;  /* nothing happened to the complaint since */
    int64_t age_ms;  /* since it was done; a clock that went back makes it negative */
    int waiting;     /* letters of it that have not left */
    int gone;        /* that have, or may have */
    bool on_page;    /* told to the citizen, but by no letter: he reads it on his tracking page */
    int64_t wait_ms; /* so long such words are kept from the page, and letters from leaving */
};

enum undo_verdict { UNDO_MAY, UNDO_NOT_HIS, UNDO_CHANGED, UNDO_GONE, UNDO_LATE, UNDO_VERDICTS };

enum undo_verdict undo_judge(const struct undo_facts *facts);

/* How long after the act it may be taken back if nothing of it leaves before. */
int64_t undo_most_ms(const struct undo_facts *facts);

const char *undo_words(enum undo_verdict verdict); /* why not, for the officer */

#endif
