/* Whole files: read with a cap, written so that after a crash there is the old one or the new one. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "fault.h"
#include <stddef.h>
#include <sys/types.h>

/* NULL-terminated content, caller frees. NEVER when it is longer than max, LATER for other errors. */
enum outcome file_read(const char *path, size_t max, char **ret_data, size_t *ret_len, struct fault *fault);

/* Temporary file beside it, write, fsync, rename, fsync of the folder. Existing file is replaced. */
enum outcome file_write(const char *path, const void *data, size_t len, mode_t mode, struct fault *fault);

/* The same by a temporary file of that name on the same file system, whose content is lost: one that a kill left behind
 * is used again by the next write, so that there is never more than one. Not for two writers at once. */
enum outcome file_write_by(
    const char *temporary, const char *path, const void *data, size_t len, mode_t mode, struct fault *fault);

/* mkdir -p; existing folders are fine. */
enum outcome file_make_folder(const char *path, mode_t mode, struct fault *fault);

#endif
