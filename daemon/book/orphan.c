#include "orphan.h"
#include "stmt.h"
#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEX = 64, DIGEST = 32 };

static const int64_t old_ms = 24 * 60 * 60 * 1000;

/* A file of lampiran/: a digest, or what file_write() leaves of one when it is killed (".XXXXXX" behind it). */
static bool name_fits(const char *name)
{
    return strspn(name, "0123456789abcdef") == HEX &&
           (!name[HEX] || (name[HEX] == '.' && strlen(name) == HEX + 7));
}

static bool is_old(const struct book_txn *txn, const char *path)
{
    struct stat st;
    return !lstat(path, &st) && S_ISREG(st.st_mode) && txn_now(txn) - (int64_t)st.st_mtime * 1000 > old_ms;
}

static enum outcome has_row(struct book_txn *txn, const char *name, bool *ret_has, struct fault *fault)
{
    unsigned char digest[DIGEST];
    *ret_has = false;
    if (name[HEX]) /* half a file never has one */
        return OUTCOME_DONE;
    sodium_hex2bin(digest, sizeof digest, name, HEX, NULL, NULL, NULL);
    struct stmt s = stmt_open(txn, "SELECT 1 FROM blob WHERE sha256 = ?1 AND emptied_at IS NULL");
    stmt_blob(&s, digest, sizeof digest);
    *ret_has = stmt_row(&s);
    return stmt_close(&s, fault);
}

static enum outcome look_at(
    struct book_txn *txn, const char *folder, const char *name, struct orphans *ret, struct fault *fault)
{
    char path[PATH_MAX];
    bool has;
    if (!name_fits(name) || snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path ||
        !is_old(txn, path))
        return OUTCOME_DONE;
    enum outcome outcome = has_row(txn, name, &has, fault);
    if (!outcome && !has)
        memcpy(ret->names[ret->count++], name, strlen(name) + 1); /* name_fits() has measured it */
    return outcome;
}

/* Two levels of folders with two-digit names above the files. What cannot be opened holds nothing to sweep. */
static enum outcome look_into(
    struct book_txn *txn, const char *folder, int levels, struct orphans *ret, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    DIR *dir = opendir(folder);
    if (!dir)
        return OUTCOME_DONE;
    for (struct dirent *entry; !outcome && ret->count < ORPHANS_A_TURN && (entry = readdir(dir));) {
        char below[PATH_MAX];
        if (txn_closing(txn))
            outcome = fault_set(fault, OUTCOME_LATER, NULL, "the book is being closed");
        else if (!levels)
            outcome = look_at(txn, folder, entry->d_name, ret, fault);
        else if (strlen(entry->d_name) == 2 && entry->d_name[0] != '.' &&
                 snprintf(below, sizeof below, "%s/%s", folder, entry->d_name) < (int)sizeof below)
            outcome = look_into(txn, below, levels - 1, ret, fault);
    }
    closedir(dir);
    return outcome;
}

enum outcome orphan_find(struct book_txn *txn, struct orphans *ret, struct fault *fault)
{
    char folder[PATH_MAX];
    ret->count = 0;
    if (snprintf(folder, sizeof folder, "%s/lampiran", txn_options(txn)->folder) >= (int)sizeof folder)
        return OUTCOME_DONE;
    return look_into(txn, folder, 2, ret, fault);
}

enum outcome orphan_sweep(
    struct book_txn *txn, const struct orphans *orphans, int64_t *ret_removed, struct fault *fault)
{
    *ret_removed = 0;
    for (size_t i = 0; i < orphans->count; i++) {
        char path[PATH_MAX];
        const char *name = orphans->names[i];
        bool has;
        enum outcome outcome = has_row(txn, name, &has, fault);
        if (outcome)
            return outcome;
        int n = snprintf(
            path, sizeof path, "%s/lampiran/%.2s/%.2s/%s", txn_options(txn)->folder, name, name + 2, name);
        if (!has && n < (int)sizeof path && is_old(txn, path) && !unlink(path))
            ++*ret_removed;
    }
    return OUTCOME_DONE;
}
