/* The question lies in an object of its own with two owners, the loop and the thread; the thread tells the
 * loop by a byte on a socketpair of the question, so it never touches a loop that may be gone when an answer
 * comes late. */
#include "resolve.h"
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 16 }; /* addresses of one name */

struct question {
    atomic_int owners;
    char *host, port[8];
    int error;
    struct addrinfo *answer;
    int told_fd; /* the thread's end */
};

struct resolve {
    struct question *question;
    struct event *told;
    int fd;
    void (*resolved)(void *, struct addrinfo *, const char *);
    void *arg;
};

static void question_leave(struct question *question)
{
    if (atomic_fetch_sub(&question->owners, 1) > 1)
        return;
    if (question->answer)
        freeaddrinfo(question->answer);
    close(question->told_fd);
    free(question->host);
    free(question);
}

static void question_ask(struct question *question, int flags)
{
    struct addrinfo hints = {.ai_flags = flags | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    question->error = getaddrinfo(question->host, question->port, &hints, &question->answer);
    struct addrinfo *last = question->error ? NULL : question->answer;
    for (int i = 1; last && i < MOST; i++)
        last = last->ai_next;
    if (last && last->ai_next) {
        freeaddrinfo(last->ai_next);
        last->ai_next = NULL;
    }
}

static void question_tell(struct question *question)
{
    (void)!send(question->told_fd, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT); /* nobody listens any more: fine */
}

static void *question_thread(void *arg)
{
    struct question *question = arg;
    question_ask(question, AI_ADDRCONFIG);
    question_tell(question);
    question_leave(question);
    return NULL;
}

void resolve_cancel(struct resolve *resolve)
{
    if (!resolve)
        return;
    if (resolve->told)
        event_free(resolve->told);
    if (resolve->fd >= 0)
        close(resolve->fd);
    if (resolve->question)
        question_leave(resolve->question);
    free(resolve);
}

static void resolve_told(evutil_socket_t fd, short what, void *arg)
{
    struct resolve *resolve = arg;
    struct question *question = resolve->question;
    void (*resolved)(void *, struct addrinfo *, const char *) = resolve->resolved;
    void *owner = resolve->arg;
    char byte;
    (void)what;
    (void)!read(fd, &byte, 1);
    struct addrinfo *answer = question->error ? NULL : question->answer;
    int error = question->error;
    question->answer = NULL; /* the thread has told and touches it no more */
    resolve_cancel(resolve);
    resolved(owner, answer, answer ? "" : error ? gai_strerror(error) : "no address");
}

static bool question_start(struct question *question)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    question_ask(question, AI_NUMERICHOST);
    if (question->error != EAI_NONAME) {
        question_tell(question); /* needs no thread */
        return true;
    }
    if (pthread_attr_init(&attributes))
        return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 1024 * 1024);
    sigfillset(&all); /* signals belong to the loop */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_fetch_add(&question->owners, 1); /* the thread's */
    int error = pthread_create(&thread, &attributes, question_thread, question);
    if (error)
        atomic_fetch_sub(&question->owners, 1);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return !error;
}

static struct question *question_new(const char *host, int port, int told_fd)
{
    struct question *question = calloc(1, sizeof *question);
    if (!question)
        return NULL;
    atomic_init(&question->owners, 1);
    question->told_fd = told_fd;
    snprintf(question->port, sizeof question->port, "%d", port);
    question->host = strdup(host);
    if (question->host)
        return question;
    free(question);
    return NULL;
}

enum outcome resolve_start(struct resolve **ret_resolve, struct loop *loop, const char *host, int port,
    void (*resolved)(void *arg, struct addrinfo *addresses, const char *error), void *arg,
    struct fault *fault)
{
    int pair[2];
    struct resolve *resolve = calloc(1, sizeof *resolve);
    if (!resolve || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
        free(resolve);
        return fault_set(fault, OUTCOME_LATER, NULL, "name %s: %s", host, strerror(errno));
    }
    *resolve = (struct resolve){.fd = pair[0], .resolved = resolved, .arg = arg};
    resolve->told = event_new(loop_base(loop), pair[0], EV_READ, resolve_told, resolve);
    resolve->question = question_new(host, port, pair[1]);
    if (!resolve->question)
        close(pair[1]);
    if (!resolve->question || !resolve->told || event_add(resolve->told, NULL) ||
        !question_start(resolve->question)) {
        resolve_cancel(resolve);
        return fault_set(fault, OUTCOME_LATER, NULL, "name %s: no memory or thread", host);
    }
    *ret_resolve = resolve;
    return OUTCOME_DONE;
}
