/* What lies in a folder of backups: names, ages, and which may go. */
#include "backup_private.h"
#include "seal.h"
#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FOUND_MOST = 4096 };

static const char name_form[] = "buku-%Y-%m-%dT%H%M%SZ", sealed_end[] = ".sandi";

void backup_name(char out[BACKUP_NAME_SIZE], int64_t at, bool sealed)
{
    time_t seconds = (time_t)(at / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    size_t n = strftime(out, BACKUP_NAME_SIZE, name_form, &tm);
    snprintf(out + n, BACKUP_NAME_SIZE - n, "%s", sealed ? sealed_end : "");
}

/* False when the name is not exactly one that backup_name() makes. */
static bool name_time(const char *name, int64_t *ret_at, bool *ret_sealed)
{
    char again[BACKUP_NAME_SIZE];
    struct tm tm = {0};
    const char *end = strptime(name, name_form, &tm);
    if (!end)
        return false;
    *ret_sealed = !strcmp(end, sealed_end);
    *ret_at = (int64_t)timegm(&tm) * 1000;
    backup_name(again, *ret_at, *ret_sealed);
    return !strcmp(name, again);
}

enum outcome backup_hidden(char path[PATH_MAX], const char *folder, const unsigned char book[BACKUP_DIGEST],
    const char *what, struct fault *fault)
{
    char hex[BACKUP_HEX], name[64];
    sodium_bin2hex(hex, sizeof hex, book, BACKUP_DIGEST);
    snprintf(name, sizeof name, ".buku-%.16s.%s", hex, what);
    return backup_join(path, folder, name, fault);
}

struct found {
    int64_t at;
    bool sealed;
};

static int newest_first(const void *a, const void *b)
{
    int64_t x = ((const struct found *)a)->at, y = ((const struct found *)b)->at;
    return (x < y) - (x > y);
}

static bool is_of_book(
    const char *folder, const char *name, bool sealed, const unsigned char book[BACKUP_DIGEST])
{
    char path[PATH_MAX];
    struct stat st;
    struct fault ignored;
    unsigned char said[BACKUP_DIGEST];
    if (backup_join(path, folder, name, &ignored) || lstat(path, &st))
        return false;
    if (sealed ? !S_ISREG(st.st_mode) || !seal_peek(path, said)
               : !S_ISDIR(st.st_mode) || !manifest_peek(path, said))
        return false;
    return !memcmp(said, book, BACKUP_DIGEST);
}

/* malloc'd, newest first; caller frees. */
static enum outcome list(const char *folder, const unsigned char book[BACKUP_DIGEST], struct found **ret_list,
    size_t *ret_count, struct fault *fault)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    if (!dir)
        return backup_failed("open", folder, fault);
    struct found *all = calloc(FOUND_MOST, sizeof *all);
    for (struct dirent *entry; all && count < FOUND_MOST && (entry = readdir(dir));) {
        struct found *f = &all[count];
        count += name_time(entry->d_name, &f->at, &f->sealed) &&
                 is_of_book(folder, entry->d_name, f->sealed, book);
    }
    closedir(dir);
    if (!all)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to list the backups");
    qsort(all, count, sizeof *all, newest_first);
    *ret_list = all;
    *ret_count = count;
    return OUTCOME_DONE;
}

enum outcome backup_newest(
    const char *folder, const unsigned char book[BACKUP_DIGEST], int64_t *ret_at, struct fault *fault)
{
    struct found *all = NULL;
    size_t count = 0;
    enum outcome outcome = list(folder, book, &all, &count, fault);
    if (outcome)
        return outcome;
    *ret_at = count ? all[0].at : 0;
    free(all);
    return OUTCOME_DONE;
}

/* It loses its name first: what has the name of a backup is a whole one at any moment. */
static enum outcome remove_one(
    const char *folder, const struct found *f, const unsigned char book[BACKUP_DIGEST], struct fault *fault)
{
    char name[BACKUP_NAME_SIZE], from[PATH_MAX], to[PATH_MAX];
    backup_name(name, f->at, f->sealed);
    enum outcome outcome = backup_join(from, folder, name, fault);
    if (!outcome)
        outcome = backup_hidden(to, folder, book, "dibuang", fault);
    if (outcome)
        return outcome;
    backup_remove_tree(to);
    if (rename(from, to))
        return backup_failed("rename", from, fault);
    backup_remove_tree(to);
    return OUTCOME_DONE;
}

enum outcome backup_prune(const char *folder, const unsigned char book[BACKUP_DIGEST], int keep,
    int *ret_removed, struct fault *fault)
{
    struct found *all = NULL;
    size_t count = 0;
    *ret_removed = 0;
    enum outcome outcome = list(folder, book, &all, &count, fault);
    if (outcome)
        return outcome;
    for (size_t i = count; all && i > (size_t)keep && !outcome; i--) {
        outcome = remove_one(folder, &all[i - 1], book, fault);
        *ret_removed += !outcome;
    }
    free(all);
    return outcome;
}
