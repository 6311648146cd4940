#include "stmt.h"
#include "daemon/base/shortage.h"
#include "txn_private.h"
#include <errno.h>
#include <sqlite3.h>
#include <string.h>

static struct statement_slot *slot_of(struct book_txn *txn, const char *literal)
{
    size_t at = ((uintptr_t)literal >> 3) * 0x9e3779b1u;
    for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
        struct statement_slot *slot = &txn->statements[(at + i) % STATEMENT_SLOTS];
        if (!slot->sql || slot->sql == literal)
            return slot;
    }
    return NULL;
}

/* SQLite tells a read that the disk refused (EIO, ENXIO) as a corrupt file. The file may be whole, and the disk may
 * read it the next time: to people that is another thing. The caller sets errno to 0 before it asks SQLite. */
static int unmixed(int code)
{
    bool refused = errno == EIO || errno == ENXIO;
    return code == SQLITE_CORRUPT && refused ? SQLITE_IOERR_READ : code;
}

static struct stmt prepare(struct book_txn *txn, const char *sql, unsigned flags)
{
    struct stmt s = {.txn = txn};
    errno = 0;
    s.code = unmixed(sqlite3_prepare_v3(txn->db, sql, -1, flags, &s.handle, NULL));
    return s;
}

int stmt_script(struct sqlite3 *db, const char *sql)
{
    errno = 0;
    return unmixed(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

struct stmt stmt_open(struct book_txn *txn, const char *literal)
{
    struct statement_slot *slot = slot_of(txn, literal);
    if (slot && slot->handle) {
        /* A visitor may list again while the outer list is being stepped. */
        if (sqlite3_stmt_busy(slot->handle))
            return prepare(txn, literal, 0);
        return (struct stmt){.txn = txn, .handle = slot->handle, .cached = true};
    }
    struct stmt s = prepare(txn, literal, SQLITE_PREPARE_PERSISTENT);
    if (slot && s.handle) {
        *slot = (struct statement_slot){.sql = literal, .handle = s.handle};
        s.cached = true;
    }
    return s;
}

struct stmt stmt_open_once(struct book_txn *txn, const char *sql)
{
    return prepare(txn, sql, 0);
}

static void bound(struct stmt *s, int code)
{
    if (!s->code)
        s->code = code;
}

void stmt_int(struct stmt *s, int64_t value)
{
    s->bound++;
    if (!s->code)
        bound(s, sqlite3_bind_int64(s->handle, s->bound, value));
}

void stmt_id(struct stmt *s, int64_t value)
{
    if (value)
        stmt_int(s, value);
    else
        s->bound++; /* never bound is NULL */
}

void stmt_text(struct stmt *s, const char *value)
{
    s->bound++;
    if (!s->code && value)
        bound(s, sqlite3_bind_text64(s->handle, s->bound, value, strlen(value), SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_blob(struct stmt *s, const void *data, size_t size)
{
    s->bound++;
    if (!s->code && data)
        bound(s, sqlite3_bind_blob64(s->handle, s->bound, data, size, SQLITE_STATIC));
}

bool stmt_row(struct stmt *s)
{
    if (s->code && s->code != SQLITE_ROW)
        return false;
    errno = 0;
    s->code = unmixed(sqlite3_step(s->handle));
    return s->code == SQLITE_ROW;
}

int64_t stmt_int_at(const struct stmt *s, int column)
{
    return sqlite3_column_int64(s->handle, column);
}

const char *stmt_peek_text(const struct stmt *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s->handle, column);
    if (!text && sqlite3_column_type(s->handle, column) != SQLITE_NULL)
        shortage_note(); /* else it would pass for a text that nobody ever wrote */
    return text;
}

const char *stmt_text_at(const struct stmt *s, int column, struct arena *arena)
{
    return arena_strdup(arena, stmt_peek_text(s, column));
}

const void *stmt_peek_blob(const struct stmt *s, int column, size_t *ret_size)
{
    const void *data = sqlite3_column_blob(s->handle, column);
    *ret_size = (size_t)sqlite3_column_bytes(s->handle, column);
    return data;
}

static const char damaged_text[] =
    "Berkas Buku Pengaduan rusak. Beri tahu admin: hentikan layanan, lalu pulihkan dari cadangan.";

bool book_is_damaged(const struct fault *fault)
{
    return !strcmp(fault->public_text, damaged_text);
}

enum outcome stmt_failed(int code, const char *text, const char *act, struct fault *fault)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return OUTCOME_DONE;
    case SQLITE_FULL:
        return fault_set(fault, OUTCOME_LATER,
            "Belum tersimpan karena penyimpanan penuh. Beri tahu admin, lalu coba lagi.", "sqlite %d %s: %s",
            code, text, act);
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY: /* a disk that went read-only; a reader that writes is a bug that shows at once */
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
        return fault_set(fault, OUTCOME_LATER,
            "Belum tersimpan karena buku sedang terganggu. Coba lagi sebentar lagi.", "sqlite %d %s: %s",
            code, text, act);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return fault_set(fault, OUTCOME_STOP, damaged_text, "sqlite %d %s: %s", code, text, act);
    default:
        return fault_set(fault, OUTCOME_NEVER, NULL, "sqlite %d %s: %s", code, text, act);
    }
}

static bool of_the_disk(int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return true;
    default:
        return false;
    }
}

enum outcome stmt_close(struct stmt *s, struct fault *fault)
{
    int code = s->code;
    enum outcome outcome = OUTCOME_DONE;
    if (of_the_disk(code))
        s->txn->storage_failed = true;
    if (code && code != SQLITE_ROW && code != SQLITE_DONE)
        outcome =
            stmt_failed(code, code == SQLITE_IOERR_READ ? sqlite3_errstr(code) : sqlite3_errmsg(s->txn->db),
                s->handle ? sqlite3_sql(s->handle) : "prepare", fault);
    if (s->cached) {
        sqlite3_reset(s->handle);
        sqlite3_clear_bindings(s->handle);
    } else
        sqlite3_finalize(s->handle);
    *s = (struct stmt){.txn = s->txn};
    return outcome;
}

enum outcome stmt_run(struct stmt *s, struct fault *fault)
{
    while (stmt_row(s))
        continue;
    return stmt_close(s, fault);
}

enum outcome stmt_value(struct stmt *s, int64_t *ret_value, struct fault *fault)
{
    int64_t value = stmt_row(s) ? stmt_int_at(s, 0) : 0;
    enum outcome outcome = stmt_close(s, fault);
    if (!outcome)
        *ret_value = value;
    return outcome;
}

enum outcome stmt_chain_of(struct stmt *s, stmt_reader *read, size_t size, size_t next, void *ret,
    struct arena *arena, struct fault *fault)
{
    char *first = NULL, *last = NULL, *row;
    while (stmt_row(s) && (row = arena_alloc(arena, size)) != NULL) {
        read(s, row, arena);
        memcpy(last ? last + next : (char *)&first, &row, sizeof row);
        last = row;
    }
    enum outcome outcome = stmt_close(s, fault);
    if (!outcome)
        outcome = stmt_arena(arena, fault);
    if (!outcome)
        memcpy(ret, &first, sizeof first);
    return outcome;
}

enum outcome stmt_exec(struct book_txn *txn, const char *literal, struct fault *fault)
{
    struct stmt s = stmt_open(txn, literal);
    return stmt_run(&s, fault);
}

int64_t stmt_last_id(const struct book_txn *txn)
{
    return sqlite3_last_insert_rowid(txn->db);
}

int64_t stmt_changes(const struct book_txn *txn)
{
    return sqlite3_changes64(txn->db);
}

enum outcome stmt_arena(const struct arena *arena, struct fault *fault)
{
    if (arena_ok(arena))
        return OUTCOME_DONE;
    return fault_set(fault, OUTCOME_LATER, NULL, "no room in the arena for what the book holds");
}

void stmt_forget_all(struct book_txn *txn)
{
    for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
        sqlite3_finalize(txn->statements[i].handle);
        txn->statements[i] = (struct statement_slot){0};
    }
}
