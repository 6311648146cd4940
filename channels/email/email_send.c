/* Letters out: payload to message, message to the mailer, its word to the desk. */
#include "email_private.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/step.h"
#include <stdlib.h>
#include <string.h>

enum { SEND_GIVE_UP_MS = 2500 }; /* the contract gives stop() three seconds */

/* One letter on its way. It outlives its channel when the relay is slow: email is NULL then. */
struct email_sending {
    struct email *email;
    struct outbound *out;
    char *message_id;
    struct loop_task task; /* for an answer that is known at once but must not come from inside send() */
    bool with_mailer;      /* the mailer will call back and needs this */
    enum sent sent;
    struct fault fault;
    struct email_sending *next;
};

static void sending_unlink(struct email *e, struct email_sending *sending)
{
    struct email_sending **at = &e->sending;
    while (*at && *at != sending)
        at = &(*at)->next;
    if (*at)
        *at = sending->next;
    sending->email = NULL;
}

static void sending_free(struct email_sending *sending)
{
    free(sending->message_id);
    free(sending);
}

static void sending_tell(
    struct email_sending *sending, enum sent sent, const char *reply, const struct fault *fault)
{
    struct email *e = sending->email;
    struct sent_result result = {.sent = sent,
        .external = sending->message_id,
        .reply = reply,
        .fault = sent == SENT_ACCEPTED ? NULL : fault};
    struct outbound *out = sending->out;
    sending_unlink(e, sending);
    e->host->sent(e->host->desk, &e->base, out, &result);
}

static enum sent sending_result(enum smtp_sent sent)
{
    switch (sent) {
    case SMTP_ACCEPTED:
        return SENT_ACCEPTED;
    case SMTP_LATER:
        return SENT_LATER;
    case SMTP_REFUSED:
        return SENT_REFUSED;
    case SMTP_STOPPED:
        return SENT_STOPPED;
    default:
        return SENT_UNKNOWN;
    }
}

static void sending_done(void *arg, enum smtp_sent sent, const char *reply, const struct fault *fault)
{
    struct email_sending *sending = arg;
    struct email *e = sending->email;
    step("email.sent");
    if (e) {
        if (!*e->name && sent == SMTP_ACCEPTED)
            email_health(e, CHANNEL_GOOD, "Siap mengirim.");
        else if (!*e->name && sent == SMTP_STOPPED && fault)
            email_health(e, CHANNEL_NEEDS_PERSON, fault->public_text);
        sending_tell(sending, sending_result(sent), reply, fault);
    }
    sending_free(sending);
}

static void sending_answer(void *arg)
{
    struct email_sending *sending = arg;
    if (sending->email)
        sending_tell(sending, sending->sent, NULL, &sending->fault);
    sending_free(sending);
}

/* Builds the letter and gives it to the mailer; another outcome than DONE is in the fault. */
static enum outcome sending_begin(struct email_sending *sending, struct fault *fault)
{
    struct email *e = sending->email;
    struct letter letter;
    if (!e->mailer)
        return fault_set(fault, OUTCOME_STOP,
            "Pengiriman e-mail belum diatur: isi bagian [smtp] di pengaduand.conf.", "no [smtp] section");
    /* A receipt is written by no person whatever the payload says of itself. */
    bool receipt =
        !strcmp(sending->out->purpose, "tanda_terima") || !strcmp(sending->out->purpose, "tidak_utuh");
    const json_t *payload = sending->out->payload;
    enum letter_author author = receipt                                               ? LETTER_RECEIPT
                                : json_is_true(json_object_get(payload, "automatic")) ? LETTER_AUTOMATIC
                                : json_is_true(json_object_get(payload, "generated")) ? LETTER_GENERATED
                                                                                      : LETTER_PERSON;
    struct letter_office office = {.name = config_text(e->config, "office", NULL, "name"),
        .from = mailer_from(e->mailer),
        .reply_to = e->reply_to};
    enum outcome outcome =
        letter_build(&letter, payload, sending->out->files, &office, author, clock_now_ms(), fault);
    if (outcome != OUTCOME_DONE)
        return outcome;
    step("email.send");
    sending->with_mailer = mailer_send(e->mailer, &letter, sending->out->id, sending_done, sending);
    sending->message_id = letter.message_id;
    letter.message_id = NULL;
    letter_release(&letter);
    return sending->with_mailer ? OUTCOME_DONE : fault_set(fault, OUTCOME_LATER, NULL, "no memory to send");
}

void email_send(struct channel *channel, struct outbound *out)
{
    struct email *e = (struct email *)channel;
    struct email_sending *sending = calloc(1, sizeof *sending);
    if (!sending) {
        struct fault fault;
        fault_set(&fault, OUTCOME_LATER, NULL, "no memory to send");
        const struct sent_result later = {.sent = SENT_LATER, .fault = &fault};
        e->host->sent(e->host->desk, channel, out, &later);
        return;
    }
    *sending = (struct email_sending){.email = e, .out = out, .next = e->sending};
    sending->task = (struct loop_task){.run = sending_answer, .arg = sending};
    e->sending = sending;
    enum outcome outcome = sending_begin(sending, &sending->fault);
    if (outcome == OUTCOME_DONE)
        return;
    sending->sent = outcome == OUTCOME_NEVER  ? SENT_REFUSED
                    : outcome == OUTCOME_STOP ? SENT_STOPPED
                                              : SENT_LATER;
    loop_post(e->loop, &sending->task);
}

void email_send_stop(struct email *e)
{
    if (e->mailer)
        mailer_stop(e->mailer);
    if (e->sending)
        loop_timer_set(e->give_up, SEND_GIVE_UP_MS);
}

/* The relay has not answered in time: whether it took the letter nobody knows. */
void email_send_give_up(void *email)
{
    struct email *e = email;
    struct fault fault;
    fault_set(&fault, OUTCOME_LATER, "Belum diketahui apakah surat ini terkirim.",
        "stopped while the relay had it");
    for (struct email_sending *sending = e->sending, *next; sending; sending = next) {
        next = sending->next;
        if (sending->with_mailer)
            sending_tell(sending, SENT_UNKNOWN, NULL, &fault);
    }
}

void email_send_free(struct email *e)
{
    while (e->sending)
        sending_unlink(e, e->sending);
    mailer_release(e->mailer);
    e->mailer = NULL;
}
