#include "intake_chat.h"
#include "daemon/book/complaint.h"
#include "daemon/book/delivery.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/outbox.h"
#include "reroute.h"
#include "tell.h"
#include <string.h>

enum { QUOTED_CHARACTERS = 80 };
static const int64_t DAY_MS = 24LL * 3600 * 1000;
/* An answer by hand belongs to a matter that was alive not long ago. */
static const int64_t BY_HAND_MS = 30 * DAY_MS;
/* An echo of our own call comes within moments, or when the gateway is back. */
static const int64_t ECHO_MS = 10 * 60 * 1000;

/* ---- fates ---- */

enum outcome intake_delivery(struct chat_event *e, struct intake_result *ret)
{
    const struct inbound *in = e->in;
    const struct delivery d = {.external = in->own_reference,
        .alias = in->delivery_alias,
        .chat = in->reply_to,
        .until_ms = in->delivery_until,
        .state = in->delivery_state,
        .error = in->delivery_state && !strcmp(in->delivery_state, "gagal") ? in->reason : NULL,
        .closed = in->delivery_closed};
    struct delivery_about about;
    enum outcome outcome = delivery_told(e->txn, e->channel, &d, &about, e->fault);
    if (!outcome && about.closed)
        outcome =
            reroute_closed(e->txn, e->office, about.outbox_id, REROUTE_TOLD, &e->queued, e->arena, e->fault);
    e->reason = in->delivery_state ? in->delivery_state : in->reason;
    *ret = (struct intake_result){.outcome = "dicatat", .complaint_id = about.complaint_id};
    return outcome;
}

/* ---- answers by hand ---- */

static enum outcome ignored(struct chat_event *e, struct intake_result *ret, const char *why)
{
    e->reason = why;
    *ret = (struct intake_result){.outcome = "diabaikan"};
    return OUTCOME_DONE;
}

/* Some gateways echo what we sent through them, at times before they have answered the sending. */
static enum outcome is_echo(struct chat_event *e, bool *ret_echo)
{
    enum outcome outcome = OUTCOME_DONE;
    *ret_echo = false;
    if (e->in->own_reference)
        outcome = delivery_is_ours(e->txn, e->channel, e->in->own_reference, ret_echo, e->fault);
    if (!outcome && !*ret_echo)
        outcome = delivery_recognise(e->txn, e->channel, e->in->own_reference, e->in->text,
            txn_now(e->txn) - ECHO_MS, ret_echo, e->fault);
    return outcome;
}

static enum outcome keep_by_hand(struct chat_event *e, const struct complaint *c)
{
    struct message m = {.complaint_id = c->id,
        .claimed_at = e->in->claimed_at,
        .purpose = "jawaban",
        .channel = e->channel,
        .author = "Petugas, langsung dari telepon kantor",
        .text = e->in->text ? e->in->text : ""};
    enum outcome outcome = message_insert(e->txn, &m, e->fault);
    e->message_id = m.id;
    if (!outcome && e->in->own_reference)
        outcome = reference_add(e->txn, e->channel, e->in->own_reference, c->id, e->fault);
    if (outcome)
        return outcome;
    json_t *data = json_pack("{s:s}", "channel", e->channel);
    outcome = event_append(e->txn, c->id, c->number, "jawaban_langsung", "petugas", data, e->fault);
    json_decref(data);
    return outcome;
}

enum outcome intake_by_hand(struct chat_event *e, struct intake_result *ret)
{
    bool echo;
    int64_t complaint_id = 0;
    struct complaint c;
    enum outcome outcome = is_echo(e, &echo);
    if (outcome)
        return outcome;
    if (echo)
        return ignored(e, ret, "kiriman kami sendiri");
    if (e->citizen_id)
        outcome =
            complaint_latest_open(e->txn, e->citizen_id, e->channel, BY_HAND_MS, &complaint_id, e->fault);
    if (outcome || !complaint_id)
        return outcome ? outcome : ignored(e, ret, "pesan kantor sendiri, tanpa aduan");
    outcome = complaint_get(e->txn, complaint_id, &c, e->arena, e->fault);
    if (!outcome)
        outcome = keep_by_hand(e, &c);
    e->reason = "dijawab langsung dari telepon kantor";
    *ret = (struct intake_result){.outcome = "ditambahkan", .complaint_id = c.id, .number = c.number};
    return outcome;
}

/* ---- changed and taken back ---- */

/* The first words, cut before a character. */
static const char *quoted(const char *text, struct arena *arena)
{
    size_t n = 0, characters = 0;
    while (text[n] && characters < QUOTED_CHARACTERS) {
        n++;
        characters += ((unsigned char)text[n] & 0xC0) != 0x80;
    }
    return arena_printf(arena, "%.*s%s", (int)n, text, text[n] ? "…" : "");
}

/* What the message said that is meant; NULL = it is not in the book. */
static enum outcome former_text(struct chat_event *e, int64_t complaint_id, const char **ret_text)
{
    struct message *messages;
    size_t count;
    int64_t message_id = 0;
    *ret_text = NULL;
    enum outcome outcome =
        message_by_external(e->txn, e->channel, e->in->references[0], &message_id, e->fault);
    if (outcome || !message_id)
        return outcome;
    outcome = message_list(e->txn, complaint_id, &messages, &count, e->arena, e->fault);
    for (size_t i = 0; !outcome && i < count; i++)
        if (messages[i].id == message_id)
            *ret_text = messages[i].text;
    return outcome;
}

static enum outcome keep_change(struct chat_event *e, const struct complaint *c)
{
    const char *former, *text;
    bool edited = e->in->kind == INBOUND_EDITED;
    enum outcome outcome = former_text(e, c->id, &former);
    if (outcome)
        return outcome;
    const char *quote = former ? arena_printf(e->arena, " “%s”", quoted(former, e->arena)) : "";
    if (edited)
        text = arena_printf(e->arena, "Pengirim mengubah pesannya%s menjadi:\n\n%s", quote ? quote : "",
            e->in->text ? e->in->text : "");
    else
        text = arena_printf(
            e->arena, "Pengirim menarik kembali pesannya%s. Buku tetap menyimpannya.", quote ? quote : "");
    struct message m = {.complaint_id = c->id,
        .claimed_at = e->in->claimed_at,
        .purpose = "tambahan",
        .channel = e->channel,
        .author = "Pengadu",
        .text = text ? text : ""};
    outcome = message_insert(e->txn, &m, e->fault);
    e->message_id = m.id;
    if (!outcome) {
        json_t *data = json_pack("{s:s}", "channel", e->channel);
        outcome = event_append(
            e->txn, c->id, c->number, edited ? "pesan_diubah" : "pesan_ditarik", "pengadu", data, e->fault);
        json_decref(data);
    }
    return outcome ? outcome : tell_all_concerned(e->txn, c, "tambahan", e->fault);
}

enum outcome intake_changed(struct chat_event *e, struct intake_result *ret)
{
    int64_t complaint_id = 0;
    struct complaint c;
    enum outcome outcome = OUTCOME_DONE;
    const char *meant = e->in->references ? e->in->references[0] : NULL;
    if (meant)
        outcome = reference_find(e->txn, e->in->reference_scheme, meant, &complaint_id, e->fault);
    if (!outcome && complaint_id)
        outcome = complaint_get(e->txn, complaint_id, &c, e->arena, e->fault);
    if (outcome)
        return outcome;
    /* Only who wrote it may change it; our own messages are references of the complaint too. */
    if (!complaint_id || !e->citizen_id || c.citizen_id != e->citizen_id)
        return ignored(e, ret,
            e->in->kind == INBOUND_EDITED ? "pesan yang tidak ada di buku diubah"
                                          : "pesan yang tidak ada di buku ditarik");
    outcome = keep_change(e, &c);
    e->reason = e->in->kind == INBOUND_EDITED ? "pesan diubah pengirim" : "pesan ditarik pengirim";
    *ret = (struct intake_result){.outcome = "ditambahkan", .complaint_id = c.id, .number = c.number};
    return outcome;
}
