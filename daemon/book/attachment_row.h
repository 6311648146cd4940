/* Between struct attachment and the columns that tables of files have. For files of this folder. */
#ifndef BOOK_ATTACHMENT_ROW_H
#define BOOK_ATTACHMENT_ROW_H

#include "attachment.h"
#include "stmt.h"

/* Columns 0 to 7 of a row that attachment_read() reads. */
#define ATTACHMENT_COLUMNS                                                                                   \
    "a.id, a.filename, a.media_type, a.size, a.sha256, a.latitude IS NOT NULL, a.latitude, a.longitude"
void attachment_read(const struct stmt *s, struct attachment *ret, struct arena *arena);

/* Of an INSERT: ?1 owner, then sha256, filename, media_type, size, and as ATTACHMENT_PLACE latitude and longitude. */
#define ATTACHMENT_PLACE "iif(?6, ?7, NULL), iif(?6, ?8, NULL)"
void attachment_bind(struct stmt *s, int64_t owner, const struct attachment *a);

/* false = the column holds no digest. */
bool blob_read_ref(const struct stmt *s, int column, struct blob_ref *ret);

#endif
