/* An IMAP server in a thread, small enough to be told to misbehave. Test support: included by one test
 * program. */
#ifndef IMAP_SCRIPT_H
#define IMAP_SCRIPT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCRIPT_MAX_MAILS = 400, SCRIPT_LOG = 64 << 10 };

struct script_mail {
    uint32_t uid;
    char text[200];
    const char *bytes; /* instead of text; not owned */
    size_t length;
    bool vanished;     /* SEARCH names it, FETCH does not */
    bool body_refused; /* any FETCH of its body that includes it is answered NO */
    bool flagged;
    bool moved; /* by MOVE, or COPY and EXPUNGE */
};

struct script {
    int fd;
    pthread_t thread;
    pthread_mutex_t lock;
    uint32_t uidvalidity;
    struct script_mail mails[SCRIPT_MAX_MAILS];
    size_t count;
    const char *login_answer; /* NULL = OK */
    const char *select_answer;
    bool no_idle;
    const char *extensions;  /* " MOVE UIDPLUS"; NULL = none */
    bool deaf_in_idle;       /* DONE is never answered */
    bool news_with_idling;   /* EXISTS comes in one piece with "+ idling" */
    bool news_with_flagging; /* a mail comes during STORE, announced there and never to IDLE */
    bool backwards;          /* FETCH answers in descending order, with answers nobody asked for between */
    const char *body_fault;  /* "line" | "literal" | "bye": what the first FETCH of bodies gets */
    char log[SCRIPT_LOG];    /* the commands, one a line */
    size_t log_length;
};

static void script_say(struct script *s, const char *bytes, size_t length)
{
    while (length) {
        ssize_t n = write(s->fd, bytes, length);
        if (n <= 0)
            return;
        bytes += n;
        length -= (size_t)n;
    }
}

static void script_answer(struct script *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void script_answer(struct script *s, const char *format, ...)
{
    char line[600];
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    script_say(s, line, (size_t)n);
}

static bool script_line(struct script *s, char *line, size_t size)
{
    size_t n = 0;
    char c;
    while (n + 1 < size && read(s->fd, &c, 1) == 1) {
        if (c == '\n') {
            line[n && line[n - 1] == '\r' ? n - 1 : n] = 0;
            pthread_mutex_lock(&s->lock);
            const char *word = strchr(line, ' ') ? strchr(line, ' ') + 1 : line;
            s->log_length +=
                (size_t)snprintf(s->log + s->log_length, sizeof s->log - s->log_length, "%.150s\n", word);
            pthread_mutex_unlock(&s->lock);
            return true;
        }
        line[n++] = c;
    }
    return false;
}

static bool script_in_set(const char *set, uint32_t uid)
{
    while (*set && *set != ' ') {
        char *end;
        unsigned long from = strtoul(set, &end, 10), to = from;
        if (*end == ':') {
            to = end[1] == '*' ? UINT32_MAX : strtoul(end + 1, &end, 10);
            if (end[0] == ':')
                end += 2;
        }
        if (uid >= from && uid <= to)
            return true;
        set = *end == ',' ? end + 1 : end;
        if (end == set && *end && *end != ',')
            break;
    }
    return false;
}

static void script_search(struct script *s, const char *tag, const char *rest)
{
    const char *set = strstr(rest, "UID ") ? strstr(rest, "UID ") + 4 : rest,
               *larger = strstr(rest, "LARGER ");
    size_t least = larger ? strtoul(larger + 7, NULL, 10) : 0;
    script_answer(s, "* SEARCH");
    bool any = false;
    for (size_t k = 0; k < s->count; k++) {
        size_t i = s->backwards ? s->count - 1 - ((k ^ 1) < s->count ? k ^ 1 : k)
                                : k; /* neighbours swapped as well */
        size_t length = s->mails[i].bytes ? s->mails[i].length : strlen(s->mails[i].text);
        if (script_in_set(set, s->mails[i].uid) && (!larger || length > least)) {
            script_answer(s, " %u", s->mails[i].uid);
            any = true;
        }
    }
    if (!any && s->count && !larger) /* RFC 3501: n:* names the last mail even when n is above it */
        script_answer(s, " %u", s->mails[s->count - 1].uid);
    script_answer(s, "\r\n%s OK done\r\n", tag);
}

static bool script_body_fault(struct script *s)
{
    static char flood[65536];
    const char *fault = s->body_fault;
    s->body_fault = NULL;
    if (!strcmp(fault, "bye")) {
        script_answer(s, "* 1 FETCH (UID 1 BODY[] {1000}\r\nabc");
    } else if (!strcmp(fault, "literal")) {
        script_answer(s, "* 1 FETCH (UID 1 BODY[] {4000000000}\r\nabc");
    } else {
        memset(flood, 'x', sizeof flood);
        script_answer(s, "* OK ");
        for (int i = 0; i < 64; i++) /* the daemon's byte cap ends it for real; here the line just stops */
            script_say(s, flood, sizeof flood);
    }
    return false;
}

static void script_fetch_one(struct script *s, size_t i, bool size, size_t partial)
{
    const struct script_mail *m = &s->mails[i];
    const char *bytes = m->bytes ? m->bytes : m->text;
    size_t length = m->bytes ? m->length : strlen(m->text);
    if (size) {
        script_answer(s, "* %zu FETCH (UID %u RFC822.SIZE %zu)\r\n", i + 1, m->uid, length);
        return;
    }
    if (partial && length > partial)
        length = partial;
    script_answer(s, "* %zu FETCH (UID %u BODY[]%s {%zu}\r\n", i + 1, m->uid, partial ? "<0>" : "", length);
    script_say(s, bytes, length);
    script_answer(s, ")\r\n");
}

static bool script_fetch(struct script *s, const char *tag, const char *set)
{
    bool size = strstr(set, "RFC822.SIZE") != NULL;
    const char *part = strstr(set, "]<0.");
    if (!size && s->body_fault)
        return script_body_fault(s);
    for (size_t i = 0; i < s->count && !size; i++)
        if (s->mails[i].body_refused && script_in_set(set, s->mails[i].uid)) {
            script_answer(s, "%s NO [SERVERBUG] message %u is damaged\r\n", tag, s->mails[i].uid);
            return true;
        }
    for (size_t k = 0; k < s->count; k++) {
        size_t i = s->backwards ? s->count - 1 - k : k;
        if (s->backwards)
            script_answer(s, "* %zu FETCH (FLAGS (\\Recent))\r\n", i + 1);
        if (!s->mails[i].vanished && script_in_set(set, s->mails[i].uid))
            script_fetch_one(s, i, size, part ? strtoul(part + 4, NULL, 10) : 0);
    }
    script_answer(s, "%s OK done\r\n", tag);
    return true;
}

static void script_new_mail(struct script *s)
{
    pthread_mutex_lock(&s->lock);
    s->mails[s->count].uid = s->count ? s->mails[s->count - 1].uid + 1 : 1;
    snprintf(s->mails[s->count].text, sizeof s->mails[s->count].text, "Subject: new\r\n\r\nnew\r\n");
    s->count++;
    pthread_mutex_unlock(&s->lock);
}

static void script_store(struct script *s, const char *tag, const char *set)
{
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++)
        if (script_in_set(set, s->mails[i].uid))
            s->mails[i].flagged = true;
    pthread_mutex_unlock(&s->lock);
    if (s->news_with_flagging) {
        s->news_with_flagging = false;
        script_new_mail(s);
        script_answer(s, "* %zu EXISTS\r\n", s->count);
    }
    script_answer(s, "%s OK stored\r\n", tag);
}

static void script_move(struct script *s, const char *tag, const char *set)
{
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++)
        s->mails[i].moved |= script_in_set(set, s->mails[i].uid);
    pthread_mutex_unlock(&s->lock);
    script_answer(s, "%s OK moved\r\n", tag);
}

static void script_idle(struct script *s, const char *tag)
{
    char line[100];
    if (s->news_with_idling) {
        s->news_with_idling = false;
        script_new_mail(s);
        script_answer(s, "+ idling\r\n* %zu EXISTS\r\n", s->count);
    } else {
        script_answer(s, "+ idling\r\n");
    }
    if (!script_line(s, line, sizeof line) || s->deaf_in_idle)
        return;
    script_answer(s, "%s OK idled\r\n", tag);
}

static bool script_command(struct script *s, const char *tag, const char *rest)
{
    if (!strncmp(rest, "CAPABILITY", 10))
        script_answer(s, "* CAPABILITY IMAP4rev1%s%s\r\n%s OK done\r\n", s->no_idle ? "" : " IDLE",
            s->extensions ? s->extensions : "", tag);
    else if (!strncmp(rest, "LOGIN", 5))
        script_answer(s, "%s %s\r\n", tag, s->login_answer ? s->login_answer : "OK in");
    else if (!strncmp(rest, "SELECT", 6) && s->select_answer)
        script_answer(s, "%s %s\r\n", tag, s->select_answer);
    else if (!strncmp(rest, "SELECT", 6))
        script_answer(s,
            "* %zu EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY %u] x\r\n* OK [UIDNEXT %u] "
            "x\r\n%s OK [READ-WRITE] sel\r\n",
            s->count, s->uidvalidity, s->count ? s->mails[s->count - 1].uid + 1 : 1, tag);
    else if (!strncmp(rest, "UID SEARCH", 10))
        script_search(s, tag, rest + 10);
    else if (!strncmp(rest, "UID FETCH ", 10))
        return script_fetch(s, tag, rest + 10);
    else if (!strncmp(rest, "UID STORE ", 10))
        script_store(s, tag, rest + 10);
    else if (!strncmp(rest, "UID MOVE ", 9) || !strncmp(rest, "UID EXPUNGE ", 12))
        script_move(s, tag, strchr(rest + 4, ' ') + 1);
    else if (!strncmp(rest, "IDLE", 4))
        script_idle(s, tag);
    else if (!strncmp(rest, "LOGOUT", 6))
        script_answer(s, "* BYE bye\r\n%s OK out\r\n", tag);
    else
        script_answer(s, "%s OK whatever\r\n", tag);
    return strncmp(rest, "LOGOUT", 6) != 0;
}

static void *script_run(void *arg)
{
    struct script *s = arg;
    char line[4096];
    script_answer(s, "* OK hello\r\n");
    while (script_line(s, line, sizeof line)) {
        char *rest = strchr(line, ' ');
        if (!rest)
            continue;
        *rest++ = 0;
        if (!script_command(s, line, rest))
            break;
    }
    close(s->fd);
    return NULL;
}

static bool script_logged(struct script *s, const char *text)
{
    pthread_mutex_lock(&s->lock);
    bool found = strstr(s->log, text) != NULL;
    pthread_mutex_unlock(&s->lock);
    return found;
}

#endif
