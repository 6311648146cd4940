/* The process behind a child: made in child_start.c, used in child.c. */
#ifndef LOOP_CHILD_PRIVATE_H
#define LOOP_CHILD_PRIVATE_H

#include "child.h"

struct child_process {
    pid_t pid;
    int pid_fd;   /* readable when the process has ended */
    int frame_fd; /* our ends, non-blocking; -1 = none */
    int net_fd;
};

/* On failure everything in *process is closed and -1 again. */
enum outcome child_process_start(
    struct child_process *process, const struct child_program *program, struct fault *fault);

#endif
