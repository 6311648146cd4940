/* `pengaduand check`: configuration, then the mappings of its gateways with their settings and secrets, and the rules of
 * classification. */
#include "command.h"

#include "channels/gateway/mapping_source.h"
#include "command_rules.h"
#include "daemon/desk/classify_source.h"

#include <sysexits.h>

/* False after a line `file:line: ...` about this gateway. */
static bool check_gateway(struct command *cmd, const char *instance)
{
    struct mapping_source read;
    struct gateway_mapping *mapping = NULL;
    struct fault fault = {0};
    enum outcome outcome = mapping_source_read(&read, cmd->config, instance, &fault);
    if (outcome == OUTCOME_DONE) {
        struct gateway_lookup lookup = mapping_source_lookup(&read);
        outcome = mapping_load(read.name, read.text, read.size, &lookup, MAPPING_FOR_ALL, &mapping, &fault);
        mapping_free(outcome == OUTCOME_DONE ? mapping : NULL);
        mapping_source_release(&read);
    }
    if (outcome == OUTCOME_DONE)
        return true;
    fprintf(cmd->err, "%s:%d: [gateway %s] mapping: %s\n", config_path(cmd->config),
        config_line(cmd->config, "gateway", instance, "mapping"), instance, command_reason(&fault));
    return false;
}

/* False after a line `file:line: ...` for each mistake: of the configuration's file, and of what is in force instead of it. */
static bool check_rules(struct command *cmd, char name[RULES_NAME_SIZE])
{
    struct classify_rules *rules = NULL, *in_force = NULL;
    struct str problems;
    str_init(&problems, 64 * 1024);
    enum outcome outcome = classify_source_read(
        &rules, NULL, config_text(cmd->config, "office", NULL, "rules"), &problems, NULL);
    fputs(problems.data, cmd->err);
    str_release(&problems);
    if (outcome == OUTCOME_DONE) {
        classify_rules_free(rules);
        outcome = command_rules_read(cmd, &in_force, name, NULL);
    }
    if (outcome == OUTCOME_DONE)
        classify_rules_free(in_force);
    return outcome == OUTCOME_DONE;
}

int command_check(struct command *cmd)
{
    struct str problems;
    struct fault fault = {0};
    char rules[RULES_NAME_SIZE];
    bool good = true;
    str_init(&problems, 64 * 1024);
    enum outcome outcome = config_load(&cmd->config, cmd->args.options[ARG_CONFIG], &problems, &fault);
    fputs(problems.data, cmd->err);
    str_release(&problems);
    if (outcome != OUTCOME_DONE)
        return EX_CONFIG;
    for (size_t i = 0; i < config_count(cmd->config, "gateway"); i++)
        good = check_gateway(cmd, config_instance(cmd->config, "gateway", i)) && good;
    good = check_rules(cmd, rules) && good;
    if (!good)
        return EX_CONFIG;
    const char *path = config_path(cmd->config);
    fprintf(cmd->out, "%s%s\nPenggolongan menurut %s\n", path != NULL ? path : "Nilai bawaan",
        path != NULL ? ": konfigurasi baik" : " dipakai", rules);
    return EX_OK;
}
