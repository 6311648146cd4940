/* What is done about a line that is an answer, a command or a courtesy. */
#include "act.h"
#include "daemon/book/citizen.h"
#include "daemon/book/event.h"
#include "dialog_private.h"
#include "rating.h"
#include "tell.h"
#include <jansson.h>
#include <string.h>

static bool in_open(const struct dialog *d)
{
    return d->c.id && state_open(d->c.state);
}

/* ---- who he is ---- */

static enum outcome note(struct dialog *d, const char *kind, json_t *data)
{
    enum outcome outcome = event_append(d->txn, d->c.id, d->c.number, kind, "pengadu", data, d->fault);
    json_decref(data);
    return outcome;
}

static enum outcome store_citizen(struct dialog *d, json_t *fields)
{
    struct citizen citizen = {0};
    enum outcome outcome =
        d->citizen_id ? citizen_get(d->txn, d->citizen_id, &citizen, d->arena, d->fault) : OUTCOME_DONE;
    if (outcome || !d->citizen_id)
        return outcome;
    const char **known[CHAT_FIELDS] = {&citizen.nama, &citizen.pekerjaan, &citizen.alamat};
    for (int field = 0; field < CHAT_FIELDS; field++) {
        const char *said = d->chat.said[field];
        if (!said || (*known[field] && !strcmp(*known[field], said)))
            continue;
        *known[field] = said;
        json_array_append_new(fields, json_string(dialog_field_key((enum chat_field)field)));
    }
    return json_array_size(fields) ? citizen_update(d->txn, &citizen, d->fault) : OUTCOME_DONE;
}

/* Told before there was a complaint, it waits in the chat; told to a complaint, it stands in the book. */
static enum outcome settle_identity(struct dialog *d)
{
    bool told = false;
    for (int field = 0; field < CHAT_FIELDS; field++)
        told |= *d->reading.value[field] != 0;
    if (!in_open(d) || (!told && d->chat.complaint_id != d->c.id))
        return OUTCOME_DONE;
    json_t *fields = json_array();
    enum outcome outcome = store_citizen(d, fields);
    if (!outcome && json_array_size(fields))
        outcome = note(d, "lengkapi_identitas", json_pack("{s:O}", "fields", fields));
    json_decref(fields);
    return outcome;
}

static enum outcome hide(struct dialog *d)
{
    if (!in_open(d) || !d->chat.anonym || strcmp(d->c.confidentiality, "biasa"))
        return OUTCOME_DONE;
    d->c.confidentiality = "anonim";
    enum outcome outcome = complaint_update(d->txn, &d->c, d->fault);
    return outcome ? outcome : note(d, "anonim", json_pack("{s:s}", "channel", d->chat.channel));
}

enum outcome dialog_learn(struct dialog *d)
{
    for (int field = 0; field < CHAT_FIELDS; field++)
        if (*d->reading.value[field]) {
            d->chat.said[field] = arena_strdup(d->arena, d->reading.value[field]);
            if (!d->chat.said[field])
                return fault_set(d->fault, OUTCOME_LATER, NULL, "no memory for an answer");
        }
    if (*d->reading.value[CHAT_NAMA])
        d->chat.anonym = false; /* who tells his name is not hiding it */
    d->chat.anonym |= d->reading.anonym;
    enum outcome outcome = hide(d);
    return outcome || d->chat.anonym ? outcome : settle_identity(d);
}

/* ---- answers ---- */

static enum outcome answered(struct dialog *d)
{
    const char *name = *d->reading.value[CHAT_NAMA] ? d->reading.value[CHAT_NAMA] : NULL;
    if (d->chat.finished || d->chat.complaint_id != d->c.id)
        return dialog_say(d, "Terima kasih, sudah kami catat.");
    return dialog_ask_next(d, name ? arena_printf(d->arena, "Terima kasih, %s.", name) : "Terima kasih.");
}

static enum outcome stays_nameless(struct dialog *d)
{
    bool first = !d->chat.finished;
    dialog_finish(d);
    if (!first)
        return OUTCOME_DONE;
    return dialog_say(d,
        "Baik, nama Anda tidak kami tampilkan. Aduan tetap kami tangani dan jawabannya kami kirim ke sini.");
}

static enum outcome skipped(struct dialog *d)
{
    enum chat_field field = dialog_field(d->chat.asked);
    if (field == CHAT_NOTHING_ASKED)
        return OUTCOME_DONE;
    d->chat.skipped |= 1u << field;
    return dialog_ask_next(d, "Baik.");
}

static enum outcome done(struct dialog *d)
{
    bool first = !d->chat.finished;
    dialog_finish(d);
    if (!first || !in_open(d))
        return OUTCOME_DONE;
    return dialog_say(
        d, arena_printf(d->arena,
               "Baik, terima kasih. Aduan %s sudah tercatat dan kami tangani. Keterangan lain boleh "
               "menyusul kapan saja.",
               d->c.number));
}

/* ---- commands ---- */

static enum outcome cancel(struct dialog *d)
{
    bool queued = false;
    dialog_finish(d);
    if (!in_open(d))
        return dialog_say(d, "Tidak ada aduan yang sedang berjalan, jadi tidak ada yang perlu dibatalkan.");
    if (!state_find_move(d->c.state, ACTION_ARSIPKAN, ACTOR_PENGADU)) {
        enum outcome told = tell_all_concerned(d->txn, &d->c, "minta_batal", d->fault);
        return told ? told
                    : dialog_say(
                          d, "Aduan ini sudah dikerjakan. Permintaan Anda kami teruskan kepada petugas.");
    }
    const struct act act = {
        .complaint_id = d->c.id, .action = ACTION_ARSIPKAN, .text = "Dibatalkan oleh pengadu lewat obrolan."};
    enum outcome outcome = act_on(d->txn, d->office, &act, &queued, d->arena, d->fault);
    d->queued |= queued;
    return outcome ? outcome
                   : dialog_say(d, arena_printf(d->arena,
                                       "Aduan %s dibatalkan sesuai permintaan Anda. Bila berubah pikiran, "
                                       "tuliskan saja lagi.",
                                       d->c.number));
}

/* By its code anybody who has it; by its number only the citizen himself. */
static enum outcome find_asked(struct dialog *d, struct complaint *c)
{
    if (*d->reading.code)
        return complaint_by_code(d->txn, d->reading.code, c, d->arena, d->fault);
    if (*d->reading.number)
        return complaint_by_number(d->txn, d->reading.number, c, d->arena, d->fault);
    if (d->c.id)
        return complaint_get(d->txn, d->c.id, c, d->arena, d->fault);
    return OUTCOME_NEVER;
}

static enum outcome tell_status(struct dialog *d)
{
    struct complaint c = {0};
    enum outcome outcome = find_asked(d, &c);
    bool own = *d->reading.code || (c.citizen_id && c.citizen_id == d->citizen_id);
    if (outcome && outcome != OUTCOME_NEVER)
        return outcome;
    if (!outcome && own)
        return dialog_say(d, dialog_status_text(d, &c));
    return dialog_say(d,
        "Aduan itu tidak kami temukan. Periksa kode lacak pada tanda terima, contoh: *status 7KQM-X2R9-4T*.");
}

enum outcome dialog_call_person(struct dialog *d)
{
    enum outcome outcome = OUTCOME_DONE;
    d->chat.person_at = d->chat.person_at ? d->chat.person_at : txn_now(d->txn);
    dialog_finish(d);
    if (in_open(d))
        outcome = tell_all_concerned(d->txn, &d->c, "minta_petugas", d->fault);
    return outcome ? outcome
                   : dialog_say(d, "Baik, permintaan Anda kami teruskan. Petugas akan menghubungi Anda pada "
                                   "jam kerja. Bila "
                                   "mendesak, tuliskan masalahnya di sini.");
}

static enum outcome next_matter(struct dialog *d)
{
    dialog_finish(d);
    d->chat.anew = true;
    return dialog_say(d, "Silakan tuliskan aduan yang baru: apa yang terjadi dan di mana.");
}

static enum outcome judged(struct dialog *d)
{
    int value = d->reading.rating;
    int64_t about = d->chat.rating_id ? d->chat.rating_id : d->c.id;
    if (!value && !d->chat.rating_id) /* more words about a judgement given before */
        return about ? rating_comment(d->txn, about, d->text, d->fault) : OUTCOME_DONE;
    if (!value)
        return dialog_say(d, "Balas dengan angka *1* (tidak puas) sampai *4* (sangat puas).");
    const char *comment = d->text && strlen(d->text) > 2 ? d->text : NULL;
    enum outcome outcome =
        rating_take(d->txn, about, NULL, value, comment, d->chat.channel, d->arena, d->fault);
    d->chat.rating_id = 0;
    d->chat.rated_at = txn_now(d->txn);
    if (outcome)
        return outcome;
    return dialog_say(
        d, value <= 2
               ? "Terima kasih atas penilaiannya, mohon maaf belum memuaskan. Bila masalahnya belum selesai, "
                 "balas *belum selesai*."
               : "Terima kasih atas penilaiannya.");
}

enum outcome dialog_act(struct dialog *d)
{
    switch (d->reading.act) {
    case CHAT_ANSWER:
        return answered(d);
    case CHAT_ANONYM:
        return stays_nameless(d);
    case CHAT_SKIP:
        return skipped(d);
    case CHAT_DONE:
        return done(d);
    case CHAT_CANCEL:
        return cancel(d);
    case CHAT_STATUS:
        return tell_status(d);
    case CHAT_PERSON:
        return dialog_call_person(d);
    case CHAT_NEW:
        return next_matter(d);
    case CHAT_RATING:
        return judged(d);
    case CHAT_HELP:
        return dialog_say(d, dialog_greeting(d));
    case CHAT_CONTENT:
    case CHAT_GREETING:
    case CHAT_THANKS:
    case CHAT_NOISE:
        return OUTCOME_DONE;
    }
    return OUTCOME_DONE;
}
