/* What comes through the control socket: JSON that names a command, parsed by the same table as the command line. */
#include "fuzz.h"
#include "daemon/command.h"
#include "daemon/control.h"

#include "never_run.h" /* NEVER_RUN(name); for each command of the table */

static void check(const struct command_row *row, const struct command_args *args)
{
    require(args->word_count >= row->least && args->word_count <= row->most);
    for (size_t i = 0; i < args->word_count; i++)
        require(args->words[i]);
    for (int i = 0; i < ARG_COUNT; i++)
        require(!args->options[i] || row->options & 1u << i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *body;
    struct str problem;
    struct command_args args = {0};
    char *text = fuzz_text(data, size);
    str_init(&problem, 1024);
    const struct command_row *row = control_take(text, size, &body, &args, &problem);
    require(body || !row);
    if (row) {
        require(!problem.len);
        check(row, &args);
    }
    str_release(&problem);
    json_decref(body);
    free(text);
    return 0;
}
