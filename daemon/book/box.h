/* The kotak saran: each opening of the box, and the slips that were in it. A slip is a complaint like any other; here
 * stands from which opening it is, so that the record of it (berita acara) can be printed at any time. */
#ifndef BOOK_BOX_H
#define BOOK_BOX_H

#include "book.h"
#include "daemon/base/arena.h"

struct box_opening {
    int64_t id;
    const char *sent;  /* of the form */
    int32_t day;       /* since 1970 in the office's zone */
    const char *place; /* NULL = the only box */
    const char *witness;
    int64_t counted; /* slips, before one was read */
    int64_t officer_id;
    const char *officer;    /* his name */
    int64_t at, closed_at;  /* ms; closed_at 0 = slips are still being entered */
    const char *difference; /* why not as many were entered as counted; NULL = as many were, or still open */
    int64_t entered;        /* slips that are complaints */
    struct box_opening *next;
};

/* Reads sent, day, place, witness, counted, officer_id; writes id. A form that was sent before gives the id it had then
 * (*ret_new false). An empty box is closed at once. */
enum outcome box_open(struct book_txn *txn, struct box_opening *opening, bool *ret_new, struct fault *fault);
/* NEVER with a public text. */
enum outcome box_get(
    struct book_txn *txn, int64_t id, struct box_opening *ret, struct arena *arena, struct fault *fault);
/* The newest first, those with a lower id (0 = from the newest), at most so many. */
enum outcome box_list(struct book_txn *txn, int64_t below, int most, struct box_opening **ret,
    struct arena *arena, struct fault *fault);
/* NEVER when it is closed already. */
enum outcome box_close(struct book_txn *txn, int64_t id, const char *difference, struct fault *fault);

struct box_slip {
    int64_t nth, complaint_id;
    const char *number, *kind; /* of the complaint */
    int64_t files;             /* with its first message: the photograph of the slip */
    struct box_slip *next;
};
enum outcome box_slip_add(
    struct book_txn *txn, int64_t opening_id, int64_t complaint_id, struct fault *fault);
enum outcome box_slips(struct book_txn *txn, int64_t opening_id, struct box_slip **ret, struct arena *arena,
    struct fault *fault); /* in their order */

#endif
