/* Writing: the hook notes, journal_write() sorts, packs and chains. */
#define SQLITE_ENABLE_PREUPDATE_HOOK
#include "journal.h"
#include "stmt.h"
#include "txn_private.h"
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_NOTES_MOST = 16 * 1024,                              /* of one row of the journal */
    NOTE_BYTES_MOST = 1 + SEAL_SIZE + 1 + 8 + 1 + SEAL_SIZE, /* packed */
};

struct note {
    const struct sealed_table *table;
    struct seal seal;
    size_t order;
};

struct journal {
    struct sealed_tables tables;
    struct note *notes; /* owned */
    size_t count, room;
    bool failed; /* something could not be noted: the transaction must not be committed */
};

/* ---- noting ---- */

static struct note *note_new(struct journal *j, const struct sealed_table *table)
{
    if (j->count == j->room) {
        size_t room = j->room ? j->room * 2 : 64;
        struct note *more = realloc(j->notes, room * sizeof *more);
        if (!more) {
            j->failed = true;
            return NULL;
        }
        j->notes = more;
        j->room = room;
    }
    struct note *n = &j->notes[j->count];
    *n = (struct note){.table = table, .order = j->count++};
    return n;
}

static struct sqlite3_value *old_value(void *db, int column)
{
    sqlite3_value *value = NULL;
    return sqlite3_preupdate_old(db, column, &value) ? NULL : value;
}

static struct sqlite3_value *new_value(void *db, int column)
{
    sqlite3_value *value = NULL;
    return sqlite3_preupdate_new(db, column, &value) ? NULL : value;
}

static void note_gone(
    struct journal *j, const struct sealed_table *table, sqlite3 *db, const struct seal *new)
{
    struct seal old = {.gone = true};
    bool good = seal_key(table, old_value, db, &old);
    if (good && new &&new->key_size == old.key_size && !memcmp(new->key, old.key, (size_t)old.key_size))
        return; /* an update that keeps the key */
    struct note *n = good ? note_new(j, table) : NULL;
    if (n)
        n->seal = old;
    else
        j->failed = true;
}

static void hook(void *arg, sqlite3 *db, int op, const char *schema, const char *name,
    sqlite3_int64 old_rowid, sqlite3_int64 new_rowid)
{
    struct journal *j = arg;
    (void)old_rowid;
    (void)new_rowid;
    const struct sealed_table *table = strcmp(schema, "main") ? NULL : sealed_find(&j->tables, name);
    if (!table)
        return;
    struct seal seal;
    if (op == SQLITE_DELETE) {
        note_gone(j, table, db, NULL);
        return;
    }
    bool good = seal_row(table, new_value, db, &seal);
    if (good && op == SQLITE_UPDATE)
        note_gone(j, table, db, &seal);
    struct note *n = good ? note_new(j, table) : NULL;
    if (n)
        n->seal = seal;
    else
        j->failed = true;
}

size_t journal_mark(const struct book_txn *txn)
{
    return txn->journal ? txn->journal->count : 0;
}

void journal_undo(struct book_txn *txn, size_t mark)
{
    if (txn->journal) {
        txn->journal->count = mark;
        txn->journal->failed = txn->journal->failed && mark;
    }
}

/* ---- packing ---- */

static int same_row(const struct note *a, const struct note *b)
{
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    if (a->seal.key_size != b->seal.key_size)
        return a->seal.key_size - b->seal.key_size;
    return memcmp(a->seal.key, b->seal.key, (size_t)a->seal.key_size);
}

/* By table and key, the last word about a row last. */
static int compare_notes(const void *a, const void *b)
{
    const struct note *x = a, *y = b;
    int by_row = same_row(x, y);
    return by_row ? by_row : x->order < y->order ? -1 : 1;
}

static size_t keep_last_words(struct note *notes, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || same_row(&notes[i], &notes[i + 1]))
            notes[kept++] = notes[i];
    return kept;
}

static unsigned char *put_number(unsigned char *p, const unsigned char big_endian[8])
{
    int zeros = 0;
    while (zeros < 8 && !big_endian[zeros])
        zeros++;
    *p++ = (unsigned char)(8 - zeros);
    memcpy(p, big_endian + zeros, (size_t)(8 - zeros));
    return p + 8 - zeros;
}

static unsigned char *put_seal(unsigned char *p, const struct seal *seal)
{
    unsigned char place[8];
    for (int i = 0; i < 8; i++)
        place[i] = (unsigned char)((uint64_t)seal->place >> (56 - 8 * i));
    if (seal->key_size == SEAL_SIZE) {
        *p++ = SEAL_SIZE;
        memcpy(p, seal->key, SEAL_SIZE);
        p += SEAL_SIZE;
    } else
        p = put_number(p, seal->key);
    p = put_number(p, place);
    *p++ = seal->gone ? 0 : seal->anew ? 2 : 1;
    if (!seal->gone) {
        memcpy(p, seal->digest, SEAL_SIZE);
        p += SEAL_SIZE;
    }
    return p;
}

/* Notes of one table in a row; returns the end. */
static unsigned char *put_table(unsigned char *p, const struct note *notes, size_t count)
{
    size_t length = strlen(notes->table->name);
    *p++ = (unsigned char)length;
    memcpy(p, notes->table->name, length);
    p += length;
    for (int i = 0; i < 4; i++)
        *p++ = (unsigned char)(count >> (24 - 8 * i));
    for (size_t i = 0; i < count; i++)
        p = put_seal(p, &notes[i].seal);
    return p;
}

/* malloc'd; NULL without memory. */
static unsigned char *pack(const struct note *notes, size_t count, size_t *ret_size)
{
    unsigned char *packed = malloc(count * NOTE_BYTES_MOST + SEALED_TABLES * (5 + SEALED_NAME_SIZE)),
                  *p = packed;
    for (size_t i = 0, end; packed && i < count; i = end) {
        for (end = i; end < count && notes[end].table == notes[i].table; end++)
            continue;
        p = put_table(p, notes + i, end - i);
    }
    *ret_size = (size_t)(p - packed);
    return packed;
}

/* ---- chaining ---- */

void journal_hash(const unsigned char prev[CHAIN_DIGEST], int64_t id, int64_t at, const void *writes,
    size_t size, unsigned char ret_hash[CHAIN_DIGEST])
{
    crypto_hash_sha256_state h;
    unsigned char digest[CHAIN_DIGEST];
    crypto_hash_sha256(digest, writes, size);
    crypto_hash_sha256_init(&h);
    chain_part(&h, prev, CHAIN_DIGEST);
    chain_number(&h, id);
    chain_number(&h, at);
    chain_part(&h, digest, sizeof digest);
    crypto_hash_sha256_final(&h, ret_hash);
}

enum outcome journal_head(
    struct book_txn *txn, int64_t *ret_id, unsigned char ret_hash[CHAIN_DIGEST], struct fault *fault)
{
    int64_t id = 0;
    size_t size = CHAIN_DIGEST;
    memset(ret_hash, 0, CHAIN_DIGEST);
    struct stmt s = stmt_open(txn, "SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1");
    if (stmt_row(&s)) {
        const void *hash = stmt_peek_blob(&s, 1, &size);
        id = stmt_int_at(&s, 0);
        if (size == CHAIN_DIGEST)
            memcpy(ret_hash, hash, size);
    }
    enum outcome outcome = stmt_close(&s, fault);
    if (!outcome && size != CHAIN_DIGEST)
        outcome = fault_set(fault, OUTCOME_STOP, "Jurnal Buku Pengaduan rusak. Jalankan: pengaduand verify",
            "row %lld of the journal has no hash", (long long)id);
    if (!outcome)
        *ret_id = id;
    return outcome;
}

static enum outcome insert_row(
    struct book_txn *txn, const unsigned char *packed, size_t size, struct fault *fault)
{
    int64_t id;
    unsigned char prev[CHAIN_DIGEST], hash[CHAIN_DIGEST];
    enum outcome outcome = journal_head(txn, &id, prev, fault);
    if (outcome)
        return outcome;
    id++;
    journal_hash(prev, id, txn->now, packed, size, hash);
    struct stmt s = stmt_open(txn, "INSERT INTO journal (id, at, writes, hash) VALUES (?1, ?2, ?3, ?4)");
    stmt_int(&s, id);
    stmt_int(&s, txn->now);
    stmt_blob(&s, packed, size);
    stmt_blob(&s, hash, sizeof hash);
    return stmt_run(&s, fault);
}

enum outcome journal_write(struct book_txn *txn, struct fault *fault)
{
    struct journal *j = txn->journal;
    if (!j || (!j->count && !j->failed))
        return OUTCOME_DONE;
    qsort(j->notes, j->count, sizeof *j->notes, compare_notes);
    size_t size = 0, count = keep_last_words(j->notes, j->count);
    unsigned char *packed = j->failed ? NULL : pack(j->notes, count, &size);
    j->count = 0;
    if (!packed)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the journal");
    enum outcome outcome = insert_row(txn, packed, size, fault);
    free(packed);
    return outcome;
}

/* ---- schema steps ---- */

static struct sqlite3_value *column_value(void *statement, int column)
{
    return sqlite3_column_value(statement, column);
}

static enum outcome seal_table(struct book_txn *txn, const struct sealed_table *table, struct fault *fault)
{
    struct journal *j = txn->journal;
    char sql[SEALED_SQL_SIZE];
    enum outcome outcome = OUTCOME_DONE;
    sealed_select(table, /* from_key= */ false, sql);
    struct stmt s = stmt_open_once(txn, sql);
    while (!outcome && stmt_row(&s)) {
        struct seal seal;
        struct note *n = seal_row(table, column_value, s.handle, &seal) ? note_new(j, table) : NULL;
        seal.anew = true;
        if (n)
            n->seal = seal;
        else
            j->failed = true;
        if (j->failed || j->count == ROW_NOTES_MOST)
            outcome = journal_write(txn, fault);
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

enum outcome journal_seal_anew(struct book_txn *txn, struct fault *fault)
{
    enum outcome outcome = journal_write(txn, fault);
    for (int i = 0; i < txn->journal->tables.count && !outcome; i++)
        outcome = seal_table(txn, &txn->journal->tables.list[i], fault);
    return outcome ? outcome : journal_write(txn, fault);
}

static enum outcome has_journal(struct book_txn *txn, bool *ret_has, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'journal'");
    *ret_has = stmt_row(&s);
    return stmt_close(&s, fault);
}

/* The notes point into the list of tables: they are written before it changes. */
enum outcome journal_after_step(struct book_txn *txn, struct fault *fault)
{
    struct journal *j = txn->journal;
    bool has;
    enum outcome outcome = has_journal(txn, &has, fault);
    if (outcome || !has)
        return outcome;
    struct sealed_tables *before = malloc(sizeof *before);
    if (!before)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the journal");
    *before = j->tables;
    outcome = journal_write(txn, fault);
    if (!outcome)
        outcome = sealed_load(txn, &j->tables, fault);
    for (int i = 0; i < j->tables.count && !outcome; i++) {
        const struct sealed_table *now = &j->tables.list[i], *then = sealed_find(before, now->name);
        if (!then || !sealed_kept(then, now))
            outcome = seal_table(txn, now, fault);
    }
    free(before);
    return outcome ? outcome : journal_write(txn, fault);
}

enum outcome journal_open(struct book_txn *txn, struct fault *fault)
{
    bool has = false;
    txn->journal = calloc(1, sizeof *txn->journal);
    if (!txn->journal)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the journal");
    enum outcome outcome = has_journal(txn, &has, fault);
    if (!outcome && has)
        outcome = sealed_load(txn, &txn->journal->tables, fault);
    if (!outcome)
        sqlite3_preupdate_hook(txn->db, hook, txn->journal);
    return outcome;
}

void journal_free(struct journal *journal)
{
    if (!journal)
        return;
    free(journal->notes);
    free(journal);
}
