/* Group commit: many jobs, one transaction.
 *
 *   1. BEGIN IMMEDIATE, all jobs bare, COMMIT. A savepoint a job would halve the speed.
 *   2. If one fails: ROLLBACK, then all again, each inside a savepoint, so that only those are undone that are
 * wrong by themselves.
 *   3. If one fails by SQLite, its savepoint does not undo all of it: SQLite may have taken the whole transaction back, or
 * lets nobody write any more in it. ROLLBACK, then each in a transaction of its own.
 *   4. If the disk is to blame, or the COMMIT fails, nothing has happened and every job is told LATER: none of
 * them is known to be wrong. */
#include "daemon/base/shortage.h"
#include "daemon/base/clock.h"
#include "daemon/base/step.h"
#include "journal.h"
#include "stmt.h"
#include "txn_private.h"
#include <sqlite3.h>

static enum outcome rolled_back(struct book_txn *txn, struct fault *fault)
{
    txn->queued_outbox = false;
    journal_undo(txn, 0);
    if (!sqlite3_get_autocommit(txn->db)) {
        enum outcome outcome = stmt_exec(txn, "ROLLBACK", fault);
        txn->begun = txn->begun && outcome;
        return outcome;
    }
    txn->index_doubtful = txn->index_doubtful || txn->begun;
    txn->begun = false;
    return OUTCOME_DONE;
}

/* An error that takes the transaction back in the middle of FTS5's work tells FTS5 so at once, and FTS5 (3.40.1,
 * fts5StorageLoadTotals) goes on for a moment: it notes the totals of its index, which it could not read, as read. At
 * its next write it would count on from zero. It forgets them at the end of a transaction that it took part in, and the
 * DELETE takes it into one. */
static enum outcome forget_index(struct book_txn *txn, struct fault *fault)
{
    enum outcome outcome = stmt_exec(txn, "BEGIN IMMEDIATE", fault);
    if (!outcome)
        outcome = stmt_exec(txn, "DELETE FROM message_text WHERE rowid = 0", fault);
    if (!outcome)
        outcome = stmt_exec(txn, "ROLLBACK", fault);
    txn->index_doubtful = outcome;
    return outcome;
}

/* A ROLLBACK that failed (no memory, say) would keep its connection in that transaction,
 * and everybody after it out of the book: it is made up for here. */
static enum outcome begin(struct book_txn *txn, bool to_write, struct fault *fault)
{
    enum outcome outcome = rolled_back(txn, fault);
    if (!outcome && to_write && txn->index_doubtful)
        outcome = forget_index(txn, fault);
    if (!outcome)
        outcome = to_write ? stmt_exec(txn, "BEGIN IMMEDIATE", fault) : stmt_exec(txn, "BEGIN", fault);
    txn->begun = !outcome;
    return outcome;
}

static enum outcome run_job(struct book_txn *txn, struct book_job *job)
{
    job->fault = (struct fault){0};
    txn->now = job->at;
    unsigned long shortages = shortage_count();
    job->outcome = job->work(txn, job->arg, &job->fault);
    /* What it made may lack something, and what it found wrong may be the lack. */
    if (job->outcome != OUTCOME_LATER && shortage_count() != shortages)
        job->outcome = fault_set(&job->fault, OUTCOME_LATER, NULL, "no memory for all of it");
    /* A job that went on after such an error would write outside of any transaction, and so would all after
     * it. */
    if (!job->outcome && sqlite3_get_autocommit(txn->db))
        job->outcome =
            fault_set(&job->fault, OUTCOME_LATER, NULL, "the transaction was lost and the job did not tell");
    return job->outcome;
}

/* Everybody gets this outcome, or LATER when it says that the batch cannot be written at all now. */
static void tell_all(struct book_job *first, enum outcome outcome, const struct fault *fault)
{
    for (struct book_job *job = first; job; job = job->next) {
        job->outcome = outcome == OUTCOME_STOP ? OUTCOME_STOP : OUTCOME_LATER;
        job->fault = *fault;
    }
}

static enum outcome commit(struct book_txn *txn, struct fault *fault)
{
    enum outcome outcome = journal_write(txn, fault);
    if (outcome)
        return outcome;
    step("book.commit");
    outcome = stmt_exec(txn, "COMMIT", fault);
    txn->begun = outcome;
    step("book.committed");
    return outcome;
}

static bool run_bare(struct book_txn *txn, struct book_job *first)
{
    for (struct book_job *job = first; job; job = job->next)
        if (run_job(txn, job))
            return false;
    return true;
}

static enum outcome undo_job(struct book_txn *txn, size_t mark, struct fault *fault)
{
    journal_undo(txn, mark);
    enum outcome outcome = stmt_exec(txn, "ROLLBACK TO job", fault);
    return outcome ? outcome : stmt_exec(txn, "RELEASE job", fault);
}

/* DONE: all were run, the ones that are wrong by themselves are undone. Else nothing of it may be committed. */
static enum outcome run_guarded(struct book_txn *txn, struct book_job *first, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    for (struct book_job *job = first; job && !outcome; job = job->next) {
        size_t mark = journal_mark(txn);
        outcome = stmt_exec(txn, "SAVEPOINT job", fault);
        if (outcome)
            break;
        outcome = run_job(txn, job);
        if (!outcome)
            outcome = stmt_exec(txn, "RELEASE job", fault);
        else if (outcome == OUTCOME_NEVER)
            outcome = undo_job(txn, mark, fault);
        else
            *fault = job->fault;
    }
    return outcome;
}

static enum outcome write_all(
    struct book_txn *txn, struct book_job *first, bool *ret_one_by_one, struct fault *fault)
{
    enum outcome outcome = begin(txn, /* to_write= */ true, fault);
    if (outcome)
        return outcome;
    if (!run_bare(txn, first)) {
        outcome = rolled_back(txn, fault);
        if (outcome || !first->next)
            return outcome; /* alone: there is nobody to save by a replay */
        outcome = begin(txn, /* to_write= */ true, fault);
        if (!outcome)
            outcome = run_guarded(txn, first, fault);
        *ret_one_by_one = outcome && !txn->storage_failed;
    }
    return outcome ? outcome : commit(txn, fault);
}

/* The failure that the disk is to blame for: the batch's own, or that of the job that met it. */
static const struct fault *cause_of(const struct book_job *first, const struct fault *batch)
{
    for (; first && !batch->internal[0]; first = first->next)
        if (first->outcome == OUTCOME_LATER)
            batch = &first->fault;
    return batch;
}

/* A COMMIT that had nothing to write says nothing about the disk. */
static void tell_storage(struct book_txn *txn, const struct fault *cause, bool wrote)
{
    if (txn->storage_failed)
        storage_failed(txn->storage, txn->options->folder, clock_now_ms(), cause);
    else if (wrote)
        storage_worked(txn->storage, clock_now_ms());
}

/* False: nobody was told anything, each has to be tried by itself. */
static bool write_together(struct book_txn *txn, struct book_job *first)
{
    struct fault fault = {0}, ignored;
    bool one_by_one = false;
    int64_t changes = sqlite3_total_changes64(txn->db);
    txn->queued_outbox = txn->storage_failed = false;
    enum outcome outcome = write_all(txn, first, &one_by_one, &fault);
    if (outcome)
        rolled_back(txn, &ignored);
    if (one_by_one)
        return false;
    if (outcome)
        tell_all(first, outcome, &fault);
    tell_storage(txn, cause_of(first, &fault), !outcome && sqlite3_total_changes64(txn->db) != changes);
    return true;
}

void batch_write(struct book_txn *txn, struct book_job *first)
{
    if (write_together(txn, first))
        return;
    bool queued_outbox = false;
    for (struct book_job *job = first, *next; job; job = next) {
        next = job->next;
        job->next = NULL;
        write_together(txn, job);
        job->next = next;
        queued_outbox = queued_outbox || txn->queued_outbox;
    }
    txn->queued_outbox = queued_outbox;
}

enum outcome batch_probe(struct book_txn *txn, void *unused, struct fault *fault)
{
    (void)unused;
    return stmt_exec(
        txn, "UPDATE section SET active = active WHERE id = (SELECT min(id) FROM section)", fault);
}

void batch_read(struct book_txn *txn, struct book_job *job)
{
    struct fault ignored;
    job->fault = (struct fault){0};
    job->outcome = begin(txn, /* to_write= */ false, &job->fault);
    if (job->outcome)
        return;
    run_job(txn, job);
    rolled_back(txn, &ignored); /* nothing was written: it only ends the snapshot */
}

void batch_aside(struct book_txn *txn, struct book_job *job)
{
    struct fault ignored;
    job->fault = (struct fault){0};
    txn->now = job->at;
    job->outcome = job->work(txn, job->arg, &job->fault);
    rolled_back(txn, &ignored);
    sqlite3_db_release_memory(txn->db); /* the next one may come in a day */
}
