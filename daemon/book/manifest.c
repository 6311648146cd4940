#include "manifest.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MOST = 256 };

static const char first_line[] = "# pengaduand-cadangan 1\n", doubtful[] = "meragukan";

struct manifest_writer {
    FILE *file;
    crypto_hash_sha256_state state;
    bool failed;
};

static void put(struct manifest_writer *w, const char *line)
{
    size_t n = strlen(line);
    crypto_hash_sha256_update(&w->state, (const unsigned char *)line, n);
    w->failed = w->failed || fwrite(line, 1, n, w->file) != n;
}

enum outcome manifest_begin(struct manifest_writer **ret_writer, const char *folder,
    const struct manifest *manifest, struct fault *fault)
{
    char path[PATH_MAX], line[2 * LINE_MOST], hex[BACKUP_HEX], head[BACKUP_HEX];
    enum outcome outcome = backup_join(path, folder, MANIFEST_NAME, fault);
    int fd = outcome ? -1 : backup_create(path, &outcome, fault);
    if (outcome)
        return outcome;
    struct manifest_writer *w = calloc(1, sizeof *w);
    if (!w || !(w->file = fdopen(fd, "w"))) {
        close(fd);
        free(w);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a manifest");
    }
    crypto_hash_sha256_init(&w->state);
    put(w, first_line);
    sodium_bin2hex(hex, sizeof hex, manifest->book, BACKUP_DIGEST);
    sodium_bin2hex(head, sizeof head, manifest->head, BACKUP_DIGEST);
    snprintf(line, sizeof line,
        "# buku %s\n# aduan %" PRId64 "\n# peristiwa %" PRId64 "\n# lampiran %" PRId64
        "\n# sidik %s\n# keadaan %s\n",
        hex, manifest->complaints, manifest->events, manifest->files, head,
        manifest->doubtful ? doubtful : "utuh");
    put(w, line);
    *ret_writer = w;
    return OUTCOME_DONE;
}

void manifest_line(struct manifest_writer *w, const unsigned char digest[BACKUP_DIGEST], const char *name)
{
    char line[LINE_MOST], hex[BACKUP_HEX];
    sodium_bin2hex(hex, sizeof hex, digest, BACKUP_DIGEST);
    snprintf(line, sizeof line, "%s  %s\n", hex, name);
    put(w, line);
}

enum outcome manifest_end(struct manifest_writer *w, struct fault *fault)
{
    unsigned char digest[BACKUP_DIGEST];
    char hex[BACKUP_HEX];
    crypto_hash_sha256_final(&w->state, digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    bool good = fprintf(w->file, "# akhir %s\n", hex) > 0 && !w->failed;
    good = !fclose(w->file) && good;
    free(w);
    return good ? OUTCOME_DONE : backup_failed("write", MANIFEST_NAME, fault);
}

/* ---- reading ---- */

static enum outcome damaged(const char *detail, struct fault *fault)
{
    return fault_set(fault, OUTCOME_NEVER, "Cadangan rusak atau diubah: daftar isinya (MANIFES) tidak cocok.",
        "manifest: %s", detail);
}

static bool take_hex(unsigned char out[BACKUP_DIGEST], const char *text)
{
    size_t n = 0;
    return strlen(text) >= BACKUP_HEX - 1 &&
           !sodium_hex2bin(out, BACKUP_DIGEST, text, BACKUP_HEX - 1, NULL, &n, NULL) && n == BACKUP_DIGEST;
}

static bool take_number(int64_t *out, const char *text)
{
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return !errno && end > text && !*end && *out >= 0;
}

/* A line that begins with "# ", its name and value. Names that a later version may add are passed over. */
static bool take_header(struct manifest *m, const char *line)
{
    static const struct {
        const char *lead;
        size_t at;
    } numbers[] = {{"# aduan ", offsetof(struct manifest, complaints)},
        {"# peristiwa ", offsetof(struct manifest, events)},
        {"# lampiran ", offsetof(struct manifest, files)}};
    if (!strncmp(line, "# buku ", 7))
        return take_hex(m->book, line + 7);
    if (!strncmp(line, "# sidik ", 8))
        return take_hex(m->head, line + 8);
    if (!strncmp(line, "# keadaan ", 10))
        m->doubtful = !strcmp(line + 10, doubtful);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strncmp(line, numbers[i].lead, strlen(numbers[i].lead)))
            return take_number((int64_t *)((char *)m + numbers[i].at), line + strlen(numbers[i].lead));
    return true;
}

struct reading {
    struct manifest *manifest;
    manifest_visit *visit;
    void *arg;
    crypto_hash_sha256_state state;
    int64_t files;
    bool ended;
};

static enum outcome take_end(struct reading *r, const char *hex, struct fault *fault)
{
    unsigned char said[BACKUP_DIGEST], found[BACKUP_DIGEST];
    crypto_hash_sha256_final(&r->state, found);
    r->ended = true;
    if (!take_hex(said, hex) || memcmp(said, found, sizeof said))
        return damaged("changed or cut", fault);
    return OUTCOME_DONE;
}

/* line without its newline, which is counted in the digest all the same. */
static enum outcome take_line(struct reading *r, const char *line, struct fault *fault)
{
    unsigned char digest[BACKUP_DIGEST];
    if (r->ended)
        return damaged("lines behind its end", fault);
    if (!strncmp(line, "# akhir ", 8))
        return take_end(r, line + 8, fault);
    crypto_hash_sha256_update(&r->state, (const unsigned char *)line, strlen(line));
    crypto_hash_sha256_update(&r->state, (const unsigned char *)"\n", 1);
    if (line[0] == '#')
        return take_header(r->manifest, line) ? OUTCOME_DONE : damaged("header", fault);
    if (!take_hex(digest, line) || strncmp(line + BACKUP_HEX - 1, "  ", 2) ||
        !backup_name_fits(line + BACKUP_HEX + 1))
        return damaged("a line that names no file of a backup", fault);
    r->files += strcmp(line + BACKUP_HEX + 1, "buku.db") != 0;
    return r->visit ? r->visit(r->arg, digest, line + BACKUP_HEX + 1, fault) : OUTCOME_DONE;
}

static enum outcome read_lines(struct reading *r, FILE *file, struct fault *fault)
{
    char line[LINE_MOST];
    enum outcome outcome = OUTCOME_DONE;
    bool first = true;
    while (!outcome && fgets(line, sizeof line, file)) {
        size_t n = strlen(line);
        if (first && strcmp(line, first_line))
            return fault_set(fault, OUTCOME_NEVER,
                "Ini bukan cadangan pengaduand, atau dibuat oleh versi yang lebih baru.",
                "the manifest begins otherwise");
        first = false;
        if (!n || line[n - 1] != '\n')
            return damaged("a line without end", fault);
        line[n - 1] = 0;
        outcome = take_line(r, line, fault);
    }
    if (!outcome && ferror(file))
        return backup_failed("read", MANIFEST_NAME, fault);
    if (!outcome && (!r->ended || r->files != r->manifest->files))
        return damaged("cut short", fault);
    return outcome;
}

static FILE *open_manifest(const char *path)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    if (!file && fd >= 0)
        close(fd);
    return file;
}

bool manifest_peek(const char *folder, unsigned char ret_book[BACKUP_DIGEST])
{
    char path[PATH_MAX], line[LINE_MOST];
    struct fault ignored;
    FILE *file = backup_join(path, folder, MANIFEST_NAME, &ignored) ? NULL : open_manifest(path);
    bool ours = file && fgets(line, sizeof line, file) && !strcmp(line, first_line) &&
                fgets(line, sizeof line, file) && !strncmp(line, "# buku ", 7) &&
                take_hex(ret_book, line + 7);
    if (file)
        fclose(file);
    return ours;
}

enum outcome manifest_read(
    const char *folder, struct manifest *ret_manifest, manifest_visit *visit, void *arg, struct fault *fault)
{
    char path[PATH_MAX];
    struct reading r = {.manifest = ret_manifest, .visit = visit, .arg = arg};
    enum outcome outcome = backup_join(path, folder, MANIFEST_NAME, fault);
    if (outcome)
        return outcome;
    *ret_manifest = (struct manifest){0};
    crypto_hash_sha256_init(&r.state);
    FILE *file = open_manifest(path);
    if (!file && errno == ENOENT)
        return fault_set(fault, OUTCOME_NEVER,
            "Ini bukan cadangan yang utuh: berkas MANIFES tidak ada di dalamnya.", "%s: %m", path);
    if (!file)
        return backup_failed("open", path, fault);
    outcome = read_lines(&r, file, fault);
    fclose(file);
    return outcome;
}
