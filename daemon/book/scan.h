/* Which attachments a scanner has looked at, and in which it found something: they are looked at in the order in which they came
 * into the book, so that one number says how far it is. What is found in a file stands beside it; the file stays. */
#ifndef BOOK_SCAN_H
#define BOOK_SCAN_H

#include "book.h"

/* The first attachment that was not looked at; *ret_id 0 = none. */
enum outcome scan_next(struct book_txn *txn, int64_t *ret_id, struct fault *fault);

/* This one was looked at; found NULL = nothing in it. */
enum outcome scan_note(struct book_txn *txn, int64_t attachment_id, const char *found, struct fault *fault);

#endif
