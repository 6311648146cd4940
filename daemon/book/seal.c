#include "seal.h"
#include "daemon/base/random.h"
#include "manifest.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CHUNK = 64 * 1024,
    SEALED_CHUNK = CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES,
    NAME_MOST = 255,
    /* As for passwords (password.c), with more passes: once a day there is time. */
    KEY_PASSES = 4,
    KEY_MEMORY = 19 * 1024 * 1024,
};

struct head {
    char magic[16];
    unsigned char book[BACKUP_DIGEST];
    unsigned char salt[crypto_pwhash_SALTBYTES];
    unsigned char stream[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
};

static const char magic[] = "pengaduand-sandi";

/* One of the two directions; plain is gathered (sealing) or handed out (opening). */
struct stream {
    crypto_secretstream_xchacha20poly1305_state state;
    int fd;
    const struct backup_stop *stop; /* may be NULL */
    bool ended;                     /* opening: the chunk with the tag FINAL was read */
    size_t used, size;              /* sealing: used bytes of plain; opening: used of size */
    unsigned char plain[CHUNK], sealed[SEALED_CHUNK];
};

static enum outcome derive(unsigned char ret_key[crypto_secretstream_xchacha20poly1305_KEYBYTES],
    const char *key, const struct head *head, struct fault *fault)
{
    if (crypto_pwhash(ret_key, crypto_secretstream_xchacha20poly1305_KEYBYTES, key, strlen(key), head->salt,
            KEY_PASSES, KEY_MEMORY, crypto_pwhash_ALG_ARGON2ID13))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for argon2id");
    return OUTCOME_DONE;
}

static void stream_free(struct stream *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        close(s->fd);
    sodium_memzero(s, sizeof *s);
    free(s);
}

/* ---- sealing ---- */

static enum outcome push(struct stream *s, unsigned char tag, const struct head *ad, struct fault *fault)
{
    unsigned long long n = 0;
    enum outcome outcome = backup_go_on(s->stop, fault);
    if (outcome)
        return outcome;
    crypto_secretstream_xchacha20poly1305_push(
        &s->state, s->sealed, &n, s->plain, s->used, (const unsigned char *)ad, ad ? sizeof *ad : 0, tag);
    s->used = 0;
    return backup_write(s->fd, s->sealed, (size_t)n, fault);
}

static enum outcome add(struct stream *s, const void *data, size_t size, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    for (const unsigned char *p = data; size && !outcome;) {
        size_t n = size < CHUNK - s->used ? size : CHUNK - s->used;
        memcpy(s->plain + s->used, p, n);
        s->used += n;
        p += n;
        size -= n;
        if (s->used == CHUNK)
            outcome = push(s, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, NULL, fault);
    }
    return outcome;
}

static enum outcome add_number(struct stream *s, uint64_t value, int bytes, struct fault *fault)
{
    unsigned char out[8];
    for (int i = 0; i < bytes; i++)
        out[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
    return add(s, out, (size_t)bytes, fault);
}

/* Exactly size bytes: a file that changes its length meanwhile is a fault. */
static enum outcome add_content(struct stream *s, int fd, off_t size, const char *path, struct fault *fault)
{
    char piece[16 * 1024];
    enum outcome outcome = OUTCOME_DONE;
    while (size > 0 && !outcome) {
        size_t most = size < (off_t)sizeof piece ? (size_t)size : sizeof piece;
        ssize_t n = read(fd, piece, most);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return backup_failed("read", path, fault);
        outcome = add(s, piece, (size_t)n, fault);
        size -= n;
    }
    return outcome;
}

struct sealing {
    struct stream *stream;
    const char *folder;
};

static enum outcome add_file(struct sealing *sealing, const char *name, struct fault *fault)
{
    char path[PATH_MAX];
    struct stat st = {0};
    enum outcome outcome = backup_join(path, sealing->folder, name, fault);
    if (outcome)
        return outcome;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st))
        outcome = backup_failed("open", path, fault);
    if (!outcome)
        outcome = add_number(sealing->stream, strlen(name), 2, fault);
    if (!outcome)
        outcome = add(sealing->stream, name, strlen(name), fault);
    if (!outcome)
        outcome = add_number(sealing->stream, (uint64_t)st.st_size, 8, fault);
    if (!outcome)
        outcome = add_content(sealing->stream, fd, st.st_size, path, fault);
    if (fd >= 0)
        close(fd);
    return outcome;
}

static enum outcome see_line(
    void *arg, const unsigned char digest[BACKUP_DIGEST], const char *name, struct fault *fault)
{
    (void)digest;
    return add_file(arg, name, fault);
}

static enum outcome seal_begin(
    struct stream *s, const char *key, const unsigned char book[BACKUP_DIGEST], struct fault *fault)
{
    struct head head;
    unsigned char derived[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    memcpy(head.magic, magic, sizeof head.magic);
    memcpy(head.book, book, sizeof head.book);
    random_bytes(head.salt, sizeof head.salt);
    enum outcome outcome = derive(derived, key, &head, fault);
    if (outcome)
        return outcome;
    crypto_secretstream_xchacha20poly1305_init_push(&s->state, head.stream, derived);
    sodium_memzero(derived, sizeof derived);
    outcome = backup_write(s->fd, &head, sizeof head, fault);
    return outcome ? outcome : push(s, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, &head, fault);
}

enum outcome seal_folder(const char *folder, const char *path, const char *key,
    const unsigned char book[BACKUP_DIGEST], const struct backup_stop *stop, struct fault *fault)
{
    struct manifest manifest;
    struct stream *s = calloc(1, sizeof *s);
    struct sealing sealing = {s, folder};
    enum outcome outcome;
    if (!s)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to seal a backup");
    s->stop = stop;
    s->fd = backup_create(path, &outcome, fault);
    if (!outcome)
        outcome = seal_begin(s, key, book, fault);
    if (!outcome)
        outcome = add_file(&sealing, MANIFEST_NAME, fault);
    if (!outcome)
        outcome = manifest_read(folder, &manifest, see_line, &sealing, fault);
    if (!outcome)
        outcome = add_number(s, 0, 2, fault);
    if (!outcome)
        outcome = push(s, crypto_secretstream_xchacha20poly1305_TAG_FINAL, NULL, fault);
    if (!outcome && fsync(s->fd))
        outcome = backup_failed("sync", path, fault);
    stream_free(s);
    return outcome;
}

/* ---- opening ---- */

static enum outcome damaged(const char *detail, struct fault *fault)
{
    return fault_set(fault, OUTCOME_NEVER,
        "Cadangan rusak atau diubah: isinya tidak dapat dibuka seluruhnya.", "sealed backup: %s", detail);
}

/* Up to size bytes; fewer only at the end of the file, -1 = error. */
static ssize_t read_whole(int fd, void *out, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t n = read(fd, (char *)out + got, size - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (!n)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

static enum outcome pull(struct stream *s, struct fault *fault)
{
    unsigned long long n = 0;
    unsigned char tag = 0;
    enum outcome outcome = backup_go_on(s->stop, fault);
    if (outcome)
        return outcome;
    ssize_t got = read_whole(s->fd, s->sealed, sizeof s->sealed);
    if (got < 0)
        return backup_failed("read", "the sealed backup", fault);
    if (s->ended || crypto_secretstream_xchacha20poly1305_pull(
                        &s->state, s->plain, &n, &tag, s->sealed, (unsigned long long)got, NULL, 0))
        return damaged("a chunk does not open", fault);
    s->ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    s->used = 0;
    s->size = (size_t)n;
    return OUTCOME_DONE;
}

static enum outcome take(struct stream *s, void *out, size_t size, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    for (unsigned char *p = out; size && !outcome;) {
        if (s->used == s->size) {
            outcome = pull(s, fault);
            continue;
        }
        size_t n = size < s->size - s->used ? size : s->size - s->used;
        memcpy(p, s->plain + s->used, n);
        s->used += n;
        p += n;
        size -= n;
    }
    return outcome;
}

static enum outcome take_number(struct stream *s, uint64_t *ret, int bytes, struct fault *fault)
{
    unsigned char in[8];
    enum outcome outcome = take(s, in, (size_t)bytes, fault);
    *ret = 0;
    for (int i = 0; i < bytes && !outcome; i++)
        *ret = *ret << 8 | in[i];
    return outcome;
}

/* Into the file fd, or nowhere when it is -1. */
static enum outcome take_content(struct stream *s, uint64_t size, int fd, struct fault *fault)
{
    char piece[16 * 1024];
    enum outcome outcome = OUTCOME_DONE;
    while (size && !outcome) {
        size_t n = size < sizeof piece ? (size_t)size : sizeof piece;
        outcome = take(s, piece, n, fault);
        if (!outcome && fd >= 0)
            outcome = backup_write(fd, piece, n, fault);
        size -= n;
    }
    return outcome;
}

static enum outcome take_file(struct stream *s, const char *folder, const char *name, struct fault *fault)
{
    uint64_t size;
    char path[PATH_MAX];
    int fd = -1;
    enum outcome outcome = take_number(s, &size, 8, fault);
    if (!outcome && folder) {
        outcome = backup_make_way(folder, name, fault);
        if (!outcome)
            outcome = backup_join(path, folder, name, fault);
        if (!outcome)
            fd = backup_create(path, &outcome, fault);
    }
    if (!outcome)
        outcome = take_content(s, size, fd, fault);
    if (fd >= 0 && close(fd) && !outcome)
        outcome = backup_failed("close", path, fault);
    return outcome;
}

/* The last chunk may hold nothing but its tag. */
static enum outcome take_end(struct stream *s, struct fault *fault)
{
    enum outcome outcome = !s->ended && s->used == s->size ? pull(s, fault) : OUTCOME_DONE;
    if (outcome || (s->ended && s->used == s->size))
        return outcome;
    return damaged("no end", fault);
}

static enum outcome take_files(struct stream *s, const char *folder, struct fault *fault)
{
    for (;;) {
        uint64_t length;
        char name[NAME_MOST + 1] = {0};
        enum outcome outcome = take_number(s, &length, 2, fault);
        if (outcome)
            return outcome;
        if (!length)
            return take_end(s, fault);
        if (length > NAME_MOST)
            return damaged("a long name", fault);
        outcome = take(s, name, (size_t)length, fault);
        if (!outcome && strcmp(name, MANIFEST_NAME) && !backup_name_fits(name))
            outcome = damaged("a name that is no file of a backup", fault);
        if (!outcome)
            outcome = take_file(s, folder, name, fault);
        if (outcome)
            return outcome;
    }
}

static enum outcome open_head(struct stream *s, const char *key, struct fault *fault)
{
    struct head head;
    unsigned char derived[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    unsigned char first[crypto_secretstream_xchacha20poly1305_ABYTES];
    if (read_whole(s->fd, &head, sizeof head) != (ssize_t)sizeof head ||
        memcmp(head.magic, magic, sizeof head.magic))
        return fault_set(fault, OUTCOME_NEVER, "Berkas itu bukan cadangan pengaduand.", "another head");
    enum outcome outcome = derive(derived, key, &head, fault);
    if (outcome)
        return outcome;
    bool opens = read_whole(s->fd, first, sizeof first) == (ssize_t)sizeof first &&
                 !crypto_secretstream_xchacha20poly1305_init_pull(&s->state, head.stream, derived) &&
                 !crypto_secretstream_xchacha20poly1305_pull(&s->state, s->plain, NULL, NULL, first,
                     sizeof first, (const unsigned char *)&head, sizeof head);
    sodium_memzero(derived, sizeof derived);
    if (opens)
        return OUTCOME_DONE;
    return fault_set(fault, OUTCOME_NEVER,
        "Kunci tidak cocok dengan cadangan ini (key pada bagian [backup]), atau awal berkasnya rusak.",
        "the first chunk does not open");
}

enum outcome seal_open(const char *path, const char *folder, const char *key, const struct backup_stop *stop,
    struct fault *fault)
{
    struct stream *s = calloc(1, sizeof *s);
    enum outcome outcome = OUTCOME_DONE;
    if (!s)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to open a backup");
    s->stop = stop;
    s->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0)
        outcome = backup_failed("open", path, fault);
    if (!outcome)
        outcome = open_head(s, key, fault);
    if (!outcome)
        outcome = take_files(s, folder, fault);
    if (!outcome && lseek(s->fd, 0, SEEK_CUR) != lseek(s->fd, 0, SEEK_END))
        outcome = damaged("bytes behind its end", fault);
    stream_free(s);
    return outcome;
}

bool seal_peek(const char *path, unsigned char ret_book[BACKUP_DIGEST])
{
    struct head head;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool ours = fd >= 0 && read_whole(fd, &head, sizeof head) == (ssize_t)sizeof head &&
                !memcmp(head.magic, magic, sizeof head.magic);
    if (fd >= 0)
        close(fd);
    if (ours)
        memcpy(ret_book, head.book, BACKUP_DIGEST);
    return ours;
}
