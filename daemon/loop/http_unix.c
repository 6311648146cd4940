#include "http_unix.h"

#include <curl/curl.h>
#include <stdio.h>

enum { CONNECT_SECONDS = 5 };

static size_t keep(char *data, size_t size, size_t count, void *arg)
{
    struct str *answer = arg;
    str_add(answer, data, size * count);
    return str_ok(answer) ? size * count : 0;
}

static CURLcode exchange(
    CURL *curl, const char *socket_path, const char *url, const char *body, struct str *answer)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(headers);
    return code;
}

enum outcome http_unix_post(const char *socket_path, const char *target, const char *body, int answer_seconds,
    int *ret_status, struct str *ret_body, struct fault *fault)
{
    char url[256];
    long status = 0;
    CURL *curl = curl_easy_init();
    if (curl == NULL || snprintf(url, sizeof url, "http://localhost%s", target) >= (int)sizeof url) {
        curl_easy_cleanup(curl);
        return fault_set(fault, OUTCOME_NEVER, NULL, "cannot prepare a request to %s", socket_path);
    }
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)answer_seconds);
    CURLcode code = exchange(curl, socket_path, url, body, ret_body);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    if (code == CURLE_COULDNT_CONNECT)
        return fault_set(fault, OUTCOME_NEVER, NULL, "nobody listens on %s", socket_path);
    if (code != CURLE_OK)
        return fault_set(fault, OUTCOME_LATER, NULL, "%s: %s", socket_path, curl_easy_strerror(code));
    *ret_status = (int)status;
    return OUTCOME_DONE;
}
