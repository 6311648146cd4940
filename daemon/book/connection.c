/* One connection, set up alike everywhere.
 *
 * Only the writer's connection may checkpoint: readers have their automatic checkpoints and the one at close
 * switched off, because SQLite 3.40.1 can lose a WAL reset when two connections do it at the same moment. */
#include "daemon/base/step.h"
#include "journal.h"
#include "memory.h"
#include "stmt.h"
#include "timetable.h"
#include "txn_private.h"
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The caches are small: what is not in them is a copy from the kernel's cache, and neither 10,000 mails nor pages and
 * search over them take longer than with 64 MiB. They decide what the daemon holds after a busy hour. */
static const char writer_setup[] = "PRAGMA journal_mode = WAL;"
                                   "PRAGMA synchronous = FULL;"
                                   "PRAGMA foreign_keys = ON;"
                                   "PRAGMA busy_timeout = 5000;"
                                   "PRAGMA cache_size = -8192;"
                                   "PRAGMA journal_size_limit = 67108864;"
                                   "PRAGMA mmap_size = 0;"
                                   "PRAGMA cell_size_check = ON;"
                                   "PRAGMA temp_store = MEMORY;";

static const char reader_setup[] = "PRAGMA query_only = ON;"
                                   "PRAGMA wal_autocheckpoint = 0;"
                                   "PRAGMA foreign_keys = ON;"
                                   "PRAGMA busy_timeout = 5000;"
                                   "PRAGMA cache_size = -4096;"
                                   "PRAGMA mmap_size = 0;"
                                   "PRAGMA cell_size_check = ON;"
                                   "PRAGMA temp_store = MEMORY;";

static const char copy_setup[] = "PRAGMA locking_mode = EXCLUSIVE;"
                                 "PRAGMA journal_mode = MEMORY;"
                                 "PRAGMA synchronous = OFF;"
                                 "PRAGMA foreign_keys = ON;"
                                 "PRAGMA cache_size = -4096;"
                                 "PRAGMA mmap_size = 0;"
                                 "PRAGMA cell_size_check = ON;"
                                 "PRAGMA temp_store = MEMORY;";

static int harden(sqlite3 *db, bool writable)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    int code = SQLITE_OK;
    for (size_t i = 0; !code && i < sizeof options / sizeof *options; i++)
        code = sqlite3_db_config(db, options[i].option, options[i].value, NULL);
    if (!code && !writable)
        code = sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return code;
}

static enum outcome check_wal(struct book_txn *txn, struct fault *fault)
{
    struct stmt s = stmt_open_once(txn, "PRAGMA journal_mode");
    bool wal = stmt_row(&s) && !strcmp(stmt_peek_text(&s, 0), "wal");
    enum outcome outcome = stmt_close(&s, fault);
    if (outcome || wal)
        return outcome;
    return fault_set(fault, OUTCOME_STOP,
        "Folder data berada di sistem berkas yang tidak cocok untuk buku. Pindahkan ke cakram setempat.",
        "no WAL on this file system");
}

/* Whose file it is is looked at before anything is changed in it. */
static enum outcome set_up(struct book_txn *txn, struct fault *fault)
{
    int code = harden(txn->db, txn->writable);
    if (!code)
        code = search_register(txn->db);
    if (code)
        return stmt_failed(code, sqlite3_errmsg(txn->db), "set up a connection", fault);
    enum outcome outcome = txn->writable ? migrate_book(txn, fault) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    code = stmt_script(txn->db, txn->writable ? writer_setup : reader_setup);
    return code ? stmt_failed(code, sqlite3_errmsg(txn->db), "pragmas", fault) : check_wal(txn, fault);
}

/* The file is made here, before SQLite would, so that only its owner can read it: WAL and index files get the
 * same mode. The folder is synced so that the name survives a power cut. */
static enum outcome create_file(const char *folder, const char *path, struct fault *fault)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && dir >= 0 && !fsync(dir);
    if (fd >= 0)
        close(fd);
    if (dir >= 0)
        close(dir);
    if (good)
        return OUTCOME_DONE;
    return fault_set(fault, OUTCOME_LATER,
        "Buku Pengaduan tidak dapat dibuat. Periksa folder data dan izinnya.", "cannot create %s: %m", path);
}

static enum outcome open_file(struct book_txn *txn, const char *path, struct fault *fault)
{
    if (txn->writable && txn->options->create) {
        enum outcome made = create_file(txn->options->folder, path, fault);
        if (made)
            return made;
    } else if (access(path, F_OK))
        return fault_set(
            fault, OUTCOME_STOP, "Buku Pengaduan belum ada. Jalankan: pengaduand init", "%s: %m", path);
    int code = sqlite3_open_v2(path, &txn->db,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, NULL);
    if (code)
        return stmt_failed(code, sqlite3_errstr(code), path, fault);
    /* Is it refused the file for writing (no descriptor left, say), SQLite silently opens it for reading only, and
     * would still refuse to write when the reason is long gone. */
    if (sqlite3_db_readonly(txn->db, "main"))
        return stmt_failed(SQLITE_CANTOPEN, "only for reading", path, fault);
    return set_up(txn, fault);
}

enum outcome connection_open(
    struct book_txn **ret_txn, const struct book_options *options, bool writable, struct fault *fault)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/buku.db", options->folder) >= (int)sizeof path)
        return fault_set(
            fault, OUTCOME_STOP, "Nama folder data terlalu panjang.", "path too long: %s", options->folder);
    memory_watch();
    struct book_txn *txn = calloc(1, sizeof *txn);
    if (!txn)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a connection");
    txn->options = options;
    txn->writable = writable;
    enum outcome outcome = open_file(txn, path, fault);
    if (outcome)
        connection_close(txn);
    else
        *ret_txn = txn;
    return outcome;
}

static int book_closes(void *arg)
{
    return txn_closing(arg);
}

void connection_watch_closing(struct book_txn *txn, bool watch)
{
    enum { STEPS_BETWEEN_LOOKS = 100 * 1000 };
    sqlite3_progress_handler(txn->db, watch ? STEPS_BETWEEN_LOOKS : 0, watch ? book_closes : NULL, txn);
}

static enum outcome open_copy(struct book_txn *copy, const char *path, struct fault *fault)
{
    enum outcome outcome = create_file(copy->options->folder, path, fault);
    if (outcome)
        return outcome;
    int code = sqlite3_open_v2(path, &copy->db,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, NULL);
    if (!code)
        code = harden(copy->db, true);
    if (!code)
        code = search_register(copy->db);
    if (!code)
        code = stmt_script(copy->db, copy_setup);
    if (code)
        return stmt_failed(code, sqlite3_errstr(code), path, fault);
    connection_watch_closing(copy, true);
    return OUTCOME_DONE;
}

enum outcome connection_open_copy(struct book_txn **ret_copy, const struct book_txn *source,
    const struct book_options *options, struct fault *fault)
{
    char path[PATH_MAX];
    struct book_txn *copy = calloc(1, sizeof *copy);
    if (!copy || snprintf(path, sizeof path, "%s/buku.db", options->folder) >= (int)sizeof path) {
        free(copy);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a copy, or its path is too long");
    }
    copy->options = options;
    copy->writable = true;
    copy->closing = source->closing;
    copy->now = source->now;
    enum outcome outcome = open_copy(copy, path, fault);
    if (outcome)
        connection_close(copy);
    else
        *ret_copy = copy;
    return outcome;
}

static const char scratch_setup[] = "PRAGMA journal_mode = OFF;"
                                    "PRAGMA synchronous = OFF;"
                                    "PRAGMA cache_size = -8192;"
                                    "BEGIN;";

enum outcome connection_open_scratch(
    struct book_txn **ret_scratch, const struct book_options *options, struct fault *fault)
{
    struct book_txn *scratch = calloc(1, sizeof *scratch);
    if (!scratch)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a connection");
    scratch->options = options;
    int code = sqlite3_open_v2("", &scratch->db,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (!code)
        code = search_register(scratch->db);
    if (!code)
        code = stmt_script(scratch->db, scratch_setup);
    if (code) {
        connection_close(scratch);
        return stmt_failed(code, sqlite3_errstr(code), "a scratch database", fault);
    }
    *ret_scratch = scratch;
    return OUTCOME_DONE;
}

void connection_rest(struct book_txn *txn)
{
    sqlite3_db_release_memory(txn->db);
    (void)malloc_trim(0); /* glibc keeps for a thread what that thread has freed */
}

void connection_close(struct book_txn *txn)
{
    if (!txn)
        return;
    stmt_forget_all(txn);
    timetable_forget(txn);
    if (txn->writable)
        step("book.close");
    sqlite3_close_v2(txn->db); /* the writer's checkpoints, and the WAL goes */
    journal_free(txn->journal);
    if (txn->writable)
        step("book.closed");
    free(txn);
}
