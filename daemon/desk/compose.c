#include "compose.h"
#include "daemon/base/json_read.h"
#include "daemon/base/random.h"
#include "daemon/book/outbox.h"
#include "daemon/book/secret.h"
#include "reply.h"
#include "route.h"
#include "rules/register.h"
#include "rules/words_date.h"
#include <ctype.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { REFERENCES_MAX = 20 };

static enum outcome no_memory(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a letter");
}

/* ---- text ---- */

static const char *salutation(const struct letter *letter, struct arena *arena)
{
    const char *nama = letter->citizen ? letter->citizen->nama : NULL;
    return nama && *nama ? arena_printf(arena, "Yth. Bapak/Ibu %s,", nama) : "Yth. Bapak/Ibu,";
}

static enum outcome footer(struct book_txn *txn, const struct office *office, const char **ret_text,
    struct arena *arena, struct fault *fault)
{
    const struct reply_word words[] = {{"kantor", office->name}, {"alamat_kantor", office->address},
        {"telepon", office->phone}, {NULL, NULL}};
    const char *text;
    bool changed;
    enum outcome outcome = reply_text(txn, reply_find("kaki"), &text, &changed, arena, fault);
    if (!outcome)
        *ret_text = reply_fill(text, words, arena);
    return outcome || *ret_text ? outcome : no_memory(fault);
}

static const char *due_words(const struct office *office, const struct complaint *c, struct arena *arena)
{
    char words[96] = "";
    if (c->due_at)
        words_date_long(words, sizeof words, c->due_at, office->utc_offset_minutes);
    return arena_strdup(arena, words);
}

enum outcome compose_text(struct book_txn *txn, const struct office *office, const struct letter *letter,
    const char *template, const char **ret_text, struct arena *arena, struct fault *fault)
{
    const struct complaint *c = letter->complaint;
    const struct reply_kind *kind = reply_find(letter->purpose);
    char code[REGISTER_SHOWN_SIZE];
    const char *end = "";
    bool changed;
    if (!kind)
        return fault_set(fault, OUTCOME_STOP, NULL, "no reply text %s", letter->purpose);
    enum outcome outcome = footer(txn, office, &end, arena, fault);
    if (!outcome && !template)
        outcome = reply_text(txn, kind, &template, &changed, arena, fault);
    if (outcome)
        return outcome;
    register_code_show(code, c->code);
    const struct reply_word words[] = {
        {"sapaan", salutation(letter, arena)},
        {"isi", letter->text},
        {"catatan", letter->note},
        {"nomor", c->number},
        {"kode", code},
        {"batas", due_words(office, c, arena)},
        {"jalur", route_channel_label(c->channel)},
        {"kantor", office->name},
        {"alamat_kantor", office->address},
        {"telepon", office->phone},
        {"tautan", arena_printf(arena, "%s/lacak", office->public_url)},
        {"tautan_meja", arena_printf(arena, "%s/aduan/%lld", office->public_url, (long long)c->id)},
        {"instansi", c->referred_to},
        {"nomor_instansi",
            c->referred_number ? arena_printf(arena, "Nomor di sana: %s", c->referred_number) : NULL},
        {"kaki", end},
        {NULL, NULL},
    };
    *ret_text = reply_fill(template, words, arena);
    return *ret_text ? OUTCOME_DONE : no_memory(fault);
}

/* ---- envelope ---- */

/* RFC 5322 3.6.4: unique for ever, and the same over all attempts because it stands in the outbox row. */
static const char *new_message_id(
    const struct thread_key *key, const struct office *office, struct arena *arena)
{
    unsigned char noise[THREAD_NOISE_SIZE];
    char id[THREAD_ID_SIZE];
    random_bytes(noise, sizeof noise);
    thread_tag_id(key, noise, id);
    return arena_printf(arena, "%s@%s", id, office->mail_domain);
}

static bool is_mail(const char *channel)
{
    return !strncmp(channel, "email", 5);
}

/* Chains the letter to what the citizen wrote: References and In-Reply-To, or the message a chat quotes. */
static enum outcome add_thread(struct book_txn *txn, json_t *payload, const char *channel,
    int64_t complaint_id, struct arena *arena, struct fault *fault)
{
    const char **ids = NULL;
    size_t count = 0;
    enum outcome outcome = reference_list(
        txn, is_mail(channel) ? "mail" : channel, complaint_id, REFERENCES_MAX, &ids, &count, arena, fault);
    if (outcome)
        return outcome;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(ids[i]));
    json_object_set_new(payload, "references", list);
    if (count)
        json_object_set_new(payload, "in_reply_to", json_string(ids[count - 1]));
    return OUTCOME_DONE;
}

/* The bytes are fetched when it is sent: desk/outbox_run.c. */
static void add_files(json_t *payload, const struct attachment *files)
{
    json_t *list = json_array();
    for (const struct attachment *a = files; a; a = a->next) {
        char hex[2 * sizeof a->blob.sha256 + 1];
        sodium_bin2hex(hex, sizeof hex, a->blob.sha256, sizeof a->blob.sha256);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "sha256", hex, "filename", a->filename,
                                        "media_type", a->media_type));
    }
    if (json_array_size(list))
        json_object_set(payload, "files", list);
    json_decref(list);
}

static const char *lower(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *p = copy; p && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

static enum outcome queue_payload(
    struct book_txn *txn, struct outbox_new *row, json_t *payload, int64_t *ret_id, struct fault *fault)
{
    char *text = payload ? json_text(payload, JSON_COMPACT) : NULL;
    row->payload = text;
    enum outcome outcome = text ? outbox_add(txn, row, ret_id, fault) : no_memory(fault);
    free(text);
    return outcome;
}

static json_t *letter_payload(const struct letter *letter, const struct route *route, const char *text,
    const char *message_id, const struct thread_key *key, struct arena *arena)
{
    const struct complaint *c = letter->complaint;
    char tag[THREAD_TAG_SIZE];
    thread_tag_of_number(key, c->number, tag);
    json_t *payload = json_pack("{s:s, s:s, s:s, s:s, s:s?, s:b, s:b}", "to", route->to, "subject",
        arena_printf(arena, "Re: %s [%s#%s]", c->subject, c->number, tag), "text", text, "message_id",
        message_id, "name", letter->citizen ? letter->citizen->nama : NULL, "automatic", letter->automatic,
        "generated", letter->generated);
    if (payload)
        add_files(payload, letter->files);
    return payload;
}

enum outcome compose_letter(struct book_txn *txn, const struct office *office, const struct letter *letter,
    int64_t *ret_outbox, struct arena *arena, struct fault *fault)
{
    const struct complaint *c = letter->complaint;
    struct route route = route_of(office, c);
    struct thread_key key;
    const char *text = NULL;
    int64_t id = 0;
    *ret_outbox = 0;
    if (!route.channel || (!*route.to && strcmp(route.channel, "situs")))
        return OUTCOME_DONE;
    enum outcome outcome = compose_text(txn, office, letter, NULL, &text, arena, fault);
    if (!outcome)
        outcome = secret_thread_key(txn, &key, fault);
    if (outcome)
        return outcome;
    const char *message_id = new_message_id(&key, office, arena);
    if (!message_id)
        return no_memory(fault);
    json_t *payload = letter_payload(letter, &route, text, message_id, &key, arena);
    outcome = payload ? add_thread(txn, payload, route.channel, c->id, arena, fault) : no_memory(fault);
    if (!outcome)
        outcome = queue_payload(txn,
            &(struct outbox_new){.complaint_id = c->id,
                .message_id = letter->message_id,
                .channel = route.channel,
                .purpose = letter->purpose,
                .external = is_mail(route.channel) ? message_id : NULL,
                .recipient = *route.to ? lower(arena, route.to) : NULL,
                .chat = is_mail(route.channel) ? NULL : route.to,
                .automatic = letter->automatic},
            payload, &id, fault);
    if (!outcome && is_mail(route.channel))
        outcome = reference_add(txn, "mail", message_id, c->id, fault);
    json_decref(payload);
    *ret_outbox = outcome ? 0 : id;
    return outcome;
}

/* ---- to officers ---- */

static enum outcome queue_for_officer(struct book_txn *txn, const struct office *office, int64_t complaint_id,
    const char *to, const char *subject, const char *text, int64_t *ret_id, struct arena *arena,
    struct fault *fault)
{
    struct thread_key key;
    enum outcome outcome = secret_thread_key(txn, &key, fault);
    if (outcome)
        return outcome;
    const char *message_id = new_message_id(&key, office, arena);
    json_t *payload = json_pack("{s:s, s:s, s:s, s:s, s:b}", "to", to, "subject", subject ? subject : "",
        "text", text, "message_id", message_id ? message_id : "", "automatic", 1);
    outcome = queue_payload(txn,
        &(struct outbox_new){.complaint_id = complaint_id,
            .channel = "email",
            .purpose = "pemberitahuan",
            .external = message_id},
        payload, ret_id, fault);
    json_decref(payload);
    return outcome;
}

enum outcome compose_test(struct book_txn *txn, const struct office *office, const char *channel,
    const char *to, int64_t *ret_id, struct arena *arena, struct fault *fault)
{
    const char *text = arena_printf(arena,
        "Ini pesan uji dari Buku Pengaduan %s, dikirim dari halaman Pengaturan. Tidak perlu dibalas.",
        office->name);
    if (!text)
        return no_memory(fault);
    if (is_mail(channel))
        return queue_for_officer(txn, office, 0, to, "Surat uji", text, ret_id, arena, fault);
    json_t *payload = json_pack("{s:s, s:s, s:b}", "to", to, "text", text, "automatic", 1);
    enum outcome outcome = queue_payload(txn,
        &(struct outbox_new){.channel = channel, .purpose = "pemberitahuan", .chat = to, .automatic = true},
        payload, ret_id, fault);
    json_decref(payload);
    return outcome;
}

enum outcome compose_notice(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const char *to, struct arena *arena, struct fault *fault)
{
    const struct letter letter = {.complaint = c, .purpose = "pemberitahuan"};
    const char *text;
    enum outcome outcome = compose_text(txn, office, &letter, NULL, &text, arena, fault);
    return outcome ? outcome
                   : queue_for_officer(txn, office, c->id, to,
                         arena_printf(arena, "Aduan baru %s", c->number), text, NULL, arena, fault);
}

static enum outcome plain_words(struct book_txn *txn, const struct office *office, int64_t complaint_id,
    const char *to, const char *subject, const char *text, struct arena *arena, struct fault *fault)
{
    const char *end = "";
    enum outcome outcome = footer(txn, office, &end, arena, fault);
    return outcome ? outcome
                   : queue_for_officer(txn, office, complaint_id, to, subject,
                         arena_printf(arena, "%s\n\nPesan ini dikirim otomatis.\n%s", text, end), NULL, arena,
                         fault);
}

enum outcome compose_alarm(struct book_txn *txn, const struct office *office, const char *to,
    const char *subject, const char *text, struct arena *arena, struct fault *fault)
{
    return plain_words(txn, office, 0, to, subject, text, arena, fault);
}

enum outcome compose_reminder(struct book_txn *txn, const struct office *office, int64_t complaint_id,
    const char *to, const char *subject, const char *text, struct arena *arena, struct fault *fault)
{
    return plain_words(txn, office, complaint_id, to, subject, text, arena, fault);
}

enum outcome compose_reminder_chat(struct book_txn *txn, const struct office *office, int64_t complaint_id,
    const char *phone, const char *text, struct arena *arena, struct fault *fault)
{
    json_t *payload = json_pack("{s:s, s:s, s:b}", "to", phone, "text",
        arena_printf(arena, "%s\n\nPesan ini dikirim otomatis.", text), "automatic", 1);
    enum outcome outcome = queue_payload(txn,
        &(struct outbox_new){.complaint_id = complaint_id,
            .channel = office->wa_channel,
            .purpose = "pemberitahuan",
            .chat = phone},
        payload, NULL, fault);
    json_decref(payload);
    return outcome;
}

const char *compose_reminder_topic(struct book_txn *txn, const char *login, struct arena *arena)
{
    return arena_printf(arena, "pengaduan/%s/pengingat/%s", txn_options(txn)->office, login);
}

/* Not a letter of the complaint: its page shows none of it. */
enum outcome compose_reminder_mqtt(struct book_txn *txn, const char *login, const char *number,
    const char *text, struct arena *arena, struct fault *fault)
{
    const char *channel = txn_options(txn)->event_channel;
    if (!channel)
        return OUTCOME_DONE;
    json_t *payload = json_pack("{s:s, s:{s:s*, s:s}}", "topic", compose_reminder_topic(txn, login, arena),
        "event", "number", number, "text", text);
    enum outcome outcome = queue_payload(
        txn, &(struct outbox_new){.channel = channel, .purpose = "pemberitahuan"}, payload, NULL, fault);
    json_decref(payload);
    return outcome;
}
