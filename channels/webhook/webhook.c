#include "webhook.h"
#include "config/config.h"
#include "daemon/base/clock.h"
#include "daemon/base/json_read.h"
#include "daemon/base/step.h"
#include "daemon/loop/http_client.h"
#include "rules/signature.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 8, TIMEOUT_SECONDS = 20, ANSWER_MOST = 64 * 1024, GONE = 410 };

struct sending {
    struct webhook *webhook;
    struct outbound *out; /* NULL = given back at the stop; what is on the wire ends with the client */
    struct sending *next;
};

struct webhook {
    struct channel channel;
    struct channel_context context;
    bool private_peer;
    const char *ca_file; /* of the configuration; NULL = the system's */
    struct sending *sendings;
};

static void finish(struct sending *s, enum sent sent, const char *reply, const struct fault *fault)
{
    struct webhook *w = s->webhook;
    struct outbound *out = s->out;
    struct sending **at = &w->sendings;
    while (*at && *at != s)
        at = &(*at)->next;
    if (*at)
        *at = s->next;
    free(s);
    const struct sent_result result = {.sent = sent, .reply = reply, .fault = fault};
    if (out)
        w->context.host->sent(w->context.host->desk, &w->channel, out, &result);
}

static void answered(void *arg, const struct http_answer *answer)
{
    struct sending *s = arg;
    struct fault fault;
    char reply[40];
    step("webhook.answered");
    if (answer->sent != HTTP_ANSWERED) {
        const char *words = answer->address_refused
                                ? "Alamat tujuan ada di jaringan kantor; itu tidak diizinkan."
                            : answer->too_long ? "Jawaban tujuan terlalu panjang."
                                               : "Tujuan tidak dapat dihubungi.";
        fault_set(&fault, OUTCOME_LATER, words, "%s", answer->fault.internal);
        finish(s,
            answer->address_refused        ? SENT_REFUSED
            : answer->sent == HTTP_UNKNOWN ? SENT_UNKNOWN
                                           : SENT_LATER,
            NULL, &fault);
        return;
    }
    snprintf(reply, sizeof reply, "Dijawab %d", answer->status);
    if (answer->status >= 200 && answer->status < 300) {
        finish(s, SENT_ACCEPTED, reply, NULL);
        return;
    }
    fault_set(&fault, OUTCOME_LATER, reply, "answered with %d", answer->status);
    finish(s, answer->status == GONE ? SENT_REFUSED : SENT_LATER, NULL, &fault);
}

/* body: the event alone. */
static enum outcome call(struct sending *s, const char *url, const char *secret, const char *kind,
    const char *body, struct fault *fault)
{
    const struct webhook *w = s->webhook;
    char timestamp[24], signature[SIGNATURE_SIZE], delivery[24];
    snprintf(timestamp, sizeof timestamp, "%lld", (long long)(clock_now_ms() / 1000));
    snprintf(delivery, sizeof delivery, "%lld", (long long)s->out->id);
    signature_make(secret, timestamp, body, strlen(body), signature);
    const struct http_header headers[] = {{"Content-Type", "application/json"}, {"User-Agent", "pengaduand"},
        {"X-Pengaduan-Event", kind}, {"X-Pengaduan-Delivery", delivery}, {"X-Pengaduan-Timestamp", timestamp},
        {"X-Pengaduan-Signature", signature}, {NULL, NULL}};
    const struct http_call request = {.method = "POST",
        .url = url,
        .headers = headers,
        .body = body,
        .length = strlen(body),
        .ca_file = w->ca_file,
        .private_peer = w->private_peer,
        .timeout_seconds = TIMEOUT_SECONDS,
        .max_answer = ANSWER_MOST};
    step("webhook.call");
    return http_client_call(w->context.calls, &request, answered, s, fault);
}

static void refuse(struct webhook *w, struct outbound *out, enum sent sent, const struct fault *fault)
{
    const struct sent_result result = {.sent = sent, .fault = fault};
    w->context.host->sent(w->context.host->desk, &w->channel, out, &result);
}

static void webhook_send(struct channel *channel, struct outbound *out)
{
    struct webhook *w = (struct webhook *)channel;
    struct fault fault = {0};
    const json_t *event = json_object_get(out->payload, "event");
    const char *url = json_string_value(json_object_get(out->payload, "url"));
    const char *secret = json_string_value(json_object_get(out->payload, "secret"));
    const char *kind = json_string_value(json_object_get(event, "kind"));
    if (!url || !secret || !kind) {
        fault_set(&fault, OUTCOME_NEVER, "Webhook dijeda atau dihapus.", "webhook is paused or gone");
        refuse(w, out, SENT_REFUSED, &fault);
        return;
    }
    char *body = json_text(event, JSON_COMPACT | JSON_SORT_KEYS);
    struct sending *s = body ? calloc(1, sizeof *s) : NULL;
    if (!s) {
        free(body);
        fault_set(&fault, OUTCOME_LATER, NULL, "no memory for a webhook");
        refuse(w, out, SENT_LATER, &fault);
        return;
    }
    *s = (struct sending){w, out, w->sendings};
    w->sendings = s;
    enum outcome outcome = call(s, url, secret, kind, body, &fault);
    free(body);
    if (outcome)
        finish(s, outcome == OUTCOME_LATER ? SENT_LATER : SENT_REFUSED, NULL, &fault);
}

static enum outcome webhook_open(
    struct channel **ret_channel, const struct channel_context *context, struct fault *fault)
{
    struct webhook *w = calloc(1, sizeof *w);
    if (!w)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for webhooks");
    *w = (struct webhook){.channel = {&webhook_channel, "webhook"},
        .context = *context,
        .private_peer = config_flag(context->config, "webhook", NULL, "private"),
        .ca_file = config_text(context->config, "webhook", NULL, "ca_file")};
    *ret_channel = &w->channel;
    return OUTCOME_DONE;
}

static void webhook_start(struct channel *channel, const char *bookmark)
{
    struct webhook *w = (struct webhook *)channel;
    (void)bookmark;
    w->context.host->health(w->context.host->desk, channel, CHANNEL_GOOD, "siap mengirim");
}

/* Whatever is on the wire goes again after the start: its readers know it by the event's id. */
static void webhook_stop(struct channel *channel)
{
    struct webhook *w = (struct webhook *)channel;
    struct fault fault;
    fault_set(&fault, OUTCOME_LATER, "Layanan dihentikan.", "stopped");
    for (struct sending *s = w->sendings; s; s = s->next) {
        struct outbound *out = s->out;
        s->out = NULL;
        if (out)
            refuse(w, out, SENT_UNKNOWN, &fault);
    }
}

static void webhook_free(struct channel *channel)
{
    free(channel);
}

const struct channel_ops webhook_channel = {
    .family = "webhook",
    .can_repeat = true,
    .window = WINDOW,
    .open = webhook_open,
    .start = webhook_start,
    .send = webhook_send,
    .stop = webhook_stop,
    .free = webhook_free,
};
