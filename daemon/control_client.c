/* Client side of the control socket. */
#include "control.h"

#include "command.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_SECONDS = 5,
    ANSWER_SECONDS = 1800,                      /* `verify` of a large book reads every attachment */
    ANSWER_MAX = 6 * COMMAND_OUTPUT_MAX + 1024, /* JSON may write one byte as six: \u00xx */
};

static size_t keep(char *data, size_t size, size_t count, void *arg)
{
    struct str *answer = arg;
    str_add(answer, data, size * count);
    return str_ok(answer) ? size * count : 0;
}

/* malloc'd; NULL when a word is not UTF-8 or memory ran out. */
static char *request_text(int argc, const char *const *argv, const char *input)
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
    if (good)
        text = json_dumps(body, JSON_COMPACT);
    json_decref(words);
    json_decref(body);
    return text;
}

static enum outcome read_answer(
    const struct str *answer, long status, struct str *out, int *ret_exit, struct fault *fault)
{
    json_t *body = json_loadb(answer->data, answer->len, JSON_REJECT_DUPLICATES, NULL);
    json_t *exit_code = json_object_get(body, "exit"), *output = json_object_get(body, "output");
    enum outcome outcome = OUTCOME_DONE;
    if (status == 200 && json_is_integer(exit_code) && json_is_string(output)) {
        str_add(out, json_string_value(output), json_string_length(output));
        *ret_exit = (int)json_integer_value(exit_code);
    } else {
        outcome =
            fault_set(fault, OUTCOME_LATER, "pengaduand yang sedang berjalan tidak menjawab dengan benar.",
                "control socket answered with status %ld", status);
    }
    json_decref(body);
    return outcome;
}

static CURLcode exchange(
    CURL *curl, const char *path, const char *request, struct str *answer, long *ret_status)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(curl, CURLOPT_URL, "http://localhost/perintah");
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, path);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
    curl_slist_free_all(headers);
    return code;
}

enum outcome control_call(const char *folder, int argc, const char *const *argv, const char *input,
    struct str *out, int *ret_exit, struct fault *fault)
{
    char path[CONTROL_PATH_SIZE];
    struct str answer;
    long status = 0;
    if (!control_path(path, folder)) /* no daemon can listen there either */
        return fault_set(fault, OUTCOME_NEVER, NULL, "path too long for a socket: %s/kendali.sock", folder);
    char *request = request_text(argc, argv, input);
    CURL *curl = curl_easy_init();
    str_init(&answer, ANSWER_MAX);
    enum outcome outcome;
    if (request == NULL || curl == NULL) {
        outcome =
            fault_set(fault, OUTCOME_STOP, "Perintah harus ditulis dalam UTF-8.", "cannot make the request");
        goto end;
    }
    CURLcode code = exchange(curl, path, request, &answer, &status);
    if (code == CURLE_OK)
        outcome = read_answer(&answer, status, out, ret_exit, fault);
    else if (code == CURLE_COULDNT_CONNECT)
        outcome = fault_set(fault, OUTCOME_NEVER, NULL, "nobody listens on %s", path);
    else
        outcome = fault_set(fault, OUTCOME_LATER, "pengaduand yang sedang berjalan tidak menjawab.",
            "control socket: %s", curl_easy_strerror(code));
end:
    explicit_bzero(answer.data, answer.len);
    if (request != NULL)
        explicit_bzero(request, strlen(request));
    free(request);
    str_release(&answer);
    curl_easy_cleanup(curl);
    return outcome;
}
