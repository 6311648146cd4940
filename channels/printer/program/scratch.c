#include "scratch.h"
#include <errno.h>
#include <fcntl.h>
#include <minizip/zip.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILES = 32 }; /* a workbook of one sheet needs 11, each further sheet two */

static struct {
    int files[FILES];
    int left;
    int workbook;
} scratch = {.workbook = -1};

/* Of libxlsxwriter 1.1.4, utility.h; that header is not taken here, because it would bring all of the library. */
FILE *lxw_tmpfile(const char *folder);

/* On the disk: a register of 100,000 rows is some 200 MB before it is packed. */
static int open_nameless(void)
{
    static const char *const folders[] = {"/var/tmp", "/tmp"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        int fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (fd >= 0)
            return fd;
    }
    return memfd_create("printer", MFD_CLOEXEC);
}

bool scratch_open(void)
{
    for (; scratch.left < FILES; scratch.left++)
        if ((scratch.files[scratch.left] = open_nameless()) < 0)
            return false;
    return true;
}

static int take(void)
{
    if (scratch.left)
        return scratch.files[--scratch.left];
    errno = EMFILE;
    return -1;
}

int scratch_workbook(void)
{
    return scratch.workbook >= 0 && lseek(scratch.workbook, 0, SEEK_SET) == 0 ? scratch.workbook : -1;
}

FILE *lxw_tmpfile(const char *folder)
{
    int fd = take();
    (void)folder;
    return fd >= 0 ? fdopen(fd, "w+b") : NULL;
}

/* ---- minizip's way to its file: a stream is the address of the descriptor ---- */

static voidpf workbook_open(voidpf opaque, const char *name, int mode)
{
    (void)opaque;
    (void)name;
    (void)mode;
    scratch.workbook = take();
    return scratch.workbook >= 0 ? &scratch.workbook : NULL;
}

static uLong workbook_read(voidpf opaque, voidpf stream, void *bytes, uLong n)
{
    ssize_t done = read(*(int *)stream, bytes, n);
    (void)opaque;
    return done > 0 ? (uLong)done : 0;
}

static uLong workbook_write(voidpf opaque, voidpf stream, const void *bytes, uLong n)
{
    uLong done = 0;
    (void)opaque;
    while (done < n) {
        ssize_t one = write(*(int *)stream, (const char *)bytes + done, n - done);
        if (one <= 0)
            break;
        done += (uLong)one;
    }
    return done;
}

static long workbook_tell(voidpf opaque, voidpf stream)
{
    (void)opaque;
    return (long)lseek(*(int *)stream, 0, SEEK_CUR);
}

static long workbook_seek(voidpf opaque, voidpf stream, uLong offset, int origin)
{
    int whence = origin == ZLIB_FILEFUNC_SEEK_END   ? SEEK_END
                 : origin == ZLIB_FILEFUNC_SEEK_CUR ? SEEK_CUR
                                                    : SEEK_SET;
    (void)opaque;
    return lseek(*(int *)stream, (off_t)offset, whence) < 0 ? -1 : 0;
}

/* The descriptor stays: the document is read from it. */
static int workbook_close(voidpf opaque, voidpf stream)
{
    (void)opaque;
    (void)stream;
    return 0;
}

static int workbook_error(voidpf opaque, voidpf stream)
{
    (void)opaque;
    (void)stream;
    return 0;
}

zipFile zipOpen(const char *name, int append)
{
    zlib_filefunc_def calls = {.zopen_file = workbook_open,
        .zread_file = workbook_read,
        .zwrite_file = workbook_write,
        .ztell_file = workbook_tell,
        .zseek_file = workbook_seek,
        .zclose_file = workbook_close,
        .zerror_file = workbook_error};
    return zipOpen2(name, append, NULL, &calls);
}
