/* Content by its SHA-256: raw messages and attachments.
 *
 * Below BLOB_INLINE bytes it rides on the commit of the transaction that names it; larger ones become
 * lampiran/ab/cd/<sha256>, written and fsynced before the transaction commits, so a committed row never names a
 * missing file. A file without a row (its transaction was rolled back) is harmless. */
#ifndef BOOK_BLOB_H
#define BOOK_BLOB_H

#include "book.h"
#include <stddef.h>

enum { BLOB_INLINE = 64 * 1024 };

struct blob_ref {
    unsigned char sha256[32];
};

/* Inside a write transaction: digest, file if large, row if new. The bytes are the caller's. */
enum outcome blob_put(
    struct book_txn *txn, const void *data, size_t size, struct blob_ref *ret, struct fault *fault);

/* malloc'd, caller frees. LATER when the file cannot be read; NEVER when unknown or emptied. The digest is checked. */
enum outcome blob_get(
    struct book_txn *txn, const struct blob_ref *ref, void **ret_data, size_t *ret_size, struct fault *fault);

/* Destroys the content; digest and size stay as the trace of it. *ret_file: it was a file, which blob_remove_file() takes
 * away after the COMMIT; where a crash comes between, it is swept like any file without a row (orphan.h). */
enum outcome blob_empty(
    struct book_txn *txn, const struct blob_ref *ref, bool *ret_file, struct fault *fault);

/* On the writer's thread, in a later transaction: nothing happens when the same content has come in again since. */
enum outcome blob_remove_file(struct book_txn *txn, const struct blob_ref *ref, struct fault *fault);

#endif
