/* `pengaduand parse-mail` and `parse-gateway`: what strangers sent, through the same code as in the
 * daemon. */
#include "command.h"

#include "channels/gateway/parse_command.h"
#include "channels/parser/parser.h"
#include "channels/gateway/mapping_source.h"

#include <sysexits.h>

int command_parse_mail(struct command *cmd)
{
    return parser_command(cmd->args.word_count > 0 ? cmd->args.words[0] : NULL, cmd->out);
}

int command_parse_gateway(struct command *cmd)
{
    struct mapping_source mapping;
    struct fault fault = {0};
    if (mapping_source_read(&mapping, cmd->config, cmd->args.words[0], &fault) != OUTCOME_DONE) {
        fprintf(cmd->err, "pengaduand: %s: %s\n", cmd->args.words[0], command_reason(&fault));
        return EX_NOINPUT;
    }
    struct gateway_parse_options options = {
        .mapping_name = mapping.name,
        .mapping_text = mapping.text,
        .body_path = cmd->args.words[1],
        .headers_path = cmd->args.word_count > 2 ? cmd->args.words[2] : NULL,
        .lookup = mapping_source_lookup(&mapping),
    };
    int exit_code = gateway_parse_command(&options, cmd->out, cmd->err);
    mapping_source_release(&mapping);
    return exit_code;
}
