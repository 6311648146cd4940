/* One file from the gateway: asked for as the mapping says, followed through at most three redirects, its type read from
 * its content. Credentials go to the gateway alone; only addresses of the office's own configuration may lie in the
 * house (http_client.h looks at the resolved address, at every step). */
#include "channels/parser/parser.h"
#include "daemon/base/clock.h"
#include "daemon/base/shortage.h"
#include "gateway_private.h"
#include "mapping_media.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    ARENA_MAX = 8 << 20,
    REDIRECTS_MOST = 3,
    ASK_MAX = 256 * 1024, /* of an answer that only names the file */
};

struct fetching {
    struct gateway *gateway;
    struct fetch *fetch; /* NULL = given back at the stop; what is on the wire ends with the client */
    struct arena *arena;
    bool asking; /* the answer says where the file is, or holds it as base64 */
    int redirects;
    int64_t until; /* mono ms: all steps together */
    void *data;    /* owned: the parser borrows it */
    size_t size;
    struct fetching *next;
};

static void release(struct fetching *f)
{
    struct fetching **at = &f->gateway->fetchings;
    while (*at && *at != f)
        at = &(*at)->next;
    if (*at)
        *at = f->next;
    arena_free(f->arena);
    free(f->data);
    free(f);
}

static void finish(struct fetching *f, const struct fetch_result *result)
{
    struct gateway *g = f->gateway;
    if (f->fetch)
        g->context.host->fetched(g->context.host->desk, &g->channel, f->fetch, result);
    release(f);
}

static void give_up(struct fetching *f, enum outcome outcome, const char *words, const char *internal)
{
    struct fault fault;
    fault_set(&fault, outcome, words, "%s", internal);
    const struct fetch_result result = {.outcome = outcome, .fault = &fault};
    finish(f, &result);
}

/* ---- the file is here ---- */

static void type_known(
    void *arg, enum outcome outcome, const struct parser_file *file, const struct fault *fault)
{
    struct fetching *f = arg;
    if (outcome == OUTCOME_LATER) {
        const struct fetch_result later = {.outcome = OUTCOME_LATER, .fault = fault};
        finish(f, &later);
        return;
    }
    struct fetch_result result = {
        .outcome = OUTCOME_DONE, .data = f->data, .size = f->size, .media_type = "application/octet-stream"};
    if (!outcome) { /* bytes that the parser died of are kept all the same */
        result.media_type = file->media_type;
        result.has_place = file->has_place;
        result.latitude = file->latitude;
        result.longitude = file->longitude;
    }
    finish(f, &result);
}

static void look_at(struct fetching *f, void *owned, size_t size)
{
    f->data = owned;
    f->size = size;
    if (!size)
        give_up(f, OUTCOME_NEVER, "Berkas dari gerbang kosong.", "empty file");
    else
        parser_file_facts(f->gateway->context.parser, f->data, f->size, type_known, f);
}

static void take_base64(struct fetching *f, const char *text)
{
    const char *comma = strncmp(text, "data:", 5) ? NULL : strchr(text, ',');
    text = comma ? comma + 1 : text;
    size_t n = strlen(text), room = n / 4 * 3 + 4, size = 0;
    unsigned char *bytes = malloc(room);
    if (!bytes) {
        give_up(f, OUTCOME_LATER, NULL, "no memory for a file");
    } else if (sodium_base642bin(
                   bytes, room, text, n, "\r\n ", &size, NULL, sodium_base64_VARIANT_ORIGINAL)) {
        free(bytes);
        give_up(f, OUTCOME_NEVER, "Berkas dari gerbang rusak.", "base64 cannot be read");
    } else {
        look_at(f, bytes, size);
    }
}

/* ---- asking ---- */

static void answered(void *arg, const struct http_answer *http);

static void ask(struct fetching *f, const struct gateway_request *request, bool asking)
{
    struct gateway *g = f->gateway;
    struct http_header headers[GATEWAY_HEADERS_MAX + 2];
    struct fault fault;
    size_t most = mapping_media_max_bytes(g->mapping);
    f->asking = asking;
    if (asking) /* base64 is a third longer */
        most = mapping_media_answers_file(g->mapping) ? most / 3 * 4 + ASK_MAX : ASK_MAX;
    int64_t left = f->until - clock_mono_ms();
    if (left <= 0) {
        give_up(
            f, OUTCOME_LATER, "Gerbang terlalu lambat memberikan berkasnya.", "time is over between steps");
        return;
    }
    const struct http_call call = gateway_call(g, request, headers, (int)((left + 999) / 1000), most);
    enum outcome outcome = http_client_call(g->context.calls, &call, answered, f, &fault);
    if (outcome)
        give_up(
            f, outcome == OUTCOME_LATER ? OUTCOME_LATER : OUTCOME_NEVER, fault.public_text, fault.internal);
}

/* Without the gateway's credentials, and never into the house: where a redirect leads is not the gateway any more
 * (Twilio keeps its files at a storage service). */
static void follow(struct fetching *f, const char *location)
{
    if (++f->redirects > REDIRECTS_MOST || strncasecmp(location, "https://", 8)) {
        give_up(f, OUTCOME_NEVER, "Alamat berkas dari gerbang tidak dapat diikuti.", "redirect refused");
        return;
    }
    const struct gateway_request request = {.method = "GET", .url = location};
    ask(f, &request, false);
}

static void go_on(struct fetching *f, const struct http_answer *http)
{
    struct gateway_request request;
    const char *base64 = NULL;
    char *copy;
    if (!f->asking) {
        copy = malloc(http->length + 1);
        if (copy && http->length)
            memcpy(copy, http->body, http->length);
        if (copy)
            look_at(f, copy, http->length);
        else
            give_up(f, OUTCOME_LATER, NULL, "no memory for a file");
        return;
    }
    switch (mapping_media_next(f->gateway->mapping, http->body, http->length, f->arena, &request, &base64)) {
    case GATEWAY_MEDIA_DOWNLOAD:
        ask(f, &request, false);
        return;
    case GATEWAY_MEDIA_INLINE:
        take_base64(f, base64);
        return;
    case GATEWAY_MEDIA_ASK:
    case GATEWAY_MEDIA_NONE:
        break;
    }
    give_up(f, OUTCOME_LATER, "Gerbang belum mempunyai berkas ini.", "the answer names no file");
}

/* 404 and 410: it is gone, or not there yet (WAHA has not finished its own download); worth another try, as a rejected
 * token is: by hand or by itself. */
static void refused(struct fetching *f, int status)
{
    char internal[40];
    snprintf(internal, sizeof internal, "http %d", status);
    const char *words = status == 401 || status == 403   ? "Gerbang menolak memberikan berkas (izin)."
                        : status == 404 || status == 410 ? "Berkas tidak ada lagi di gerbang."
                                                         : "Gerbang sedang tidak dapat memberikan berkas.";
    give_up(
        f, status == 400 || status == 410 || status == 413 ? OUTCOME_NEVER : OUTCOME_LATER, words, internal);
}

static void answered(void *arg, const struct http_answer *http)
{
    struct fetching *f = arg;
    char words[100];
    if (!f->fetch) {
        release(f);
    } else if (http->too_long) {
        snprintf(words, sizeof words, "Berkas terlalu besar (paling besar %zu MB).",
            mapping_media_max_bytes(f->gateway->mapping) >> 20);
        give_up(f, OUTCOME_NEVER, words, "file too large");
    } else if (http->sent != HTTP_ANSWERED) {
        give_up(f, http->address_refused ? OUTCOME_NEVER : OUTCOME_LATER,
            http->address_refused ? "Alamat berkas berada di jaringan dalam dan tidak diizinkan."
                                  : "Berkas belum dapat diambil dari gerbang.",
            http->fault.internal);
    } else if (http->status >= 300 && http->status < 400 && http->location && !f->asking) {
        follow(f, http->location);
    } else if (http->status < 200 || http->status >= 300) {
        refused(f, http->status);
    } else {
        go_on(f, http);
    }
}

/* ---- beginning ---- */

static struct gateway_event event_of(const json_t *request)
{
    const char *kind = json_string_value(json_object_get(request, "kind"));
    struct gateway_event e = {.as = GATEWAY_MESSAGE,
        .media = json_string_value(json_object_get(request, "media")),
        .id = json_string_value(json_object_get(request, "id")),
        .chat = json_string_value(json_object_get(request, "chat"))};
    for (int k = GATEWAY_KIND_UNKNOWN; kind && k <= GATEWAY_KIND_MEDIA; k++)
        if (!strcmp(gateway_kind_name((enum gateway_kind)k), kind))
            e.kind = (enum gateway_kind)k;
    return e;
}

void gateway_fetch(struct channel *channel, struct fetch *fetch)
{
    struct gateway *g = (struct gateway *)channel;
    struct gateway_request request;
    struct fetching *f = calloc(1, sizeof *f);
    struct arena *arena = f ? arena_new(ARENA_MAX) : NULL;
    if (!arena) {
        struct fault fault;
        fault_set(&fault, OUTCOME_LATER, NULL, "no memory to fetch");
        const struct fetch_result later = {.outcome = OUTCOME_LATER, .fault = &fault};
        free(f);
        g->context.host->fetched(g->context.host->desk, channel, fetch, &later);
        return;
    }
    *f = (struct fetching){.gateway = g,
        .fetch = fetch,
        .arena = arena,
        .until = clock_mono_ms() + g->media_ms,
        .next = g->fetchings};
    g->fetchings = f;
    const struct gateway_event e = event_of(fetch->request);
    unsigned long shortages = shortage_count();
    enum gateway_media way = mapping_media_first(g->mapping, &e, arena, &request);
    if (shortage_count() != shortages)
        give_up(f, OUTCOME_LATER, NULL, "no memory to fetch");
    else if (way == GATEWAY_MEDIA_DOWNLOAD || way == GATEWAY_MEDIA_ASK)
        ask(f, &request, way == GATEWAY_MEDIA_ASK);
    else
        give_up(
            f, OUTCOME_NEVER, "Alamat berkas ini tidak diizinkan oleh pemetaan gerbang.", "no way to fetch");
}

void gateway_fetch_stop(struct gateway *g)
{
    struct fault fault;
    fault_set(&fault, OUTCOME_LATER, "Menunggu layanan dimulai lagi.", "stopped while it was fetched");
    const struct fetch_result later = {.outcome = OUTCOME_LATER, .after_ms = 1, .fault = &fault};
    for (struct fetching *f = g->fetchings, *next; f; f = next) {
        struct fetch *fetch = f->fetch;
        next = f->next;
        f->fetch = NULL;
        if (fetch)
            g->context.host->fetched(g->context.host->desk, &g->channel, fetch, &later);
        if (f->data) { /* only the parser still has it */
            parser_forget(g->context.parser, f);
            release(f);
        }
    }
}
