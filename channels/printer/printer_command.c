/* Documents for commands: the printer program as the last part of a pipe. */
#include "printer.h"
#include "daemon/loop/child.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

extern char **environ;

static bool spawn(const char *program, enum print_format format, int in, pid_t *ret_pid)
{
    char name[] = "printer", pdf[] = "pdf", xlsx[] = "xlsx", once[] = "--once";
    char *const argv[] = {name, format == PRINT_PDF ? pdf : xlsx, once, NULL};
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions))
        return false;
    bool ok = !posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO) &&
              !posix_spawn(ret_pid, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return ok;
}

enum outcome printer_command_begin(
    enum print_format format, FILE **ret_job, pid_t *ret_pid, struct fault *fault)
{
    char program[4096];
    int ends[2];
    enum outcome outcome = child_find("printer", program, sizeof program, fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (pipe2(ends, O_CLOEXEC))
        return fault_set(fault, OUTCOME_LATER, NULL, "printer: %s", strerror(errno));
    (void)signal(SIGPIPE, SIG_IGN); /* one that died is told by its exit */
    bool started = spawn(program, format, ends[0], ret_pid);
    close(ends[0]);
    *ret_job = started ? fdopen(ends[1], "w") : NULL;
    if (*ret_job)
        return OUTCOME_DONE;
    close(ends[1]);
    if (started)
        waitpid(*ret_pid, NULL, 0);
    return fault_set(fault, OUTCOME_LATER, NULL, "printer: %s", strerror(errno));
}

int printer_command_end(FILE *job, pid_t pid)
{
    int status = 0;
    fclose(job);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    fprintf(stderr, "pengaduand: pencetak dokumen (libexec/printer) berhenti karena sinyal %d\n",
        WTERMSIG(status));
    return EX_UNAVAILABLE;
}
