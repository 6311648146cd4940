/* What comes through the control socket: JSON that names a command, parsed by the same table as the command line. */
#include "fuzz.h"
#include "daemon/command.h"
#include "daemon/control.h"

/* The table names what each command does. Here it is only read: the house behind it need not be built. */
#define NEVER_RUN(name)                                                                                      \
    void never_##name(void) __asm__(#name);                                                                  \
    void never_##name(void)                                                                                  \
    {                                                                                                        \
        __builtin_trap();                                                                                    \
    }                                                                                                        \
    struct never_##name
NEVER_RUN(command_backup);
NEVER_RUN(command_check);
NEVER_RUN(command_classify);
NEVER_RUN(command_find_identity);
NEVER_RUN(command_holidays_import);
NEVER_RUN(command_init);
NEVER_RUN(command_parse_gateway);
NEVER_RUN(command_parse_mail);
NEVER_RUN(command_rehearse);
NEVER_RUN(command_reindex);
NEVER_RUN(command_report_monthly);
NEVER_RUN(command_report_yearly);
NEVER_RUN(command_restore);
NEVER_RUN(command_status);
NEVER_RUN(command_user_add);
NEVER_RUN(command_user_disable);
NEVER_RUN(command_user_enable);
NEVER_RUN(command_user_list);
NEVER_RUN(command_user_passwd);
NEVER_RUN(command_verify);
NEVER_RUN(command_verify_alone);
NEVER_RUN(serve_command);

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
