/* The life of one mailbox child between its start and its exit code. */
#ifndef MAILBOX_SERVE_H
#define MAILBOX_SERVE_H

#include "session.h"

/* Takes stream and order. Returns the exit code: 0 = told to stop, 1 = failed and the daemon was told why. */
int serve(mailstream *stream, int net_fd, int frame_fd, struct order *order);

#endif
