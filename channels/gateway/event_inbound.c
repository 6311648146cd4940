#include "event_name.h"
#include "daemon/base/json_read.h"
#include "gateway_private.h"
#include "mapping_media.h"
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 96 << 20, DEDUPE_WINDOW_MS = 32 * 60 * 1000 };

static struct inbound *inbound_new(const void *raw, size_t size)
{
    struct arena *arena = arena_new(ARENA_MAX);
    struct inbound *in = arena ? arena_alloc(arena, sizeof *in) : NULL;
    if (!in) {
        arena_free(arena);
        return NULL;
    }
    in->arena = arena;
    in->raw = arena_memdup(arena, raw, size);
    in->raw_size = size;
    return in;
}

static struct inbound *whole(struct inbound *in)
{
    if (arena_ok(in->arena))
        return in;
    arena_free(in->arena);
    return NULL;
}

struct inbound *event_inbound_bare(enum inbound_kind kind, const char *reason, const void *raw, size_t size)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof digest + 1];
    struct inbound *in = inbound_new(raw, size);
    if (!in)
        return NULL;
    crypto_hash_sha256(digest, raw, size);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    in->kind = kind;
    in->reason = arena_strdup(in->arena, reason);
    in->external = arena_printf(in->arena, "sha256:%s", hex);
    return whole(in);
}

/* ---- what was said ---- */

/* What the book keeps as the text of a message that is not, or not only, text. */
static const char *text_of(const struct gateway_event *e, struct arena *arena)
{
    static const char *const words[] = {[GATEWAY_KIND_UNKNOWN] = "[pesan tidak dikenal]",
        [GATEWAY_KIND_IMAGE] = "[gambar]",
        [GATEWAY_KIND_DOCUMENT] = "[dokumen]",
        [GATEWAY_KIND_AUDIO] = "[pesan suara]",
        [GATEWAY_KIND_VIDEO] = "[video]",
        [GATEWAY_KIND_STICKER] = "[stiker]",
        [GATEWAY_KIND_LOCATION] = "[lokasi]",
        [GATEWAY_KIND_CONTACT] = "[kontak]",
        [GATEWAY_KIND_POLL] = "[jajak pendapat]",
        [GATEWAY_KIND_UNSUPPORTED] = "[pesan yang tidak didukung]",
        [GATEWAY_KIND_MEDIA] = "[berkas]"};
    const char *mark = e->kind < sizeof words / sizeof *words ? words[e->kind] : NULL;
    const char *text = e->text ? e->text : e->choice ? e->choice : "";
    const char *details = e->details ? e->details : "";
    if (e->kind == GATEWAY_KIND_LOCATION && e->lat <= 90) /* degrees to 5 places: about a metre */
        return arena_printf(arena, "%s %.5f, %.5f%s%s%s%s", mark, e->lat, e->lon, *details ? "\n" : "",
            details, *text ? "\n" : "", text);
    if (!mark)
        return *details ? arena_printf(arena, "%s%s%s", text, *text ? "\n" : "", details)
                        : arena_strdup(arena, text);
    return arena_printf(arena, "%s%s%s%s%s%s%s", mark, e->filename ? " " : "", e->filename ? e->filename : "",
        *details ? " " : "", details, *text ? "\n" : "", text);
}

/* ---- its files ---- */

/* All that gateway_fetch.c needs to find the file again. */
static const char *request_of(const struct gateway_event *e, const char *media, struct arena *arena)
{
    json_t *json = json_pack("{s:s?, s:s?, s:s?, s:s}", "media", media, "id", e->id, "chat", e->chat, "kind",
        gateway_kind_name(e->kind));
    char *text = json ? json_text(json, JSON_COMPACT) : NULL;
    const char *copy = text ? arena_strdup(arena, text) : NULL;
    free(text);
    json_decref(json);
    return copy;
}

static struct inbound_media **add_media(struct inbound_media **end, const struct gateway_event *e,
    const char *media, unsigned number, struct arena *arena)
{
    struct inbound_media *m = arena_alloc(arena, sizeof *m);
    if (!m)
        return end;
    *m = (struct inbound_media){
        .request = request_of(e, media, arena), .filename = event_name(e, number, arena)};
    if (!m->request || !m->filename)
        return end;
    *end = m;
    return &m->next;
}

/* A file that came in the callback itself. Its type is asked for before it is handed up (gateway.c). */
static void add_inline(struct inbound *in, const struct gateway_event *e)
{
    size_t n = strlen(e->media_b64), size = 0;
    const char *text = e->media_b64, *comma = strncmp(text, "data:", 5) ? NULL : strchr(text, ',');
    text = comma ? comma + 1 : text;
    unsigned char *bytes = arena_alloc(in->arena, n / 4 * 3 + 4);
    struct inbound_file *file = arena_alloc(in->arena, sizeof *file);
    if (!bytes || !file)
        return;
    if (sodium_base642bin(
            bytes, n / 4 * 3 + 4, text, strlen(text), "\r\n ", &size, NULL, sodium_base64_VARIANT_ORIGINAL)) {
        in->must_read = "berkasnya rusak di dalam pesan dari gerbang";
        return;
    }
    *file = (struct inbound_file){.filename = event_name(e, 0, in->arena),
        .media_type = "application/octet-stream",
        .data = bytes,
        .size = size};
    in->files = file->filename ? file : NULL;
}

static void fill_files(const struct gateway *g, const struct gateway_event *e, struct inbound *in)
{
    struct inbound_media **end = &in->media;
    if (e->media_b64)
        add_inline(in, e);
    else if (mapping_media_wanted(g->mapping, e))
        end = add_media(end, e, e->media, 0, in->arena);
    else if (mapping_media_may_have(e) && e->kind != GATEWAY_KIND_UNKNOWN)
        in->must_read = "berkasnya tidak ikut terkirim oleh gerbang; lihat di aplikasi kantor";
    for (unsigned i = 0; e->more_media && e->more_media[i]; i++)
        end = add_media(end, e, e->more_media[i], i + 2, in->arena);
}

/* ---- who ---- */

static void fill_identity(const struct gateway *g, const struct gateway_event *e, struct inbound *in)
{
    struct arena *a = in->arena;
    const char *scheme = e->from_me ? e->chat_scheme : e->sender_scheme,
               *value = e->from_me ? e->chat_value : e->sender_value;
    if (scheme && value) {
        in->identity_scheme = arena_printf(a, "%s/%s", g->id, scheme);
        in->identity_value = arena_strdup(a, value);
    }
    if (!e->from_me && e->alias_scheme && e->alias_value) {
        in->alias_scheme = arena_printf(a, "%s/%s", g->id, e->alias_scheme);
        in->alias_value = arena_strdup(a, e->alias_value);
    }
    in->reply_to = arena_strdup(a, e->chat);
}

static void add_reference(const struct gateway *g, struct inbound *in, const char *chat, const char *id)
{
    const char **references = arena_alloc(in->arena, 2 * sizeof *references);
    if (references)
        references[0] = gateway_id_key(g->mapping, chat, arena_strdup(in->arena, id), in->arena);
    in->references = references;
}

/* ---- whole arrivals ---- */

static void fill_said(const struct gateway *g, const struct gateway_event *e, struct inbound *in)
{
    struct arena *a = in->arena;
    fill_identity(g, e, in);
    in->text = text_of(e, a);
    in->claimed_at = e->time_ms == GATEWAY_NO_TIME ? 0 : e->time_ms;
    in->conversation = true;
    in->reference_scheme = g->id;
}

static void fill_message(const struct gateway *g, const struct gateway_event *e, struct inbound *in)
{
    struct arena *a = in->arena;
    in->kind = e->from_me ? INBOUND_OWN : INBOUND_MESSAGE;
    fill_said(g, e, in);
    fill_files(g, e, in);
    in->own_reference = arena_strdup(a, e->id_key);
    if (e->from_me)
        return;
    in->nama = arena_strdup(a, e->name);
    in->phone = arena_strdup(a, e->from);
    if (e->reply_to)
        add_reference(g, in, e->chat, e->reply_to);
}

static void fill_change(const struct gateway *g, const struct gateway_event *e, struct inbound *in)
{
    in->kind = e->as == GATEWAY_EDIT ? INBOUND_EDITED : INBOUND_REVOKED;
    fill_said(g, e, in);
    in->text = arena_strdup(in->arena, e->text);
    add_reference(g, in, e->chat, e->id);
}

static void fill_status(const struct gateway *g, const struct gateway_event *e, struct inbound *in)
{
    static const char *const states[] = {
        [GATEWAY_FATE_DELIVERED] = "sampai", [GATEWAY_FATE_READ] = "dibaca", [GATEWAY_FATE_FAILED] = "gagal"};
    struct arena *a = in->arena;
    in->delivery_state = e->fate < sizeof states / sizeof *states ? states[e->fate] : NULL;
    in->delivery_alias = arena_strdup(a, e->alias);
    in->delivery_until = e->watermark_ms == GATEWAY_NO_TIME ? 0 : e->watermark_ms;
    in->delivery_closed = e->fate == GATEWAY_FATE_FAILED && mapping_code_is_window(g->mapping, e->error);
    in->own_reference = arena_strdup(a, e->id_key);
    in->reply_to = arena_strdup(a, e->chat);
    bool told = in->own_reference ? in->delivery_state || in->delivery_alias
                                  : in->delivery_state && in->delivery_until && in->reply_to;
    in->kind = told ? INBOUND_DELIVERY : INBOUND_OTHER;
    in->reason = in->delivery_closed ? arena_strdup(a, GATEWAY_CLOSED_WORDS)
                 : e->error          ? arena_printf(a, "gerbang melaporkan gagal, kode %s", e->error)
                            : arena_printf(a, "keadaan kiriman: %s", e->status ? e->status : "tidak disebut");
}

/* Why a message opens nothing; NULL = it is a citizen's, or an officer's answer by hand. */
static const char *ignore_reason(const struct gateway_event *e)
{
    bool said = e->as == GATEWAY_MESSAGE || e->as == GATEWAY_EDIT || e->as == GATEWAY_REVOKE;
    if (!said)
        return e->as == GATEWAY_SESSION ? "keadaan sesi gerbang" : NULL;
    if (e->group)
        return "pesan grup";
    if (e->from_me && e->as != GATEWAY_MESSAGE)
        return "pesan kantor sendiri diubah atau ditarik";
    if (e->from_me && e->source && !strcmp(e->source, "api"))
        return "kiriman kami sendiri";
    if (e->as != GATEWAY_MESSAGE)
        return e->id ? NULL : "perubahan tanpa nama pesannya";
    if (e->kind == GATEWAY_KIND_REACTION)
        return "tanggapan emoji";
    if (e->kind == GATEWAY_KIND_SYSTEM)
        return "pesan sistem";
    if (e->kind == GATEWAY_KIND_UNKNOWN && !e->text && !e->choice && !mapping_media_may_have(e))
        return "kejadian yang tidak dikenal";
    return e->chat ? NULL : "pesan tanpa pengirim";
}

static bool is_stale(const struct gateway *g, const struct inbound *in, int64_t now_ms)
{
    return g->stale_ms && in->claimed_at && now_ms - in->claimed_at > g->stale_ms;
}

/* Without id and time the same words may be a repetition of the gateway's (Fonnte: one a minute, fifteen times) or of the
 * citizen's. Two rows of windows, half a window apart: what comes within 16 minutes shares one of them. */
static void name_arrival(struct inbound *in, const struct gateway_event *e, int64_t now_ms)
{
    if (!e->dedupe_windowed) {
        in->external = arena_strdup(in->arena, e->dedupe);
        return;
    }
    in->external = arena_printf(in->arena, "%s@%" PRId64, e->dedupe, now_ms / DEDUPE_WINDOW_MS);
    in->digest = arena_printf(
        in->arena, "%s@@%" PRId64, e->dedupe, (now_ms + DEDUPE_WINDOW_MS / 2) / DEDUPE_WINDOW_MS);
}

struct inbound *event_inbound(
    const struct gateway *g, const struct gateway_event *e, const void *raw, size_t size, int64_t now_ms)
{
    struct inbound *in = inbound_new(raw, size);
    if (!in)
        return NULL;
    name_arrival(in, e, now_ms);
    const char *reason = ignore_reason(e);
    if (reason) {
        in->kind = INBOUND_OTHER;
        in->reason = arena_strdup(in->arena, reason);
    } else if (e->as == GATEWAY_STATUS)
        fill_status(g, e, in);
    else if (e->as == GATEWAY_MESSAGE)
        fill_message(g, e, in);
    else
        fill_change(g, e, in);
    in->stale = is_stale(g, in, now_ms);
    return whole(in);
}
