/* `pengaduand classify`: the same rules as at intake, over texts in a file; works without a book too. */
#include "command_lines.h"
#include "command_rules.h"
#include <sysexits.h>

static const char *text_of(const json_t *in, const char *key)
{
    return json_string_value(json_object_get(in, key));
}

static json_t *answer(void *rules, const json_t *in, struct arena *arena)
{
    struct classify_verdict v;
    const json_t *text = json_object_get(in, "text");
    struct classify_facts facts = {.channel = text_of(in, "channel"),
        .sender = text_of(in, "sender"),
        .text = json_string_value(text),
        .size = json_string_length(text)};
    if (classify(rules, &facts, &v, arena, NULL))
        return NULL;
    json_t *reasons = json_array();
    for (size_t i = 0; i < v.reason_count; i++)
        json_array_append_new(reasons, json_string(v.reasons[i]));
    return json_pack("{s:s, s:s, s:s, s:b, s:s?, s:f, s:o}", "kind", v.kind, "service", v.service, "section",
        v.section, "urgent", v.urgent, "place", v.place, "confidence", v.confidence / 100.0, "reasons",
        reasons);
}

int command_classify(struct command *cmd)
{
    struct classify_rules *rules;
    char name[RULES_NAME_SIZE];
    struct fault fault = {0};
    enum outcome outcome = command_rules_read(cmd, &rules, name, &fault);
    if (outcome)
        return outcome == OUTCOME_NEVER ? EX_CONFIG : command_exit(outcome);
    fprintf(cmd->err, "pengaduand: menurut %s\n", name);
    int code = command_lines(cmd, answer, rules);
    classify_rules_free(rules);
    return code;
}
