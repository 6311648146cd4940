#include "compose.h"
#include "daemon/base/embedded.h"
#include "daemon/base/random.h"
#include "daemon/base/str.h"
#include "daemon/book/message.h"
#include "daemon/book/outbox.h"
#include "route.h"
#include "rules/register.h"
#include "rules/words_date.h"
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 256 * 1024, REFERENCES_MAX = 20 };

struct word {
    const char *name, *value;
};

/* Replaces {name} by its value; an unknown {name} stays as it is, so that a citizen's braces do no harm. */
static void fill(struct str *out, const char *template, const struct word *words)
{
    for (const char *p = template; *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        const struct word *w = words;
        while (end && w->name &&
               (strlen(w->name) != (size_t)(end - p - 1) || strncmp(w->name, p + 1, (size_t)(end - p - 1))))
            w++;
        if (end && w->name) {
            str_adds(out, w->value);
            p = end + 1;
        } else
            str_addc(out, *p++);
    }
}

static const char *reply_template(const char *purpose, struct arena *arena)
{
    const char *path = arena_printf(arena, "config/replies/%s.txt", purpose);
    const struct embedded_file *file = path ? embedded_find(path) : NULL;
    return file ? file->data : "{isi}\n";
}

static const char *salutation(const struct letter *letter, struct arena *arena)
{
    const char *nama = letter->citizen ? letter->citizen->nama : NULL;
    return nama && *nama ? arena_printf(arena, "Yth. Bapak/Ibu %s,", nama) : "Yth. Bapak/Ibu,";
}

static char *finish(struct str *out, struct arena *arena)
{
    while (out->len && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == ' '))
        str_cut(out, out->len - 1);
    str_addc(out, '\n');
    char *text = str_ok(out) ? arena_strndup(arena, out->data, out->len) : NULL;
    str_release(out);
    return text;
}

static const char *footer(const struct office *office, struct arena *arena)
{
    const struct word words[] = {{"kantor", office->name}, {"alamat_kantor", office->address},
        {"telepon", office->phone}, {NULL, NULL}};
    struct str out;
    str_init(&out, TEXT_MAX);
    fill(&out, reply_template("kaki", arena), words);
    return finish(&out, arena);
}

static const char *due_words(const struct office *office, const struct complaint *c, struct arena *arena)
{
    char words[96] = "";
    if (c->due_at)
        words_date_long(words, sizeof words, c->due_at, office->utc_offset_minutes);
    return arena_strdup(arena, words);
}

static char *fill_template(const struct office *office, const struct complaint *c, const char *name,
    const char *greeting, const char *text, struct arena *arena)
{
    char code[REGISTER_SHOWN_SIZE];
    register_code_show(code, c->code);
    const struct word words[] = {
        {"sapaan", greeting},
        {"isi", text ? text : ""},
        {"nomor", c->number},
        {"kode", code},
        {"batas", due_words(office, c, arena)},
        {"jalur", route_channel_label(c->channel)},
        {"kantor", office->name},
        {"tautan", arena_printf(arena, "%s/lacak", office->public_url)},
        {"tautan_meja", arena_printf(arena, "%s/aduan/%lld", office->public_url, (long long)c->id)},
        {"kaki", footer(office, arena)},
        {NULL, NULL},
    };
    struct str out;
    str_init(&out, TEXT_MAX);
    fill(&out, reply_template(name, arena), words);
    return finish(&out, arena);
}

const char *compose_text(const struct office *office, const struct letter *letter, struct arena *arena)
{
    return fill_template(
        office, letter->complaint, letter->purpose, salutation(letter, arena), letter->text, arena);
}

/* RFC 5322 3.6.4: unique for ever, and the same over all attempts because it stands in the outbox row. */
static const char *new_message_id(const struct office *office, struct arena *arena)
{
    unsigned char noise[16];
    char hex[2 * sizeof noise + 1];
    random_bytes(noise, sizeof noise);
    sodium_bin2hex(hex, sizeof hex, noise, sizeof noise);
    return arena_printf(arena, "%s@%s", hex, office->mail_domain);
}

static const char *reference_scheme(const char *channel)
{
    return strncmp(channel, "email", 5) ? channel : "mail";
}

/* Chains the letter to what the citizen wrote: References and In-Reply-To, or the message a chat quotes. */
static enum outcome add_thread(struct book_txn *txn, json_t *payload, const char *channel,
    int64_t complaint_id, struct arena *arena, struct fault *fault)
{
    const char **ids = NULL;
    size_t count = 0;
    enum outcome outcome = reference_list(
        txn, reference_scheme(channel), complaint_id, REFERENCES_MAX, &ids, &count, arena, fault);
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

static enum outcome queue_payload(struct book_txn *txn, const struct letter *letter, const char *channel,
    json_t *payload, int64_t *ret_id, struct fault *fault)
{
    char *text = json_dumps(payload, JSON_COMPACT);
    int64_t complaint_id = letter->complaint ? letter->complaint->id : 0;
    enum outcome outcome = text ? outbox_add(txn, complaint_id, letter->message_id, channel, letter->purpose,
                                      text, ret_id, fault)
                                : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a letter");
    free(text);
    return outcome;
}

enum outcome compose_letter(struct book_txn *txn, const struct office *office, const struct letter *letter,
    int64_t *ret_outbox, struct arena *arena, struct fault *fault)
{
    const struct complaint *c = letter->complaint;
    struct route route = route_of(office, c);
    int64_t id = 0;
    *ret_outbox = 0;
    if (!route.channel || (!*route.to && strcmp(route.channel, "situs")))
        return OUTCOME_DONE;
    const char *message_id = new_message_id(office, arena);
    const char *text = compose_text(office, letter, arena);
    json_t *payload = json_pack("{s:s, s:s, s:s, s:s, s:s?, s:b}", "to", route.to, "subject",
        arena_printf(arena, "Re: %s [%s]", c->subject, c->number), "text", text ? text : "", "message_id",
        message_id ? message_id : "", "name", letter->citizen ? letter->citizen->nama : NULL, "automatic",
        letter->automatic);
    enum outcome outcome = add_thread(txn, payload, route.channel, c->id, arena, fault);
    if (!outcome && (!payload || !text || !message_id))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for a letter");
    if (!outcome)
        outcome = queue_payload(txn, letter, route.channel, payload, &id, fault);
    if (!outcome && !strncmp(route.channel, "email", 5))
        outcome = reference_add(txn, "mail", message_id, c->id, fault);
    json_decref(payload);
    *ret_outbox = outcome ? 0 : id;
    return outcome;
}

enum outcome compose_notice(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const char *to, struct arena *arena, struct fault *fault)
{
    const char *text = fill_template(office, c, "pemberitahuan", "", "", arena);
    const char *message_id = new_message_id(office, arena);
    const char *subject = arena_printf(arena, "Aduan baru %s", c->number);
    if (!text || !message_id || !subject)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a notice");
    json_t *payload = json_pack("{s:s, s:s, s:s, s:s, s:b}", "to", to, "subject", subject, "text", text,
        "message_id", message_id, "automatic", 1);
    const struct letter letter = {.complaint = c, .purpose = "pemberitahuan"};
    enum outcome outcome = payload ? queue_payload(txn, &letter, "email", payload, NULL, fault)
                                   : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a notice");
    json_decref(payload);
    return outcome;
}

enum outcome compose_alarm(struct book_txn *txn, const struct office *office, const char *to,
    const char *subject, const char *sentence, struct arena *arena, struct fault *fault)
{
    const char *text = arena_printf(arena, "%s\n\n%s", sentence, footer(office, arena));
    const char *message_id = new_message_id(office, arena);
    json_t *payload = text && message_id
                          ? json_pack("{s:s, s:s, s:s, s:s, s:b}", "to", to, "subject", subject, "text", text,
                                "message_id", message_id, "automatic", 1)
                          : NULL;
    const struct letter letter = {.purpose = "pemberitahuan"};
    enum outcome outcome = payload ? queue_payload(txn, &letter, "email", payload, NULL, fault)
                                   : fault_set(fault, OUTCOME_LATER, NULL, "no memory for an alarm");
    json_decref(payload);
    return outcome;
}
