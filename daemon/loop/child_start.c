/* From fork() to exec(), and where the programs lie. Between the two only async-signal-safe calls are made:
 * other threads may have held any lock at the moment of the fork. */
#include "child_private.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ASIDE = 100, EXIT_NO_EXEC = 127 }; /* socket numbers a child asks for are below ASIDE */

struct child_plan {
    const struct child_program *program;
    pid_t parent;
    int frame_end, net_end, null_fd; /* the child's */
};

static bool plan_place(int from, int to)
{
    /* Aside first: the wanted number may be the other end of the pair, and dup2() would close it. */
    int aside = fcntl(from, F_DUPFD, ASIDE);
    return aside >= 0 && dup2(aside, to) == to;
}

static void plan_close_others(int low, int high)
{
    if (low > 3)
        close_range(3, (unsigned)low - 1, 0);
    if (high > low + 1)
        close_range((unsigned)low + 1, (unsigned)high - 1, 0);
    close_range((unsigned)high + 1, ~0u, 0);
}

static _Noreturn void plan_exec(const struct child_plan *plan)
{
    const struct child_program *program = plan->program;
    int net = program->net_fd, frame = program->frame_fd;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* The child dies with the daemon. Did the daemon die before this call, its number is not our parent's any
     * more. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != plan->parent)
        _exit(EXIT_NO_EXEC);
    /* One aside after the other: the second end must not lie under the first wanted number when that is
     * filled. */
    int net_end = net >= 0 ? fcntl(plan->net_end, F_DUPFD, ASIDE) : -1;
    int null_end = fcntl(plan->null_fd, F_DUPFD, ASIDE);
    if (!plan_place(plan->frame_end, frame) || (net >= 0 && !plan_place(net_end, net)) ||
        dup2(null_end, 0) < 0 || dup2(2, 1) < 0)
        _exit(EXIT_NO_EXEC);
    if (net < 0)
        net = frame;
    plan_close_others(net < frame ? net : frame, net < frame ? frame : net);
    execv(program->path, (char *const *)(uintptr_t)program->argv);
    _exit(EXIT_NO_EXEC);
}

static int pid_open(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0); /* close-on-exec by itself */
}

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

static bool make_pair(int pair[2])
{
    /* The child's end stays blocking: its calls in base/frame.h are. */
    return !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) && !fcntl(pair[0], F_SETFL, O_NONBLOCK);
}

static bool program_ok(const struct child_program *program)
{
    int frame = program->frame_fd, net = program->net_fd;
    return frame >= 3 && frame < ASIDE && net < ASIDE && (net == -1 || (net >= 3 && net != frame));
}

enum outcome child_process_start(
    struct child_process *process, const struct child_program *program, struct fault *fault)
{
    int frames[2] = {-1, -1}, net[2] = {-1, -1};
    if (!program_ok(program))
        return fault_set(fault, OUTCOME_STOP, NULL, "child %s: sockets %d and %d are not possible",
            program->path, program->frame_fd, program->net_fd);
    if (access(program->path, X_OK))
        return fault_set(fault, OUTCOME_STOP, "Program bantu tidak ditemukan. Pasang ulang pengaduand.",
            "child %s: %s", program->path, strerror(errno));
    int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool ready = null_fd >= 0 && make_pair(frames) && (program->net_fd < 0 || make_pair(net));
    struct child_plan plan = {program, getpid(), frames[1], net[1], null_fd};
    pid_t pid = ready ? fork() : -1;
    if (!pid)
        plan_exec(&plan);
    int error = errno;
    int pid_fd = pid > 0 ? pid_open(pid) : -1;
    if (pid > 0 && pid_fd < 0) {
        error = errno;
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    if (null_fd >= 0)
        close(null_fd);
    if (pid_fd < 0) {
        close_pair(frames);
        close_pair(net);
        return fault_set(fault, OUTCOME_LATER, NULL, "child %s: %s", program->path, strerror(error));
    }
    close(frames[1]);
    if (net[1] >= 0)
        close(net[1]);
    *process = (struct child_process){.pid = pid, .pid_fd = pid_fd, .frame_fd = frames[0], .net_fd = net[0]};
    return OUTCOME_DONE;
}

static bool find_at(char *path, size_t size, const char *folder, const char *tail, const char *name)
{
    int n = snprintf(path, size, "%s%s/%s", folder, tail, name);
    return n > 0 && (size_t)n < size && !access(path, X_OK);
}

enum outcome child_find(const char *name, char *path, size_t size, struct fault *fault)
{
    static const char public_text[] = "Program bantu tidak ditemukan. Pasang ulang pengaduand.";
    const char *folder = getenv("PENGADUAND_LIBEXEC");
    char here[4096];
    if (folder && *folder)
        return find_at(path, size, folder, "", name)
                   ? OUTCOME_DONE
                   : fault_set(fault, OUTCOME_STOP, public_text, "child %s: not in %s", name, folder);
    ssize_t n = readlink("/proc/self/exe", here, sizeof here - 1);
    here[n > 0 ? n : 0] = 0;
    char *slash = strrchr(here, '/');
    if (slash)
        *slash = 0;
    /* build/release/libexec beside the binary; /usr/libexec/pengaduand when that is /usr/bin/pengaduand */
    if (slash && (find_at(path, size, here, "/libexec", name) ||
                     find_at(path, size, here, "/../libexec/pengaduand", name)))
        return OUTCOME_DONE;
    return fault_set(fault, OUTCOME_STOP, public_text,
        "child %s: neither in libexec/ nor in ../libexec/pengaduand/ of %s", name, here);
}
