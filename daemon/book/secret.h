/* The book's own keys. They are made with it and go with it into backups: old letters carry their tags. */
#ifndef BOOK_SECRET_H
#define BOOK_SECRET_H

#include "book.h"
#include "rules/thread_tag.h"

/* The key of tags in Message-IDs and subjects. */
enum outcome secret_thread_key(struct book_txn *txn, struct thread_key *ret, struct fault *fault);

/* Makes what is missing; the writer's connection, once, when the book is opened. */
enum outcome secret_make(struct book_txn *txn, struct fault *fault);

#endif
