/* SQLite's part of a backup: pages from a snapshot, then the attachments that the copy itself names. */
#include "backup_private.h"
#include "blob.h"
#include "journal.h"
#include "stmt.h"
#include "verify.h"
#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PAGES_A_PIECE = 256, PIECES_A_SYNC = 16 /* 16 MiB: the book's own commits do not wait behind more */ };

static enum outcome not_written(int code, const char *text, struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER,
        "Cadangan tidak jadi dibuat. Periksa sisa tempat dan izin folder cadangan.", "sqlite %d %s: backup",
        code, text);
}

static enum outcome copy_pieces(sqlite3_backup *backup, int fd, struct backup_progress *progress,
    const struct backup_stop *stop, struct fault *fault)
{
    int code = SQLITE_OK;
    for (int piece = 1; code == SQLITE_OK; piece++) {
        enum outcome outcome = backup_go_on(stop, fault);
        if (outcome)
            return outcome;
        code = sqlite3_backup_step(backup, PAGES_A_PIECE);
        if (piece % PIECES_A_SYNC == 0 && fdatasync(fd))
            return backup_failed("sync", "the copy of the book", fault);
        int all = sqlite3_backup_pagecount(backup);
        backup_tell(progress, "menyalin buku (halaman)", all - sqlite3_backup_remaining(backup), all);
    }
    return code == SQLITE_DONE ? OUTCOME_DONE : not_written(code, sqlite3_errstr(code), fault);
}

static enum outcome copy_pages(struct book_txn *txn, struct book_txn *copy, const char *stage,
    struct backup_progress *progress, const struct backup_stop *stop, struct fault *fault)
{
    char path[PATH_MAX];
    enum outcome outcome = backup_join(path, stage, "buku.db", fault);
    int fd = outcome ? -1 : open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return outcome ? outcome : backup_failed("open", path, fault);
    sqlite3_backup *backup = sqlite3_backup_init(copy->db, "main", txn->db, "main");
    if (backup)
        outcome = copy_pieces(backup, fd, progress, stop, fault);
    int code = backup ? sqlite3_backup_finish(backup) : sqlite3_errcode(copy->db);
    /* The copy says of itself that it is in WAL mode; one file is easier to carry than three. */
    if (!outcome && !code)
        code = sqlite3_exec(copy->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    if (!outcome && code)
        outcome = not_written(code, sqlite3_errmsg(copy->db), fault);
    close(fd); /* after the last use of the connection's locks, which POSIX drops with it */
    return outcome;
}

enum outcome backup_counts(struct book_txn *copy, struct manifest *counts, struct fault *fault)
{
    struct stmt s = stmt_open(copy, "SELECT (SELECT count(*) FROM complaint), (SELECT count(*) FROM event),"
                                    " (SELECT count(*) FROM blob WHERE data IS NULL AND emptied_at IS NULL)");
    if (stmt_row(&s)) {
        counts->complaints = stmt_int_at(&s, 0);
        counts->events = stmt_int_at(&s, 1);
        counts->files = stmt_int_at(&s, 2);
    }
    return stmt_close(&s, fault);
}

static void file_name(char name[PATH_MAX], const void *sha256)
{
    char hex[BACKUP_HEX];
    sodium_bin2hex(hex, sizeof hex, sha256, BACKUP_DIGEST);
    snprintf(name, PATH_MAX, "lampiran/%.2s/%.2s/%s", hex, hex + 2, hex);
}

/* Every attachment file that the copy names, through see(). */
static enum outcome each_file(struct book_txn *copy,
    enum outcome (*see)(void *arg, const unsigned char *digest, const char *name, struct fault *fault),
    void *arg, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    struct stmt s =
        stmt_open(copy, "SELECT sha256 FROM blob WHERE data IS NULL AND emptied_at IS NULL ORDER BY sha256");
    while (!outcome && stmt_row(&s)) {
        size_t size;
        char name[PATH_MAX];
        const void *sha256 = stmt_peek_blob(&s, 0, &size);
        if (size != BACKUP_DIGEST)
            outcome = fault_set(fault, OUTCOME_NEVER,
                "Buku Pengaduan rusak: catatan sebuah lampiran. Jalankan: pengaduand verify",
                "digest of another size");
        else {
            file_name(name, sha256);
            outcome = see(arg, sha256, name, fault);
        }
    }
    enum outcome closed = stmt_close(&s, outcome ? NULL : fault);
    return outcome ? outcome : closed;
}

struct fetching {
    struct book_txn *txn;
    const char *stage;
    struct backup_progress *progress;
    const struct backup_stop *stop;
    int64_t done, all;
};

static enum outcome fetch_file(void *arg, const unsigned char *digest, const char *name, struct fault *fault)
{
    struct fetching *f = arg;
    char from[PATH_MAX], to[PATH_MAX];
    (void)digest;
    enum outcome outcome = backup_go_on(f->stop, fault);
    if (!outcome)
        outcome = backup_join(from, txn_options(f->txn)->folder, name, fault);
    if (!outcome)
        outcome = backup_join(to, f->stage, name, fault);
    if (!outcome && access(from, F_OK))
        return fault_set(fault, OUTCOME_NEVER,
            "Sebuah lampiran hilang dari folder data. Jalankan: pengaduand verify", "%s: %m", from);
    if (!outcome)
        outcome = backup_make_way(f->stage, name, fault);
    if (!outcome)
        outcome = backup_link_or_copy(from, to, f->stop, fault);
    backup_tell(f->progress, "menyalin lampiran", ++f->done, f->all);
    return outcome;
}

/* Somebody's change of a row must not be the end of all backups: it is told, and the copy is made. */
static enum outcome verify_copy(
    struct book_txn *copy, struct manifest *counts, struct fault *ret_doubt, struct fault *fault)
{
    struct verify_report report;
    enum outcome outcome = stmt_exec(copy, "BEGIN", fault);
    if (outcome)
        return outcome;
    outcome = verify_book(copy, /* options= */ NULL, &report, fault);
    if (verify_doubtful(outcome, &report)) {
        *ret_doubt = *fault;
        counts->doubtful = true;
        outcome = OUTCOME_DONE;
    }
    int64_t unused;
    if (!outcome)
        outcome = journal_head(copy, &unused, counts->head, fault);
    enum outcome ended_well = stmt_exec(copy, "ROLLBACK", outcome ? NULL : fault);
    return outcome ? outcome : ended_well;
}

static enum outcome write_line(void *arg, const unsigned char *digest, const char *name, struct fault *fault)
{
    (void)fault;
    manifest_line(arg, digest, name);
    return OUTCOME_DONE;
}

/* The attachments' names are their digests, and verify_book() has just compared them. */
static enum outcome write_manifest(struct book_txn *copy, const char *stage, const struct manifest *counts,
    const struct backup_stop *stop, struct fault *fault)
{
    unsigned char digest[BACKUP_DIGEST];
    char path[PATH_MAX];
    struct manifest_writer *writer;
    enum outcome outcome = backup_join(path, stage, "buku.db", fault);
    if (!outcome)
        outcome = backup_digest(path, digest, stop, fault);
    if (!outcome)
        outcome = manifest_begin(&writer, stage, counts, fault);
    if (outcome)
        return outcome;
    manifest_line(writer, digest, "buku.db");
    outcome = each_file(copy, write_line, writer, fault);
    enum outcome written = manifest_end(writer, outcome ? NULL : fault);
    return outcome ? outcome : written;
}

/* The snapshot lasts as long as the pages take and no longer: while it stands the WAL cannot be reset. */
static enum outcome copy_book(struct book_txn *txn, struct book_txn *copy, const char *stage,
    struct backup_progress *progress, const struct backup_stop *stop, struct fault *fault)
{
    enum outcome outcome = stmt_exec(txn, "PRAGMA cache_size = -2048", fault); /* no page is read twice */
    if (!outcome)
        outcome = stmt_exec(txn, "BEGIN", fault);
    if (!outcome)
        outcome = stmt_exec(txn, "SELECT 1 FROM event LIMIT 1", fault); /* it begins with the first read */
    if (!outcome)
        outcome = copy_pages(txn, copy, stage, progress, stop, fault);
    if (!sqlite3_get_autocommit(txn->db)) {
        enum outcome left = stmt_exec(txn, "ROLLBACK", outcome ? NULL : fault);
        outcome = outcome ? outcome : left;
    }
    return outcome;
}

enum outcome backup_stage(struct book_txn *txn, const char *stage, struct backup_progress *progress,
    const struct backup_stop *stop, struct manifest *ret_counts, struct fault *ret_doubt, struct fault *fault)
{
    struct book_txn *copy;
    struct book_options options = *txn_options(txn);
    struct fetching fetching = {.txn = txn, .stage = stage, .progress = progress, .stop = stop};
    options.folder = stage;
    enum outcome outcome = connection_open_copy(&copy, txn, &options, fault);
    if (outcome)
        return outcome;
    outcome = copy_book(txn, copy, stage, progress, stop, fault);
    if (!outcome)
        outcome = backup_book_id(copy, ret_counts->book, fault);
    if (!outcome)
        outcome = backup_counts(copy, ret_counts, fault);
    fetching.all = ret_counts->files;
    if (!outcome)
        outcome = each_file(copy, fetch_file, &fetching, fault);
    backup_tell(progress, "memeriksa salinan", 0, 0);
    if (!outcome)
        outcome = verify_copy(copy, ret_counts, ret_doubt, fault);
    if (!outcome)
        outcome = write_manifest(copy, stage, ret_counts, stop, fault);
    connection_close(copy);
    return outcome;
}
