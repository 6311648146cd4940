#include "gateway_private.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

enum { ARENA_MAX = 16 << 20, DEDUPE_WINDOW_MS = 20 * 60 * 1000 };

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
    if (e->kind == GATEWAY_KIND_LOCATION && e->lat <= 90) /* degrees to 5 places: about a metre */
        return arena_printf(arena, "%s %.5f, %.5f%s%s", mark, e->lat, e->lon, *text ? "\n" : "", text);
    if (!mark)
        return arena_strdup(arena, text);
    return arena_printf(arena, "%s%s%s%s%s", mark, e->filename ? " " : "", e->filename ? e->filename : "",
        *text ? "\n" : "", text);
}

static void fill_sender(const struct gateway *g, const struct gateway_event *e, struct inbound *in)
{
    struct arena *a = in->arena;
    if (e->sender_scheme && e->sender_value) {
        in->identity_scheme = arena_printf(a, "%s/%s", g->id, e->sender_scheme);
        in->identity_value = arena_strdup(a, e->sender_value);
    }
    if (e->alias_scheme && e->alias_value) {
        in->alias_scheme = arena_printf(a, "%s/%s", g->id, e->alias_scheme);
        in->alias_value = arena_strdup(a, e->alias_value);
    }
    in->nama = arena_strdup(a, e->name);
    in->phone = arena_strdup(a, e->from);
    in->reply_to = arena_strdup(a, e->chat);
}

static void fill_message(const struct gateway *g, const struct gateway_event *e, struct inbound *in)
{
    struct arena *a = in->arena;
    in->kind = INBOUND_MESSAGE;
    fill_sender(g, e, in);
    in->text = text_of(e, a);
    if (e->media || e->media_b64)
        in->must_read = "berkasnya ada di WhatsApp kantor";
    in->claimed_at = e->time_ms == GATEWAY_NO_TIME ? 0 : e->time_ms;
    in->conversation = true;
    in->reference_scheme = g->id;
    in->own_reference = arena_strdup(a, e->id);
    if (e->reply_to) {
        const char **references = arena_alloc(a, 2 * sizeof *references);
        if (references)
            references[0] = arena_strdup(a, e->reply_to);
        in->references = references;
    }
}

static void fill_status(const struct gateway_event *e, struct inbound *in)
{
    static const char *const states[] = {
        [GATEWAY_FATE_DELIVERED] = "sampai", [GATEWAY_FATE_READ] = "dibaca", [GATEWAY_FATE_FAILED] = "gagal"};
    in->delivery_state = e->fate < sizeof states / sizeof *states ? states[e->fate] : NULL;
    in->own_reference = arena_strdup(in->arena, e->id_key);
    in->kind = in->delivery_state && in->own_reference ? INBOUND_DELIVERY : INBOUND_OTHER;
    in->reason =
        e->error ? arena_printf(in->arena, "gerbang melaporkan gagal, kode %s", e->error)
                 : arena_printf(in->arena, "keadaan kiriman: %s", e->status ? e->status : "tidak disebut");
}

/* Why a message opens nothing; NULL = it is a citizen's. */
static const char *ignore_reason(const struct gateway_event *e)
{
    if (e->group)
        return "pesan grup";
    if (e->from_me)
        return "pesan kantor sendiri";
    if (e->kind == GATEWAY_KIND_REACTION)
        return "tanggapan emoji";
    if (e->kind == GATEWAY_KIND_SYSTEM)
        return "pesan sistem WhatsApp";
    return NULL;
}

struct inbound *event_inbound(
    const struct gateway *g, const struct gateway_event *e, const void *raw, size_t size, int64_t now_ms)
{
    static const char *const reasons[] = {[GATEWAY_EDIT] = "pesan disunting pengirim",
        [GATEWAY_REVOKE] = "pesan ditarik pengirim",
        [GATEWAY_SESSION] = "keadaan sesi gerbang"};
    struct inbound *in = inbound_new(raw, size);
    if (!in)
        return NULL;
    in->external = e->dedupe_windowed
                       ? arena_printf(in->arena, "%s@%" PRId64, e->dedupe, now_ms / DEDUPE_WINDOW_MS)
                       : arena_strdup(in->arena, e->dedupe);
    const char *reason = e->as == GATEWAY_MESSAGE  ? ignore_reason(e)
                         : e->as == GATEWAY_STATUS ? NULL
                                                   : reasons[e->as];
    if (reason) {
        in->kind = INBOUND_OTHER;
        in->reason = arena_strdup(in->arena, reason);
    } else if (e->as == GATEWAY_STATUS)
        fill_status(e, in);
    else
        fill_message(g, e, in);
    return whole(in);
}
