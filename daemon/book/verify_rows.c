/* The journal's chain, and every row against the newest word about it.
 *
 * The newest words are gathered in the scratch. While the book is in use each piece first reads on in the journal, so that
 * rows and words are of the same snapshot; a row that changes after it was compared was right when it was. */
#include "stmt.h"
#include "verify_private.h"
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum outcome row_fault(struct book_txn *txn, const struct sealed_table *t, const struct seal *seal,
    const char *act, struct fault *fault);

/* One row of the journal on its way into the scratch. */
struct gathering {
    struct verify *v;
    const struct sealed_table *again; /* of the first word that should have been the only one; NULL = none */
    struct seal again_seal;
    bool event, event_again; /* one was written; one was written over */
};

static enum outcome is_known(
    struct verify *v, int64_t table, const struct seal *seal, bool *ret_known, struct fault *fault)
{
    struct stmt s = stmt_open(v->scratch, "SELECT 1 FROM word WHERE tab = ?1 AND key = ?2");
    stmt_int(&s, table);
    stmt_blob(&s, seal->key, (size_t)seal->key_size);
    *ret_known = stmt_row(&s);
    return stmt_close(&s, fault);
}

/* Is this a second word about what is written once? */
static enum outcome note_again(
    struct gathering *g, const struct sealed_table *t, const struct seal *seal, struct fault *fault)
{
    bool known = false, event = !strcmp(t->name, "event");
    enum outcome outcome =
        t->once && !seal->anew ? is_known(g->v, t - g->v->tables.list, seal, &known, fault) : OUTCOME_DONE;
    g->event = g->event || (event && !known && !seal->gone);
    g->event_again = g->event_again || (event && known);
    if (known && (!g->again || event)) {
        g->again = t;
        g->again_seal = *seal;
    }
    return outcome;
}

static enum outcome gather(void *arg, const char *name, const struct seal *seal, struct fault *fault)
{
    struct gathering *g = arg;
    const struct sealed_table *t = sealed_find(&g->v->tables, name);
    if (!t) /* of a table that is no more */
        return OUTCOME_DONE;
    enum outcome outcome = note_again(g, t, seal, fault);
    if (outcome)
        return outcome;
    struct stmt s = stmt_open(
        g->v->scratch, "INSERT OR REPLACE INTO word (tab, key, place, digest) VALUES (?1, ?2, ?3, ?4)");
    stmt_int(&s, t - g->v->tables.list);
    stmt_blob(&s, seal->key, (size_t)seal->key_size);
    stmt_int(&s, seal->place);
    stmt_blob(&s, seal->gone ? NULL : seal->digest, SEAL_SIZE);
    return stmt_run(&s, fault);
}

static enum outcome broken(int64_t id, const char *why, struct fault *fault)
{
    char what[160];
    snprintf(what, sizeof what, "jurnal terputus pada baris %" PRId64, id);
    return verify_damaged(fault, what, "row %" PRId64 " of the journal: %s", id, why);
}

/* Columns: id, at, writes, hash. */
static enum outcome take_row(
    struct verify *v, struct book_txn *txn, const struct stmt *s, struct fault *fault)
{
    size_t size, hash_size;
    unsigned char hash[CHAIN_DIGEST];
    struct verify_report *r = v->report;
    int64_t id = stmt_int_at(s, 0);
    const void *writes = stmt_peek_blob(s, 2, &size), *stored = stmt_peek_blob(s, 3, &hash_size);
    if (id != v->journal_id + 1)
        return broken(v->journal_id + 1, "missing", fault);
    journal_hash(r->head, id, stmt_int_at(s, 1), writes, size, hash);
    if (hash_size != sizeof hash || memcmp(stored, hash, sizeof hash))
        return broken(id, "content does not have the stored hash", fault);
    struct fault inner = {0};
    struct gathering gathering = {.v = v};
    enum outcome outcome = journal_read(writes, size, gather, &gathering, &inner);
    if (outcome == OUTCOME_NEVER)
        return broken(id, inner.internal, fault);
    if (outcome)
        return fault_set(fault, outcome, inner.public_text, "%s", inner.internal);
    if (gathering.again && (!gathering.event || gathering.event_again))
        return row_fault(txn, gathering.again, &gathering.again_seal,
            "ditulis untuk kedua kalinya tanpa peristiwa", fault);
    memcpy(r->head, hash, sizeof hash);
    v->journal_id = id;
    r->head_found = r->head_found || (v->options.head && !memcmp(v->options.head, hash, sizeof hash));
    return OUTCOME_DONE;
}

/* *ret_all: the journal's end was reached. */
static enum outcome read_on(struct verify *v, struct book_txn *txn, bool *ret_all, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    bool more = true;
    struct stmt s = stmt_open(txn, "SELECT id, at, writes, hash FROM journal WHERE id > ?1 ORDER BY id");
    stmt_int(&s, v->journal_id);
    while (!outcome && !verify_pause(v) && (more = stmt_row(&s))) {
        outcome = take_row(v, txn, &s, fault);
        if (!outcome)
            outcome = verify_ended(txn, fault);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    *ret_all = !more;
    return outcome ? outcome : closed;
}

enum outcome verify_journal(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    if (!v->place.step++) {
        outcome = sealed_load(txn, &v->tables, fault);
        if (!outcome)
            outcome = stmt_exec(v->scratch,
                "CREATE TABLE word (tab INTEGER, key BLOB, place INTEGER, digest BLOB,"
                " PRIMARY KEY (tab, key)) WITHOUT ROWID",
                fault);
    }
    return outcome ? outcome : read_on(v, txn, ret_through, fault);
}

/* ---- rows ---- */

static struct sqlite3_value *column_value(void *statement, int column)
{
    return sqlite3_column_value(statement, column);
}

static enum outcome row_fault(struct book_txn *txn, const struct sealed_table *t, const struct seal *seal,
    const char *act, struct fault *fault)
{
    char whose[96], what[280], row[32] = "";
    verify_whose(txn, seal->place, whose);
    if (t->integer_key) {
        uint64_t id = 0;
        for (int i = 0; i < 8; i++)
            id = id << 8 | seal->key[i];
        snprintf(row, sizeof row, " %" PRIu64, id);
    }
    snprintf(
        what, sizeof what, "tabel %s, baris%s%s%s %s", t->name, row, whose[0] ? " milik " : "", whose, act);
    return verify_damaged(fault, what, "table %s row%s of complaint %" PRId64, t->name, row, seal->place);
}

static enum outcome compare(struct verify *v, struct book_txn *txn, const struct sealed_table *t,
    struct stmt *row, struct fault *fault)
{
    struct seal seal;
    size_t size = 0;
    if (!seal_row(t, column_value, row->handle, &seal))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to seal a row");
    struct stmt s = stmt_open(v->scratch, "SELECT digest FROM word WHERE tab = ?1 AND key = ?2");
    stmt_int(&s, t - v->tables.list);
    stmt_blob(&s, seal.key, (size_t)seal.key_size);
    const void *digest = stmt_row(&s) ? stmt_peek_blob(&s, 0, &size) : NULL;
    bool known = digest && size == SEAL_SIZE, same = known && !memcmp(digest, seal.digest, SEAL_SIZE);
    enum outcome outcome = stmt_close(&s, fault);
    if (outcome || same)
        return outcome;
    return row_fault(
        txn, t, &seal, known ? "diubah di luar pengaduand" : "ditambahkan di luar pengaduand", fault);
}

/* The key of the row s stands on, to go on from it. */
static enum outcome keep_key(
    struct verify *v, const struct sealed_table *t, struct stmt *s, struct fault *fault)
{
    for (int i = 0; i < t->key_count; i++) {
        sqlite3_value_free(v->place.key[i]);
        v->place.key[i] = sqlite3_value_dup(sqlite3_column_value(s->handle, t->keys[i]));
        if (!v->place.key[i])
            return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a key");
    }
    return OUTCOME_DONE;
}

static struct stmt open_rows(struct verify *v, struct book_txn *txn, const struct sealed_table *t)
{
    char sql[SEALED_SQL_SIZE];
    sealed_select(t, v->place.key[0], sql);
    struct stmt s = stmt_open_once(txn, sql);
    for (int i = 0; v->place.key[0] && i < t->key_count && !s.code; i++)
        s.code = sqlite3_bind_value(s.handle, i + 1, v->place.key[i]);
    return s;
}

static enum outcome compare_table(
    struct verify *v, struct book_txn *txn, const struct sealed_table *t, bool *ret_all, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    bool more = true;
    struct stmt s = open_rows(v, txn, t);
    while (!outcome && !verify_pause(v) && (more = stmt_row(&s))) {
        outcome = compare(v, txn, t, &s, fault);
        if (!outcome)
            outcome = keep_key(v, t, &s, fault);
        if (!outcome)
            outcome = verify_ended(txn, fault);
        v->report->rows += !outcome;
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    *ret_all = !more;
    return outcome ? outcome : closed;
}

/* ---- rows that are gone ---- */

static enum outcome count_rows(
    struct book_txn *txn, const struct sealed_table *t, int64_t *ret_count, struct fault *fault)
{
    char sql[SEALED_SQL_SIZE];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\"", t->name);
    struct stmt s = stmt_open_once(txn, sql);
    *ret_count = stmt_row(&s) ? stmt_int_at(&s, 0) : 0;
    return stmt_close(&s, fault);
}

static enum outcome count_words(struct verify *v, int table, int64_t *ret_count, struct fault *fault)
{
    struct stmt s = stmt_open(v->scratch, "SELECT count(digest) FROM word WHERE tab = ?1");
    stmt_int(&s, table);
    *ret_count = stmt_row(&s) ? stmt_int_at(&s, 0) : 0;
    return stmt_close(&s, fault);
}

static enum outcome cross_off(
    struct verify *v, const struct sealed_table *t, struct stmt *row, struct fault *fault)
{
    struct seal seal;
    if (!seal_key(t, column_value, row->handle, &seal))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to seal a row");
    struct stmt s = stmt_open(v->scratch, "DELETE FROM word WHERE tab = ?1 AND key = ?2");
    stmt_int(&s, t - v->tables.list);
    stmt_blob(&s, seal.key, (size_t)seal.key_size);
    return stmt_run(&s, fault);
}

/* Some word has no row: whose? */
static enum outcome name_missing(
    struct verify *v, struct book_txn *txn, const struct sealed_table *t, struct fault *fault)
{
    struct seal seal = {.key_size = 8};
    struct verify from_start = {.place = {.step = 0}};
    enum outcome outcome = OUTCOME_DONE;
    struct stmt rows = open_rows(&from_start, txn, t);
    while (!outcome && stmt_row(&rows))
        outcome = cross_off(v, t, &rows, fault);
    enum outcome closed = stmt_close(&rows, outcome ? NULL : fault);
    if (outcome || closed)
        return outcome ? outcome : closed;
    struct stmt s = stmt_open(
        v->scratch, "SELECT key, place FROM word WHERE tab = ?1 AND digest IS NOT NULL ORDER BY key LIMIT 1");
    stmt_int(&s, t - v->tables.list);
    if (stmt_row(&s)) {
        size_t size;
        const void *key = stmt_peek_blob(&s, 0, &size);
        memcpy(seal.key, key, size < SEAL_SIZE ? size : SEAL_SIZE);
        seal.place = stmt_int_at(&s, 1);
    }
    outcome = stmt_close(&s, fault);
    return outcome ? outcome : row_fault(txn, t, &seal, "dihapus di luar pengaduand", fault);
}

static enum outcome check_missing(
    struct verify *v, struct book_txn *txn, const struct sealed_table *t, struct fault *fault)
{
    int64_t rows, words;
    enum outcome outcome = count_rows(txn, t, &rows, fault);
    if (!outcome)
        outcome = count_words(v, (int)(t - v->tables.list), &words, fault);
    return outcome || rows == words ? outcome : name_missing(v, txn, t, fault);
}

/* ---- table by table ---- */

static void next_table(struct verify *v)
{
    for (int i = 0; i < SEALED_KEYS; i++) {
        sqlite3_value_free(v->place.key[i]);
        v->place.key[i] = NULL;
    }
    v->place.step = 0;
    v->place.table++;
}

/* step 0: its rows; 1: what is missing. */
enum outcome verify_rows(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    bool all = false;
    enum outcome outcome = read_on(v, txn, &all, fault);
    *ret_through = !outcome && v->place.table == v->tables.count;
    if (outcome || *ret_through || !all)
        return outcome;
    const struct sealed_table *t = &v->tables.list[v->place.table];
    if (v->place.step) {
        outcome = check_missing(v, txn, t, fault);
        next_table(v);
        return outcome;
    }
    outcome = compare_table(v, txn, t, &all, fault);
    v->place.step = all;
    return outcome;
}
