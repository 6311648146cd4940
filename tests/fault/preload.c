/* fault.so, loaded into the daemon and its children by LD_PRELOAD: counts calls by kind and fails the ones that the
 * test names (preload.h). Says on stderr what it failed and from where:
 *
 *   fault alloc 217 calloc: Cannot allocate memory < pengaduand+0x1c2f0 < pengaduand+0x1b001
 *
 * It wraps dynamic symbols, so that calls of the libraries fail as well as our own, and goes on to the next of that
 * name: in a build with ASan to the sanitizer's, which then sees what the error paths do with their memory. */
#include "preload.h"
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct fault_page *page;
static bool caged;         /* a child: it may not ask the kernel about its descriptors */
static __thread bool busy; /* what the reporting itself calls does not count */

static const char *const kind_names[] = {
    "alloc", "read", "write", "sync", "name", "open", "socket", "sqlite", "task"};

/* Before main() of the program, so before its cage. */
__attribute__((constructor)) static void fault_begin(void)
{
    const char *path = getenv("PENGADUAND_FAULTS");
    void *warm[1];
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, FAULT_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    backtrace(warm, 1); /* loads the unwinder now */
    caged =
        !strcmp(program_invocation_short_name, "mailbox") || !strcmp(program_invocation_short_name, "parser");
    if (shared != MAP_FAILED)
        page = shared;
}

static void say(const char *text, size_t n)
{
    if (syscall(SYS_write, 2, text, n) < 0)
        return; /* the test will miss the line */
}

struct place {
    uintptr_t address;
    char *out;
    size_t room;
};

/* Module and offset, as addr2line wants them. */
static int name_place(struct dl_phdr_info *module, size_t size, void *arg)
{
    struct place *place = arg;
    (void)size;
    for (int i = 0; i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &module->dlpi_phdr[i];
        uintptr_t start = module->dlpi_addr + part->p_vaddr;
        if (part->p_type != PT_LOAD || place->address < start || place->address >= start + part->p_memsz)
            continue;
        const char *path = *module->dlpi_name ? module->dlpi_name : program_invocation_short_name;
        const char *slash = strrchr(path, '/');
        if (slash && !strcmp(slash, "/fault.so"))
            return 1;
        snprintf(place->out, place->room, " < %s+0x%lx", slash ? slash + 1 : path,
            (unsigned long)(place->address - module->dlpi_addr));
        return 1;
    }
    return 0;
}

/* 1: the place is in the program itself, which comes first; 2: it is not. */
static int is_program(struct dl_phdr_info *module, size_t size, void *arg)
{
    const struct place *place = arg;
    (void)size;
    for (int i = 0; i < module->dlpi_phnum; i++) {
        uintptr_t start = module->dlpi_addr + module->dlpi_phdr[i].p_vaddr;
        if (module->dlpi_phdr[i].p_type == PT_LOAD && place->address >= start &&
            place->address < start + module->dlpi_phdr[i].p_memsz)
            return 1;
    }
    return 2;
}

static void __attribute__((noinline))
report(enum fault_kind kind, uint64_t number, const char *call, int error)
{
    enum { FRAMES = 16 };
    void *frames[FRAMES];
    char line[1000];
    int n = backtrace(frames, FRAMES);
    size_t at = (size_t)snprintf(line, sizeof line, "fault %s %llu %s: error %d", kind_names[kind],
        (unsigned long long)number, call, error);
    for (int i = 0; i < n && at + 100 < sizeof line; i++) {
        struct place place = {(uintptr_t)frames[i] - 1, line + at, sizeof line - at - 1};
        line[at] = 0;
        dl_iterate_phdr(name_place, &place);
        at += strlen(line + at);
    }
    line[at++] = '\n';
    say(line, at);
}

/* ---- ways: the twelve nearest callers of a call, as one number ---- */

enum { WAYS = 1 << 17, WAY_FRAMES = 12 + 3 /* of our own */ };
static uint64_t ways[WAYS]; /* an open hash; 0 = free. A story has three thousand */
static atomic_flag ways_busy = ATOMIC_FLAG_INIT;

static uint64_t way_here(void)
{
    void *frames[WAY_FRAMES];
    int n = backtrace(frames, WAY_FRAMES);
    uint64_t way = 14695981039346656037u; /* FNV-1a, 64 bits */
    for (int i = 0; i < n; i++)
        way = (way ^ (uintptr_t)frames[i]) * 1099511628211u;
    return way ? way : 1;
}

static bool __attribute__((noinline)) is_new_way(void)
{
    busy = true;
    uint64_t way = way_here();
    busy = false;
    while (atomic_flag_test_and_set(&ways_busy))
        ;
    size_t at = way % WAYS;
    while (ways[at] && ways[at] != way)
        at = (at + 1) % WAYS;
    bool is_new = !ways[at];
    ways[at] = way;
    atomic_flag_clear(&ways_busy);
    return is_new;
}

/* True: this call has to fail; errno (or *ret_code) is set. */
static bool __attribute__((noinline)) due(enum fault_kind kind, const char *call, int usual, int *ret_code)
{
    if (!page || busy || (*page->program && strcmp(page->program, program_invocation_short_name)))
        return false;
    uint64_t number = atomic_fetch_add(&page->calls[kind], 1) + 1;
    if (!(atomic_load(&page->kinds) & 1u << kind) || number < atomic_load(&page->from) ||
        number >= atomic_load(&page->until))
        return false;
    if (atomic_load(&page->new_places)) {
        if (!is_new_way())
            return false;
        atomic_store(&page->until, number);
        atomic_store(&page->from, number);
    }
    int error = atomic_load(&page->error);
    error = error ? error : usual;
    busy = true;
    atomic_fetch_add(&page->failed, 1);
    report(kind, number, call, error);
    busy = false;
    if (ret_code)
        *ret_code = error;
    else
        errno = error;
    return true;
}

static bool below_folder(const char *path)
{
    size_t n = strlen(page->folder);
    return !n || !strncmp(path, page->folder, n);
}

/* The kind of a read or write on fd, by what fd is; FAULT_KINDS = none that can fail so (an eventfd, the log). */
static enum fault_kind kind_of(int fd, enum fault_kind of_file)
{
    struct stat st;
    if (!page || busy || fd <= 2)
        return FAULT_KINDS;
    if (caged)
        return FAULT_SOCKET; /* all it has are socket pairs */
    if (fstat(fd, &st))
        return FAULT_KINDS;
    if (S_ISSOCK(st.st_mode))
        return FAULT_SOCKET;
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return FAULT_KINDS;
    if (*page->folder) {
        char link[40], path[FAULT_PATH_MAX];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, path, sizeof path - 1);
        path[n > 0 ? n : 0] = 0;
        if (!below_folder(path))
            return FAULT_KINDS;
    }
    return of_file;
}

static bool fd_due(int fd, enum fault_kind of_file, const char *call, int usual_file, int usual_socket)
{
    enum fault_kind kind = kind_of(fd, of_file);
    return kind != FAULT_KINDS && due(kind, call, kind == FAULT_SOCKET ? usual_socket : usual_file, NULL);
}

static void *__attribute__((noinline)) real_of(void **known, const char *name)
{
    if (!*known)
        *known = dlsym(RTLD_NEXT, name);
    return *known;
}

/* A wrapper: RETURN name(PARAMETERS) that fails when `fails`, with `failure` as its value. */
#define WRAP(type, name, parameters, arguments, fails, failure)                                              \
    type name parameters;                                                                                    \
    type name parameters                                                                                     \
    {                                                                                                        \
        static void *known;                                                                                  \
        if (fails)                                                                                           \
            return failure;                                                                                  \
        return ((type(*) parameters)(uintptr_t)real_of(&known, #name))arguments;                             \
    }

/* ---- memory ---- */

/* The next malloc may be the sanitizer's. Nothing here allocates: dlsym() does not when it finds the name. */
WRAP(void *, malloc, (size_t n), (n), due(FAULT_ALLOC, "malloc", ENOMEM, NULL), NULL)
WRAP(void *, calloc, (size_t count, size_t n), (count, n), due(FAULT_ALLOC, "calloc", ENOMEM, NULL), NULL)
WRAP(void *, realloc, (void *p, size_t n), (p, n), due(FAULT_ALLOC, "realloc", ENOMEM, NULL), NULL)
WRAP(void *, aligned_alloc, (size_t align, size_t n), (align, n),
    due(FAULT_ALLOC, "aligned_alloc", ENOMEM, NULL), NULL)
WRAP(int, posix_memalign, (void **ret, size_t align, size_t n), (ret, align, n),
    due(FAULT_ALLOC, "posix_memalign", ENOMEM, NULL), ENOMEM)

/* ---- files and sockets by descriptor ---- */

struct iovec;
struct msghdr;
struct sockaddr;

#define READS(name, parameters, arguments)                                                                   \
    WRAP(ssize_t, name, parameters, arguments, fd_due(fd, FAULT_READ, #name, EIO, ECONNRESET), -1)
#define WRITES(name, parameters, arguments)                                                                  \
    WRAP(ssize_t, name, parameters, arguments, fd_due(fd, FAULT_WRITE, #name, EIO, EPIPE), -1)
#define CUTS(name, parameters, arguments)                                                                    \
    WRAP(int, name, parameters, arguments, fd_due(fd, FAULT_WRITE, #name, EIO, EIO), -1)
#define SYNCS(name) WRAP(int, name, (int fd), (fd), fd_due(fd, FAULT_SYNC, #name, EIO, EIO), -1)

READS(read, (int fd, void *p, size_t n), (fd, p, n))
READS(readv, (int fd, const struct iovec *parts, int count), (fd, parts, count))
READS(pread, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
READS(pread64, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
READS(__read_chk, (int fd, void *p, size_t n, size_t room), (fd, p, n, room))
READS(__pread64_chk, (int fd, void *p, size_t n, off_t at, size_t room), (fd, p, n, at, room))
WRITES(write, (int fd, const void *p, size_t n), (fd, p, n))
WRITES(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
WRITES(pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
WRITES(pwrite64, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
CUTS(ftruncate, (int fd, off_t n), (fd, n))
CUTS(ftruncate64, (int fd, off_t n), (fd, n))
CUTS(fchmod, (int fd, unsigned mode), (fd, mode))
SYNCS(fsync)
SYNCS(fdatasync)

/* ---- names ---- */

static bool name_due(const char *path, const char *call)
{
    return page && below_folder(path) && due(FAULT_NAME, call, EIO, NULL);
}

#define NAMES(name, parameters, arguments) WRAP(int, name, parameters, arguments, name_due(path, #name), -1)

NAMES(rename, (const char *path, const char *to), (path, to))
NAMES(unlink, (const char *path), (path))
NAMES(rmdir, (const char *path), (path))
NAMES(mkdir, (const char *path, unsigned mode), (path, mode))
NAMES(link, (const char *path, const char *to), (path, to))

/* ---- new descriptors ---- */

static bool open_due(const char *path, const char *call)
{
    return page && below_folder(path) && due(FAULT_OPEN, call, EMFILE, NULL);
}

static unsigned mode_of(int flags, va_list ap)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, unsigned) : 0;
}

/* A file that is made is a name too: what a full or read-only disk refuses. */
#define OPENS(name)                                                                                          \
    int name(const char *path, int flags, ...);                                                              \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        static void *known;                                                                                  \
        va_list ap;                                                                                          \
        va_start(ap, flags);                                                                                 \
        unsigned mode = mode_of(flags, ap);                                                                  \
        va_end(ap);                                                                                          \
        if ((flags & O_CREAT && name_due(path, #name)) || open_due(path, #name))                             \
            return -1;                                                                                       \
        return ((int (*)(const char *, int, ...))(uintptr_t)real_of(&known, #name))(path, flags, mode);      \
    }

OPENS(open)
OPENS(open64)

#define HANDLES(name, parameters, arguments)                                                                 \
    WRAP(int, name, parameters, arguments, page &&due(FAULT_OPEN, #name, EMFILE, NULL), -1)

WRAP(int, __open_2, (const char *path, int flags), (path, flags), open_due(path, "open"), -1)
WRAP(int, __open64_2, (const char *path, int flags), (path, flags), open_due(path, "open"), -1)
WRAP(FILE *, fopen, (const char *path, const char *mode), (path, mode), open_due(path, "fopen"), NULL)
WRAP(FILE *, fopen64, (const char *path, const char *mode), (path, mode), open_due(path, "fopen"), NULL)
WRAP(DIR *, opendir, (const char *path), (path), open_due(path, "opendir"), NULL)
HANDLES(socket, (int family, int type, int protocol), (family, type, protocol))
HANDLES(socketpair, (int family, int type, int protocol, int *pair), (family, type, protocol, pair))
HANDLES(accept, (int fd, struct sockaddr *from, socklen_t *n), (fd, from, n))
HANDLES(accept4, (int fd, struct sockaddr *from, socklen_t *n, int flags), (fd, from, n, flags))
HANDLES(pipe, (int pair[2]), (pair))
HANDLES(pipe2, (int pair[2], int flags), (pair, flags))
HANDLES(eventfd, (unsigned first, int flags), (first, flags))
HANDLES(epoll_create1, (int flags), (flags))

/* ---- sockets ---- */

#define TALKS(type, error, name, parameters, arguments)                                                      \
    WRAP(type, name, parameters, arguments, fd > 2 && page && due(FAULT_SOCKET, #name, error, NULL), -1)

TALKS(int, ENETUNREACH, connect, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))
TALKS(int, EADDRINUSE, bind, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))
TALKS(int, EADDRINUSE, listen, (int fd, int backlog), (fd, backlog))
TALKS(ssize_t, EPIPE, send, (int fd, const void *p, size_t n, int flags), (fd, p, n, flags))
TALKS(ssize_t, EPIPE, sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags))
TALKS(ssize_t, EPIPE, sendto,
    (int fd, const void *p, size_t n, int flags, const struct sockaddr *to, socklen_t room),
    (fd, p, n, flags, to, room))
TALKS(ssize_t, ECONNRESET, recv, (int fd, void *p, size_t n, int flags), (fd, p, n, flags))
TALKS(ssize_t, ECONNRESET, __recv_chk, (int fd, void *p, size_t n, size_t room, int flags),
    (fd, p, n, room, flags))
TALKS(ssize_t, ECONNRESET, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags))
TALKS(ssize_t, ECONNRESET, recvfrom,
    (int fd, void *p, size_t n, int flags, struct sockaddr *from, socklen_t *room),
    (fd, p, n, flags, from, room))

/* ---- SQLite by its own codes: what the files and the memory below it do not reach ---- */

enum { SQLITE_IOERR = 10 };
struct sqlite3;
struct sqlite3_stmt;

static int sqlite_code;

/* SQLite and its full-text index call these among themselves and rely on what stands behind an error: those calls are
 * hit by the kinds below them. */
static bool from_program(void *caller)
{
    struct place place = {(uintptr_t)caller, NULL, 0};
    return dl_iterate_phdr(is_program, &place) == 1;
}

static bool sqlite_due(const char *call, void *caller)
{
    return page && from_program(caller) && due(FAULT_SQLITE, call, SQLITE_IOERR, &sqlite_code);
}

#define SQLITE(name, parameters, arguments)                                                                  \
    WRAP(int, name, parameters, arguments, sqlite_due(#name, __builtin_return_address(0)), sqlite_code)

SQLITE(sqlite3_step, (struct sqlite3_stmt * s), (s))
SQLITE(sqlite3_exec,
    (struct sqlite3 * db, const char *sql, int (*row)(void *, int, char **, char **), void *arg,
        char **error),
    (db, sql, row, arg, error))
SQLITE(sqlite3_bind_int64, (struct sqlite3_stmt * s, int at, int64_t value), (s, at, value))
SQLITE(sqlite3_bind_text64,
    (struct sqlite3_stmt * s, int at, const char *p, uint64_t n, void (*release)(void *),
        unsigned char coding),
    (s, at, p, n, release, coding))
SQLITE(sqlite3_bind_blob64,
    (struct sqlite3_stmt * s, int at, const void *p, uint64_t n, void (*release)(void *)),
    (s, at, p, n, release))

int sqlite3_prepare_v3(
    struct sqlite3 *db, const char *sql, int n, unsigned flags, struct sqlite3_stmt **ret, const char **tail);
int sqlite3_prepare_v3(
    struct sqlite3 *db, const char *sql, int n, unsigned flags, struct sqlite3_stmt **ret, const char **tail)
{
    static void *known;
    if (sqlite_due("sqlite3_prepare_v3", __builtin_return_address(0))) {
        *ret = NULL;
        return sqlite_code;
    }
    return ((int (*)(struct sqlite3 *, const char *, int, unsigned, struct sqlite3_stmt **, const char **))(
        uintptr_t)real_of(&known, "sqlite3_prepare_v3"))(db, sql, n, flags, ret, tail);
}

/* ---- tasks ---- */

WRAP(int, fork, (void), (), page &&due(FAULT_TASK, "fork", EAGAIN, NULL), -1)
WRAP(int, pthread_create, (void *thread, const void *attributes, void *(*run)(void *), void *arg),
    (thread, attributes, run, arg), page &&due(FAULT_TASK, "pthread_create", EAGAIN, NULL), EAGAIN)

/* ---- the clock ---- */

static int64_t passed_ms(void)
{
    return page ? atomic_load(&page->passed_ms) : 0;
}

static int64_t shift_ms(clockid_t id)
{
    switch (id) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
        return passed_ms() + (page ? atomic_load(&page->clock_ms) : 0);
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        return passed_ms();
    default:
        return 0;
    }
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    int r = (int)syscall(SYS_clock_gettime, id, now);
    int64_t ms = shift_ms(id);
    if (r || !ms)
        return r;
    int64_t ns = now->tv_nsec + ms % 1000 * 1000000;
    int64_t carry = ns < 0 ? -1 : ns >= 1000000000;
    now->tv_sec += ms / 1000 + carry;
    now->tv_nsec = ns - carry * 1000000000;
    return 0;
}

time_t time(time_t *ret)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (ret)
        *ret = now.tv_sec;
    return now.tv_sec;
}

/* Who sleeps until a moment of such a clock has it from clock_gettime() above; the kernel knows only its own. Our
 * programs wait so by the monotonic clock. */
static struct timespec real_moment(const struct timespec *until)
{
    int64_t ms = passed_ms();
    struct timespec real = {
        .tv_sec = until->tv_sec - ms / 1000, .tv_nsec = until->tv_nsec - ms % 1000 * 1000000};
    if (real.tv_nsec < 0) {
        real.tv_nsec += 1000000000;
        real.tv_sec--;
    }
    return real;
}

int pthread_cond_timedwait(void *cond, void *lock, const struct timespec *until);
int pthread_cond_clockwait(void *cond, void *lock, clockid_t id, const struct timespec *until);
int pthread_cond_timedwait(void *cond, void *lock, const struct timespec *until)
{
    static void *known;
    struct timespec real = real_moment(until);
    return ((int (*)(void *, void *, const struct timespec *))(uintptr_t)real_of(
        &known, "pthread_cond_timedwait"))(cond, lock, &real);
}

int pthread_cond_clockwait(void *cond, void *lock, clockid_t id, const struct timespec *until)
{
    static void *known;
    struct timespec real = real_moment(until);
    return ((int (*)(void *, void *, clockid_t, const struct timespec *))(uintptr_t)real_of(
        &known, "pthread_cond_clockwait"))(cond, lock, id, &real);
}
