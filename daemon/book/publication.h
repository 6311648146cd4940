/* What everybody may read: copies of finished complaints that an officer chose, changed and looked at. Public pages read
 * nothing else of a complaint's words.
 *
 * A copy is shown while it is not withdrawn, the complaint is answered or closed, and it is neither rahasia nor of a kind
 * that is about officers: what changes later in the complaint hides it at once, without a word of anybody. */
#ifndef BOOK_PUBLICATION_H
#define BOOK_PUBLICATION_H

#include "book.h"
#include "daemon/base/arena.h"

struct publication {
    int64_t complaint_id; /* 0 = there is none */
    const char *title, *problem, *result;
    const char *place;                              /* NULL = none */
    int working_days;                               /* from receipt to answer */
    int64_t published_at, changed_at, withdrawn_at; /* ms; 0 = not */
    int64_t officer_id;
    bool shown;                        /* everybody sees it now */
    const char *service, *service_key; /* of the complaint; NULL = none */
    int64_t received_at;               /* of the complaint */
};

/* complaint_id 0 when it was never published. */
enum outcome publication_get(struct book_txn *txn, int64_t complaint_id, struct publication *ret,
    struct arena *arena, struct fault *fault);

/* Reads complaint_id, texts, place, working_days, officer_id; public from now on. The first moment is kept. */
enum outcome publication_put(struct book_txn *txn, const struct publication *p, struct fault *fault);
enum outcome publication_withdraw(
    struct book_txn *txn, int64_t complaint_id, int64_t officer_id, struct fault *fault);

enum { PUBLICATION_WORDS = 8, PUBLICATION_MOST = 500 };

struct publication_filter {
    const char *words;   /* all of them stand somewhere in it, also within a word; NULL = none, 8 at most */
    const char *service; /* key; NULL = all */
    const char *place;   /* NULL = all */
    int64_t from, to;    /* published_at in [from, to); 0 = open */
    int skip, limit;     /* limit 1..500 */
};

/* Those that are shown, newest first. p and its texts live until the visit returns. */
typedef enum outcome publication_visit(void *arg, const struct publication *p, struct fault *fault);
enum outcome publication_list(struct book_txn *txn, const struct publication_filter *filter,
    publication_visit *visit, void *arg, struct fault *fault);
/* No further than `most`. */
enum outcome publication_count(struct book_txn *txn, const struct publication_filter *filter, int64_t most,
    int64_t *ret_count, struct fault *fault);

/* What there is to choose from among those that are shown: places by name, and the first moment (0 = none). */
enum outcome publication_places(struct book_txn *txn, int most, const char ***ret_places, size_t *ret_count,
    struct arena *arena, struct fault *fault);
enum outcome publication_first(struct book_txn *txn, int64_t *ret_at, struct fault *fault);

#endif
