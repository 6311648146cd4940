/* Child processes: start, frames both ways, deadlines, the end. What a child says is a stranger's word:
 * lengths are bounded, and a body is received straight into its own memory, so that a large frame is copied
 * once by the kernel and never again. child_start.c holds what happens between fork() and exec(). */
#include "child_private.h"
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <limits.h>
#include <linux/sockios.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SPILL = 64 * 1024,    /* many small frames a system call */
    READS_A_TURN = 32,    /* so that one chatty child does not starve the rest */
    QUEUE_MAX = 64 << 20, /* bytes the child has not taken yet */
    STOP_MS = 2000,       /* from the closed socket to SIGKILL */
};

struct child {
    struct loop *loop;
    struct child_calls calls;
    void *arg;
    struct child_process process;
    size_t max_frame;
    struct event *exited, *readable, *writable;
    struct bufferevent *net;
    struct evbuffer *queue;
    struct loop_timer *deadline;
    char why[64]; /* of the deadline; of the kill once killed */
    bool killed, stopping, mute;
    bool inside; /* frames are being handed up: a child_forget() from there leaves the freeing to us */
    bool forgotten;
    struct frame head; /* of the frame that is being received */
    char *body;        /* head.length + 1 bytes; NULL between frames */
    size_t have;       /* of body */
    size_t spilled;    /* bytes in spill: a part of a head between turns */
    char spill[SPILL];
};

static void child_close_frames(struct child *child)
{
    if (child->readable)
        event_free(child->readable);
    if (child->writable)
        event_free(child->writable);
    child->readable = child->writable = NULL;
    if (child->process.frame_fd >= 0)
        close(child->process.frame_fd);
    child->process.frame_fd = -1;
    free(child->body);
    child->body = NULL;
}

static void child_release(struct child *child)
{
    child_close_frames(child);
    if (child->exited)
        event_free(child->exited);
    if (child->process.pid_fd >= 0)
        close(child->process.pid_fd);
    if (child->net)
        bufferevent_free(child->net);
    else if (child->process.net_fd >= 0)
        close(child->process.net_fd);
    if (child->queue)
        evbuffer_free(child->queue);
    loop_timer_free(child->deadline);
    free(child);
}

/* Everything that the child sent meanwhile is unread for ever. */
void child_kill(struct child *child, const char *why)
{
    if (child->killed)
        return;
    child->killed = child->mute = true;
    snprintf(child->why, sizeof child->why, "%s", why);
    kill(child->process.pid, SIGKILL); /* not yet waited for: the number is still his */
}

static void child_expired(void *arg)
{
    struct child *child = arg;
    char why[sizeof child->why];
    memcpy(why, child->why, sizeof why);
    child_kill(child, why);
}

void child_deadline(struct child *child, int64_t ms, const char *why)
{
    if (child->killed || child->stopping)
        return;
    if (ms <= 0) {
        loop_timer_cancel(child->deadline);
        return;
    }
    snprintf(child->why, sizeof child->why, "%s", why);
    loop_timer_set(child->deadline, ms);
}

/* The child closed its socket, or we did: it has a moment to end by itself. */
static void child_last_moment(struct child *child, const char *why)
{
    child_deadline(child, STOP_MS, why);
    child->stopping = true;
}

static void child_deliver(struct child *child)
{
    char *body = child->body;
    child->body = NULL;
    body[child->head.length] = 0;
    if (!child->mute && !child->stopping)
        child->calls.frame(child->arg, &child->head, body);
    free(body);
}

static bool child_head(struct child *child)
{
    if (child->head.length > child->max_frame) {
        child_kill(child, "frame too long");
        return false;
    }
    child->have = 0;
    child->body = malloc((size_t)child->head.length + 1);
    if (!child->body)
        child_kill(child, "no memory for its frame");
    return child->body;
}

/* Takes the spilled bytes apart; what remains of them is less than a head. */
static void child_parse(struct child *child)
{
    size_t at = 0;
    while (!child->mute) {
        size_t rest = child->spilled - at;
        if (!child->body) {
            if (rest < sizeof child->head)
                break;
            memcpy(&child->head, child->spill + at, sizeof child->head);
            at += sizeof child->head;
            if (!child_head(child))
                break;
            rest = child->spilled - at;
        }
        size_t missing = child->head.length - child->have, take = rest < missing ? rest : missing;
        memcpy(child->body + child->have, child->spill + at, take);
        child->have += take;
        at += take;
        if (child->have < child->head.length)
            break;
        child_deliver(child);
    }
    child->spilled -= at;
    memmove(child->spill, child->spill + at, child->spilled);
}

/* One read: first what the open body lacks, the rest into spill. 1 = got bytes, 0 = nothing now, -1 =
 * ended. */
static int child_receive(struct child *child)
{
    size_t missing = child->body ? child->head.length - child->have : 0;
    struct iovec parts[2] = {
        {.iov_base = child->body ? child->body + child->have : child->spill, .iov_len = missing},
        {.iov_base = child->spill + child->spilled, .iov_len = SPILL - child->spilled},
    };
    ssize_t n = readv(child->process.frame_fd, missing ? parts : parts + 1, missing ? 2 : 1);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n <= 0)
        return -1;
    size_t direct = (size_t)n < missing ? (size_t)n : missing;
    child->have += direct;
    child->spilled += (size_t)n - direct;
    if (child->body && child->have == child->head.length)
        child_deliver(child);
    child_parse(child);
    return 1;
}

/* Reads at most so many times. The owner may forget the child in between: the caller frees it then. */
static void child_read(struct child *child, int times)
{
    int got = 1;
    child->inside = true;
    for (int i = 0; i < times && got > 0 && !child->mute && !child->forgotten; i++)
        got = child_receive(child);
    child->inside = false;
    if (!child->forgotten && (got < 0 || child->mute) && child->readable) {
        event_del(child->readable);
        if (!child->mute)
            child_last_moment(child, "closed its socket");
    }
}

static void child_readable(evutil_socket_t fd, short what, void *arg)
{
    struct child *child = arg;
    (void)fd;
    (void)what;
    child_read(child, READS_A_TURN);
    if (child->forgotten)
        child_release(child);
}

static void child_flush(struct child *child)
{
    if (child->process.frame_fd < 0)
        return;
    while (evbuffer_get_length(child->queue)) {
        if (evbuffer_write(child->queue, child->process.frame_fd) > 0)
            continue;
        if (errno == EAGAIN || errno == EINTR) {
            event_add(child->writable, NULL);
            return;
        }
        evbuffer_drain(child->queue, evbuffer_get_length(child->queue)); /* it is going: exited tells */
    }
    if (child->stopping)
        shutdown(child->process.frame_fd, SHUT_WR);
}

static void child_writable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    child_flush(arg);
}

bool child_send(struct child *child, uint32_t type, uint32_t id, const void *body, size_t length)
{
    struct frame head = {type, id, (uint32_t)length};
    if (child->killed || child->stopping || length > FRAME_MAX)
        return false;
    size_t queued = evbuffer_get_length(child->queue);
    if (length + sizeof head > QUEUE_MAX - (queued < QUEUE_MAX ? queued : QUEUE_MAX))
        return false;
    if (evbuffer_expand(child->queue, length + sizeof head) ||
        evbuffer_add(child->queue, &head, sizeof head) ||
        (length && evbuffer_add(child->queue, body, length))) {
        child_kill(child, "no memory for a frame to it"); /* half a frame may be queued */
        return false;
    }
    if (!queued)
        child_flush(child);
    return true;
}

struct bufferevent *child_net(struct child *child)
{
    return child->net;
}

/* Of a stream socket between processes: what the other side has not read (unix(7)). */
static size_t unread_of(int fd)
{
    int unread = 0;
    return fd >= 0 && !ioctl(fd, SIOCOUTQ, &unread) && unread > 0 ? (size_t)unread : 0;
}

size_t child_unread(const struct child *child)
{
    size_t net = child->net ? evbuffer_get_length(bufferevent_get_output(child->net)) +
                                  unread_of(bufferevent_getfd(child->net))
                            : 0;
    return net + evbuffer_get_length(child->queue) + unread_of(child->process.frame_fd);
}

void child_stop(struct child *child)
{
    if (child->stopping || child->killed)
        return;
    child_last_moment(child, "does not stop");
    if (!evbuffer_get_length(child->queue))
        child_flush(child); /* tells the end at once; else after the last byte */
}

static void child_describe(const struct child *child, int status, char *how, size_t size)
{
    if (!WIFSIGNALED(status))
        snprintf(how, size, "exit %d", WEXITSTATUS(status));
    else if (child->killed)
        snprintf(how, size, "signal %d (%s)", WTERMSIG(status), child->why);
    else
        snprintf(how, size, "signal %d", WTERMSIG(status));
}

static void child_exited(evutil_socket_t fd, short what, void *arg)
{
    struct child *child = arg;
    char how[100];
    int status = 0;
    (void)fd;
    (void)what;
    /* Its last words are in the socket still: all of them, since no more can come. */
    child_read(child, INT_MAX);
    if (child->forgotten) {
        child_release(child);
        return;
    }
    while (waitpid(child->process.pid, &status, 0) < 0 && errno == EINTR)
        continue;
    child_describe(child, status, how, sizeof how);
    child->forgotten = true; /* the owner may say so too: it is freed once, after he was told */
    child->calls.ended(child->arg, WIFEXITED(status) && !WEXITSTATUS(status), how);
    child_release(child);
}

void child_forget(struct child *child)
{
    if (!child || child->forgotten)
        return;
    child->forgotten = child->mute = true;
    kill(child->process.pid, SIGKILL);
    while (waitpid(child->process.pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (child->inside)
        child_close_frames(child);
    else
        child_release(child);
}

static bool child_watch(struct child *child)
{
    struct event_base *base = loop_base(child->loop);
    int fd = child->process.frame_fd;
    child->exited = event_new(base, child->process.pid_fd, EV_READ, child_exited, child);
    child->readable = event_new(base, fd, EV_READ | EV_PERSIST, child_readable, child);
    child->writable = event_new(base, fd, EV_WRITE, child_writable, child);
    if (child->process.net_fd >= 0)
        child->net = bufferevent_socket_new(base, child->process.net_fd, BEV_OPT_CLOSE_ON_FREE);
    return child->exited && child->readable && child->writable && (child->net || child->process.net_fd < 0) &&
           !event_add(child->exited, NULL) && !event_add(child->readable, NULL);
}

enum outcome child_start(struct child **ret_child, struct loop *loop, const struct child_program *program,
    const struct child_calls *calls, void *arg, struct fault *fault)
{
    struct child *child = calloc(1, sizeof *child);
    if (!child)
        return fault_set(fault, OUTCOME_LATER, NULL, "child %s: no memory", program->path);
    child->loop = loop;
    child->calls = *calls;
    child->arg = arg;
    child->max_frame = program->max_frame < FRAME_MAX ? program->max_frame : FRAME_MAX;
    child->process = (struct child_process){.frame_fd = -1, .net_fd = -1, .pid_fd = -1};
    child->queue = evbuffer_new();
    child->deadline = loop_timer_new(loop, child_expired, child);
    if (!child->queue || !child->deadline) {
        child_release(child);
        return fault_set(fault, OUTCOME_LATER, NULL, "child %s: no memory", program->path);
    }
    enum outcome outcome = child_process_start(&child->process, program, fault);
    if (outcome != OUTCOME_DONE) {
        child_release(child);
        return outcome;
    }
    if (!child_watch(child)) {
        child_forget(child);
        return fault_set(fault, OUTCOME_LATER, NULL, "child %s: no memory", program->path);
    }
    *ret_child = child;
    return OUTCOME_DONE;
}
