/* From a backup to a data folder. All work is done in a hidden folder inside of the data folder (the one above may
 * belong to root); the last act is that buku.db gets its name. */
#include "backup.h"
#include "daemon/base/file.h"
#include "event.h"
#include "outbox.h"
#include "seal.h"
#include "verify.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char stage_name[] = ".pulih.sementara";

/* Attachments beside the hidden folder and no book are of a restore that was cut off: it began in an empty folder. */
bool backup_folder_is_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    bool empty = true, stage = false, files = false;
    if (!dir)
        return errno == ENOENT;
    for (struct dirent *entry; empty && (entry = readdir(dir));) {
        bool is_stage = !strcmp(entry->d_name, stage_name), is_files = !strcmp(entry->d_name, "lampiran");
        stage = stage || is_stage;
        files = files || is_files;
        empty = is_stage || is_files || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
    }
    closedir(dir);
    return empty && (stage || !files);
}

/* The hidden folder goes last: until then it says what lampiran is. */
static void clear(const char *folder, const char *stage)
{
    char path[PATH_MAX];
    struct fault ignored;
    if (!backup_join(path, folder, "lampiran", &ignored))
        backup_remove_tree(path);
    backup_remove_tree(stage);
}

struct fetching {
    const char *source, *stage;
    struct backup_progress *progress;
    int64_t done;
};

static enum outcome fetch_file(
    void *arg, const unsigned char digest[BACKUP_DIGEST], const char *name, struct fault *fault)
{
    struct fetching *f = arg;
    char from[PATH_MAX], to[PATH_MAX];
    (void)digest;
    enum outcome outcome = backup_join(from, f->source, name, fault);
    if (!outcome)
        outcome = backup_join(to, f->stage, name, fault);
    if (!outcome && access(from, F_OK))
        return fault_set(fault, OUTCOME_NEVER,
            "Cadangan tidak utuh: ada berkas dalam daftar isinya yang hilang.", "%s: %m", from);
    if (!outcome)
        outcome = backup_make_way(f->stage, name, fault);
    backup_tell(f->progress, "menyalin berkas cadangan", ++f->done, 0);
    return outcome ? outcome : backup_copy(from, to, /* stop= */ NULL, fault);
}

/* Copies, never further names of the same files: the backup must not change with the book. */
static enum outcome fetch_folder(struct fetching *f, struct fault *fault)
{
    struct manifest manifest;
    char from[PATH_MAX], to[PATH_MAX];
    enum outcome outcome = manifest_read(f->source, &manifest, fetch_file, f, fault);
    if (!outcome)
        outcome = backup_join(from, f->source, MANIFEST_NAME, fault);
    if (!outcome)
        outcome = backup_join(to, f->stage, MANIFEST_NAME, fault);
    return outcome ? outcome : backup_copy(from, to, /* stop= */ NULL, fault);
}

static enum outcome fetch(struct fetching *f, const char *key, struct fault *fault)
{
    struct stat st;
    if (stat(f->source, &st))
        return backup_failed("open", f->source, fault);
    if (S_ISDIR(st.st_mode))
        return fetch_folder(f, fault);
    if (key && key[0])
        return seal_open(f->source, f->stage, key, /* stop= */ NULL, fault);
    return fault_set(fault, OUTCOME_NEVER,
        "Cadangan ini terkunci. Isi key pada bagian [backup] dengan kuncinya.",
        "no key in the configuration");
}

static enum outcome check_file(
    void *arg, const unsigned char digest[BACKUP_DIGEST], const char *name, struct fault *fault)
{
    struct fetching *f = arg;
    char path[PATH_MAX];
    unsigned char found[BACKUP_DIGEST];
    enum outcome outcome = backup_join(path, f->stage, name, fault);
    if (!outcome)
        outcome = backup_digest(path, found, /* stop= */ NULL, fault);
    if (!outcome && memcmp(found, digest, sizeof found))
        outcome = fault_set(fault, OUTCOME_NEVER,
            "Cadangan rusak atau diubah: ada berkas yang isinya tidak cocok dengan daftarnya.",
            "%s does not have the digest of the manifest", name);
    backup_tell(f->progress, "memeriksa berkas", ++f->done, 0);
    return outcome;
}

/* ---- the book in it ---- */

struct checking {
    const struct manifest *counts;
    struct fault *doubt;
};

static enum outcome same_book(
    struct book_txn *txn, const struct manifest *counts, bool head_missing, struct fault *fault)
{
    struct manifest found = {0};
    enum outcome outcome = backup_book_id(txn, found.book, fault);
    if (!outcome)
        outcome = backup_counts(txn, &found, fault);
    bool same = found.events == counts->events && !memcmp(found.book, counts->book, sizeof found.book);
    if (!outcome && (!same || head_missing))
        outcome = fault_set(fault, OUTCOME_NEVER,
            "Cadangan rusak atau diubah: bukunya tidak cocok dengan daftar isinya.",
            "%lld events, the manifest says %lld, or another book", (long long)found.events,
            (long long)counts->events);
    return outcome;
}

static enum outcome check_book(struct book_txn *txn, void *arg, struct fault *fault)
{
    static const unsigned char none[BACKUP_DIGEST];
    struct checking *checking = arg;
    struct verify_report report;
    /* Of a version without a journal there is no hash; and what a newer one brought up to date goes on behind it. */
    bool ask = memcmp(checking->counts->head, none, sizeof none);
    const struct verify_options options = {.head = ask ? checking->counts->head : NULL};
    *checking->doubt = (struct fault){0};
    enum outcome outcome = verify_book(txn, &options, &report, fault);
    bool head_missing = !outcome && ask && !report.head_found;
    /* A row that fitted when it was copied and does not now was changed in the backup. What does not fit together, as this
     * version judges, was so before: no reason to leave an office without its book. */
    bool taken = checking->counts->doubtful || !ask || report.sealed;
    if (taken && verify_doubtful(outcome, &report)) {
        *checking->doubt = *fault;
        outcome = OUTCOME_DONE;
    }
    return outcome ? outcome : same_book(txn, checking->counts, head_missing, fault);
}

static enum outcome mark_restored(struct book_txn *txn, void *arg, struct fault *fault)
{
    int64_t letters = 0;
    (void)arg;
    enum outcome outcome = outbox_restored(txn, &letters, fault);
    json_t *data = json_pack("{s:I}", "kiriman_tidak_pasti", (json_int_t)letters);
    if (!outcome && !data)
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for an event");
    if (!outcome)
        outcome = event_append(txn, 0, NULL, "buku_dipulihkan", "sistem", data, fault);
    json_decref(data);
    return outcome;
}

static enum outcome check_and_mark(
    const char *stage, const struct book_options *given, struct checking *checking, struct fault *fault)
{
    struct book *book;
    struct book_options options = *given;
    options.folder = stage;
    options.create = false;
    enum outcome outcome = book_open(&book, /* loop= */ NULL, &options, fault);
    if (outcome)
        return outcome;
    outcome = book_run(book, /* write= */ true, check_book, checking, fault);
    if (!outcome)
        outcome = book_run(book, /* write= */ true, mark_restored, NULL, fault);
    book_close(book);
    return outcome;
}

static enum outcome put_in_place(const char *stage, const char *folder, bool files, struct fault *fault)
{
    static const char *const names[] = {
        "lampiran", "buku.db"}; /* without its book the folder counts for nothing */
    enum outcome outcome = backup_sync_tree(stage, fault);
    for (int i = !files; i < 2 && !outcome; i++) {
        char from[PATH_MAX], to[PATH_MAX];
        outcome = backup_join(from, stage, names[i], fault);
        if (!outcome)
            outcome = backup_join(to, folder, names[i], fault);
        if (!outcome)
            outcome = backup_rename(from, to, folder, fault);
        if (outcome && i == 1 && access(from, F_OK)) /* it has its name, but perhaps not on the disk */
            unlink(to);
    }
    return outcome;
}

static enum outcome restore_into(const char *stage, struct fetching *f, const char *key,
    const struct book_options *options, struct manifest *counts, struct fault *ret_doubt, struct fault *fault)
{
    struct checking checking = {counts, ret_doubt};
    enum outcome outcome = fetch(f, key, fault);
    f->done = 0;
    if (!outcome)
        outcome = manifest_read(stage, counts, check_file, f, fault);
    backup_tell(f->progress, "memeriksa buku", 0, 0);
    if (!outcome)
        outcome = check_and_mark(stage, options, &checking, fault);
    return outcome ? outcome : put_in_place(stage, options->folder, counts->files > 0, fault);
}

enum outcome backup_restore(const char *source, const char *key, const struct book_options *options,
    struct backup_progress *progress, struct manifest *ret_counts, struct fault *ret_doubt,
    struct fault *fault)
{
    char stage[PATH_MAX];
    struct fetching f = {.source = source, .stage = stage, .progress = progress};
    if (!backup_folder_is_empty(options->folder))
        return fault_set(fault, OUTCOME_NEVER,
            "Folder data tidak kosong. Pindahkan isinya dahulu, atau pilih folder data lain.",
            "%s is not empty", options->folder);
    enum outcome outcome = backup_join(stage, options->folder, stage_name, fault);
    if (!outcome)
        outcome = file_make_folder(options->folder, 0700, fault);
    if (outcome)
        return outcome;
    clear(options->folder, stage);
    if (mkdir(stage, 0700))
        return backup_failed("create", stage, fault);
    outcome = restore_into(stage, &f, key, options, ret_counts, ret_doubt, fault);
    if (outcome)
        clear(options->folder, stage);
    else
        backup_remove_tree(stage);
    return outcome;
}
