#include "event_identity.h"
#include "rules/phone.h"
#include <sodium.h>
#include <string.h>

bool event_identity_is_crowd(const struct gateway_mapping *m, const char *chat)
{
    enum phone_id_kind kind = mapping_id_kind(m, chat);
    return kind == PHONE_ID_GROUP || kind == PHONE_ID_CHANNEL || kind == PHONE_ID_STATUS;
}

/* ---- who ---- */

struct identity {
    const char *scheme, *value; /* scheme NULL = none */
};

static struct identity identify(const struct gateway_mapping *m, const char *id, struct arena *arena)
{
    char phone[PHONE_MAX];
    if (!id || event_identity_is_crowd(m, id))
        return (struct identity){0};
    if (m->identity) /* digits, but never a telephone number */
        return (struct identity){m->identity, id};
    switch (phone_id_kind(id)) {
    case PHONE_ID_PHONE:
        phone_from_wa_id(id, phone);
        return (struct identity){"phone", arena_strdup(arena, phone)};
    case PHONE_ID_LID: /* without ":device" and suffix, so that every gateway names the person alike */
        return (struct identity){"lid", arena_strndup(arena, id, strcspn(id, ":@"))};
    case PHONE_ID_BSUID:
        return (struct identity){"bsuid", id};
    default:
        return (struct identity){"id", id};
    }
}

static bool is_same_identity(struct identity a, struct identity b)
{
    return a.scheme && b.scheme && !strcmp(a.scheme, b.scheme) && a.value && b.value &&
           !strcmp(a.value, b.value);
}

void event_identity_read(const struct gateway_mapping *m, struct gateway_event *e, const char *from,
    const char *lid, struct arena *arena)
{
    struct identity sender = identify(m, from, arena), alias = identify(m, lid, arena);
    if (!sender.scheme) {
        sender = alias;
        alias = (struct identity){0};
    }
    bool is_said = e->as == GATEWAY_MESSAGE || e->as == GATEWAY_EDIT || e->as == GATEWAY_REVOKE;
    if (!sender.scheme && is_said && !e->group && !e->from_me) /* the chat of two is named after the other */
        sender = identify(m, e->chat, arena);
    if (is_same_identity(sender, alias))
        alias = (struct identity){0};
    struct identity chat = {0};
    if (!e->group)
        chat = identify(m, e->chat, arena);
    e->chat_scheme = chat.scheme;
    e->chat_value = chat.value;
    e->sender_scheme = sender.scheme;
    e->sender_value = sender.value;
    e->alias_scheme = alias.scheme;
    e->alias_value = alias.value;
    e->from = sender.scheme && !strcmp(sender.scheme, "phone") ? sender.value : NULL;
}

/* ---- told twice ---- */

/* WAHA: "false_<chat>_<id>" or "false_<chat>_<id>_<participant>"; chats hold no "_". */
const char *gateway_id_key(
    const struct gateway_mapping *m, const char *chat, const char *id, struct arena *arena)
{
    if (id && chat && m->ids_of_chat)
        return arena_printf(arena, "%s/%s", chat, id);
    if (!id || (strncmp(id, "true_", 5) && strncmp(id, "false_", 6)))
        return id;
    const char *mark = strchr(strchr(id, '_') + 1, '_');
    if (!mark || !mark[1] || mark[1] == '_')
        return id;
    return arena_strndup(arena, mark + 1, strcspn(mark + 1, "_"));
}

static const char *dedupe_text(const struct gateway_event *e, enum field_id field, struct arena *arena)
{
    switch (field) {
    case FIELD_ID:
        return e->id_key;
    case FIELD_CHAT:
        return e->chat;
    case FIELD_FROM:
    case FIELD_LID:
        return e->sender_value;
    case FIELD_NAME:
        return e->name;
    case FIELD_TIME:
        return e->time_ms == GATEWAY_NO_TIME ? NULL : arena_printf(arena, "%lld", (long long)e->time_ms);
    case FIELD_TEXT:
        return e->text;
    case FIELD_CHOICE:
        return e->choice;
    case FIELD_REPLY_TO:
        return e->reply_to;
    case FIELD_MEDIA:
        return e->media;
    case FIELD_FILENAME:
        return e->filename;
    case FIELD_LAT:
    case FIELD_LON:
        return e->lat > 90 ? NULL : arena_printf(arena, "%.7f,%.7f", e->lat, e->lon);
    case FIELD_EMOJI:
        return e->emoji;
    case FIELD_REACT_TO:
        return e->react_to;
    case FIELD_DEVICE:
        return e->device;
    case FIELD_STATUS:
        return e->status;
    case FIELD_ERROR:
        return e->error;
    case FIELD_ALIAS:
        return e->alias;
    case FIELD_WATERMARK:
        return e->watermark_ms == GATEWAY_NO_TIME ? NULL
                                                  : arena_printf(arena, "%lld", (long long)e->watermark_ms);
    default: /* flags and words that follow from the rest */
        return gateway_kind_name(e->kind);
    }
}

/* "size:bytes;" for each, so that no two lists look alike. */
static void add_digest(crypto_hash_sha256_state *state, const char *text, struct arena *arena)
{
    const char *head = arena_printf(arena, "%zu:", text ? strlen(text) : 0);
    if (head)
        crypto_hash_sha256_update(state, (const unsigned char *)head, strlen(head));
    if (text)
        crypto_hash_sha256_update(state, (const unsigned char *)text, strlen(text));
}

static const char *digest(
    const struct gateway_event *e, const enum field_id *list, size_t count, struct arena *arena)
{
    crypto_hash_sha256_state state;
    unsigned char sum[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof sum + 1];
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < count; i++)
        add_digest(&state, dedupe_text(e, list[i], arena), arena);
    crypto_hash_sha256_final(&state, sum);
    return arena_strdup(arena, sodium_bin2hex(hex, sizeof hex, sum, sizeof sum));
}

void event_identity_dedupe(
    struct gateway_event *e, const enum field_id *list, size_t count, struct arena *arena)
{
    static const char *const as_names[] = {"message", "status", "edit", "revoke", "session"};
    static const enum field_id whole[] = {FIELD_DEVICE, FIELD_CHAT, FIELD_FROM, FIELD_TIME, FIELD_KIND,
        FIELD_TEXT, FIELD_MEDIA, FIELD_LAT, FIELD_STATUS, FIELD_EMOJI, FIELD_REACT_TO, FIELD_WATERMARK};
    static const enum field_id edited[] = {FIELD_TEXT}, told[] = {FIELD_STATUS, FIELD_ERROR};
    const char *as = as_names[e->as];
    if (e->event) {
        e->dedupe = arena_printf(arena, "%s:event:%s", as, e->event);
    } else if (!e->id) {
        const char *sum =
            count ? digest(e, list, count, arena) : digest(e, whole, sizeof whole / sizeof *whole, arena);
        e->dedupe = arena_printf(arena, "%s:sha256:%s", as, sum ? sum : "");
        e->dedupe_windowed = e->time_ms == GATEWAY_NO_TIME;
    } else if (e->as == GATEWAY_EDIT) { /* one message may be edited many times */
        e->dedupe = arena_printf(arena, "%s:%s:%.16s", as, e->id_key, digest(e, edited, 1, arena));
    } else if (e->as == GATEWAY_STATUS) {
        e->dedupe = arena_printf(arena, "%s:%s:%.16s", as, e->id_key, digest(e, told, 2, arena));
    } else { /* an officer may delete for himself what its writer revokes later */
        bool ours = e->as == GATEWAY_REVOKE && e->from_me;
        e->dedupe = arena_printf(arena, "%s:%s%s", as, ours ? "own:" : "", e->id_key);
    }
}
