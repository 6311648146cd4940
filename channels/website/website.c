#include "website.h"
#include "daemon/base/json_read.h"
#include "channels/parser/parser.h"
#include "config/config.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/loop/http_server.h"
#include "rules/signature.h"
#include "submission.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 26 << 20 };

struct website {
    struct channel channel;
    struct channel_context context;
    char *id, *route;
    const char *secret; /* borrowed from the configuration */
    long max_age_seconds;
    bool stopping;
};

/* One posted form until it is in the book. */
struct posted {
    struct website *website;
    struct http_request *request;
    struct inbound *in;
    struct inbound_file *file; /* whose type is asked for */
};

static void reply_json(struct http_request *request, int status, json_t *body)
{
    char *text = json_text(body, JSON_COMPACT);
    const char *shown = text ? text : "{}";
    const struct http_response response = {
        .status = status, .content_type = "application/json", .body = shown, .length = strlen(shown)};
    http_reply(request, &response);
    free(text);
    json_decref(body);
}

static void refuse(
    struct website *w, struct http_request *request, int status, const char *words, const char *why)
{
    log_event(LOG_WARN, NULL, "website.refused", "channel=%s status=%d why=\"%s\" peer=%s", w->id, status,
        why, http_request_peer(request));
    reply_json(request, status, json_pack("{s:s}", "kesalahan", words));
}

static void website_settled(
    struct channel *channel, struct inbound *in, enum outcome outcome, const struct inbound_result *result)
{
    struct posted *p = in->token;
    (void)channel;
    if (outcome)
        reply_json(
            p->request, 503, json_pack("{s:s}", "kesalahan", "Belum tersimpan. Kirim lagi sebentar lagi."));
    else
        reply_json(p->request, 200, json_pack("{s:s?, s:s?}", "nomor", result->number, "kode", result->code));
    arena_free(in->arena);
    free(p);
}

static void ask_type(struct posted *p);

static void type_known(void *arg, enum outcome outcome, const char *media_type, const struct fault *fault)
{
    struct posted *p = arg;
    (void)fault;
    if (!outcome)
        p->file->media_type = arena_strdup(p->in->arena, media_type);
    p->file = p->file->next;
    ask_type(p);
}

/* What the files are, one after the other; then the whole goes to the desk. */
static void ask_type(struct posted *p)
{
    const struct channel_host *host = p->website->context.host;
    if (p->file)
        parser_file_type(p->website->context.parser, p->file->data, p->file->size, type_known, p);
    else
        host->arrived(host->desk, &p->website->channel, p->in);
}

static const char *their_name(void *context, const char *ours)
{
    const struct website *w = context;
    return config_free_text(w->context.config, "website", w->context.name, "field.", ours);
}

static void take(struct website *w, struct http_request *request, const unsigned char *body, size_t length)
{
    const struct submission_source source = {.content_type = http_request_header(request, "Content-Type"),
        .body = body,
        .length = length,
        .timestamp = http_request_header(request, "X-Pengaduan-Timestamp"),
        .their_name = their_name,
        .context = w};
    struct fault fault = {0};
    struct posted *p = calloc(1, sizeof *p);
    struct inbound *in = NULL;
    enum outcome outcome = p ? submission_read(&source, &in, &fault) : OUTCOME_LATER;
    if (outcome) {
        free(p);
        if (outcome == OUTCOME_NEVER)
            refuse(w, request, 400, fault.public_text, fault.internal);
        else
            refuse(w, request, 503, "Belum tersimpan. Kirim lagi sebentar lagi.", "no memory");
        return;
    }
    *p = (struct posted){.website = w, .request = request, .in = in, .file = in->files};
    in->token = p;
    ask_type(p);
}

static void handle(struct http_request *request, void *arg)
{
    struct website *w = arg;
    size_t length;
    const unsigned char *body = http_request_body(request, &length);
    if (w->stopping) {
        refuse(w, request, 503, "Belum tersimpan. Kirim lagi sebentar lagi.", "stopping");
        return;
    }
    switch (signature_check(w->secret, http_request_header(request, "X-Pengaduan-Timestamp"),
        http_request_header(request, "X-Pengaduan-Signature"), body, length, clock_now_ms(),
        w->max_age_seconds)) {
    case SIGNATURE_GOOD:
        take(w, request, body, length);
        return;
    case SIGNATURE_MISSING:
        refuse(w, request, 401, "Kiriman tidak bertanda tangan.", "no signature");
        return;
    case SIGNATURE_WRONG:
        refuse(w, request, 401, "Tanda tangan kiriman salah.", "wrong signature");
        return;
    case SIGNATURE_OLD:
        refuse(w, request, 401, "Kiriman terlalu lama. Tanda tangani lagi dengan waktu sekarang.",
            "timestamp too old");
        return;
    }
}

/* What the server refused before the form was read: the sender's program gets the JSON it knows. */
static void word_error(struct http_request *request, int status, void *arg)
{
    const char *words = status == 413   ? "Kiriman terlalu besar, paling besar 26 MiB."
                        : status == 405 ? "Kiriman ke alamat ini harus memakai POST."
                        : status == 408 ? "Kiriman terlalu lama sampai. Kirim lagi."
                        : status >= 500 && status != 501 && status != 505
                            ? "Belum tersimpan. Kirim lagi sebentar lagi."
                            : "Permintaan tidak dapat dibaca.";
    refuse(arg, request, status, words, "the HTTP server refused it");
}

static void website_free(struct channel *channel)
{
    struct website *w = (struct website *)channel;
    free(w->id);
    free(w->route);
    free(w);
}

static enum outcome website_open(
    struct channel **ret_channel, const struct channel_context *context, struct fault *fault)
{
    struct website *w = calloc(1, sizeof *w);
    if (!w)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a website");
    *w = (struct website){.channel = {.ops = &website_channel},
        .context = *context,
        .secret = config_text(context->config, "website", context->name, "secret"),
        .max_age_seconds = config_number(context->config, "website", context->name, "max_age_seconds")};
    if (asprintf(&w->id, "web:%s", context->name) < 0)
        w->id = NULL;
    if (asprintf(&w->route, "/hook/web/%s", context->name) < 0)
        w->route = NULL;
    w->channel.id = w->id;
    enum outcome outcome =
        w->id && w->route && w->secret
            ? http_server_route(context->http, HTTP_POST, w->route, BODY_MAX, handle, w, fault)
            : fault_set(
                  fault, OUTCOME_STOP, "Pengaturan [website] tidak lengkap.", "website %s", context->name);
    if (!outcome)
        outcome = http_server_on_error(context->http, w->route, word_error, w, fault);
    if (outcome) {
        website_free(&w->channel);
        return outcome;
    }
    *ret_channel = &w->channel;
    return OUTCOME_DONE;
}

static void website_start(struct channel *channel, const char *bookmark)
{
    struct website *w = (struct website *)channel;
    (void)bookmark;
    w->context.host->health(w->context.host->desk, channel, CHANNEL_GOOD, "menunggu kiriman");
}

static void website_stop(struct channel *channel)
{
    ((struct website *)channel)->stopping = true;
}

const struct channel_ops website_channel = {
    .family = "web",
    .window = 1,
    .open = website_open,
    .start = website_start,
    .settled = website_settled,
    .stop = website_stop,
    .free = website_free,
};
