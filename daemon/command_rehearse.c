/* `pengaduand rehearse FILE.json`: how the intake by chat would go, without touching any real book. */
#include "command.h"
#include "daemon/base/json_read.h"

#include "daemon/book/backup_file.h"
#include "rehearsal.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static int complain(struct command *cmd, int exit_code, const char *text, const char *detail)
{
    fprintf(cmd->err, "pengaduand: %s%s%s\n", text, detail ? "\n            " : "", detail ? detail : "");
    return exit_code;
}

static int play(struct command *cmd, const json_t *story, const char *folder)
{
    struct fault fault = {0};
    json_t *end = NULL;
    enum outcome outcome = rehearse(cmd->config, folder, story, cmd->out, &end, &fault);
    if (outcome != OUTCOME_DONE)
        return complain(cmd, outcome == OUTCOME_NEVER ? EX_DATAERR : command_exit(outcome),
            command_reason(&fault), fault.internal);
    char *text = json_text(end, JSON_COMPACT);
    json_decref(end);
    if (text == NULL)
        return complain(cmd, EX_TEMPFAIL, "memori tidak cukup", NULL);
    fprintf(cmd->out, "%s\n", text);
    free(text);
    return fflush(cmd->out) == 0 ? EX_OK : EX_IOERR;
}

int command_rehearse(struct command *cmd)
{
    const char *root = getenv("TMPDIR");
    char folder[4096];
    json_error_t error;
    json_t *story = json_load_file(cmd->args.words[0], JSON_REJECT_DUPLICATES, &error);
    if (story == NULL) {
        char where[64];
        if (error.line < 0)
            return complain(cmd, EX_NOINPUT, "berkas gladi tidak dapat dibuka", cmd->args.words[0]);
        snprintf(where, sizeof where, "baris %d, kolom %d", error.line, error.column);
        return complain(cmd, EX_DATAERR, "berkas gladi tidak dapat dibaca sebagai JSON", where);
    }
    int n = snprintf(
        folder, sizeof folder, "%s/pengaduand-gladi-XXXXXX", root != NULL && *root != 0 ? root : "/tmp");
    int exit_code = EX_CANTCREAT;
    if (n >= (int)sizeof folder || mkdtemp(folder) == NULL)
        complain(cmd, exit_code, "folder sementara tidak dapat dibuat", NULL);
    else {
        exit_code = play(cmd, story, folder);
        backup_remove_tree(folder);
    }
    json_decref(story);
    return exit_code;
}
