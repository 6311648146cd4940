#include "blob.h"
#include "daemon/base/file.h"
#include "stmt.h"
#include "txn_private.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* folder/lampiran/ab/cd/<64 hex>; false when it does not fit. */
static bool blob_path(char path[PATH_MAX], const char *folder, const struct blob_ref *ref)
{
    char hex[65];
    sodium_bin2hex(hex, sizeof hex, ref->sha256, sizeof ref->sha256);
    return snprintf(path, PATH_MAX, "%s/lampiran/%.2s/%.2s/%s", folder, hex, hex + 2, hex) < PATH_MAX;
}

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && !fsync(fd);
    if (fd >= 0)
        close(fd);
    return good;
}

/* The folders of this path, with their names on disk: file_write_by() syncs only the innermost one. */
static enum outcome make_folders(const char *path, struct fault *fault)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = 0;
    if (!access(folder, F_OK))
        return OUTCOME_DONE;
    enum outcome outcome = file_make_folder(folder, 0700, fault);
    for (int level = 0; !outcome && level < 3; level++) {
        *strrchr(folder, '/') = 0;
        if (!sync_folder(folder))
            outcome = fault_set(fault, OUTCOME_LATER, NULL, "cannot sync %s: %m", folder);
    }
    return outcome;
}

static enum outcome write_file(
    struct book_txn *txn, const struct blob_ref *ref, const void *data, size_t size, struct fault *fault)
{
    char path[PATH_MAX];
    if (!blob_path(path, txn->options->folder, ref))
        return fault_set(
            fault, OUTCOME_STOP, "Nama folder data terlalu panjang.", "path of an attachment too long");
    char temporary[PATH_MAX];
    enum outcome outcome = make_folders(path, fault);
    if (outcome)
        return outcome;
    /* One name for all: only the writer's thread writes here, and a kill leaves no litter that grows. */
    snprintf(temporary, sizeof temporary, "%s/lampiran/.ditulis", txn->options->folder);
    return file_write_by(temporary, path, data, size, 0600, fault);
}

static enum outcome blob_known(
    struct book_txn *txn, const struct blob_ref *ref, bool *ret_known, bool *ret_empty, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT emptied_at IS NOT NULL FROM blob WHERE sha256 = ?1");
    stmt_blob(&s, ref->sha256, sizeof ref->sha256);
    *ret_known = stmt_row(&s);
    *ret_empty = *ret_known && stmt_int_at(&s, 0);
    return stmt_close(&s, fault);
}

enum outcome blob_put(
    struct book_txn *txn, const void *data, size_t size, struct blob_ref *ret, struct fault *fault)
{
    bool known, empty, small = size < BLOB_INLINE;
    crypto_hash_sha256(ret->sha256, size ? data : (const void *)"", size);
    enum outcome outcome = blob_known(txn, ret, &known, &empty, fault);
    if (outcome || (known && !empty))
        return outcome;
    /* An orphan of the same name is written again: whether its name ever reached the disk is not known. */
    if (!small && (outcome = write_file(txn, ret, data, size, fault))) {
        txn->storage_failed = true;
        return outcome;
    }
    struct stmt s =
        known ? stmt_open(txn, "UPDATE blob SET size = ?2, data = ?3, emptied_at = NULL WHERE sha256 = ?1")
              : stmt_open(txn, "INSERT INTO blob (sha256, size, data) VALUES (?1, ?2, ?3)");
    stmt_blob(&s, ret->sha256, sizeof ret->sha256);
    stmt_int(&s, (int64_t)size);
    stmt_blob(&s, small ? size ? data : "" : NULL, small ? size : 0);
    return stmt_run(&s, fault);
}

static enum outcome read_row(const struct stmt *s, void **ret_data, size_t *ret_size, struct fault *fault)
{
    size_t size;
    const void *data = stmt_peek_blob(s, 1, &size);
    char *copy = malloc(size + 1);
    if (!copy)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a blob of %zu bytes", size);
    if (size)
        memcpy(copy, data, size);
    copy[size] = 0;
    *ret_data = copy;
    *ret_size = size;
    return OUTCOME_DONE;
}

static enum outcome read_content(struct book_txn *txn, const struct stmt *s, const struct blob_ref *ref,
    void **ret_data, size_t *ret_size, struct fault *fault)
{
    char path[PATH_MAX];
    if (stmt_int_at(s, 3))
        return fault_set(
            fault, OUTCOME_NEVER, "Isinya sudah dihapus bersama data pribadi pengadu.", "an emptied blob");
    if (!stmt_int_at(s, 2))
        return read_row(s, ret_data, ret_size, fault);
    if (!blob_path(path, txn->options->folder, ref))
        return fault_set(
            fault, OUTCOME_STOP, "Nama folder data terlalu panjang.", "path of an attachment too long");
    enum outcome outcome = file_read(path, (size_t)stmt_int_at(s, 0), (char **)ret_data, ret_size, fault);
    if (outcome == OUTCOME_LATER && access(path, F_OK) && errno == ENOENT)
        return fault_set(fault, OUTCOME_NEVER, "Isi lampiran tidak ada lagi di folder data. Beri tahu admin.",
            "%s is gone", path);
    return outcome;
}

static enum outcome check_content(
    const struct blob_ref *ref, const void *data, size_t size, struct fault *fault)
{
    struct blob_ref found;
    crypto_hash_sha256(found.sha256, data, size);
    if (!memcmp(found.sha256, ref->sha256, sizeof found.sha256))
        return OUTCOME_DONE;
    char hex[65];
    sodium_bin2hex(hex, sizeof hex, ref->sha256, sizeof ref->sha256);
    return fault_set(fault, OUTCOME_NEVER, "Isi lampiran tidak sama dengan yang dahulu dicatat.",
        "content of blob %s does not have that digest", hex);
}

enum outcome blob_get(
    struct book_txn *txn, const struct blob_ref *ref, void **ret_data, size_t *ret_size, struct fault *fault)
{
    void *data = NULL;
    size_t size = 0;
    struct stmt s =
        stmt_open(txn, "SELECT size, data, data IS NULL, emptied_at IS NOT NULL FROM blob WHERE sha256 = ?1");
    stmt_blob(&s, ref->sha256, sizeof ref->sha256);
    bool known = stmt_row(&s);
    enum outcome outcome = known ? read_content(txn, &s, ref, &data, &size, fault) : OUTCOME_DONE;
    enum outcome closed = stmt_close(&s, fault);
    if (!outcome)
        outcome = closed;
    if (!outcome && !known)
        outcome = fault_set(fault, OUTCOME_NEVER, "Lampiran tidak ditemukan.", "unknown blob");
    if (!outcome)
        outcome = check_content(ref, data, size, fault);
    if (outcome) {
        free(data);
        return outcome;
    }
    *ret_data = data;
    *ret_size = size;
    return OUTCOME_DONE;
}

/* ---- the end of a content ---- */

enum outcome blob_empty(struct book_txn *txn, const struct blob_ref *ref, bool *ret_file, struct fault *fault)
{
    struct stmt s = stmt_open(txn, "SELECT data IS NULL FROM blob WHERE sha256 = ?1 AND emptied_at IS NULL");
    stmt_blob(&s, ref->sha256, sizeof ref->sha256);
    bool there = stmt_row(&s);
    *ret_file = there && stmt_int_at(&s, 0);
    enum outcome outcome = stmt_close(&s, fault);
    if (outcome || !there)
        return outcome;
    s = stmt_open(txn, "UPDATE blob SET data = NULL, emptied_at = ?2 WHERE sha256 = ?1");
    stmt_blob(&s, ref->sha256, sizeof ref->sha256);
    stmt_int(&s, txn_now(txn));
    return stmt_run(&s, fault);
}

enum outcome blob_remove_file(struct book_txn *txn, const struct blob_ref *ref, struct fault *fault)
{
    char path[PATH_MAX];
    bool known, empty;
    enum outcome outcome = blob_known(txn, ref, &known, &empty, fault);
    if (outcome || !empty || !blob_path(path, txn->options->folder, ref))
        return outcome;
    if (unlink(path) && errno != ENOENT)
        return fault_set(fault, OUTCOME_LATER, NULL, "cannot remove %s: %m", path);
    return OUTCOME_DONE;
}
