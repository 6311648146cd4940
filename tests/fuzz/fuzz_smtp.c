/* What a mail relay answers. Input: a line with the state ("all 3": everything was handed over, stage 3; "cut" in it: the
 * line broke), then the relay's lines. */
#include "fuzz.h"
#include "daemon/loop/smtp_private.h"

/* Accepted only on the relay's word: a letter that was taken for sent and was not is lost. */
static void check_verdict(const struct smtp_talk *talk, const char *why)
{
    struct fault fault = {0};
    enum smtp_sent sent = smtp_verdict(talk, why, OUTCOME_DONE, &fault);
    bool yes = talk->code >= 200 && talk->code < 300, no = talk->code >= 500 && talk->code < 600;
    require(fault.internal[0] && fault.public_text[0]);
    if (!talk->all_handed)
        require(sent != SMTP_ACCEPTED && sent != SMTP_UNKNOWN);
    else
        require(yes == (sent == SMTP_ACCEPTED) && no == (sent == SMTP_REFUSED) && sent != SMTP_STOPPED &&
                (talk->code || sent == SMTP_UNKNOWN));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smtp_talk talk = {0};
    char *state = fuzz_line(&data, &size);
    const char *why = strstr(state, "cut") ? "closed" : NULL;
    talk.all_handed = !strncmp(state, "all", 3);
    talk.stage =
        (enum smtp_stage)(strtoul(state + strcspn(state, "0123456789"), NULL, 10) % (SMTP_STAGE_LETTER + 1));
    check_verdict(&talk, why);
    free(state);
    while (size) {
        char *line = fuzz_line(&data, &size);
        size_t length = strlen(line);
        char *exact = malloc(length ? length : 1);
        require(exact != NULL);
        memcpy(exact, line, length);
        int before = talk.code;
        bool complete = smtp_talk_line(&talk, exact, length);
        free(exact);
        free(line);
        require(complete ? talk.code >= 200 && talk.code <= 599 : talk.code == before);
        require(memchr(talk.reply, 0, sizeof talk.reply) && !fuzz_has_control(talk.reply));
        check_verdict(&talk, why);
    }
    return 0;
}
