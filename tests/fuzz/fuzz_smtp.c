/* What a mail relay answers. Input: a line with the state ("all 0": everything was handed over, libcurl's code 0),
 * then the relay's lines. */
#include "fuzz.h"
#include "daemon/loop/smtp_private.h"
#include <curl/curl.h>

/* Accepted only on the relay's word: a letter that was taken for sent and was not is lost. */
static void check_verdict(const struct smtp_talk *talk, int curl_code)
{
    struct fault fault = {0};
    enum smtp_sent sent = smtp_verdict(talk, curl_code, "words", &fault);
    bool yes = talk->code >= 200 && talk->code < 300, no = talk->code >= 500 && talk->code < 600;
    require(fault.internal[0] && fault.public_text[0]);
    if (curl_code == CURLE_OK)
        require(sent == SMTP_ACCEPTED);
    else if (!talk->all_handed)
        require(sent != SMTP_ACCEPTED && sent != SMTP_UNKNOWN);
    else
        require(yes == (sent == SMTP_ACCEPTED) && no == (sent == SMTP_REFUSED) && sent != SMTP_STOPPED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smtp_talk talk = {0};
    char *state = fuzz_line(&data, &size);
    talk.all_handed = !strncmp(state, "all", 3);
    int curl_code =
        state[strcspn(state, " ")] ? (int)(strtoul(state + strcspn(state, " "), NULL, 10) % CURL_LAST) : 0;
    free(state);
    check_verdict(&talk, curl_code);
    while (size) {
        char *line = fuzz_line(&data, &size);
        size_t length = strlen(line);
        char *exact = malloc(length ? length : 1);
        require(exact != NULL);
        memcpy(exact, line, length);
        smtp_talk_line(&talk, exact, length);
        free(exact);
        free(line);
        require(talk.code == 0 || (talk.code >= 200 && talk.code <= 599));
        require(memchr(talk.reply, 0, sizeof talk.reply) && !fuzz_has_control(talk.reply));
        check_verdict(&talk, curl_code);
    }
    return 0;
}
