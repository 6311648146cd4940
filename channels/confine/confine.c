#include "confine.h"
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    PARSER_MEMORY = 768 << 20,  /* bytes of address space: a 32 MiB mail and its answer take some 250 MiB */
    MAILBOX_MEMORY = 512 << 20, /* bytes */
    PRINTER_MEMORY = 768 << 20, /* bytes */
    PRINTER_SECONDS = 600,
    PARSER_SECONDS = 3600, /* of processor time, over the life of the process: the last net under the timer */
};

static enum outcome step_failed(struct fault *fault, const char *what)
{
    return fault_set(fault, OUTCOME_STOP, NULL, "confine: %s: %s", what, strerror(errno));
}

/* Lowers a limit; one that is lower already (the unit's, the shell's) stays. */
static bool limit(int resource, rlim_t most)
{
    struct rlimit now;
    if (getrlimit(resource, &now))
        return false;
    rlim_t value = now.rlim_max < most ? now.rlim_max : most;
    struct rlimit both = {value, value};
    return setrlimit(resource, &both) == 0;
}

/* RLIMIT_FSIZE stays as it is: with 0 a word on a stderr that is a file would kill by SIGXFSZ. */
static enum outcome set_limits(rlim_t memory, rlim_t seconds, struct fault *fault)
{
    if (!limit(RLIMIT_CORE, 0))
        return step_failed(fault, "setrlimit core");
    if (!CONFINE_WALLS)
        return OUTCOME_DONE;
    if (!limit(RLIMIT_AS, memory) || !limit(RLIMIT_MEMLOCK, 0) || !limit(RLIMIT_NPROC, 0))
        return step_failed(fault, "setrlimit");
    if (seconds && !limit(RLIMIT_CPU, seconds))
        return step_failed(fault, "setrlimit cpu");
    return OUTCOME_DONE;
}

/* linux/landlock.h of Debian 12 ends at ABI 2 and glibc wraps none of its calls, so the numbers stand here
 * (they are the same on every architecture). */
enum {
    LANDLOCK_CREATE_RULESET = 444,
    LANDLOCK_RESTRICT_SELF = 446,
    LANDLOCK_VERSION = 1, /* flag of create_ruleset: ask for the ABI */
};

struct landlock_ruleset {
    uint64_t files;   /* since ABI 1 */
    uint64_t network; /* since ABI 4 */
    uint64_t scopes;  /* since ABI 6 */
};

/* Handles every right this kernel knows and grants none. */
static enum outcome shut_landlock(struct fault *fault)
{
    long abi = syscall(LANDLOCK_CREATE_RULESET, NULL, 0, LANDLOCK_VERSION);
    if (abi < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
        return OUTCOME_DONE;
    if (abi < 0)
        return step_failed(fault, "landlock version");
    struct landlock_ruleset all = {.files = (UINT64_C(1) << 13) - 1};
    size_t size = sizeof all.files;
    if (abi >= 2)
        all.files |= UINT64_C(1) << 13; /* refer */
    if (abi >= 3)
        all.files |= UINT64_C(1) << 14; /* truncate */
    if (abi >= 5)
        all.files |= UINT64_C(1) << 15; /* ioctl on devices */
    if (abi >= 4) {
        all.network = 3; /* bind, connect (TCP) */
        size = 2 * sizeof(uint64_t);
    }
    if (abi >= 6) {
        all.scopes = 3; /* abstract unix sockets, signals */
        size = 3 * sizeof(uint64_t);
    }
    long ruleset = syscall(LANDLOCK_CREATE_RULESET, &all, size, 0);
    if (ruleset < 0)
        return step_failed(fault, "landlock ruleset");
    long restricted = syscall(LANDLOCK_RESTRICT_SELF, (int)ruleset, 0);
    close((int)ruleset);
    return restricted ? step_failed(fault, "landlock restrict") : OUTCOME_DONE;
}

static bool allow(scmp_filter_ctx filter, const int *calls, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0))
            return false;
    return true;
}

static bool allow_on(scmp_filter_ctx filter, int call, int fd)
{
    return !seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd));
}

/* Memory, time, orderly and disorderly death: the same for both children. NULL without memory. */
static scmp_filter_ctx common_filter(void)
{
    static const int calls[] = {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
        SCMP_SYS(futex), SCMP_SYS(exit_group), SCMP_SYS(exit), SCMP_SYS(rt_sigreturn),
        SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
        SCMP_SYS(getrusage),
        /* abort(3): without them a failed allocation would look like an attack (SIGSYS) */
        SCMP_SYS(rt_sigprocmask), SCMP_SYS(getpid), SCMP_SYS(gettid)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return NULL;
    bool done = allow(filter, calls, sizeof calls / sizeof *calls);
    /* a signal to itself only */
    done = done && allow_on(filter, SCMP_SYS(tgkill), getpid());
    /* anonymous memory, never executable */
    done = done && !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0), SCMP_A4(SCMP_CMP_EQ, (uint32_t)-1));
    done = done && !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    done = done && allow_on(filter, SCMP_SYS(write), STDERR_FILENO);
    if (done)
        return filter;
    seccomp_release(filter);
    return NULL;
}

/* Takes filter. */
static enum outcome load_filter(scmp_filter_ctx filter, bool complete, struct fault *fault)
{
    int failed = complete ? seccomp_load(filter) : -ENOMEM;
    seccomp_release(filter);
    errno = -failed;
    return failed ? step_failed(fault, "seccomp") : OUTCOME_DONE;
}

/* Everything but the filter. */
static enum outcome shut_common(rlim_t memory, rlim_t seconds, struct fault *fault)
{
    enum outcome limits = set_limits(memory, seconds, fault);
    if (limits != OUTCOME_DONE)
        return limits;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return step_failed(fault, "no_new_privs");
    if (!CONFINE_WALLS)
        return OUTCOME_DONE;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
        return step_failed(fault, "not dumpable");
    return shut_landlock(fault);
}

enum outcome confine_parser(int fd, struct fault *fault)
{
    enum outcome shut = shut_common(PARSER_MEMORY, PARSER_SECONDS, fault);
    if (shut != OUTCOME_DONE || !CONFINE_WALLS)
        return shut;
    scmp_filter_ctx filter = common_filter();
    if (!filter)
        return step_failed(fault, "filter");
    static const int calls[] = {SCMP_SYS(setitimer)};
    bool done = allow(filter, calls, sizeof calls / sizeof *calls) && allow_on(filter, SCMP_SYS(read), fd) &&
                (fd == STDERR_FILENO || allow_on(filter, SCMP_SYS(write), fd));
    done = done && !seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT), SCMP_SYS(openat), 0) &&
           !seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT), SCMP_SYS(newfstatat), 0);
    return load_filter(filter, done, fault);
}

enum outcome confine_printer(struct fault *fault)
{
    enum outcome shut = shut_common(PRINTER_MEMORY, PRINTER_SECONDS, fault);
    if (shut != OUTCOME_DONE || !CONFINE_WALLS)
        return shut;
    scmp_filter_ctx filter = common_filter();
    if (!filter)
        return step_failed(fault, "filter");
    static const int calls[] = {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(pread64), SCMP_SYS(lseek),
        SCMP_SYS(close), SCMP_SYS(fcntl), SCMP_SYS(fstat), SCMP_SYS(sched_yield)};
    bool done = !seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) &&
                allow(filter, calls, sizeof calls / sizeof *calls);
    done = done && !seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT), SCMP_SYS(openat), 0) &&
           !seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT), SCMP_SYS(newfstatat), 0) &&
           /* "is that font's file still there?": it was read, so yes */
           !seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), SCMP_SYS(access), 0) &&
           !seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0);
    return load_filter(filter, done, fault);
}

enum outcome confine_mailbox(int net_fd, int frame_fd, struct fault *fault)
{
    enum outcome shut = shut_common(MAILBOX_MEMORY, 0, fault);
    if (shut != OUTCOME_DONE || !CONFINE_WALLS)
        return shut;
    scmp_filter_ctx filter = common_filter();
    if (!filter)
        return step_failed(fault, "filter");
    static const int calls[] = {
        SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(close)};
    static const int network[] = {
        SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(shutdown)};
    bool done = allow(filter, calls, sizeof calls / sizeof *calls);
    for (size_t i = 0; i < sizeof network / sizeof *network; i++)
        done = done && allow_on(filter, network[i], net_fd);
    done = done && allow_on(filter, SCMP_SYS(read), frame_fd) && allow_on(filter, SCMP_SYS(write), frame_fd);
    return load_filter(filter, done, fault);
}
