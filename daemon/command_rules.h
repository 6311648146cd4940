/* The rules of classification that are in force: those that the office saved in its book, else those of the configuration. */
#ifndef DAEMON_COMMAND_RULES_H
#define DAEMON_COMMAND_RULES_H

#include "command.h"
#include "rules/classify.h"

enum { RULES_NAME_SIZE = 300 };

/* From the daemon when one is running, else from the book itself, which is left as it is; where there is none, or it cannot be
 * read now (told on cmd->err), from the configuration. The caller frees the rules. name: which ones they are, for people.
 * NEVER: their mistakes were told on cmd->err. */
enum outcome command_rules_read(
    struct command *cmd, struct classify_rules **ret_rules, char name[RULES_NAME_SIZE], struct fault *fault);

#endif
