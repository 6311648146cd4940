#include "verify.h"
#include "blob.h"
#include "event.h"
#include "stmt.h"
#include "txn_private.h"
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum outcome damaged(struct fault *fault, const char *what, const char *detail)
{
    char text[sizeof fault->public_text];
    snprintf(text, sizeof text, "Buku Pengaduan rusak: %s. Pulihkan dari cadangan.", what);
    return fault_set(fault, OUTCOME_NEVER, text, "%s: %s", what, detail);
}

static enum outcome ended(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, "Pemeriksaan dihentikan karena pengaduand berhenti.",
        "the book is being closed");
}

/* A disk that could not be read, or memory that was short, is no damage that is known of. */
static enum outcome unreadable(struct fault *fault, const char *detail)
{
    return fault_set(fault, OUTCOME_LATER,
        "Buku Pengaduan tidak dapat dibaca seluruhnya. Periksa cakram komputer, lalu ulangi pemeriksaan.",
        "%s", detail);
}

/* "unable to get the page. error code=266": the check reports what it could not read as if it were wrong. */
static bool tells_of_reading(const char *said)
{
    const char *at = strstr(said, "error code=");
    int code = at ? (int)strtol(at + strlen("error code="), NULL, 10) & 0xff : 0;
    return code == SQLITE_IOERR || code == SQLITE_NOMEM;
}

static enum outcome check_sqlite(struct book_txn *txn, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "PRAGMA integrity_check(1)");
    const char *said = stmt_row(&s) ? stmt_peek_text(&s, 0) : "ok";
    if (!said || tells_of_reading(said))
        outcome = unreadable(fault, said ? said : "no memory for the result of the check");
    else if (strcmp(said, "ok"))
        outcome = damaged(fault, "susunan berkas basis data", said);
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

static enum outcome check_foreign_keys(struct book_txn *txn, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "PRAGMA foreign_key_check");
    if (stmt_row(&s)) {
        char detail[120];
        snprintf(detail, sizeof detail, "%s row %" PRId64 " has no %s", stmt_peek_text(&s, 0),
            stmt_int_at(&s, 1), stmt_peek_text(&s, 2));
        outcome = damaged(fault, "hubungan antarcatatan", detail);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

/* FTS5's own check is an INSERT, which a reader may not do; whether each message is in the index and nothing
 * else is, a reader can see. */
static enum outcome check_full_text(struct book_txn *txn, struct fault *fault)
{
    struct stmt s =
        stmt_open(txn, "SELECT id FROM message WHERE id NOT IN (SELECT id FROM message_text_docsize)"
                       " UNION ALL SELECT id FROM message_text_docsize"
                       " WHERE id NOT IN (SELECT id FROM message) LIMIT 1");
    int64_t id = stmt_row(&s) ? stmt_int_at(&s, 0) : 0;
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && id) {
        char detail[60];
        snprintf(detail, sizeof detail, "message %" PRId64, id);
        outcome = damaged(fault, "indeks pencarian", detail);
    }
    if (outcome || !txn->writable)
        return outcome;
    struct fault inner = {0};
    outcome =
        stmt_exec(txn, "INSERT INTO message_text (message_text, rank) VALUES ('integrity-check', 1)", &inner);
    if (outcome == OUTCOME_LATER && txn_closing(txn))
        return ended(fault);
    if (outcome == OUTCOME_LATER)
        return unreadable(fault, inner.internal);
    return outcome ? damaged(fault, "indeks pencarian", inner.internal) : OUTCOME_DONE;
}

static enum outcome check_blob(struct book_txn *txn, const struct blob_ref *ref, struct fault *fault)
{
    void *data = NULL;
    size_t size;
    struct fault inner = {0};
    enum outcome outcome = blob_get(txn, ref, &data, &size, &inner);
    free(data);
    if (outcome == OUTCOME_LATER)
        return unreadable(fault, inner.internal);
    return outcome ? damaged(fault, "isi sebuah lampiran hilang atau berubah", inner.internal) : OUTCOME_DONE;
}

static enum outcome check_blobs(struct book_txn *txn, int64_t *ret_checked, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s = stmt_open(txn, "SELECT sha256 FROM blob ORDER BY sha256");
    while (!outcome && stmt_row(&s)) {
        size_t size;
        struct blob_ref ref;
        const void *digest = stmt_peek_blob(&s, 0, &size);
        if (size != sizeof ref.sha256) {
            outcome = damaged(fault, "catatan sebuah lampiran", "digest of another size");
            break;
        }
        memcpy(ref.sha256, digest, size);
        outcome = txn_closing(txn) ? ended(fault) : check_blob(txn, &ref, fault);
        *ret_checked += !outcome;
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome verify_book(struct book_txn *txn, struct verify_report *ret, struct fault *fault)
{
    *ret = (struct verify_report){0};
    enum outcome outcome = check_sqlite(txn, fault);
    if (!outcome)
        outcome = check_foreign_keys(txn, fault);
    if (!outcome)
        outcome = event_verify(txn, &ret->events, fault);
    if (!outcome)
        outcome = check_blobs(txn, &ret->blobs, fault);
    return outcome ? outcome : check_full_text(txn, fault);
}
