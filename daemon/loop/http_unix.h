/* One blocking HTTP POST over a unix socket: for the command line, which has no loop. */
#ifndef LOOP_HTTP_UNIX_H
#define LOOP_HTTP_UNIX_H

#include "daemon/base/fault.h"
#include "daemon/base/str.h"

/* DONE: status and body of the answer. NEVER: nobody listens there, nothing was sent. LATER: sent, perhaps
 * read, but no complete answer within answer_seconds or the maximum of ret_body. body is NUL-terminated
 * JSON. */
enum outcome http_unix_post(const char *socket_path, const char *target, const char *body, int answer_seconds,
    int *ret_status, struct str *ret_body, struct fault *fault);

#endif
