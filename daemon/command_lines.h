/* Commands that read JSON lines and answer each with one: classify, find-identity. */
#ifndef DAEMON_COMMAND_LINES_H
#define DAEMON_COMMAND_LINES_H

#include "command.h"
#include "daemon/base/arena.h"
#include <jansson.h>

/* The answer to one line, owned by the caller; NULL without memory. in is an object with a string "text". */
typedef json_t *command_line_fn(void *arg, const json_t *in, struct arena *arena);

/* Reads the file of the first word, or standard input. A line that is no such object is answered by {"error": ...}.
 * Exit code: 0; 65 when there was such a line; 66 when the file cannot be read; 75 without memory. */
int command_lines(struct command *cmd, command_line_fn *answer, void *arg);

#endif
