/* How `user`, `status`, `verify` and `backup` reach the book while the daemon has it: HTTP over the socket kendali.sock
 * in the data folder (mode 0600: whoever can open it may read the book's files anyway).
 *
 *   POST /perintah {"argv":["user","list"],"stdin":"..."}  →  200 {"exit":0,"output":"..."}
 *
 * A command whose output comes in parts (export) is asked again with "part": N while the answer has "next": N.
 *
 * argv is parsed again here by the same table; the body runs as a job of the book. Server side: loop
 * thread. */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include "config/config.h"
#include "daemon/base/str.h"
#include "daemon/book/book.h"
#include <jansson.h>

struct control;

/* The socket is made in the data folder of config, which the bodies get too. The book must be open as long as the
 * control is. STOP when the socket cannot be made. */
enum outcome control_open(struct control **ret_control, struct loop *loop, struct book *book,
    const struct config *config, struct fault *fault);

/* fill(arg, out) adds the daemon's live state to the output of `status`; true = it needs a person. Loop thread. */
void control_set_live(struct control *control, bool (*fill)(void *arg, struct str *out), void *arg);

/* No further commands; those in the book are still answered. */
void control_close(struct control *control);

/* After book_close() (which ends every job) and control_close(). NULL is fine. Removes the socket. */
void control_free(struct control *control);

/* Client side, blocking, in a process of its own. DONE: answered, output added to out. NEVER: no daemon is
 * running there. LATER: it is, but gave no answer. input may be NULL. part: which one is asked for, and whether there is
 * another. */
struct command_part;
enum outcome control_call(const char *folder, int argc, const char *const *argv, const char *input,
    struct command_part *part, struct str *out, int *ret_exit, struct fault *fault);

struct command_row;
struct command_args;

/* What a request asks for: the row of the table and its arguments, which point into *ret_body (the caller's; NULL = it
 * is no JSON). NULL with what is wrong in problem, "" when it is no list of words. */
const struct command_row *control_take(
    const void *text, size_t n, json_t **ret_body, struct command_args *args, struct str *problem);

/* "folder/kendali.sock" into path; false when it is too long for a socket (107 bytes). */
enum { CONTROL_PATH_SIZE = 108 };
bool control_path(char path[CONTROL_PATH_SIZE], const char *folder);

#endif
