/* Questions: which comes next, and what time does. */
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "dialog_private.h"
#include <string.h>

enum { ASKED_MOST = 2 }; /* the same question is put again once */

static const char *const fields[CHAT_FIELDS] = {"nama", "pekerjaan", "alamat"};

const char *dialog_field_key(enum chat_field field)
{
    return fields[field];
}

enum chat_field dialog_field(const char *asked)
{
    int field = 0;
    while (asked && field < CHAT_FIELDS && strcmp(fields[field], asked))
        field++;
    return asked ? (enum chat_field)field : CHAT_NOTHING_ASKED;
}

/* A name from the profile of a telephone ("Bunda Aisyah") is none; the rest may be known from an earlier form. */
unsigned dialog_missing(const struct dialog *d, const struct citizen *citizen)
{
    unsigned missing = 0;
    for (unsigned field = 0; field < CHAT_FIELDS; field++)
        if (!d->chat.said[field] && !(d->chat.skipped & 1u << field))
            missing |= 1u << field;
    if (citizen->pekerjaan)
        missing &= ~(1u << CHAT_PEKERJAAN);
    if (citizen->alamat)
        missing &= ~(1u << CHAT_ALAMAT);
    return missing;
}

void dialog_finish(struct dialog *d)
{
    d->chat.finished = true;
    d->chat.asked = NULL;
    d->chat.asked_times = 0;
    d->chat.wake_at = 0;
}

/* A question that is held back was not asked: his next line is no answer to it, and lets the desk try again. */
static enum outcome ask(struct dialog *d, const char *asked, const char *before)
{
    bool again = d->chat.asked && !strcmp(d->chat.asked, asked);
    const char *question = dialog_question(d, asked);
    enum outcome outcome =
        dialog_say(d, before ? arena_printf(d->arena, "%s %s", before, question) : question);
    if (outcome)
        return outcome;
    d->chat.asked_times = !d->said ? 0 : again ? d->chat.asked_times + 1 : 1;
    d->chat.asked = d->said ? asked : NULL;
    d->chat.asked_at = txn_now(d->txn);
    d->chat.wake_at = d->said ? d->chat.asked_at + d->office->chat.give_up_ms : 0;
    return OUTCOME_DONE;
}

static enum outcome end(struct dialog *d, const char *before)
{
    bool talked = d->chat.asked != NULL;
    dialog_finish(d);
    if (!talked)
        return OUTCOME_DONE; /* he had told everything by himself: the receipt says enough */
    return dialog_say(d, arena_printf(d->arena,
                             "%s%sData untuk aduan %s sudah lengkap. Bila ada tambahan (keterangan, "
                             "foto, lokasi), kirim saja ke sini.",
                             before ? before : "", before ? " " : "", d->c.number));
}

enum outcome dialog_ask_next(struct dialog *d, const char *before)
{
    struct citizen citizen = {0};
    enum outcome outcome =
        d->citizen_id ? citizen_get(d->txn, d->citizen_id, &citizen, d->arena, d->fault) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    unsigned missing = strcmp(d->c.confidentiality, "anonim") ? dialog_missing(d, &citizen) : 0;
    for (int field = 0; field < CHAT_FIELDS; field++)
        if (missing & 1u << field)
            return ask(d, fields[field], before);
    return end(d, before);
}

/* ---- time ---- */

/* Whether he has said anything in words yet. */
static enum outcome has_words(struct dialog *d, bool *ret)
{
    struct message *messages;
    size_t count;
    *ret = false;
    enum outcome outcome = message_list(d->txn, d->c.id, &messages, &count, d->arena, d->fault);
    for (size_t i = 0; !outcome && i < count && !*ret; i++) {
        const char *text = messages[i].text, *caption = *text == '[' ? strchr(text, '\n') : text;
        *ret = !messages[i].officer_id && strcmp(messages[i].purpose, "obrolan") && caption && *caption;
    }
    return outcome;
}

static enum outcome farewell(struct dialog *d)
{
    dialog_finish(d);
    return dialog_say(d, arena_printf(d->arena,
                             "Tidak apa-apa bila belum sempat menjawab. Aduan %s tetap kami tangani; "
                             "keterangan lain boleh menyusul kapan saja.",
                             d->c.number));
}

/* He wrote about the matter while a question waited: it is put once more, with the reason for it. */
static enum outcome insist(struct dialog *d)
{
    if (d->chat.asked_times >= ASKED_MOST) {
        d->chat.wake_at = d->chat.asked_at + d->office->chat.give_up_ms;
        return OUTCOME_DONE;
    }
    return ask(d, d->chat.asked,
        "Baik, sudah kami catat dan tetap kami tangani. Data diri hanya dipakai petugas untuk "
        "menindaklanjuti.");
}

static enum outcome complete(struct dialog *d)
{
    bool words = false, waits = dialog_field(d->chat.asked) != CHAT_NOTHING_ASKED;
    bool matter = d->chat.asked && !strcmp(d->chat.asked, DIALOG_ASKED_MATTER);
    enum outcome outcome = complaint_get(d->txn, d->chat.complaint_id, &d->c, d->arena, d->fault);
    if (outcome)
        return outcome;
    if (!state_open(d->c.state)) {
        dialog_finish(d);
        return OUTCOME_DONE;
    }
    if ((waits || matter) && txn_now(d->txn) >= d->chat.asked_at + d->office->chat.give_up_ms)
        return farewell(d);
    if (waits)
        return insist(d);
    outcome = has_words(d, &words);
    if (outcome || words)
        return outcome ? outcome : dialog_ask_next(d, NULL);
    if (matter) {
        d->chat.wake_at = d->chat.asked_at + d->office->chat.give_up_ms;
        return OUTCOME_DONE;
    }
    return ask(d, DIALOG_ASKED_MATTER, NULL);
}

static enum outcome go_on(struct dialog *d)
{
    d->chat.wake_at = 0;
    if (!d->chat.finished && d->chat.complaint_id)
        return complete(d);
    if (d->chat.asked && !strcmp(d->chat.asked, DIALOG_ASKED_GREETING)) {
        d->chat.asked = NULL;
        d->chat.asked_at = txn_now(d->txn);
        return dialog_say(d, dialog_greeting(d));
    }
    return OUTCOME_DONE;
}

enum outcome dialog_wake(struct book_txn *txn, const struct office *office, int64_t *ret_next,
    struct arena *arena, struct fault *fault)
{
    struct dialog d = {.txn = txn, .office = office, .arena = arena, .fault = fault};
    bool found;
    enum outcome outcome = chat_due(txn, txn_now(txn), &d.chat, &found, ret_next, arena, fault);
    if (outcome || !found)
        return outcome;
    d.citizen_id = d.chat.citizen_id;
    outcome = go_on(&d);
    if (!outcome)
        outcome = chat_put(txn, &d.chat, fault);
    struct chat ignored;
    return outcome ? outcome : chat_due(txn, 0, &ignored, &found, ret_next, arena, fault);
}
