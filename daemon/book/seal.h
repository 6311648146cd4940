/* A finished backup as one file that only the key opens: libsodium's secretstream (XChaCha20-Poly1305) over chunks of
 * 64 KiB, so that memory stays small and cutting, reordering and changing are noticed.
 *
 *   head     "pengaduand-sandi" | book (32) | argon2id salt (16) | secretstream header (24)
 *   chunk 0  head once more as associated data, no content: opens with the right key only
 *   chunk n  at most 64 KiB of: entries, each: length of name (2, big-endian), name, size (8), content; length 0 ends.
 *            The last one has the tag FINAL.
 *
 * The key is argon2id of the text in [backup] key, so that a sentence will do. */
#ifndef BOOK_SEAL_H
#define BOOK_SEAL_H

#include "backup_file.h"

/* MANIFES and every file it names, from the folder into the new file at path; synced. */
enum outcome seal_folder(const char *folder, const char *path, const char *key,
    const unsigned char book[BACKUP_DIGEST], const struct backup_stop *stop, struct fault *fault);

/* Into the existing, empty folder; NULL = only whether every byte is as it was written. NEVER: not such a file, wrong
 * key, damaged; what was written into the folder until then must not be trusted. */
enum outcome seal_open(const char *path, const char *folder, const char *key, const struct backup_stop *stop,
    struct fault *fault);

/* Whose backup it is, from the head, which anybody may read. */
bool seal_peek(const char *path, unsigned char ret_book[BACKUP_DIGEST]);

#endif
