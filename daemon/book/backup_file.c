#include "backup_file.h"
#include "daemon/base/file.h"
#include "daemon/base/step.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, TREE_DEPTH = 16 };

enum outcome backup_failed(const char *act, const char *path, struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER,
        errno == ENOENT ? "Ada berkas atau folder yang tidak ditemukan."
                        : "Berkas tidak dapat dibaca atau ditulis. Periksa sisa tempat dan izin foldernya.",
        "cannot %s %s: %s", act, path, strerror(errno));
}

bool backup_name_fits(const char *name)
{
    static const char lead[] = "lampiran/";
    const char *hex = name + sizeof lead - 1 + 6; /* behind "ab/cd/" */
    if (!strcmp(name, "buku.db"))
        return true;
    if (strlen(name) != sizeof lead - 1 + 6 + BACKUP_HEX - 1 || strncmp(name, lead, sizeof lead - 1))
        return false;
    return strspn(hex, "0123456789abcdef") == BACKUP_HEX - 1 && hex[-1] == '/' && hex[-4] == '/' &&
           !strncmp(hex - 6, hex, 2) && !strncmp(hex - 3, hex + 2, 2);
}

enum outcome backup_join(char path[PATH_MAX], const char *folder, const char *name, struct fault *fault)
{
    if (snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX)
        return OUTCOME_DONE;
    return fault_set(fault, OUTCOME_LATER, "Nama folder terlalu panjang.", "path too long: %s", folder);
}

enum outcome backup_make_way(const char *folder, const char *name, struct fault *fault)
{
    char path[PATH_MAX];
    const char *slash = strrchr(name, '/');
    if (!slash)
        return OUTCOME_DONE;
    enum outcome outcome = backup_join(path, folder, name, fault);
    if (outcome)
        return outcome;
    *strrchr(path, '/') = 0;
    return access(path, F_OK) ? file_make_folder(path, 0700, fault) : OUTCOME_DONE;
}

int backup_create(const char *path, enum outcome *ret_outcome, struct fault *fault)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    *ret_outcome = fd < 0 ? backup_failed("create", path, fault) : OUTCOME_DONE;
    return fd;
}

enum outcome backup_write(int fd, const void *data, size_t size, struct fault *fault)
{
    for (const char *p = data; size;) {
        ssize_t n = write(fd, p, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return backup_failed("write", "a file of the backup", fault);
        p += n;
        size -= (size_t)n;
    }
    return OUTCOME_DONE;
}

enum outcome backup_go_on(const struct backup_stop *stop, struct fault *fault)
{
    if (!stop || !stop->asked(stop->arg))
        return OUTCOME_DONE;
    return fault_set(fault, OUTCOME_LATER, "Cadangan tidak jadi dibuat karena pengaduand berhenti.",
        "the book is being closed");
}

/* Reads the file piece by piece into the digest, and into fd when it is not -1. */
static enum outcome pour(const char *from, int to, unsigned char ret_digest[BACKUP_DIGEST],
    const struct backup_stop *stop, struct fault *fault)
{
    char piece[PIECE];
    crypto_hash_sha256_state state;
    enum outcome outcome = OUTCOME_DONE;
    int fd = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return backup_failed("open", from, fault);
    crypto_hash_sha256_init(&state);
    for (ssize_t n = 1; n && !outcome;) {
        n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            outcome = backup_failed("read", from, fault);
            break;
        }
        crypto_hash_sha256_update(&state, (unsigned char *)piece, (size_t)n);
        outcome = backup_go_on(stop, fault);
        if (!outcome && to >= 0)
            outcome = backup_write(to, piece, (size_t)n, fault);
    }
    crypto_hash_sha256_final(&state, ret_digest);
    close(fd);
    return outcome;
}

enum outcome backup_copy(
    const char *from, const char *to, const struct backup_stop *stop, struct fault *fault)
{
    unsigned char digest[BACKUP_DIGEST];
    enum outcome outcome;
    int fd = backup_create(to, &outcome, fault);
    if (fd < 0)
        return outcome;
    outcome = pour(from, fd, digest, stop, fault);
    if (close(fd) && !outcome)
        outcome = backup_failed("close", to, fault);
    return outcome;
}

enum outcome backup_link_or_copy(
    const char *from, const char *to, const struct backup_stop *stop, struct fault *fault)
{
    if (!link(from, to))
        return OUTCOME_DONE;
    if (errno == ENOENT || errno == EEXIST || errno == ENOSPC)
        return backup_failed("link", from, fault);
    return backup_copy(from, to, stop, fault); /* another disk, or one that knows no links */
}

enum outcome backup_digest(
    const char *path, unsigned char ret[BACKUP_DIGEST], const struct backup_stop *stop, struct fault *fault)
{
    return pour(path, -1, ret, stop, fault);
}

static int sync_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    if (type == FTW_SL)
        return 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int result = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0)
        close(fd);
    return result;
}

enum outcome backup_sync_tree(const char *path, struct fault *fault)
{
    return nftw(path, sync_one, TREE_DEPTH, FTW_DEPTH | FTW_PHYS) ? backup_failed("sync", path, fault)
                                                                  : OUTCOME_DONE;
}

enum outcome backup_sync_folder(const char *path, struct fault *fault)
{
    return sync_one(path, NULL, FTW_D, NULL) ? backup_failed("sync", path, fault) : OUTCOME_DONE;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    remove(path);
    return 0;
}

void backup_remove_tree(const char *path)
{
    nftw(path, remove_one, TREE_DEPTH, FTW_DEPTH | FTW_PHYS);
}

enum outcome backup_rename(const char *from, const char *to, const char *folder_of_to, struct fault *fault)
{
    step("backup.rename");
    int failed = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
    if (failed && errno == EINVAL && access(to, F_OK)) /* NFS knows no flags */
        failed = rename(from, to);
    if (failed && errno == EEXIST)
        return fault_set(fault, OUTCOME_NEVER, "Yang bernama sama sudah ada di sana.", "%s exists", to);
    if (failed)
        return backup_failed("rename to", to, fault);
    enum outcome outcome = backup_sync_folder(folder_of_to, fault);
    step("backup.renamed");
    return outcome;
}
