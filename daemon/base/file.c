#include "file.h"
#include "step.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum outcome failed(struct fault *fault, const char *act, const char *path)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "%s %s: %s", act, path, strerror(errno));
}

enum outcome file_read(const char *path, size_t max, char **ret_data, size_t *ret_len, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return failed(fault, "cannot open", path);
    enum outcome outcome = OUTCOME_DONE;
    struct stat st;
    char *data = NULL;
    size_t len = 0;
    if (fstat(fd, &st)) {
        outcome = failed(fault, "cannot stat", path);
        goto end;
    }
    size_t size = (size_t)st.st_size;
    if (size > max) {
        outcome =
            fault_set(fault, OUTCOME_NEVER, NULL, "%s is %zu bytes, at most %zu are read", path, size, max);
        goto end;
    }
    if (!(data = malloc(size + 1))) {
        outcome = failed(fault, "no memory for", path);
        goto end;
    }
    while (len < size) {
        ssize_t n = read(fd, data + len, size - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            outcome = failed(fault, "cannot read", path);
            goto end;
        }
        if (!n)
            break;
        len += (size_t)n;
    }
    data[len] = 0;
    *ret_data = data;
    if (ret_len)
        *ret_len = len;
    data = NULL;
end:
    free(data);
    close(fd);
    return outcome;
}

static int sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    int fd = open(*folder ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int r = fsync(fd);
    close(fd);
    return r;
}

static int write_and_sync(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return -1;
        p += w;
        n -= (size_t)w;
    }
    return fsync(fd);
}

/* Takes fd, of the empty temporary file. */
static enum outcome write_and_name(int fd, const char *temporary, const char *path, const void *data,
    size_t len, mode_t mode, struct fault *fault)
{
    enum outcome outcome = OUTCOME_DONE;
    step("file.write");
    if (write_and_sync(fd, data, len) || fchmod(fd, mode))
        outcome = failed(fault, "cannot write", temporary);
    step("file.rename");
    if (!outcome && rename(temporary, path))
        outcome = failed(fault, "cannot rename to", path);
    if (!outcome && sync_folder_of(path))
        outcome = failed(fault, "cannot sync the folder of", path);
    step("file.named");
    if (outcome)
        unlink(temporary);
    close(fd);
    return outcome;
}

enum outcome file_write(const char *path, const void *data, size_t len, mode_t mode, struct fault *fault)
{
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return fault_set(fault, OUTCOME_NEVER, NULL, "path too long: %s", path);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return failed(fault, "cannot create a file beside", path);
    return write_and_name(fd, temporary, path, data, len, mode, fault);
}

enum outcome file_write_by(
    const char *temporary, const char *path, const void *data, size_t len, mode_t mode, struct fault *fault)
{
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(fault, "cannot create", temporary);
    return write_and_name(fd, temporary, path, data, len, mode, fault);
}

enum outcome file_make_folder(const char *path, mode_t mode, struct fault *fault)
{
    char part[PATH_MAX];
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return fault_set(fault, OUTCOME_NEVER, NULL, "path too long: %s", path);
    for (char *p = part + 1;; p++) {
        if (*p && *p != '/')
            continue;
        char end = *p;
        *p = 0;
        if (mkdir(part, mode) && errno != EEXIST)
            return failed(fault, "cannot create folder", part);
        *p = end;
        if (!end)
            return OUTCOME_DONE;
    }
}
