/* A sealed backup whose key its author knows: what is inside is any bytes all the same. First byte of the input: how large
 * the chunks are; the rest is the content before it was sealed. And once the bytes as they are behind a good head. */
#include "fuzz.h"
#include "daemon/book/seal.h"
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_MOST = 64 * 1024, OPEN_FOLDERS = 8 };

static char root[64], path[80], folder[80];
static const char key[] = "kunci cadangan untuk dicoba";

/* Stands in for argon2id, which takes 60 ms by design. */
int crypto_pwhash(unsigned char *const out, unsigned long long outlen, const char *const passwd,
    unsigned long long passwdlen, const unsigned char *const salt, unsigned long long opslimit,
    size_t memlimit, int alg)
{
    (void)opslimit;
    (void)memlimit;
    (void)alg;
    return crypto_generichash(
        out, outlen, (const unsigned char *)passwd, passwdlen, salt, crypto_pwhash_SALTBYTES);
}

static void leave(void)
{
    backup_remove_tree(root);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *tmp = getenv("TMPDIR");
    (void)argc;
    (void)argv;
    require(sodium_init() >= 0);
    snprintf(root, sizeof root, "%.40s/fuzz.XXXXXX", tmp ? tmp : "/tmp");
    require(mkdtemp(root));
    snprintf(path, sizeof path, "%s/sandi", root);
    snprintf(folder, sizeof folder, "%s/isi", root);
    atexit(leave);
    return 0;
}

/* Only what a backup may hold, and nothing beside the folder. */
static int see(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)ftw;
    if (type == FTW_D)
        return 0;
    const char *inside = name + strlen(folder) + 1;
    require(S_ISREG(st->st_mode) && (!strcmp(inside, "MANIFES") || backup_name_fits(inside)));
    return 0;
}

static int entries(void)
{
    int n = 0;
    DIR *dir = opendir(root);
    require(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static void open_it(void)
{
    struct fault fault = {0};
    require(!mkdir(folder, 0700));
    enum outcome looked = seal_open(path, NULL, key, NULL, &fault);
    require(looked == OUTCOME_DONE || looked == OUTCOME_NEVER);
    enum outcome outcome = seal_open(path, folder, key, NULL, &fault);
    require(outcome == looked || outcome == OUTCOME_LATER); /* a name that stands in it twice */
    require(!nftw(folder, see, OPEN_FOLDERS, FTW_PHYS));
    require(entries() == 4); /* the file, the folder, ".", ".." */
    backup_remove_tree(folder);
}

struct writer {
    crypto_secretstream_xchacha20poly1305_state state;
    FILE *file;
};

/* As seal.c writes it: text, book, salt, header; then the chunk that proves the key. */
static void begin(struct writer *w)
{
    unsigned char head[16 + 32 + 16 + 24] = "pengaduand-sandi", derived[32], first[17];
    w->file = fopen(path, "w");
    require(!crypto_pwhash(derived, sizeof derived, key, strlen(key), head + 48, 0, 0, 0));
    crypto_secretstream_xchacha20poly1305_init_push(&w->state, head + 64, derived);
    crypto_secretstream_xchacha20poly1305_push(&w->state, first, NULL, NULL, 0, head, sizeof head, 0);
    require(w->file && fwrite(head, 1, sizeof head, w->file) == sizeof head);
    require(fwrite(first, 1, sizeof first, w->file) == sizeof first);
}

static void add_chunk(struct writer *w, const uint8_t *data, size_t size, unsigned char tag)
{
    static unsigned char sealed[CHUNK_MOST + 17];
    unsigned long long n;
    crypto_secretstream_xchacha20poly1305_push(&w->state, sealed, &n, data, size, NULL, 0, tag);
    require(fwrite(sealed, 1, n, w->file) == n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct writer w;
    if (!size)
        return 0;
    begin(&w);
    require(fwrite(data, 1, size, w.file) == size && !fclose(w.file));
    open_it();
    /* The reader takes every chunk but the last at its full size. */
    static uint8_t content[2 * CHUNK_MOST];
    size_t repeat = data[0] & 1 ? CHUNK_MOST - 5 : 0, used = 0;
    memset(content, 0, sizeof content);
    memcpy(content + repeat, data + 1, size - 1 < CHUNK_MOST ? size - 1 : CHUNK_MOST);
    size_t length = repeat + (size - 1 < CHUNK_MOST ? size - 1 : CHUNK_MOST);
    begin(&w);
    for (; length - used > CHUNK_MOST; used += CHUNK_MOST)
        add_chunk(&w, content + used, CHUNK_MOST, 0);
    add_chunk(
        &w, content + used, length - used, data[0] & 2 ? 0 : crypto_secretstream_xchacha20poly1305_TAG_FINAL);
    require(!fclose(w.file));
    open_it();
    return 0;
}
