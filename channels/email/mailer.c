#include "mailer.h"
#include "token.h"
#include "wire.h"
#include <stdlib.h>
#include <string.h>

enum { MAILER_TIMEOUT_SECONDS = 30, MAILER_DOT_SECONDS = 600 /* RFC 5321 4.5.3.2.6 */ };

struct mailer {
    struct smtp_client *client;
    struct loop *loop;
    const struct config *config; /* borrowed: outlives the channels */
    struct token *token;         /* NULL = password */
    struct smtp_tokens tokens;
    void (*given)(void *, const char *, enum outcome, const struct fault *);
    void *asking;
    unsigned holds;
    struct wire wire;
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

/* ---- the word that logs in, when it is a token ---- */

static void tokens_given(void *arg, const char *token, enum outcome outcome, const struct fault *fault)
{
    struct mailer *mailer = arg;
    void *call_arg = mailer->asking;
    mailer->asking = NULL;
    if (call_arg)
        mailer->given(call_arg, token, outcome, fault);
}

static void tokens_ask(void *arg,
    void (*given)(void *call_arg, const char *token, enum outcome outcome, const struct fault *fault),
    void *call_arg)
{
    struct mailer *mailer = arg;
    struct fault fault;
    mailer->given = given;
    mailer->asking = call_arg;
    if (token_ask(mailer->token, tokens_given, mailer))
        return;
    fault_set(&fault, OUTCOME_LATER, NULL, "no memory to ask for a token");
    tokens_given(mailer, NULL, OUTCOME_LATER, &fault);
}

static void tokens_cancel(void *arg, void *call_arg)
{
    struct mailer *mailer = arg;
    (void)call_arg;
    mailer->asking = NULL;
    token_cancel(mailer->token, mailer);
}

/* The first refusal only costs the token; the letter is tried again with another. */
static void tokens_refused(void *arg)
{
    struct mailer *mailer = arg;
    token_refused(mailer->token);
}

/* ---- life ---- */

static const char *setting(const struct config *config, const char *key)
{
    return config_text(config, "smtp", NULL, key);
}

static enum outcome mailer_open(struct mailer *mailer, struct http_client *calls, struct fault *fault)
{
    const struct config *config = mailer->config;
    const char *oauth = setting(config, "oauth"), *at = strrchr(setting(config, "from"), '@');
    struct smtp_relay relay = {
        .host = setting(config, "host"),
        .port = (int)config_number(config, "smtp", NULL, "port"),
        .tls = config_flag(config, "smtp", NULL, "tls"),
        .starttls = config_flag(config, "smtp", NULL, "starttls"),
        .ca_file = setting(config, "ca_file"),
        .pin = setting(config, "pin"),
        .user = setting(config, "user"),
        .password = setting(config, "password"),
        .helo = at ? at + 1 : NULL,
        .per_minute = (int)config_number(config, "smtp", NULL, "per_minute"),
        .timeout_seconds = MAILER_TIMEOUT_SECONDS,
        .dot_seconds = MAILER_DOT_SECONDS,
    };
    if (oauth) {
        enum outcome outcome = token_hold(&mailer->token, mailer->loop, calls, config, oauth, fault);
        if (outcome)
            return outcome;
        mailer->tokens = (struct smtp_tokens){tokens_ask, tokens_cancel, tokens_refused, mailer};
        relay.tokens = &mailer->tokens;
    }
    return smtp_client_new(&mailer->client, mailer->loop, &relay, fault);
}

static void mailer_free(struct mailer *mailer)
{
    smtp_client_free(mailer->client);
    token_release(mailer->token);
    wire_release(&mailer->wire);
    free(mailer);
}

enum outcome mailer_hold(struct mailer **ret_mailer, struct loop *loop, struct http_client *calls,
    const struct config *config, struct fault *fault)
{
    struct mailer *mailer = mailer_newest;
    if (!mailer || mailer->loop != loop || mailer->config != config) {
        mailer = calloc(1, sizeof *mailer);
        if (!mailer)
            return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the mailer");
        mailer->loop = loop;
        mailer->config = config;
        enum outcome outcome = wire_init(&mailer->wire, config_text(config, "server", NULL, "data"))
                                   ? mailer_open(mailer, calls, fault)
                                   : fault_set(fault, OUTCOME_STOP, "Nama folder data terlalu panjang.",
                                         "path of the wire mark too long");
        if (outcome != OUTCOME_DONE) {
            mailer_free(mailer);
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
    mailer_free(mailer);
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
    job->done(job->arg, result, reply, fault);
    free(letter->from);
    free(letter->to);
    free(letter->content);
    free(letter->envelope_id);
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
        .envelope_id = letter->message_id ? strdup(letter->message_id) : NULL,
        .report = *letter->envelope_from != 0,
        .sent = mailer_done,
        .about_to_end = about_to_end,
        .arg = job};
    letter->envelope_from = letter->to = letter->content = NULL;
    smtp_client_send(mailer->client, &job->letter);
    return true;
}
