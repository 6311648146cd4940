/* The stages of verify.c, one file a group. A stage does what it can until verify_pause(), and says whether it is
 * through; it is called again in another transaction. It notes where it is in `v`, which is cleared for the next one. */
#ifndef BOOK_VERIFY_PRIVATE_H
#define BOOK_VERIFY_PRIVATE_H

#include "journal.h"
#include "stmt.h"
#include "txn_private.h"
#include "verify.h"

struct sqlite3_value;

enum { VERIFY_YEARS = 128 };

/* The register of one year, as far as the complaints were read. */
struct verify_year {
    int year;
    int64_t last;
};

struct verify {
    struct verify_options options;
    struct verify_report *report;
    int64_t deadline; /* of this piece, clock_mono_ms(); INT64_MAX = one piece */
    bool whole;       /* one transaction for all: what takes long may be done in one go */
    struct sealed_tables tables;
    struct book_txn
        *scratch; /* a private database that goes to disk when it grows: what does not fit into memory */
    int64_t journal_id;  /* the newest row of the journal that is in the scratch */
    int64_t arrival_id;  /* the same of the ledger */
    int64_t newest_blob; /* rowid; of those before the names were gathered */
    /* of the stage; zeros when it begins */
    struct {
        int step, table;
        int64_t id, most;
        unsigned char digest[CHAIN_DIGEST];
        struct sqlite3_value *key[SEALED_KEYS]; /* owned */
        struct verify_year years[VERIFY_YEARS]; /* of the register, in the order they were met */
        int year_count;
    } place;
};

typedef enum outcome verify_stage(
    struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault);

verify_stage verify_files, verify_strays;                                        /* verify.c */
verify_stage verify_database, verify_schema, verify_foreign_keys;                /* verify_sqlite.c */
verify_stage verify_journal, verify_rows;                                        /* verify_rows.c */
verify_stage verify_arrivals, verify_messages, verify_complaints, verify_outbox; /* verify_ledger.c */
verify_stage verify_clocks, verify_bookmarks, verify_named, verify_blobs;
verify_stage verify_forgotten;                /* verify_forgotten.c */
verify_stage verify_words, verify_index_rows; /* verify_search.c */

/* One row of a pass; its first column is the id, the second the complaint's (0 = none). */
typedef enum outcome verify_look(
    struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault);
/* Rows of a statement that is ordered by id from ?1 on, until the piece is over. verify_ledger.c */
enum outcome verify_pass(struct verify *v, struct book_txn *txn, struct stmt s, int64_t *id, verify_look *see,
    bool *ret_through, struct fault *fault);
/* NEVER: that row of a pass is odd. */
enum outcome verify_odd(
    struct book_txn *txn, const struct stmt *row, const char *table, const char *why, struct fault *fault);

/* Time to let go of the snapshot. */
bool verify_pause(const struct verify *v);

/* NEVER; what: Indonesian, goes behind "Buku Pengaduan tidak utuh: ". */
enum outcome verify_damaged(struct fault *fault, const char *what, const char *detail, ...)
    __attribute__((format(printf, 3, 4)));

/* LATER: a disk that could not be read, or memory that was short, is no damage that is known of. */
enum outcome verify_unreadable(struct fault *fault, const char *detail);

/* "aduan 014/PGD/XI/2026", as well as it can be said; "" when id is 0. */
void verify_whose(struct book_txn *txn, int64_t complaint_id, char out[96]);

/* LATER when the book is being closed. */
enum outcome verify_ended(const struct book_txn *txn, struct fault *fault);

#endif
