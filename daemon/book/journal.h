/* The journal: which rows each COMMIT wrote, chained by hash (the step schema/NNN_journal.sql).
 *
 * Nobody calls it to say what he writes: SQLite tells it (preupdate hook of the writer's connection), so that no row can be
 * forgotten. What it holds of a row is its key and a digest (sealed.h); of a row that was removed, that it is gone.
 * Comparing all rows with the newest word about each (verify.h) finds every change that did not come through the daemon.
 *
 * hash = SHA-256 over, as in chain.h: hash of the row before (32 zero bytes for the first), id, at, SHA-256 of writes.
 * writes = for each table: length of its name (1), name, count (4, big-endian), and as often: length of the key (1: 0 to 8
 * for a whole number without leading zero bytes, 16 for a digest), key, complaint (as a length and such a number),
 * 1 and digest (2 when a schema step sealed it as it found it), or 0 when the row is gone.
 *
 * Whoever can write the file can also write this chain anew from any point. Against him helps a hash kept elsewhere: the
 * newest one stands in what `verify` prints, in every backup's manifest and, nightly, in the feed. */
#ifndef BOOK_JOURNAL_H
#define BOOK_JOURNAL_H

#include "chain.h"
#include "sealed.h"

struct journal;

/* For a connection that writes; before its schema steps. Before the step that makes the journal it is idle. */
enum outcome journal_open(struct book_txn *txn, struct fault *fault);
void journal_free(struct journal *journal); /* NULL is fine; after its connection's last statement */

/* What was noted since the transaction began. mark/undo: for savepoints. */
size_t journal_mark(const struct book_txn *txn);
void journal_undo(struct book_txn *txn, size_t mark);

/* Last act before a COMMIT: the notes become rows. LATER: no memory, or the disk. */
enum outcome journal_write(struct book_txn *txn, struct fault *fault);

/* After the SQL of a schema step, inside its transaction: new tables join, tables whose rows look otherwise now are sealed
 * anew as they are. */
enum outcome journal_after_step(struct book_txn *txn, struct fault *fault);

/* Every row as it is now; inside a transaction of a connection that writes. */
enum outcome journal_seal_anew(struct book_txn *txn, struct fault *fault);

/* id 0 and zeros: nothing was written yet. */
enum outcome journal_head(
    struct book_txn *txn, int64_t *ret_id, unsigned char ret_hash[CHAIN_DIGEST], struct fault *fault);

void journal_hash(const unsigned char prev[CHAIN_DIGEST], int64_t id, int64_t at, const void *writes,
    size_t size, unsigned char ret_hash[CHAIN_DIGEST]);

/* Reads writes; see() is called for each row. NEVER when it is not in that form; see()'s outcome ends it. */
typedef enum outcome journal_visit(
    void *arg, const char *table, const struct seal *seal, struct fault *fault);
enum outcome journal_read(
    const void *writes, size_t size, journal_visit *see, void *arg, struct fault *fault);

#endif
