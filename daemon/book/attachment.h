/* A file that came with a message. */
#ifndef BOOK_ATTACHMENT_H
#define BOOK_ATTACHMENT_H

#include "blob.h"
#include "book.h"
#include "daemon/base/arena.h"

struct attachment {
    int64_t id;
    const char *filename;
    const char *media_type; /* by content */
    size_t size;
    struct blob_ref blob;
    bool has_place;              /* a photograph says where it was taken: EXIF, for officers only */
    int32_t latitude, longitude; /* millionths of a degree */
    const char *found;           /* by the scanner: given to nobody (scan.h); NULL = nothing */
    struct attachment *next;
};

/* A file that came later than its message; fills id. */
enum outcome attachment_add(
    struct book_txn *txn, int64_t message_id, struct attachment *a, struct fault *fault);

/* One attachment and the complaint it belongs to. NEVER when absent. */
enum outcome attachment_get(struct book_txn *txn, int64_t id, struct attachment *ret,
    int64_t *ret_complaint_id, struct arena *arena, struct fault *fault);

/* A file without a name that tells and a place where it was taken. */
enum outcome attachment_reword(struct book_txn *txn, int64_t id, const char *filename, struct fault *fault);

#endif
