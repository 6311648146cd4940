/* Loaded in front of a child (LD_PRELOAD): what a hole in one of its libraries would give to whoever sends a mail. When the
 * bytes that the program reads say "TINGKAH <program>:<deed>", it does that deed from inside, in the cage where it sits.
 *
 * TAKEN_OVER_PROGRAM: whose deeds these are. TAKEN_OVER_COUNTS: a file of two bytes a deed, mapped before the cage is shut:
 * how often it was tried, and how often it worked. TAKEN_OVER_TIMES: how often it is tried at most. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAP_SIZE = 4096, MUCH = 2048 /* MiB: more than any child may have */ };

static volatile unsigned char *counts;
static char mark[64];
static int times;

static bool open_file(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool dial(void)
{
    struct sockaddr_in there = {
        .sin_family = AF_INET, .sin_port = htons(25), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0)
        connect(fd, (struct sockaddr *)&there, sizeof there);
    return fd >= 0;
}

static bool start_process(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static bool use_much_memory(void)
{
    for (int i = 0; i < MUCH; i++) {
        char *piece = malloc(1 << 20);
        if (!piece)
            return false;
        memset(piece, 1, 1 << 20);
    }
    return true;
}

static bool never_end(void)
{
    for (;;)
        __asm__ volatile("");
}

static const struct {
    const char *name;
    bool (*deed)(void);
} deeds[] = {{"berkas", open_file}, {"sambung", dial}, {"cabang", start_process}, {"memori", use_much_memory},
    {"putar", never_end}};

static void __attribute__((constructor)) get_ready(void)
{
    const char *path = getenv("TAKEN_OVER_COUNTS"), *program = getenv("TAKEN_OVER_PROGRAM"),
               *most = getenv("TAKEN_OVER_TIMES");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *map = fd >= 0 ? mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (map == MAP_FAILED || !program || !most)
        return;
    snprintf(mark, sizeof mark, "TINGKAH %s:", program);
    times = (int)strtol(most, NULL, 10);
    counts = map;
}

static void obey(const char *bytes, size_t n)
{
    const char *at = counts ? memmem(bytes, n, mark, strlen(mark)) : NULL;
    if (!at)
        return;
    at += strlen(mark);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        size_t length = strlen(deeds[i].name);
        if ((size_t)(bytes + n - at) < length || memcmp(at, deeds[i].name, length) || counts[2 * i] >= times)
            continue;
        counts[2 * i]++;
        if (deeds[i].deed())
            counts[2 * i + 1]++;
        abort(); /* refused: what is taken over does not go on as if nothing had been */
    }
}

ssize_t read(int fd, void *bytes, size_t n)
{
    static ssize_t (*real)(int, void *, size_t);
    if (!real)
        real = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
    ssize_t got = real(fd, bytes, n);
    if (got > 0)
        obey(bytes, (size_t)got);
    return got;
}
