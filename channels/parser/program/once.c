#include "once.h"
#include "channels/confine/confine.h"
#include "channels/parser/parser_answer.h"
#include "channels/parser/parser_protocol.h"
#include "daemon/base/frame.h"
#include "daemon/base/str.h"
#include "mail.h"
#include "serve.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* Reads what there is; what is longer than a mail may be is left out. */
static void read_input(struct str *raw)
{
    char piece[65536];
    ssize_t n;
    while ((n = read(STDIN_FILENO, piece, sizeof piece)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return;
        size_t room = raw->max - raw->len;
        str_add(raw, piece, (size_t)n < room ? (size_t)n : room);
    }
}

/* The same service the daemon uses, in a confined process of its own: should the mail kill it, somebody is
 * left to say so. */
static void work(int fd)
{
    struct fault fault;
    int code = confine_parser(fd, &fault) == OUTCOME_DONE ? serve(fd) : EX_OSERR;
    _exit(code);
}

/* Asks the worker; NULL when it died over the mail. */
static json_t *ask(int fd, const struct str *raw)
{
    struct frame head;
    char *body;
    struct parser_attachment *files = NULL;
    size_t count;
    if (!frame_write(fd, PARSER_MAIL, 1, raw->data, raw->len) || !frame_read(fd, &head, &body))
        return NULL;
    json_t *facts =
        head.type == PARSER_MAIL_IS ? parser_answer_split(body, head.length, &files, &count) : NULL;
    free(files);
    free(body);
    return facts;
}

/* What `pengaduand parse-mail` promises: without what only the daemon's desk has use for. free; NULL when that
 * failed. */
static char *outside_form(json_t *said)
{
    json_t *facts = said ? said : mail_unreadable("unreadable");
    if (facts)
        json_object_del(facts, "report");
    char *text = facts ? json_dumps(facts, JSON_COMPACT) : NULL;
    json_decref(facts);
    return text;
}

int once(void)
{
    int pair[2];
    struct str raw;
    str_init(&raw, PARSER_MAIL_MOST);
    read_input(&raw);
    (void)signal(SIGPIPE, SIG_IGN);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
        return EX_OSERR;
    pid_t worker = fork();
    if (worker < 0)
        return EX_OSERR;
    if (worker == 0) {
        close(pair[0]);
        work(pair[1]);
    }
    close(pair[1]);
    char *json = outside_form(ask(pair[0], &raw));
    close(pair[0]);
    (void)waitpid(worker, NULL, 0);
    str_release(&raw);
    bool printed = json && puts(json) >= 0 && fflush(stdout) == 0;
    free(json);
    return printed ? 0 : EX_IOERR;
}
