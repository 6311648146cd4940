/* `pengaduand find-identity`: what the publication preview would mask, over texts in a file; needs no book. */
#include "command_lines.h"
#include "rules/identity.h"

static json_t *answer(void *arg, const json_t *in, struct arena *arena)
{
    (void)arg;
    const json_t *text = json_object_get(in, "text");
    struct identity_found found;
    if (!identity_find(json_string_value(text), json_string_length(text), &found, arena))
        return NULL;
    json_t *spans = json_array();
    for (size_t i = 0; i < found.count; i++)
        json_array_append_new(
            spans, json_pack("{s:s, s:I, s:I}", "type", identity_type_key(found.spans[i].type), "start",
                       (json_int_t)found.spans[i].start, "end", (json_int_t)found.spans[i].end));
    return json_pack("{s:o}", "spans", spans);
}

int command_find_identity(struct command *cmd)
{
    return command_lines(cmd, answer, NULL);
}
