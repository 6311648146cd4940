/* One outbound text, split into as many messages as the gateway's limit asks for, sent one after the other. */
#include "daemon/base/log.h"
#include "daemon/base/shortage.h"
#include "daemon/loop/http_client.h"
#include "gateway_private.h"
#include "mapping_send.h"
#include "rules/text_whatsapp.h"
#include <stdio.h>
#include <string.h>

enum {
    ARENA_MAX = 4 << 20,
    TEXT_MAX = 512 * 1024,
    TIMEOUT_SECONDS = 30,
    ANSWER_MAX = 256 * 1024,
    HEADERS_MAX = 32
};

struct sending {
    struct gateway *gateway;
    struct outbound *out;
    struct arena *arena;
    const char *next; /* the part to send */
    unsigned part, parts;
    const char *external; /* of the first part: delivery states are told of it */
};

static void finish(struct sending *s, enum sent sent, const struct fault *fault)
{
    struct gateway *g = s->gateway;
    const struct sent_result result = {.sent = sent, .external = s->external, .fault = fault};
    g->context.host->sent(g->context.host->desk, &g->channel, s->out, &result);
    arena_free(s->arena);
}

/* Something went wrong before this part left. If an earlier part did leave, repeating would send it twice. */
static void fail(struct sending *s, enum sent sent, const struct fault *fault)
{
    if (s->part > 1 && sent != SENT_UNKNOWN) {
        struct fault half;
        fault_set(&half, OUTCOME_NEVER,
            "Baru sebagian pesan yang terkirim. Periksa di WhatsApp sebelum mengirim lagi.",
            "part %u of %u: %s", s->part, s->parts, fault->internal);
        finish(s, SENT_UNKNOWN, &half);
    } else
        finish(s, sent, fault);
}

static void send_part(struct sending *s);

static enum sent judge(const struct gateway_answer *answer, struct fault *fault)
{
    static const struct {
        enum sent sent;
        const char *words;
    } verdicts[] = {
        [GATEWAY_ACCEPTED] = {SENT_ACCEPTED, ""},
        [GATEWAY_RETRY] = {SENT_LATER, "Gerbang WhatsApp sedang tidak dapat mengirim; akan dicoba lagi."},
        [GATEWAY_WINDOW] = {SENT_REFUSED,
            "Sudah lewat 24 jam sejak pesan terakhir pengadu. Hubungi lewat telepon."},
        [GATEWAY_DEAD] = {SENT_REFUSED, "WhatsApp tidak dapat menyampaikan pesan kepada nomor ini."},
        [GATEWAY_CONFIG] = {SENT_STOPPED, "Gerbang WhatsApp menolak akun kantor. Beri tahu admin."},
        [GATEWAY_UNKNOWN] = {SENT_UNKNOWN,
            "Belum pasti terkirim. Periksa di WhatsApp sebelum mengirim lagi."},
    };
    fault_set(fault, OUTCOME_LATER, verdicts[answer->verdict].words, "%s %s %s",
        gateway_verdict_name(answer->verdict), answer->error_code ? answer->error_code : "",
        answer->error_text ? answer->error_text : "");
    return verdicts[answer->verdict].sent;
}

static void answered(void *arg, const struct http_answer *http)
{
    struct sending *s = arg;
    static const enum gateway_transport transports[] = {[HTTP_NOT_SENT] = GATEWAY_NOT_SENT,
        [HTTP_UNKNOWN] = GATEWAY_LOST,
        [HTTP_ANSWERED] = GATEWAY_ANSWERED};
    struct gateway_answer answer = mapping_send_classify(
        s->gateway->mapping, transports[http->sent], http->status, http->body, http->length, s->arena);
    struct fault fault;
    enum sent sent = judge(&answer, &fault);
    if (http->sent != HTTP_ANSWERED)
        snprintf(fault.internal, sizeof fault.internal, "%s", http->fault.internal);
    if (sent != SENT_ACCEPTED) {
        fail(s, sent, &fault);
        return;
    }
    if (s->part == 1)
        s->external = answer.message_key;
    if (s->part == s->parts) {
        finish(s, SENT_ACCEPTED, NULL);
        return;
    }
    s->next += strlen(s->next) + 1;
    s->part++;
    send_part(s);
}

static void send_part(struct sending *s)
{
    struct gateway *g = s->gateway;
    const json_t *payload = s->out->payload;
    struct gateway_text text = {.chat = json_string_value(json_object_get(payload, "to")),
        .text = s->next,
        .reply_to = s->part == 1 ? json_string_value(json_object_get(payload, "in_reply_to")) : NULL};
    struct gateway_request request;
    struct http_header headers[HEADERS_MAX + 2] = {{0}};
    struct fault fault;
    unsigned long shortages = shortage_count();
    enum outcome outcome = mapping_send_fill(g->mapping, &text, s->arena, &request, &fault);
    if (shortage_count() != shortages)
        outcome = fault_set(&fault, OUTCOME_LATER, NULL, "no memory for all of a message");
    size_t n = 0;
    for (; !outcome && n < request.header_count && n < HEADERS_MAX; n++)
        headers[n] = (struct http_header){request.headers[n].name, request.headers[n].value};
    if (!outcome && request.content_type)
        headers[n] = (struct http_header){"Content-Type", request.content_type};
    if (!outcome) {
        const struct http_call call = {.method = request.method,
            .url = request.url,
            .headers = headers,
            .body = request.body,
            .length = request.body_size,
            .private_peer = g->private_peer,
            .timeout_seconds = TIMEOUT_SECONDS,
            .max_answer = ANSWER_MAX};
        outcome = http_client_call(g->context.calls, &call, answered, s, &fault);
    }
    if (outcome)
        fail(s,
            outcome == OUTCOME_LATER  ? SENT_LATER
            : outcome == OUTCOME_STOP ? SENT_STOPPED
                                      : SENT_REFUSED,
            &fault);
}

void gateway_send(struct channel *channel, struct outbound *out)
{
    struct gateway *g = (struct gateway *)channel;
    const char *text = json_string_value(json_object_get(out->payload, "text"));
    struct sending failed = {.gateway = g, .out = out};
    struct fault fault;
    struct str parts;
    str_init(&parts, TEXT_MAX);
    struct arena *arena = arena_new(ARENA_MAX);
    struct sending *s = arena ? arena_alloc(arena, sizeof *s) : NULL;
    unsigned count = text ? text_whatsapp_split(&parts, text, mapping_max_chars(g->mapping)) : 0;
    const char *copy = s && count ? arena_memdup(arena, parts.data, parts.len + 1) : NULL;
    bool memory = str_ok(&parts);
    str_release(&parts);
    if (!copy) {
        arena_free(arena);
        bool never = s && !count && memory;
        fault_set(&fault, OUTCOME_LATER, never ? "Teks kosong atau terlalu panjang untuk WhatsApp." : NULL,
            never ? "text cannot be split into messages" : "no memory to send");
        finish(&failed, never ? SENT_REFUSED : SENT_LATER, &fault);
        return;
    }
    *s = (struct sending){.gateway = g, .out = out, .arena = arena, .next = copy, .part = 1, .parts = count};
    send_part(s);
}
