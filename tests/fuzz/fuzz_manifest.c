/* The list of contents of a backup, which may have lain on anybody's disk. Every input is read as it is, and once more with
 * the last line it would need to be believed. */
#include "fuzz.h"
#include "daemon/book/manifest.h"
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[80];

static void leave(void)
{
    unlink(path);
    rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *tmp = getenv("TMPDIR");
    (void)argc;
    (void)argv;
    snprintf(folder, sizeof folder, "%.40s/fuzz.XXXXXX", tmp ? tmp : "/tmp");
    require(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/" MANIFEST_NAME, folder);
    atexit(leave);
    return 0;
}

static enum outcome see(
    void *arg, const unsigned char digest[BACKUP_DIGEST], const char *name, struct fault *fault)
{
    int64_t *files = arg;
    (void)digest;
    (void)fault;
    require(backup_name_fits(name) && !strstr(name, "..") && *name != '/');
    *files += strcmp(name, "buku.db") != 0;
    return OUTCOME_DONE;
}

static void read_it(const void *text, size_t size, const char *last)
{
    FILE *file = fopen(path, "w");
    struct manifest manifest;
    struct fault fault = {0};
    unsigned char book[BACKUP_DIGEST];
    int64_t files = 0;
    require(file && fwrite(text, 1, size, file) == size && fputs(last, file) >= 0 && !fclose(file));
    enum outcome outcome = manifest_read(folder, &manifest, see, &files, &fault);
    require(outcome == OUTCOME_DONE || (outcome == OUTCOME_NEVER && *fault.public_text));
    if (outcome == OUTCOME_DONE)
        require(files == manifest.files);
    manifest_peek(folder, book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof digest + 1], last[128];
    crypto_hash_sha256(digest, data, size);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    snprintf(last, sizeof last, "# akhir %s\n", hex);
    read_it(data, size, "");
    read_it(data, size, last);
    return 0;
}
