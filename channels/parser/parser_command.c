/* `pengaduand parse-mail`: the parser program run once, without daemon and loop. */
#include "parser.h"
#include "parser_protocol.h"
#include "daemon/base/json_read.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/loop/child.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

extern char **environ;

enum {
    COMMAND_OUTPUT_MOST = 64 << 20,
    COMMAND_START_MS = 8000, /* on a slow machine; the work has its own time: parser_protocol.h */
};

/* All of fd (at most PARSER_MAIL_MOST) as a file without a name: the deadline runs for the parser's work,
 * not for a person who types. -1 = cannot be read. */
static int command_input(int fd)
{
    char buffer[1 << 16];
    size_t total = 0;
    int file = memfd_create("mail", MFD_CLOEXEC);
    while (file >= 0 && total < PARSER_MAIL_MOST) {
        size_t room = PARSER_MAIL_MOST - total;
        ssize_t n = read(fd, buffer, room < sizeof buffer ? room : sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            break;
        if (n < 0 || write(file, buffer, (size_t)n) != n) {
            close(file);
            return -1;
        }
        total += (size_t)n;
    }
    if (file >= 0)
        lseek(file, 0, SEEK_SET);
    return file;
}

/* Everything the parser prints until it ends, within the time that `mail` bytes have. */
static char *command_output(int fd, off_t mail, size_t *ret_length)
{
    struct str text;
    char buffer[1 << 16];
    int64_t end = clock_mono_ms() + COMMAND_START_MS + PARSER_REQUEST_MS + (mail >> 20) * PARSER_MIB_WALL_MS;
    str_init(&text, COMMAND_OUTPUT_MOST);
    for (;;) {
        int64_t left = end - clock_mono_ms();
        struct pollfd p = {fd, POLLIN, 0};
        if (left <= 0 || poll(&p, 1, (int)left) <= 0)
            break;
        ssize_t n = read(fd, buffer, sizeof buffer);
        if (n <= 0)
            break;
        str_add(&text, buffer, (size_t)n);
    }
    return str_detach(&text, ret_length);
}

static bool command_spawn(const char *program, int in, int out, pid_t *ret_pid)
{
    char *const argv[] = {"parser", "--once", NULL};
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions))
        return false;
    bool ok = !posix_spawn_file_actions_adddup2(&actions, in, 0) &&
              !posix_spawn_file_actions_adddup2(&actions, out, 1) &&
              !posix_spawn(ret_pid, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return ok;
}

static bool command_is_object(const char *text, size_t length)
{
    json_t *json = text ? json_loadb(text, length, 0, NULL) : NULL;
    bool is = json_is_object(json);
    json_decref(json);
    return is;
}

/* What it printed (caller frees) when that is one JSON object; NULL when it died over the mail. *ret_started
 * false = there is no program to run. */
static char *command_parse(const char *program, int in, size_t *ret_length, bool *ret_started)
{
    int out[2], status = 0;
    pid_t pid;
    struct stat mail;
    *ret_started = false;
    if (fstat(in, &mail) || pipe2(out, O_CLOEXEC))
        return NULL;
    *ret_started = command_spawn(program, in, out[1], &pid);
    close(out[1]);
    char *text = *ret_started ? command_output(out[0], mail.st_size, ret_length) : NULL;
    close(out[0]);
    if (*ret_started) {
        kill(pid, SIGKILL); /* for the one that hangs; the others have said all they had to say */
        waitpid(pid, &status, 0);
    }
    if (command_is_object(text, *ret_length))
        return text;
    free(text);
    return NULL;
}

/* Every member of the contract (pengaduand(1)), so that a reader needs no special case. */
static char *command_died(size_t *ret_length)
{
    json_t *json =
        json_pack("{s:n, s:[], s:[], s:n, s:{s:s, s:s}, s:n, s:[], s:[], s:s, s:s, s:s, s:b, s:[], s:n,"
                  "s:n, s:[s]}",
            "message_id", "in_reply_to", "references", "date", "from", "name", "", "address", "", "reply_to",
            "to", "cc", "subject", "", "text", "", "reply", "", "html", 0, "attachments", "automatic",
            "bounce", "defects", "parser-died");
    char *text = json ? json_text(json, JSON_COMPACT) : NULL;
    *ret_length = text ? strlen(text) : 0;
    json_decref(json);
    return text;
}

int parser_command(const char *path, FILE *out)
{
    char program[4096];
    struct fault fault;
    bool started = false;
    int from = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    int in = from >= 0 ? command_input(from) : -1;
    if (path && from >= 0)
        close(from);
    if (in < 0) {
        fprintf(stderr, "pengaduand: %s tidak dapat dibaca: %s\n", path ? path : "masukan", strerror(errno));
        return EX_NOINPUT;
    }
    char *text = NULL;
    size_t length = 0;
    if (child_find("parser", program, sizeof program, &fault) == OUTCOME_DONE)
        text = command_parse(program, in, &length, &started);
    close(in);
    if (!started) {
        fprintf(stderr, "pengaduand: program pembaca surat (libexec/parser) tidak ditemukan.\n");
        return EX_UNAVAILABLE;
    }
    if (!text)
        text = command_died(&length);
    while (length && text[length - 1] == '\n')
        length--;
    bool ok = text && fwrite(text, 1, length, out) == length && fputc('\n', out) != EOF && !fflush(out);
    free(text);
    return ok ? EX_OK : EX_IOERR;
}
