/* Is the book whole, and is all of it the daemon's own writing?
 *
 *   SQLite's integrity · the history chain · the journal's chain, and every row of every table against it · what refers to
 *   what · content of blobs and files · ledger, complaints, register, outbox against each other · full text
 *
 * It stops at the first fault and names the place: table and complaint, event, file. Nothing is changed. */
#ifndef BOOK_VERIFY_H
#define BOOK_VERIFY_H

#include "book.h"
#include "chain.h"

struct verify_report {
    int64_t events, rows, blobs, messages, complaints; /* looked at */
    int64_t strays; /* files that no row names, older than a day: harmless, they are swept */
    unsigned char head[CHAIN_DIGEST]; /* the newest hash of the journal that was compared */
    bool head_found;                  /* options.head stands in one of the two chains */
    bool sealed;                      /* no row was changed, added or removed by anybody else */
    bool readable; /* SQLite's pages and the content of blobs and files are as they were written */
};

struct verify_options {
    const unsigned char *head; /* CHAIN_DIGEST bytes somebody kept elsewhere; NULL = none */
};

/* Damaged, but a copy of it is as good as it is. */
static inline bool verify_doubtful(enum outcome outcome, const struct verify_report *report)
{
    return outcome == OUTCOME_NEVER && report->readable;
}

/* NEVER: damaged, both texts say where. LATER: it could not be looked at, or the book is being closed. All in the
 * transaction the caller is in; on a connection that writes FTS5 compares its whole index as well. */
enum outcome verify_book(struct book_txn *txn, const struct verify_options *options,
    struct verify_report *ret, struct fault *fault);

/* The same inside an aside job while the book is in use: in pieces of a tenth of a second, each a snapshot of its own,
 * so that the WAL can be reset in between. Of the full text it asks for every message instead. */
enum outcome verify_in_pieces(struct book_txn *txn, const struct verify_options *options,
    struct verify_report *ret, struct fault *fault);

/* Inside a write job of a book that nobody else uses: what verify_in_pieces() cannot do, FTS5's own comparison. */
enum outcome verify_index(struct book_txn *txn, struct fault *fault);

#endif
