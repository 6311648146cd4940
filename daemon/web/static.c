#include "static.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const struct embedded_file *find_named(const char *name)
{
    char path[128];
    int n = snprintf(path, sizeof path, "daemon/web/static/%s", name);
    return n > 0 && (size_t)n < sizeof path ? embedded_find(path) : NULL;
}

static void hash_file(const struct embedded_file *file, char hash[STATIC_HASH])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)file->data, file->size);
    sodium_bin2hex(hash, STATIC_HASH, digest, STATIC_HASH / 2);
}

bool static_hash(const char *name, char hash[STATIC_HASH])
{
    const struct embedded_file *file = find_named(name);
    if (file)
        hash_file(file, hash);
    return file != NULL;
}

const struct embedded_file *static_find(const char *rest, bool *ret_lasting)
{
    const char *slash = strchr(rest, '/');
    const struct embedded_file *file = slash ? find_named(slash + 1) : NULL;
    if (!file)
        return NULL;
    char hash[STATIC_HASH];
    hash_file(file, hash);
    *ret_lasting = (size_t)(slash - rest) == strlen(hash) && !strncmp(rest, hash, strlen(hash));
    return file;
}

const struct embedded_file *static_zipped(const struct embedded_file *file)
{
    char path[128];
    int n = snprintf(path, sizeof path, "gz/%s.gz", file->path);
    return n > 0 && (size_t)n < sizeof path ? embedded_find(path) : NULL;
}

const char *static_media_type(const char *path)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/vnd.microsoft.icon"},
    };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (!strcmp(dot, types[i].ending))
            return types[i].type;
    return "application/octet-stream";
}
