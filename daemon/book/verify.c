/* The order of the stages, the pieces, and what every stage uses. */
#include "verify.h"
#include "blob.h"
#include "daemon/base/clock.h"
#include "daemon/base/shortage.h"
#include "event.h"
#include "orphan.h"
#include "stmt.h"
#include "verify_private.h"
#include <inttypes.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_MS = 100 };

/* ---- what the stages use ---- */

bool verify_pause(const struct verify *v)
{
    return clock_mono_ms() >= v->deadline;
}

enum outcome verify_damaged(struct fault *fault, const char *what, const char *detail, ...)
{
    char text[sizeof fault->public_text], internal[sizeof fault->internal];
    va_list ap;
    va_start(ap, detail);
    vsnprintf(internal, sizeof internal, detail, ap);
    va_end(ap);
    snprintf(text, sizeof text, "Buku Pengaduan tidak utuh: %s.", what);
    return fault_set(fault, OUTCOME_NEVER, text, "%s", internal);
}

enum outcome verify_unreadable(struct fault *fault, const char *detail)
{
    return fault_set(fault, OUTCOME_LATER,
        "Buku Pengaduan tidak dapat dibaca seluruhnya. Periksa cakram komputer, lalu ulangi pemeriksaan.",
        "%s", detail);
}

void verify_whose(struct book_txn *txn, int64_t complaint_id, char out[96])
{
    struct fault ignored;
    out[0] = 0;
    if (!complaint_id)
        return;
    snprintf(out, 96, "aduan ke-%" PRId64, complaint_id);
    struct stmt s = stmt_open(txn, "SELECT number FROM complaint WHERE id = ?1");
    stmt_int(&s, complaint_id);
    if (stmt_row(&s))
        snprintf(out, 96, "aduan %s", stmt_peek_text(&s, 0));
    stmt_close(&s, &ignored);
}

enum outcome verify_ended(const struct book_txn *txn, struct fault *fault)
{
    if (!txn_closing(txn))
        return OUTCOME_DONE;
    return fault_set(fault, OUTCOME_LATER, "Pemeriksaan dihentikan karena pengaduand berhenti.",
        "the book is being closed");
}

/* ---- history ---- */

static enum outcome verify_events(
    struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    struct event_walk walk = {.id = v->place.id, .wanted = v->options.head};
    memcpy(walk.hash, v->place.digest, sizeof walk.hash);
    enum outcome outcome = OUTCOME_DONE;
    while (!outcome && !walk.through && !verify_pause(v)) {
        outcome = event_verify(txn, &walk, fault);
        if (!outcome)
            outcome = verify_ended(txn, fault);
    }
    v->report->events = v->place.id = walk.id;
    v->report->head_found = v->report->head_found || walk.met;
    memcpy(v->place.digest, walk.hash, sizeof walk.hash);
    *ret_through = walk.through;
    return outcome;
}

/* ---- content ---- */

/* A complaint that has this content, or 0. */
static int64_t owner_of(struct book_txn *txn, const struct blob_ref *ref)
{
    struct fault ignored;
    struct stmt s =
        stmt_open(txn, "SELECT m.complaint_id FROM attachment a JOIN message m ON m.id = a.message_id"
                       " WHERE a.sha256 = ?1 UNION ALL SELECT complaint_id FROM message"
                       " WHERE raw_sha256 = ?1 LIMIT 1");
    stmt_blob(&s, ref->sha256, sizeof ref->sha256);
    int64_t id = stmt_row(&s) ? stmt_int_at(&s, 0) : 0;
    stmt_close(&s, &ignored);
    return id;
}

static enum outcome content_fault(
    struct book_txn *txn, const struct blob_ref *ref, bool in_file, const char *detail, struct fault *fault)
{
    char hex[2 * sizeof ref->sha256 + 1], folder[32] = "blob ", whose[96], what[240];
    sodium_bin2hex(hex, sizeof hex, ref->sha256, sizeof ref->sha256);
    verify_whose(txn, owner_of(txn, ref), whose);
    if (in_file)
        snprintf(folder, sizeof folder, "lampiran/%.2s/%.2s/", hex, hex + 2);
    snprintf(what, sizeof what, "isi %s%s hilang atau berubah%s%s", folder, hex, whose[0] ? ", milik " : "",
        whose);
    return verify_damaged(fault, what, "%s", detail);
}

static enum outcome check_content(
    struct book_txn *txn, const struct blob_ref *ref, bool in_file, struct fault *fault)
{
    void *data = NULL;
    size_t size;
    struct fault inner = {0};
    enum outcome outcome = blob_get(txn, ref, &data, &size, &inner);
    free(data);
    if (outcome == OUTCOME_LATER)
        return verify_unreadable(fault, inner.internal);
    return outcome ? content_fault(txn, ref, in_file, inner.internal, fault) : OUTCOME_DONE;
}

/* What was destroyed was so by an act that the history tells of. */
static enum outcome check_emptied(
    struct book_txn *txn, const struct blob_ref *ref, int64_t at, struct fault *fault)
{
    int64_t told = 0;
    struct stmt s =
        stmt_open(txn, "SELECT count(*) FROM event WHERE kind IN ('lupakan', 'hapus_disetujui') AND"
                       " at = ?1 AND kind = 'lupakan'");
    stmt_int(&s, at);
    enum outcome outcome = stmt_value(&s, &told, fault);
    return outcome || told ? outcome : content_fault(txn, ref, false, "emptied without an act", fault);
}

enum outcome verify_files(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    bool more = true;
    struct stmt s = stmt_open(txn, "SELECT sha256, data IS NULL, emptied_at FROM blob"
                                   " WHERE sha256 > ?1 ORDER BY sha256");
    stmt_blob(&s, v->place.digest, v->place.step ? sizeof v->place.digest : 0);
    while (!outcome && !verify_pause(v) && (more = stmt_row(&s))) {
        size_t size;
        struct blob_ref ref;
        const void *digest = stmt_peek_blob(&s, 0, &size);
        if (size != sizeof ref.sha256) {
            outcome = verify_damaged(fault, "catatan sebuah blob", "digest of another size");
            break;
        }
        memcpy(ref.sha256, digest, size);
        memcpy(v->place.digest, digest, size);
        v->place.step = 1;
        outcome = stmt_int_at(&s, 2) ? check_emptied(txn, &ref, stmt_int_at(&s, 2), fault)
                                     : check_content(txn, &ref, stmt_int_at(&s, 1), fault);
        if (!outcome)
            outcome = verify_ended(txn, fault);
        v->report->blobs += !outcome;
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    *ret_through = !more;
    return outcome ? outcome : closed;
}

enum outcome verify_strays(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    struct orphans *orphans = malloc(sizeof *orphans);
    enum outcome outcome = orphans ? orphan_find(txn, orphans, fault)
                                   : fault_set(fault, OUTCOME_LATER, NULL, "no memory for stray files");
    v->report->strays = outcome ? 0 : (int64_t)orphans->count;
    free(orphans);
    *ret_through = true;
    return outcome;
}

/* ---- the whole ---- */

static enum outcome now_readable(
    struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    (void)txn;
    (void)fault;
    v->report->readable = true;
    *ret_through = true;
    return OUTCOME_DONE;
}

static enum outcome now_sealed(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    (void)txn;
    (void)fault;
    v->report->sealed = true;
    *ret_through = true;
    return OUTCOME_DONE;
}

/* First what a copy of the book is worthless without. A changed event is named as such before the journal would say the
 * same of its row. */
static verify_stage *const stages[] = {verify_database, verify_files, verify_strays, now_readable,
    verify_schema, verify_events, verify_journal, verify_rows, now_sealed, verify_foreign_keys,
    verify_arrivals, verify_messages, verify_complaints, verify_outbox, verify_clocks, verify_forgotten,
    verify_bookmarks, verify_named, verify_blobs, verify_index_rows, verify_words};

static void leave_stage(struct verify *v)
{
    for (int i = 0; i < SEALED_KEYS; i++)
        sqlite3_value_free(v->place.key[i]);
    memset(&v->place, 0, sizeof v->place);
}

static enum outcome run_piece(
    struct verify *v, struct book_txn *txn, verify_stage *stage, bool *ret_through, struct fault *fault)
{
    struct fault ignored;
    if (v->whole)
        return stage(v, txn, ret_through, fault);
    v->deadline = clock_mono_ms() + PIECE_MS;
    enum outcome outcome = stmt_exec(txn, "BEGIN", fault);
    if (outcome)
        return outcome;
    outcome = stage(v, txn, ret_through, fault);
    if (!sqlite3_get_autocommit(txn->db))
        stmt_exec(txn, "ROLLBACK", &ignored);
    return outcome ? outcome : verify_ended(txn, fault);
}

static enum outcome run_stages(struct verify *v, struct book_txn *txn, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < sizeof stages / sizeof *stages && !outcome; i++) {
        bool through = false;
        while (!outcome && !through)
            outcome = run_piece(v, txn, stages[i], &through, fault);
        leave_stage(v);
    }
    return outcome;
}

static enum outcome run(struct book_txn *txn, bool whole, const struct verify_options *options,
    struct verify_report *ret, struct fault *fault)
{
    static const struct verify_options nothing;
    struct verify *v = calloc(1, sizeof *v);
    *ret = (struct verify_report){0};
    if (!v)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to verify");
    v->options = options ? *options : nothing;
    v->report = ret;
    v->whole = whole;
    v->deadline = INT64_MAX;
    unsigned long shortages = shortage_count();
    enum outcome outcome = connection_open_scratch(&v->scratch, txn->options, fault);
    if (!outcome)
        outcome = run_stages(v, txn, fault);
    /* What SQLite cannot read is damage, and finding it the answer. */
    if (outcome == OUTCOME_STOP)
        outcome = OUTCOME_NEVER;
    if (outcome == OUTCOME_NEVER &&
        shortage_count() != shortages) /* what was compared may not have been all */
        outcome = verify_unreadable(fault, "no memory for all that is compared");
    connection_close(v->scratch);
    free(v);
    return outcome;
}

enum outcome verify_book(struct book_txn *txn, const struct verify_options *options,
    struct verify_report *ret, struct fault *fault)
{
    return run(txn, true, options, ret, fault);
}

enum outcome verify_in_pieces(struct book_txn *txn, const struct verify_options *options,
    struct verify_report *ret, struct fault *fault)
{
    connection_watch_closing(txn, true);
    enum outcome outcome = run(txn, false, options, ret, fault);
    connection_watch_closing(txn, false);
    if (outcome == OUTCOME_LATER && txn_closing(txn))
        outcome = verify_ended(txn, fault);
    return outcome;
}
