/* Shared by backup.c (making), backup_copy.c (SQLite's part) and backup_keep.c (what lies in a folder). */
#ifndef BOOK_BACKUP_PRIVATE_H
#define BOOK_BACKUP_PRIVATE_H

#include "backup.h"
#include "txn_private.h"

/* The book as it is now, with the attachments its rows name, verified, with its manifest, into the folder stage. Not
 * synced. */
enum outcome backup_stage(struct book_txn *txn, const char *stage, struct backup_progress *progress,
    const struct backup_stop *stop, struct manifest *ret_counts, struct fault *ret_doubt,
    struct fault *fault);

/* "buku-2026-11-22T030000Z", with ".sandi" when sealed. */
void backup_name(char out[BACKUP_NAME_SIZE], int64_t at, bool sealed);

/* ".buku-<16 hex digits of the book>.what" inside folder: names that only one backup of one book uses at a time. */
enum outcome backup_hidden(char path[PATH_MAX], const char *folder, const unsigned char book[BACKUP_DIGEST],
    const char *what, struct fault *fault);

#endif
