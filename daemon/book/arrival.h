/* The ledger: every IMAP UID, callback and form has exactly one row with its outcome; and the
 * bookmarks of the channels. */
#ifndef BOOK_ARRIVAL_H
#define BOOK_ARRIVAL_H

#include "blob.h"
#include "book.h"
#include "daemon/base/arena.h"

struct arrival {
    const char *channel;              /* "email:kantor", "gateway:wa", "web:lama", "situs", "loket" */
    const char *external;             /* unique within the channel */
    const char *digest;               /* NULL = none */
    const char *outcome;              /* dibuka | ditambahkan | ganda | diabaikan | dikarantina | dicatat */
    const char *reason;               /* NULL = none */
    int64_t complaint_id, message_id; /* 0 = none */
    bool has_raw;
    struct blob_ref raw;
};

/* What is known of (channel, external), or of (channel, digest) when digest is given; a mail is known by its digest
 * in whichever mailbox or folder it lies. *ret_known false = new.
 * complaint id of the first delivery in *ret_complaint_id. */
enum outcome arrival_find(struct book_txn *txn, const char *channel, const char *external, const char *digest,
    bool *ret_known, int64_t *ret_complaint_id, struct fault *fault);

/* A second row for the same key is a no-op (promise 2). */
enum outcome arrival_insert(struct book_txn *txn, const struct arrival *a, struct fault *fault);

/* Where the channel resumes, in its own words; *ret NULL = never written. */
enum outcome bookmark_get(
    struct book_txn *txn, const char *channel, const char **ret, struct arena *arena, struct fault *fault);
enum outcome bookmark_set(struct book_txn *txn, const char *channel, const char *value, struct fault *fault);

typedef enum outcome arrival_visit(void *arg, const char *channel, const char *outcome, int64_t count,
    int64_t newest_at, struct fault *fault);
enum outcome arrival_counts(
    struct book_txn *txn, int64_t since, arrival_visit *visit, void *arg, struct fault *fault);

#endif
