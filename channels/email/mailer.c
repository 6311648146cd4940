#include "mailer.h"
#include "wire.h"
#include <stdlib.h>

enum { MAILER_TIMEOUT_SECONDS = 30 };

struct mailer {
    struct smtp_client *client;
    const struct loop *loop;
    const struct config *config; /* borrowed: outlives the channels */
    unsigned holds;
    struct wire wire; /* the client's thread marks, once it runs */
};

/* A reloaded configuration makes a second one; the first goes with the last channel that holds it. */
static struct mailer *mailer_newest;

struct mailer_job {
    struct smtp_letter letter;
    struct mailer *mailer;
    int64_t outbox_id;
    mailer_sent *done;
    void *arg;
};

enum outcome mailer_hold(
    struct mailer **ret_mailer, struct loop *loop, const struct config *config, struct fault *fault)
{
    struct mailer *mailer = mailer_newest;
    if (!mailer || mailer->loop != loop || mailer->config != config) {
        struct smtp_relay relay = {
            .host = config_text(config, "smtp", NULL, "host"),
            .port = (int)config_number(config, "smtp", NULL, "port"),
            .tls = config_flag(config, "smtp", NULL, "tls"),
            .ca_file = config_text(config, "smtp", NULL, "ca_file"),
            .user = config_text(config, "smtp", NULL, "user"),
            .password = config_text(config, "smtp", NULL, "password"),
            .timeout_seconds = MAILER_TIMEOUT_SECONDS,
        };
        mailer = calloc(1, sizeof *mailer);
        if (!mailer)
            return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the mailer");
        mailer->loop = loop;
        mailer->config = config;
        if (!wire_init(&mailer->wire, config_text(config, "server", NULL, "data"))) {
            free(mailer);
            return fault_set(
                fault, OUTCOME_STOP, "Nama folder data terlalu panjang.", "path of the wire mark too long");
        }
        enum outcome outcome = smtp_client_new(&mailer->client, loop, &relay, fault);
        if (outcome != OUTCOME_DONE) {
            free(mailer);
            return outcome;
        }
        mailer_newest = mailer;
    }
    mailer->holds++;
    *ret_mailer = mailer;
    return OUTCOME_DONE;
}

void mailer_release(struct mailer *mailer)
{
    if (!mailer || --mailer->holds)
        return;
    if (mailer_newest == mailer)
        mailer_newest = NULL;
    smtp_client_free(mailer->client);
    wire_release(&mailer->wire);
    free(mailer);
}

void mailer_stop(struct mailer *mailer)
{
    smtp_client_stop(mailer->client);
}

const char *mailer_from(const struct mailer *mailer)
{
    return config_text(mailer->config, "smtp", NULL, "from");
}

static void mailer_done(
    struct smtp_letter *letter, enum smtp_sent result, const char *reply, const struct fault *fault)
{
    struct mailer_job *job = letter->arg;
    (void)reply;
    job->done(job->arg, result, fault);
    free(letter->from);
    free(letter->to);
    free(letter->content);
    free(job);
}

static bool about_to_end(struct smtp_letter *letter)
{
    struct mailer_job *job = letter->arg;
    return wire_mark(&job->mailer->wire, job->outbox_id);
}

bool mailer_was_on_wire(const struct mailer *mailer, int64_t outbox_id)
{
    return wire_has(&mailer->wire, outbox_id);
}

bool mailer_send(
    struct mailer *mailer, struct letter *letter, int64_t outbox_id, mailer_sent *done, void *arg)
{
    struct mailer_job *job = calloc(1, sizeof *job);
    if (!job)
        return false;
    job->mailer = mailer;
    job->outbox_id = outbox_id;
    job->done = done;
    job->arg = arg;
    job->letter = (struct smtp_letter){.from = letter->envelope_from,
        .to = letter->to,
        .content = letter->content,
        .length = letter->length,
        .sent = mailer_done,
        .about_to_end = about_to_end,
        .arg = job};
    letter->envelope_from = letter->to = letter->content = NULL;
    smtp_client_send(mailer->client, &job->letter);
    return true;
}
