/* From a running book to a complete backup under its name. */
#include "backup.h"
#include "backup_private.h"
#include "daemon/base/clock.h"
#include "seal.h"
#include "stmt.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TELL_EVERY_MS = 3000 };

void backup_tell(struct backup_progress *progress, const char *what, int64_t done, int64_t all)
{
    int64_t now = clock_mono_ms();
    if (!progress->told_at)
        progress->told_at = now; /* short ones are silent */
    if (!progress->tell || now - progress->told_at < TELL_EVERY_MS)
        return;
    progress->told_at = now;
    progress->tell(progress->arg, what, done, all);
}

enum outcome backup_book_id(struct book_txn *txn, unsigned char ret_book[BACKUP_DIGEST], struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT hash FROM event WHERE id = 1");
    memset(ret_book, 0, BACKUP_DIGEST);
    if (stmt_row(&s)) {
        size_t size;
        const void *hash = stmt_peek_blob(&s, 0, &size);
        if (size == BACKUP_DIGEST)
            memcpy(ret_book, hash, size);
    }
    return stmt_close(&s, fault);
}

/* Names on the way to one backup. */
struct paths {
    char stage[PATH_MAX];  /* folder in the making */
    char sealed[PATH_MAX]; /* file in the making; with a key only */
    char target[PATH_MAX];
};

static enum outcome make_paths(struct paths *p, struct book_txn *txn, const struct backup_request *request,
    struct backup_report *report, bool seal, struct fault *fault)
{
    const char *book_folder = txn_options(txn)->folder;
    struct stat st;
    backup_name(report->name, txn_now(txn), seal);
    enum outcome outcome = backup_book_id(txn, report->counts.book, fault);
    if (!outcome)
        outcome = backup_hidden(
            p->stage, seal ? book_folder : request->folder, report->counts.book, "sementara", fault);
    if (!outcome)
        outcome = backup_hidden(p->sealed, request->folder, report->counts.book, "sandi", fault);
    if (!outcome)
        outcome = backup_join(p->target, request->folder, report->name, fault);
    if (outcome)
        return outcome;
    if (stat(request->folder, &st) || !S_ISDIR(st.st_mode))
        return fault_set(fault, OUTCOME_LATER,
            "Folder cadangan belum ada. Buat dahulu foldernya, atau pasang cakramnya.", "%s: no folder",
            request->folder);
    if (!lstat(p->target, &st))
        return fault_set(fault, OUTCOME_NEVER, "Cadangan dengan nama itu sudah ada.", "%s exists", p->target);
    return OUTCOME_DONE;
}

struct ending {
    struct book_txn *txn;
    const struct backup_stop *also;
};

static bool must_end(void *arg)
{
    const struct ending *e = arg;
    return txn_closing(e->txn) || (e->also && e->also->asked(e->also->arg));
}

/* What is read back now can be read later: every byte is authenticated on the way. */
static enum outcome seal_stage(const struct paths *p, struct backup_request *request,
    const unsigned char book[BACKUP_DIGEST], const struct backup_stop *stop, struct fault *fault)
{
    backup_tell(&request->progress, "mengunci cadangan", 0, 0);
    enum outcome outcome = seal_folder(p->stage, p->sealed, request->key, book, stop, fault);
    backup_tell(&request->progress, "memeriksa cadangan yang terkunci", 0, 0);
    return outcome ? outcome : seal_open(p->sealed, /* folder= */ NULL, request->key, stop, fault);
}

enum outcome backup_make(
    struct book_txn *txn, struct backup_request *request, struct backup_report *ret, struct fault *fault)
{
    struct paths p;
    bool seal = request->key && request->key[0];
    struct ending ending = {txn, request->stop};
    const struct backup_stop stop = {must_end, &ending};
    *ret = (struct backup_report){0};
    enum outcome outcome = make_paths(&p, txn, request, ret, seal, fault);
    if (outcome)
        return outcome;
    backup_remove_tree(p.stage);
    backup_remove_tree(p.sealed);
    if (mkdir(p.stage, 0700))
        return backup_failed("create", p.stage, fault);
    outcome = backup_stage(txn, p.stage, &request->progress, &stop, &ret->counts, &ret->doubt, fault);
    if (!outcome && seal)
        outcome = seal_stage(&p, request, ret->counts.book, &stop, fault);
    else if (!outcome)
        outcome = backup_sync_tree(p.stage, fault);
    if (!outcome)
        outcome = backup_rename(seal ? p.sealed : p.stage, p.target, request->folder, fault);
    if (outcome || seal)
        backup_remove_tree(p.stage);
    if (outcome)
        backup_remove_tree(p.sealed);
    return outcome;
}
