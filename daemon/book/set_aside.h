/* What came in and opened nothing, kept readable beside its row of the ledger: automatic and mass mail, callbacks that
 * nobody understands. */
#ifndef BOOK_SET_ASIDE_H
#define BOOK_SET_ASIDE_H

#include "blob.h"
#include "book.h"
#include "daemon/base/arena.h"
#include "message.h"

struct set_aside {
    int64_t id;                /* of the arrival */
    const char *channel, *why; /* why: the ledger's reason; NULL = none */
    int64_t at;
    bool must_look;                                /* dikarantina: waits until somebody has looked */
    const char *name, *email, *reply_to, *subject; /* NULL = unknown */
    const char *words;                             /* the sender's own, at most SET_ASIDE_WORDS bytes */
    bool cut;                                      /* there is more in the raw bytes */
    const char *reference, *authenticity;          /* NULL = none */
    int64_t looked_at;                             /* 0 = not yet */
    int64_t complaint_id;                          /* opened by hand since; 0 = not */
    struct blob_ref raw;
    struct attachment *files; /* to set_aside_insert(); the others leave it empty */
    struct set_aside *next;
};

enum { SET_ASIDE_WORDS = 16 * 1024 };

/* Beside the ledger's row (channel, external), which is there. Of s the fields from must_look to authenticity, and the files,
 * whose blobs were put before. */
enum outcome set_aside_insert(struct book_txn *txn, const char *channel, const char *external,
    const struct set_aside *s, struct fault *fault);

/* NEVER when there is none. */
enum outcome set_aside_get(
    struct book_txn *txn, int64_t id, struct set_aside *ret, struct arena *arena, struct fault *fault);

/* Its files in the order of the mail. Of what was set aside by a version before 0.1 they are in the raw bytes only. */
enum outcome set_aside_files(struct book_txn *txn, int64_t id, struct attachment **ret_first,
    struct arena *arena, struct fault *fault);

/* The newest `most` with an id below `below` (0 = all), newest first. */
enum outcome set_aside_list(struct book_txn *txn, int64_t below, int most, struct set_aside **ret_first,
    struct arena *arena, struct fault *fault);

/* How many wait for a look. */
enum outcome set_aside_waiting(struct book_txn *txn, int64_t *ret_count, struct fault *fault);

enum outcome set_aside_looked(struct book_txn *txn, int64_t id, int64_t officer_id, struct fault *fault);

/* It became a complaint after all: the ledger says so from now on. */
enum outcome set_aside_opened(
    struct book_txn *txn, int64_t id, int64_t complaint_id, int64_t message_id, struct fault *fault);

#endif
