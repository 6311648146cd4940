/* Client side of the control socket. */
#include "control.h"
#include "daemon/base/json_read.h"

#include "command.h"
#include "daemon/loop/http_unix.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum {
    ANSWER_SECONDS = 1800,                      /* `verify` of a large book reads every attachment */
    ANSWER_MAX = 6 * COMMAND_OUTPUT_MAX + 1024, /* JSON may write one byte as six: \u00xx */
};

/* malloc'd; NULL when a word is not UTF-8 or memory ran out. */
static char *request_text(int argc, const char *const *argv, const char *input, int64_t part)
{
    json_t *words = json_array();
    json_t *body = json_object();
    char *text = NULL;
    bool good = words != NULL && body != NULL;
    for (int i = 0; good && i < argc; i++)
        good = json_array_append_new(words, json_string(argv[i])) == 0;
    good = good && json_object_set(body, "argv", words) == 0;
    if (input != NULL)
        good = good && json_object_set_new(body, "stdin", json_string(input)) == 0;
    if (part != 0)
        good = good && json_object_set_new(body, "part", json_integer(part)) == 0;
    if (good)
        text = json_text(body, JSON_COMPACT);
    json_decref(words);
    json_decref(body);
    return text;
}

static enum outcome read_answer(const struct str *answer, int status, struct command_part *part,
    struct str *out, int *ret_exit, struct fault *fault)
{
    json_t *body = json_loadb(answer->data, answer->len, JSON_REJECT_DUPLICATES, NULL);
    json_t *exit_code = json_object_get(body, "exit"), *output = json_object_get(body, "output"),
           *next = json_object_get(body, "next");
    *part = (struct command_part){json_integer_value(next), json_is_integer(next)};
    enum outcome outcome = OUTCOME_DONE;
    if (status == 200 && json_is_integer(exit_code) && json_is_string(output)) {
        str_add(out, json_string_value(output), json_string_length(output));
        *ret_exit = (int)json_integer_value(exit_code);
    } else {
        outcome =
            fault_set(fault, OUTCOME_LATER, "pengaduand yang sedang berjalan tidak menjawab dengan benar.",
                "control socket answered with status %d", status);
    }
    json_decref(body);
    return outcome;
}

enum outcome control_call(const char *folder, int argc, const char *const *argv, const char *input,
    struct command_part *part, struct str *out, int *ret_exit, struct fault *fault)
{
    char path[CONTROL_PATH_SIZE];
    struct str answer;
    int status = 0;
    if (!control_path(path, folder)) /* no daemon can listen there either */
        return fault_set(fault, OUTCOME_NEVER, NULL, "path too long for a socket: %s/kendali.sock", folder);
    char *request = request_text(argc, argv, input, part->next);
    if (request == NULL)
        return fault_set(
            fault, OUTCOME_STOP, "Perintah harus ditulis dalam UTF-8.", "cannot make the request");
    str_init(&answer, ANSWER_MAX);
    enum outcome outcome =
        http_unix_post(path, "/perintah", request, ANSWER_SECONDS, &status, &answer, fault);
    if (outcome == OUTCOME_DONE)
        outcome = read_answer(&answer, status, part, out, ret_exit, fault);
    else if (outcome == OUTCOME_LATER)
        snprintf(
            fault->public_text, sizeof fault->public_text, "pengaduand yang sedang berjalan tidak menjawab.");
    explicit_bzero(answer.data, answer.len);
    explicit_bzero(request, strlen(request));
    free(request);
    str_release(&answer);
    return outcome;
}
