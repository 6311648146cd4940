/* What a child says over its socket, in pieces as the kernel likes: the daemon gets exactly the frames that were
 * written, in order, or kills the child. Input: a line whose bytes are the sizes of the pieces, then the stream. */
#include "fuzz.h"
#include "daemon/loop/child_private.h"
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_FRAME = 5000, PID = 1 << 30 };

static struct loop *loop;
static int far_end = -1, process_end = -1;
static int killed, frames, ended;
static const uint8_t *expected;
static size_t expected_size;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct fault fault;
    (void)argc;
    (void)argv;
    require(loop_new(&loop, &fault) == OUTCOME_DONE);
    return 0;
}

/* ---- instead of child_start.c: no process, only its socket */

enum outcome child_process_start(
    struct child_process *process, const struct child_program *program, struct fault *fault)
{
    int pair[2];
    (void)program;
    (void)fault;
    require(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
    require(!fcntl(pair[0], F_SETFL, O_NONBLOCK));
    process_end = eventfd(0, EFD_CLOEXEC);
    *process = (struct child_process){.pid = PID, .pid_fd = process_end, .frame_fd = pair[0], .net_fd = -1};
    far_end = pair[1];
    return OUTCOME_DONE;
}

/* The only process that is killed and waited for here is the one that does not exist. */
int kill(pid_t pid, int signo)
{
    uint64_t one = 1;
    require(pid == PID && signo == SIGKILL);
    require(write(process_end, &one, sizeof one) == sizeof one);
    killed++;
    return 0;
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    (void)options;
    require(pid == PID);
    if (status)
        *status = killed ? SIGKILL : 0;
    return pid;
}

/* ---- */

static void took_frame(void *arg, const struct frame *head, const char *body)
{
    (void)arg;
    struct frame next;
    require(expected_size >= sizeof next);
    memcpy(&next, expected, sizeof next);
    require(!memcmp(&next, head, sizeof next) && head->length <= MAX_FRAME);
    require(expected_size - sizeof next >= head->length);
    require(!memcmp(expected + sizeof next, body, head->length) && !body[head->length]);
    expected += sizeof next + head->length;
    expected_size -= sizeof next + head->length;
    frames++;
}

static void took_end(void *arg, bool clean, const char *how)
{
    (void)arg;
    require(*how && clean == !killed);
    ended++;
}

/* How many frames the daemon must see; *ret_kill: then comes one that is too long. */
static int count_frames(const uint8_t *data, size_t size, bool *ret_kill)
{
    struct frame head;
    int count = 0;
    *ret_kill = false;
    while (size >= sizeof head) {
        memcpy(&head, data, sizeof head);
        if ((*ret_kill = head.length > MAX_FRAME) || size - sizeof head < head.length)
            break;
        data += sizeof head + head.length;
        size -= sizeof head + head.length;
        count++;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct child_calls calls = {took_frame, took_end};
    const struct child_program program = {.path = "none", .max_frame = MAX_FRAME};
    struct child *child;
    struct fault fault;
    bool must_kill;
    char *pieces = fuzz_line(&data, &size);
    size_t count = strlen(pieces);
    killed = frames = ended = 0;
    require(child_start(&child, loop, &program, &calls, NULL, &fault) == OUTCOME_DONE);
    expected = data;
    expected_size = size;
    int wanted = count_frames(data, size, &must_kill);
    for (size_t at = 0, i = 0; at < size && !killed; i++) {
        size_t piece = count ? (size_t)(unsigned char)pieces[i % count] * (i % 7 ? 1 : 100) + 1 : size;
        piece = piece < size - at ? piece : size - at;
        ssize_t sent = send(far_end, data + at, piece, MSG_NOSIGNAL | MSG_DONTWAIT);
        at += sent > 0 ? (size_t)sent : 0;
        event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
    }
    close(far_end);
    event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
    require(frames == wanted && !!killed == must_kill);
    if (!killed) {
        uint64_t one = 1; /* it ends by itself */
        require(write(process_end, &one, sizeof one) == sizeof one);
    }
    while (!ended)
        event_base_loop(loop_base(loop), EVLOOP_ONCE);
    require(ended == 1 && frames == wanted);
    free(pieces);
    return 0;
}
