/* Between the mailer thread (smtp_client.c) and the pure judgements on what it says and hears (smtp_verdict.c). */
#ifndef LOOP_SMTP_PRIVATE_H
#define LOOP_SMTP_PRIVATE_H

#include "smtp_client.h"
#include <stdatomic.h>

/* One attempt with one letter. */
struct smtp_talk {
    struct smtp_letter *letter;
    const atomic_bool *hurry;        /* break off ... */
    const atomic_llong *hurry_until; /* ... once this is over, if the dot is out; else at once */
    size_t handed;                   /* bytes of it that libcurl took */
    bool all_handed;                 /* then `code` is the answer to the final dot, or 0 */
    int code;                        /* of the last complete reply line, 0 = none */
    char reply[200];                 /* that line */
    char error[256];                 /* libcurl's words (CURL_ERROR_SIZE) */
};

void smtp_talk_line(struct smtp_talk *talk, const char *line, size_t length);

/* curl_code: what curl_easy_perform() returned, with its text. */
enum smtp_sent smtp_verdict(
    const struct smtp_talk *talk, int curl_code, const char *curl_text, struct fault *fault);

/* Envelope and line ends: false = this letter must never be written to a connection. */
bool smtp_letter_ok(const struct smtp_letter *letter, struct fault *fault);

#endif
