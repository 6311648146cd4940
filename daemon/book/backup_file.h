/* What backing up and restoring do with files: trees of the shape of a data folder, and nothing else.
 *
 *   MANIFES, buku.db, lampiran/ab/cd/<sha256>
 *
 * Faults are LATER with a public text about room and permissions, unless said otherwise. */
#ifndef BOOK_BACKUP_FILE_H
#define BOOK_BACKUP_FILE_H

#include "daemon/base/fault.h"
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BACKUP_DIGEST = 32, BACKUP_HEX = 65 };

/* Asked between pieces of what may take minutes; true = end it now, with LATER. NULL = nobody ends it. */
struct backup_stop {
    bool (*asked)(void *arg);
    void *arg;
};
enum outcome backup_go_on(const struct backup_stop *stop, struct fault *fault); /* DONE, or that LATER */

/* Is this one of the two shapes above that carry content (not MANIFES)? What a manifest or an archive names is
 * checked with this before it becomes a path. */
bool backup_name_fits(const char *name);

/* folder/name; LATER when it does not fit. */
enum outcome backup_join(char path[PATH_MAX], const char *folder, const char *name, struct fault *fault);

/* The folders of name inside folder (which exists), mode 0700. */
enum outcome backup_make_way(const char *folder, const char *name, struct fault *fault);

/* A new file, for its owner only; -1 with the fault filled. Where the folder's file system has no modes
 * (a memory stick) nothing asks for one afterwards. */
int backup_create(const char *path, enum outcome *ret_outcome, struct fault *fault);
enum outcome backup_write(int fd, const void *data, size_t size, struct fault *fault);

/* from becomes to, which must not exist: another name of the same file, or a copy where that cannot be. */
enum outcome backup_link_or_copy(
    const char *from, const char *to, const struct backup_stop *stop, struct fault *fault);
enum outcome backup_copy(
    const char *from, const char *to, const struct backup_stop *stop, struct fault *fault);

enum outcome backup_digest(
    const char *path, unsigned char ret[BACKUP_DIGEST], const struct backup_stop *stop, struct fault *fault);

/* Everything in the tree and its names on the disk. */
enum outcome backup_sync_tree(const char *path, struct fault *fault);
enum outcome backup_sync_folder(const char *path, struct fault *fault);

void backup_remove_tree(const char *path); /* as far as it can; a file or nothing there is fine */

/* Never over something that exists: NEVER then. The names are on the disk when it returns DONE. */
enum outcome backup_rename(const char *from, const char *to, const char *folder_of_to, struct fault *fault);

enum outcome backup_failed(const char *act, const char *path, struct fault *fault); /* errno's LATER */

#endif
