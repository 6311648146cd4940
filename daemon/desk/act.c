#include "act.h"
#include "compose.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/citizen.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/origin.h"
#include "daemon/book/notice.h"
#include "files.h"
#include "rating.h"
#include "route.h"
#include "classify_proposal.h"
#include "clocks.h"
#include "compensate.h"
#include "known.h"
#include "tell.h"
#include "together.h"
#include "undo.h"
#include <string.h>

enum { TEXT_MAX = 64 * 1024, ANSWER_FILES_MAX = 10 << 20 };

/* One act on its way through this file. */
struct doing {
    struct book_txn *txn;
    const struct office *office;
    const struct act *act;
    struct complaint c;
    enum state before;
    int64_t message_id;
    const struct attachment *files; /* of that message */
    const char *lapor_number;       /* jawab at SP4N-LAPOR!: by which number; NULL = not there */
    int64_t queued;                 /* row of the outbox; 0 = no letter */
    bool queued_others;             /* letters to those whose complaints were joined to it */
    bool has_joined;                /* there are such */
    bool told_by_mouth;
    struct arena *arena;
    struct fault *fault;
};

static enum outcome refuse(struct doing *d, const char *public_text)
{
    return fault_set(d->fault, OUTCOME_NEVER, public_text, "act %s on %s refused", action_key(d->act->action),
        d->c.number ? d->c.number : "?");
}

static bool blank(const char *text)
{
    return !text || !text[strspn(text, " \t\r\n")];
}

static const char *actor_name(const struct doing *d)
{
    const struct officer *o = d->act->officer;
    if (!o)
        return d->act->by_system ? "sistem" : "pengadu";
    return arena_printf(d->arena, "%s:%s", role_key(o->role), o->login);
}

static enum outcome write_message(struct doing *d, const char *purpose, const char *text)
{
    struct message m = {.complaint_id = d->c.id,
        .purpose = purpose,
        .channel = d->c.channel,
        .officer_id = d->act->officer ? d->act->officer->id : 0,
        .author = d->act->officer     ? d->act->officer->name
                  : d->act->by_system ? "Sistem"
                                      : "Pengadu",
        .text = text,
        .told_to = !d->lapor_number && !strcmp(purpose, "jawaban") ? d->act->told_to : NULL};
    enum outcome outcome = files_put(d->txn, d->act->files, &m.attachments, d->arena, d->fault);
    if (!outcome)
        outcome = message_insert(d->txn, &m, d->fault);
    d->message_id = m.id;
    d->files = m.attachments;
    return outcome;
}

/* ---- what each action does beside the move; NULL in the table = nothing ---- */

static enum outcome do_note(struct doing *d)
{
    return write_message(d, "catatan", d->act->text);
}

/* generated: the officer's words, if any, are not for the citizen. */
static enum outcome send_letter(struct doing *d, const char *purpose, bool generated)
{
    struct citizen citizen;
    struct letter letter = {.complaint = &d->c,
        .message_id = d->message_id,
        .purpose = purpose,
        .text = generated ? NULL : d->act->text,
        .files = generated ? NULL : d->files,
        .automatic = d->act->by_system,
        .generated = generated};
    if (d->c.citizen_id) {
        enum outcome outcome = citizen_get(d->txn, d->c.citizen_id, &citizen, d->arena, d->fault);
        if (outcome)
            return outcome;
        letter.citizen = &citizen;
    }
    return compose_letter(d->txn, d->office, &letter, &d->queued, d->arena, d->fault);
}

/* The same to everybody whose complaint was joined to this one. */
static enum outcome tell_joined(struct doing *d, const char *purpose, const char *message)
{
    const struct together what = {.purpose = purpose,
        .message = message,
        .text = message ? d->act->text : NULL,
        .files = message ? d->files : NULL,
        .officer = d->act->officer};
    return together_tell(d->txn, d->office, &d->c, &what, &d->queued_others, d->arena, d->fault);
}

static enum outcome do_tanya(struct doing *d)
{
    enum outcome outcome = write_message(d, "pertanyaan", d->act->text);
    return outcome ? outcome : send_letter(d, "pertanyaan", false);
}

/* Sections there are, each once, and not the one that answers for it. */
static bool helpers_fit(const struct doing *d, const struct section *sections)
{
    const struct act *a = d->act;
    if (a->helper_count > ASSISTANCE_MOST)
        return false;
    for (size_t i = 0; i < a->helper_count; i++) {
        const struct section *s = sections;
        while (s && s->id != a->helpers[i].section_id)
            s = s->next;
        size_t k = 0;
        while (k < i && a->helpers[k].section_id != a->helpers[i].section_id)
            k++;
        if (!s || k < i || s->id == a->section_id)
            return false;
    }
    return true;
}

static enum outcome do_disposisi(struct doing *d)
{
    struct section *sections;
    enum outcome outcome = section_list(d->txn, &sections, d->arena, d->fault);
    if (outcome)
        return outcome;
    if (!helpers_fit(d, sections))
        return refuse(d, "Pilih seksi pembantu yang bukan penanggung jawab, paling banyak delapan.");
    while (sections && sections->id != d->act->section_id)
        sections = sections->next;
    if (!sections)
        return refuse(d, "Pilih seksi yang akan menangani.");
    int32_t today = workday_of_ms(txn_now(d->txn), d->office->utc_offset_minutes);
    if (!d->act->due_at || workday_of_ms(d->act->due_at, d->office->utc_offset_minutes) < today)
        return refuse(d, "Isi batas waktu, hari ini atau sesudahnya.");
    d->c.section_id = sections->id;
    d->c.section = sections->name;
    d->c.instruction = d->act->text;
    return assistance_put(d->txn, d->c.id, d->act->helpers, d->act->helper_count, d->fault);
}

static enum outcome do_lapor(struct doing *d)
{
    return write_message(d, "laporan", d->act->text);
}

/* Files go with letters only. Gmail and Exchange take 25 MB as they go over the wire, and base64 makes a third more. */
static const char *files_wrong(const struct doing *d, const struct route *route)
{
    size_t size = 0;
    for (const struct inbound_file *f = d->act->files; f; f = f->next)
        size += f->size;
    if (size && strncmp(route->channel, "email", 5))
        return "Lampiran hanya dapat dikirim bersama jawaban lewat e-mail.";
    return size > ANSWER_FILES_MAX ? "Lampiran jawaban paling banyak 10 MB." : NULL;
}

/* An answer that was written at SP4N-LAPOR!: by which number. */
static enum outcome told_lapor(struct doing *d)
{
    struct origin origin;
    enum outcome outcome = origin_get(d->txn, d->c.id, &origin, d->arena, d->fault);
    if (!outcome && (strcmp(d->c.channel, "lapor") != 0 || !origin.number))
        return refuse(d, "Aduan ini tidak datang dari SP4N-LAPOR!.");
    d->lapor_number = origin.number;
    return outcome;
}

/* What he was given because the office did him wrong is said in the answer, whoever writes it. */
static enum outcome tell_compensation(struct doing *d)
{
    struct compensation given;
    enum outcome outcome = compensation_get(d->txn, d->c.id, &given, d->arena, d->fault);
    if (outcome || !given.complaint_id)
        return outcome;
    struct act *with = arena_memdup(d->arena, d->act, sizeof *with);
    const char *words = compensate_words(&given, true, d->arena);
    if (!with || !words)
        return fault_set(d->fault, OUTCOME_LATER, NULL, "no memory for an answer");
    with->text = arena_printf(d->arena, "%s\n\nKompensasi: %s", d->act->text, words);
    d->act = with;
    return with->text ? OUTCOME_DONE : fault_set(d->fault, OUTCOME_LATER, NULL, "no memory for an answer");
}

/* Kedopok, component 6: orally, in writing, by e-mail or on the website, according to the means the pengadu
 * used. */
static enum outcome do_jawab(struct doing *d)
{
    static const char *const ways[] = {"lisan", "telepon", "surat", "lapor"};
    const char *how = NULL;
    enum outcome outcome = OUTCOME_DONE;
    struct route route = route_of(d->office, &d->c);
    for (size_t i = 0; d->act->told_how && i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(d->act->told_how, ways[i]))
            how = ways[i];
    if (!route.channel && !how)
        return refuse(d, "Pilih cara jawaban disampaikan: lisan, telepon, atau surat.");
    if (how && !strcmp(how, "lapor"))
        outcome = told_lapor(d);
    else if (how && blank(d->act->told_to))
        return refuse(d, "Isi nama orang yang menerima jawaban.");
    const char *wrong = how ? NULL : files_wrong(d, &route);
    if (wrong)
        return refuse(d, wrong);
    if (!outcome)
        outcome = tell_compensation(d);
    if (!outcome)
        outcome = write_message(d, "jawaban", d->act->text);
    d->told_by_mouth = how != NULL;
    if (!outcome && !how)
        outcome = send_letter(d, "jawaban", false);
    if (!outcome && !how)
        outcome = rating_ask(d->txn, d->office, &d->c, d->arena, d->fault);
    if (!outcome)
        outcome = tell_joined(d, "jawaban", "jawaban");
    d->c.answered_at = txn_now(d->txn);
    return outcome;
}

static enum outcome do_tutup(struct doing *d)
{
    d->c.closed_at = txn_now(d->txn);
    if (!d->act->officer) /* the citizen knows what he did */
        return OUTCOME_DONE;
    enum outcome outcome = send_letter(d, "penutup", true);
    return outcome ? outcome : tell_joined(d, "penutup", NULL);
}

static enum outcome do_buka_kembali(struct doing *d)
{
    d->c.closed_at = 0;
    if (d->before == STATE_DUPLIKAT)
        d->c.main_id = 0;
    return do_note(d);
}

static enum outcome do_rujuk(struct doing *d)
{
    if (blank(d->act->referred_to))
        return refuse(d, "Isi instansi tujuan rujukan.");
    d->c.referred_to = d->act->referred_to;
    d->c.referred_number = blank(d->act->referred_number) ? NULL : d->act->referred_number;
    d->c.closed_at = txn_now(d->txn);
    enum outcome outcome = do_note(d);
    d->message_id = 0; /* the note stays in the house */
    if (!outcome)
        outcome = send_letter(d, "rujukan", true);
    return outcome ? outcome : tell_joined(d, "rujukan", NULL);
}

static enum outcome do_gabung(struct doing *d)
{
    struct complaint main_one;
    if (blank(d->act->main_number))
        return refuse(d, "Isi nomor aduan induk.");
    enum outcome outcome = complaint_by_number(d->txn, d->act->main_number, &main_one, d->arena, d->fault);
    if (outcome)
        return outcome;
    if (main_one.id == d->c.id || main_one.state == STATE_DUPLIKAT)
        return refuse(d, "Aduan induk harus aduan lain yang bukan duplikat.");
    if (d->act->officer)
        outcome = classify_admit(
            d->txn, d->act->officer, &main_one, "Aduan induk itu tidak ada di meja Anda.", d->fault);
    if (outcome)
        return outcome;
    outcome = together_join(
        d->txn, d->office, &d->c, &main_one, d->act->officer, &d->queued_others, d->arena, d->fault);
    if (outcome)
        return outcome;
    d->c.main_id = main_one.id;
    d->c.closed_at = txn_now(d->txn);
    json_t *data = json_pack("{s:s}", "joined", d->c.number);
    outcome = event_append(
        d->txn, main_one.id, main_one.number, "menerima_gabungan", actor_name(d), data, d->fault);
    json_decref(data);
    return outcome;
}

static enum outcome do_arsipkan(struct doing *d)
{
    d->c.closed_at = txn_now(d->txn);
    enum outcome outcome = do_note(d);
    d->message_id = 0; /* the note stays in the house */
    return outcome || !d->act->by_system ? outcome : send_letter(d, "diarsipkan", true);
}

static enum outcome (*const effects[ACTION_COUNT])(struct doing *) = {
    [ACTION_TANYA] = do_tanya,
    [ACTION_DISPOSISI] = do_disposisi,
    [ACTION_LAPOR] = do_lapor,
    [ACTION_KEMBALIKAN] = do_note,
    [ACTION_JAWAB] = do_jawab,
    [ACTION_TUTUP] = do_tutup,
    [ACTION_BUKA_KEMBALI] = do_buka_kembali,
    [ACTION_RUJUK] = do_rujuk,
    [ACTION_GABUNG] = do_gabung,
    [ACTION_ARSIPKAN] = do_arsipkan,
};

/* ---- the act ---- */

static enum outcome admit(struct doing *d)
{
    const struct officer *o = d->act->officer;
    return o ? classify_admit(d->txn, o, &d->c, ACT_NOT_HERE, d->fault) : OUTCOME_DONE;
}

/* NULL = nothing is against it. */
static const char *objection(struct doing *d, const struct state_move **ret_move)
{
    const struct act *act = d->act;
    int actor = act->officer ? (int)act->officer->role : act->by_system ? ACTOR_SISTEM : ACTOR_PENGADU;
    const char *words = NULL;
    *ret_move = state_find_move(d->c.state, act->action, actor);
    if (act->version && act->version != d->c.version)
        return ACT_CHANGED_MEANWHILE;
    if (!*ret_move) {
        words = arena_printf(d->arena, "Tindakan “%s” tidak dapat dilakukan pada aduan yang %s.",
            action_label(act->action), state_label(d->c.state));
        return words ? words : "Tindakan itu tidak dapat dilakukan.";
    }
    if (act->officer && act->officer->role == ROLE_SEKSI && act->officer->section_id != d->c.section_id)
        return "Seksi Anda membantu; tindakan itu milik seksi penanggung jawab.";
    if ((*ret_move)->reason && blank(act->text))
        return "Isi dahulu keterangannya.";
    return act->text && strlen(act->text) > TEXT_MAX ? "Teks terlalu panjang." : NULL;
}

static enum outcome check(struct doing *d, const struct state_move **ret_move)
{
    enum outcome outcome = admit(d);
    const char *why = outcome ? NULL : objection(d, ret_move);
    return why ? refuse(d, why) : outcome;
}

enum outcome act_judge(struct book_txn *txn, const struct act *act, struct complaint *ret,
    const char **ret_why, struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .act = act, .arena = arena, .fault = fault};
    const struct state_move *move;
    enum outcome outcome = complaint_get(txn, act->complaint_id, &d.c, arena, fault);
    if (!outcome)
        outcome = admit(&d);
    *ret_why = outcome ? NULL : objection(&d, &move);
    *ret = d.c;
    return outcome;
}

static enum outcome add_helpers(struct doing *d, json_t *data)
{
    struct helper helpers[ASSISTANCE_MOST];
    size_t count;
    enum outcome outcome = assistance_list(d->txn, d->c.id, helpers, &count, d->arena, d->fault);
    json_t *names = json_array();
    for (size_t i = 0; i < count && !outcome; i++)
        json_array_append_new(names, json_string(helpers[i].section));
    if (json_array_size(names))
        json_object_set(data, "helpers", names);
    json_decref(names);
    return outcome;
}

/* What goes into the history stays there for ever: an officer's words go without what tells who somebody is. */
static enum outcome add_words(struct doing *d, json_t *data, const char *member)
{
    struct known known;
    const char *words = NULL;
    enum outcome outcome = known_of(d->txn, &d->c, false, &known, d->arena, d->fault);
    if (!outcome)
        outcome = known_strike(&known, d->act->text, &words, d->arena, d->fault);
    if (words)
        json_object_set_new(data, member, json_string(words));
    return outcome;
}

static enum outcome write_event(struct doing *d)
{
    const struct act *act = d->act;
    enum outcome outcome = OUTCOME_DONE;
    json_t *data = json_pack("{s:s, s:s}", "from", state_key(d->before), "state", state_key(d->c.state));
    if (act->action == ACTION_DISPOSISI) {
        json_object_set_new(data, "section", json_string(d->c.section));
        json_object_set_new(data, "due_at", json_integer(act->due_at));
        outcome = add_words(d, data, "instruction");
        if (!outcome)
            outcome = add_helpers(d, data);
    }
    if (act->action == ACTION_JAWAB) {
        struct route route = route_of(d->office, &d->c);
        const char *way = d->queued ? route.channel : act->told_how;
        json_object_set_new(data, "way", json_string(way ? way : "situs"));
        if (d->lapor_number)
            json_object_set_new(data, "lapor_number", json_string(d->lapor_number));
    }
    if (d->queued) /* verify.h holds the history to its letters */
        json_object_set_new(data, "outbox", json_integer(d->queued));
    if (act->action == ACTION_RUJUK)
        json_object_set_new(data, "referred_to", json_string(act->referred_to));
    if (act->action == ACTION_GABUNG)
        json_object_set_new(data, "main", json_string(act->main_number));
    if (act->text && (act->action == ACTION_SETUJUI || act->action == ACTION_TERUSKAN))
        outcome = add_words(d, data, "note");
    if (!outcome)
        outcome = event_append(
            d->txn, d->c.id, d->c.number, action_key(act->action), actor_name(d), data, d->fault);
    json_decref(data);
    return outcome;
}

/* Those that were joined to it follow what is done with it. */
static enum outcome find_joined(struct doing *d)
{
    struct complaint_kin *kin = NULL;
    enum outcome outcome = complaint_kin(d->txn, d->c.id, 2 * TOGETHER_MOST, &kin, d->arena, d->fault);
    for (; kin && !outcome; kin = kin->next)
        d->has_joined |= kin->joined;
    return outcome;
}

/* Whether others came along, so that it is not for this complaint alone to be taken back. */
static bool reached_others(const struct doing *d)
{
    enum action a = d->act->action;
    return d->has_joined &&
           (a == ACTION_JAWAB || a == ACTION_TUTUP || a == ACTION_RUJUK || a == ACTION_GABUNG);
}

/* It says something to the citizen that he reads on his tracking page. */
static bool told_citizen(const struct doing *d)
{
    return d->act->action == ACTION_TANYA || (d->act->action == ACTION_JAWAB && !d->told_by_mouth);
}

static enum outcome let_undo(struct doing *d, struct undo_before *before)
{
    return undo_offer(d->txn, d->office, d->act->officer, &d->c, action_key(d->act->action), told_citizen(d),
        before, d->arena, d->fault);
}

enum outcome act_on(struct book_txn *txn, const struct office *office, const struct act *act,
    bool *ret_outbox, struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .office = office, .act = act, .arena = arena, .fault = fault};
    const struct state_move *move = NULL;
    *ret_outbox = false;
    enum outcome outcome = complaint_get(txn, act->complaint_id, &d.c, arena, fault);
    if (!outcome)
        outcome = check(&d, &move);
    if (outcome)
        return outcome;
    struct undo_before earlier;
    outcome = undo_remember(txn, &d.c, &earlier, arena, fault);
    if (!outcome)
        outcome = find_joined(&d);
    if (outcome)
        return outcome;
    d.before = d.c.state;
    d.c.state = move->to;
    d.c.state_since = txn_now(txn);
    if (effects[act->action])
        outcome = effects[act->action](&d);
    if (!outcome)
        outcome =
            clocks_follow(txn, &d.c, d.before, act->action == ACTION_DISPOSISI ? act->due_at : 0, fault);
    if (!outcome)
        outcome = complaint_update(txn, &d.c, fault);
    if (!outcome)
        outcome = write_event(&d);
    if (!outcome)
        outcome = tell_next_desk(txn, &d.c, act->officer, action_key(act->action), fault);
    if (!outcome && act->officer)
        outcome = notice_read(txn, act->officer->id, d.c.id, fault);
    if (!outcome && act->officer && !reached_others(&d))
        outcome = let_undo(&d, &earlier);
    if (!outcome && !arena_ok(arena))
        outcome = fault_set(fault, OUTCOME_LATER, NULL, "no memory for an act");
    *ret_outbox = d.queued || d.queued_others;
    return outcome;
}

enum outcome act_assist(struct book_txn *txn, const struct act *act, struct arena *arena, struct fault *fault)
{
    struct doing d = {.txn = txn, .act = act, .arena = arena, .fault = fault};
    bool helps = false;
    enum outcome outcome = complaint_get(txn, act->complaint_id, &d.c, arena, fault);
    if (!outcome)
        outcome = admit(&d);
    if (!outcome && act->officer->section_id)
        outcome = assistance_helps(txn, d.c.id, act->officer->section_id, &helps, fault);
    if (outcome)
        return outcome;
    bool open = d.c.state == STATE_DIDISPOSISIKAN || d.c.state == STATE_DITINDAKLANJUTI ||
                d.c.state == STATE_MENUNGGU_PERSETUJUAN;
    if (!helps || !open)
        return refuse(&d, "Seksi Anda tidak sedang diminta membantu aduan ini.");
    if (blank(act->text))
        return refuse(&d, "Isi dahulu apa yang sudah dilakukan.");
    if (strlen(act->text) > TEXT_MAX)
        return refuse(&d, "Teks terlalu panjang.");
    const char *said = NULL;
    outcome = message_newest_text(txn, d.c.id, "laporan_bantuan", &said, arena, fault);
    if (outcome || (said && !strcmp(said, act->text))) /* pressed twice */
        return outcome;
    outcome = write_message(&d, "laporan_bantuan", act->text);
    if (!outcome)
        outcome = assistance_reported(txn, d.c.id, act->officer->section_id, fault);
    if (!outcome)
        outcome = event_append(txn, d.c.id, d.c.number, "lapor_bantuan", actor_name(&d), NULL, fault);
    if (!outcome)
        outcome = tell_next_desk(txn, &d.c, act->officer, "lapor_bantuan", fault);
    return outcome ? outcome : notice_read(txn, act->officer->id, d.c.id, fault);
}

enum outcome act_note(struct book_txn *txn, const struct officer *officer, int64_t complaint_id,
    const char *text, struct arena *arena, struct fault *fault)
{
    const struct act act = {.complaint_id = complaint_id, .officer = officer, .text = text};
    struct doing d = {.txn = txn, .act = &act, .arena = arena, .fault = fault};
    enum outcome outcome = complaint_get(txn, complaint_id, &d.c, arena, fault);
    if (!outcome)
        outcome = classify_admit(txn, officer, &d.c, ACT_NOT_HERE, fault);
    if (outcome)
        return outcome;
    if (blank(text))
        return refuse(&d, "Isi dahulu catatannya.");
    outcome = write_message(&d, "catatan", text);
    if (!outcome)
        outcome = event_append(txn, d.c.id, d.c.number, "catatan", actor_name(&d), NULL, fault);
    return outcome;
}
