/* Between the queue (smtp_client.c), the conversation (smtp_session.c) and the pure judgements on what was said and
 * heard (smtp_verdict.c). */
#ifndef LOOP_SMTP_PRIVATE_H
#define LOOP_SMTP_PRIVATE_H

#include "smtp_client.h"

/* How far the conversation is, for the verdict on a letter. */
enum smtp_stage {
    SMTP_STAGE_DIAL,  /* and TLS */
    SMTP_STAGE_HELLO, /* greeting, EHLO, STARTTLS */
    SMTP_STAGE_LOGIN,
    SMTP_STAGE_LETTER, /* MAIL, RCPT, DATA, and its bytes */
};

/* One attempt with one letter. */
struct smtp_talk {
    enum smtp_stage stage;
    bool all_handed; /* the final dot may be out: `code` is the answer to it, or 0 */
    int code;        /* of the last complete reply, 0 = none */
    char reply[200]; /* its last line */
};

/* One line of a reply without its CRLF. true when it completes the reply, which is in talk then. */
bool smtp_talk_line(struct smtp_talk *talk, const char *line, size_t length);

/* why: what ended the attempt when it was no reply ("silence", "closed"). dial: outcome of a failed dial, DONE else; its
 * texts are in fault already. */
enum smtp_sent smtp_verdict(
    const struct smtp_talk *talk, const char *why, enum outcome dial, struct fault *fault);

/* Envelope and line ends: false = this letter must never be written to a connection. */
bool smtp_letter_ok(const struct smtp_letter *letter, struct fault *fault);

/* ---- the conversation ---- */

struct smtp_session;

struct smtp_session_calls {
    /* The letter's fate. The session is free for the next one, or gone (smtp_session_usable()). */
    void (*done)(void *arg, struct smtp_letter *letter, const struct smtp_talk *talk, const char *why,
        enum outcome dial, const struct fault *fault);
    void *arg;
};

/* NULL without memory. relay and calls outlive it. */
struct smtp_session *smtp_session_new(
    struct loop *loop, const struct smtp_relay *relay, const struct smtp_session_calls *calls);
void smtp_session_free(struct smtp_session *session); /* the letter on the wire is forgotten; NULL is fine */

/* Connects if need be and sends; one at a time. done() never runs from inside. */
void smtp_session_send(struct smtp_session *session, struct smtp_letter *letter);

/* What the letter on the wire would be judged by now; NULL = none is. */
const struct smtp_talk *smtp_session_talk(const struct smtp_session *session);

#endif
