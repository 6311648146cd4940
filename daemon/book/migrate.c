/* The schema's steps: daemon/book/schema/NNN_*.sql is step NNN, from user_version NNN-1 to NNN, run in one
 * transaction together with the new version number, so that a crash leaves one or the other. */
#include "daemon/base/clock.h"
#include "daemon/base/embedded.h"
#include "daemon/base/step.h"
#include "journal.h"
#include "secret.h"
#include "stmt.h"
#include "txn_private.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { APPLICATION_ID = 0x50474455 }; /* "PGDU" */

static const char folder[] = "daemon/book/schema/";

static const struct embedded_file *step_find(int version)
{
    char prefix[64];
    snprintf(prefix, sizeof prefix, "%s%03d_", folder, version);
    for (const struct embedded_file *f = embedded_files; f->path; f++)
        if (!strncmp(f->path, prefix, strlen(prefix)))
            return f;
    return NULL;
}

static int newest_version(void)
{
    int version = 0;
    while (step_find(version + 1))
        version++;
    return version;
}

static enum outcome read_int(struct book_txn *txn, const char *sql, int64_t *ret_value, struct fault *fault)
{
    struct stmt s = stmt_open_once(txn, sql);
    if (stmt_row(&s))
        *ret_value = stmt_int_at(&s, 0);
    return stmt_close(&s, fault);
}

static enum outcome write_step(struct book_txn *txn, int version, struct fault *fault)
{
    char pragmas[96];
    sqlite3 *db = txn->db;
    const struct embedded_file *file = step_find(version);
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION_ID,
        version);
    int code = stmt_script(db, file->data);
    if (!code)
        code = stmt_script(db, pragmas);
    enum outcome outcome =
        code ? stmt_failed(code, sqlite3_errmsg(db), file->path, fault) : journal_after_step(txn, fault);
    /* With a step and at no other time: a key that is gone must be missed, not made anew. */
    if (!outcome && version == newest_version())
        outcome = secret_make(txn, fault);
    return outcome ? outcome : journal_write(txn, fault);
}

/* All of a step, sealed in the journal, or nothing. */
static enum outcome take_step(struct book_txn *txn, int version, struct fault *fault)
{
    sqlite3 *db = txn->db;
    int code = stmt_script(db, "BEGIN IMMEDIATE");
    enum outcome outcome =
        code ? stmt_failed(code, sqlite3_errmsg(db), "BEGIN", fault) : write_step(txn, version, fault);
    if (!outcome) {
        step("book.migrate");
        code = stmt_script(db, "COMMIT");
        step("book.migrated");
        outcome = code ? stmt_failed(code, sqlite3_errmsg(db), "COMMIT", fault) : OUTCOME_DONE;
    }
    if (outcome && !sqlite3_get_autocommit(db)) {
        stmt_script(db, "ROLLBACK");
        journal_undo(txn, 0);
    }
    return outcome;
}

enum outcome migrate_book(struct book_txn *txn, struct fault *fault)
{
    int64_t application = 0, version = 0, objects = 0;
    enum outcome outcome = read_int(txn, "PRAGMA application_id", &application, fault);
    if (!outcome)
        outcome = read_int(txn, "PRAGMA user_version", &version, fault);
    if (!outcome)
        outcome = read_int(txn, "SELECT count(*) FROM sqlite_schema", &objects, fault);
    if (outcome)
        return outcome;
    bool empty = !application && !version && !objects; /* also what a crash during `init` leaves */
    if (!empty && application != APPLICATION_ID)
        return fault_set(fault, OUTCOME_STOP,
            "Berkas buku.db di folder data bukan Buku Pengaduan. Pindahkan berkas itu atau pilih folder data "
            "lain.",
            "application_id %lld is not ours", (long long)application);
    if (empty && !txn->options->create)
        return fault_set(
            fault, OUTCOME_STOP, "Buku Pengaduan belum ada. Jalankan: pengaduand init", "buku.db is empty");
    int newest = newest_version();
    if (version > newest)
        return fault_set(fault, OUTCOME_STOP,
            "Buku Pengaduan ini dibuat oleh pengaduand yang lebih baru. Pasang versi terbaru, lalu jalankan "
            "lagi.",
            "book has version %lld, this program knows up to %d", (long long)version, newest);
    txn->now = clock_now_ms(); /* of the steps; each job brings its own */
    outcome = journal_open(txn, fault);
    for (int next = (int)version + 1; !outcome && next <= newest; next++)
        outcome = take_step(txn, next, fault);
    return outcome;
}

enum outcome migrate_blank(struct book_txn *txn, struct fault *fault)
{
    for (int version = 1; version <= newest_version(); version++) {
        const struct embedded_file *file = step_find(version);
        int code = stmt_script(txn->db, file->data);
        if (code)
            return stmt_failed(code, sqlite3_errmsg(txn->db), file->path, fault);
    }
    return OUTCOME_DONE;
}
