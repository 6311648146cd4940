/* Child processes that parse what strangers send: started over socketpairs, watched, killed, replaced.
 *
 * The daemon's side of base/frame.h. A child may crash, hang or leak at any time; the owner is told once through
 * `ended` and decides when to start another (loop_backoff_ms). Loop thread only, and that thread must live as long as
 * the process: a child dies with the THREAD that started it (PR_SET_PDEATHSIG). */
#ifndef LOOP_CHILD_H
#define LOOP_CHILD_H

#include "daemon/base/frame.h"
#include "loop.h"
#include <stdbool.h>
#include <sys/types.h>

struct child;
struct bufferevent;

struct child_program {
    const char *path;        /* absolute, see child_find() */
    const char *const *argv; /* ends with NULL */
    int frame_fd;            /* number the child sees its frame socket under (3..) */
    int net_fd;              /* number of a second socket, or -1: child_net() is the daemon's end of it */
    size_t max_frame;        /* a longer frame from the child = protocol error, it is killed */
};

struct child_calls {
    /* body is lent for the call; NUL-terminated beyond its length */
    void (*frame)(void *arg, const struct frame *head, const char *body);
    /* the process is gone and was waited for; how: "exit 0", "signal 9 (deadline)", ...; the child is dead memory
     * after this call */
    void (*ended)(void *arg, bool clean, const char *how);
};

enum outcome child_start(struct child **ret_child, struct loop *loop, const struct child_program *program,
    const struct child_calls *calls, void *arg, struct fault *fault);

/* Queues a frame; bounded by what the child does not read (64 MiB): false = refused, nothing was queued. */
bool child_send(struct child *child, uint32_t type, uint32_t id, const void *body, size_t length);

struct bufferevent *child_net(struct child *child); /* owned by the child object; NULL when net_fd was -1 */

/* SIGKILL when nothing was heard within ms (0 = no deadline). Each frame from the child re-arms nothing: the owner
 * says again what it waits for. */
void child_deadline(struct child *child, int64_t ms, const char *why);
/* Bytes on their way to the child, by both sockets, that it has not read yet. */
size_t child_unread(const struct child *child);
void child_kill(struct child *child, const char *why); /* ended() follows, never from inside */
void child_stop(struct child *child);                  /* closes the frame socket; SIGKILL after 2 s */
/* kills, waits, frees at once without ended(): for shutdown. NULL is fine */
void child_forget(struct child *child);

/* $PENGADUAND_LIBEXEC, else libexec/ beside this binary, else the installed folder. */
enum outcome child_find(const char *name, char *path, size_t size, struct fault *fault);

#endif
