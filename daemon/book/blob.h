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

/* malloc'd, caller frees. LATER when the file cannot be read; NEVER when unknown. The digest is checked. */
enum outcome blob_get(
    struct book_txn *txn, const struct blob_ref *ref, void **ret_data, size_t *ret_size, struct fault *fault);

#endif
