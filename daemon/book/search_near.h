/* When nothing was found: the same words with one slip of the hand mended in each, if that is in the book. */
#ifndef BOOK_SEARCH_NEAR_H
#define BOOK_SEARCH_NEAR_H

#include "book.h"
#include "daemon/base/arena.h"

/* *ret NULL = nothing nearer. Among several the one that is written most often. Bounded: four words, some hundred look-ups
 * each. What it names may be in complaints that the asker must not see: show it with what he may see only. */
enum outcome search_near(
    struct book_txn *txn, const char *words, const char **ret, struct arena *arena, struct fault *fault);

#endif
