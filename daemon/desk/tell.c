#include "tell.h"
#include "compose.h"
#include "daemon/book/event.h"
#include "daemon/book/notice.h"
#include "classify_proposal.h"
#include "held_back.h"
#include "route.h"
#include "sight.h"
#include <string.h>

enum outcome tell_held_back(
    struct book_txn *txn, const struct complaint *c, const struct receipt *receipt, struct fault *fault)
{
    if (!receipt->held)
        return OUTCOME_DONE;
    json_t *data = json_pack("{s:s}", "limit", receipt->held);
    enum outcome outcome = event_append(txn, c->id, c->number, "tanda_terima_ditahan", "sistem", data, fault);
    json_decref(data);
    return outcome;
}

static enum outcome receipt_held_back(struct book_txn *txn, const struct office *office,
    const struct complaint *c, const char **ret_why, struct fault *fault)
{
    struct route route = route_of(office, c);
    *ret_why = NULL;
    if (!route.channel || !*route.to)
        return OUTCOME_DONE;
    bool typed = strncmp(route.channel, "email", 5) && strcmp(route.channel, c->channel);
    return (typed ? held_back_typed : held_back)(txn, office, route.channel, route.to, c->id, ret_why, fault);
}

static enum outcome tell_at_once(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const char *purpose, const char *note, struct receipt *ret, struct arena *arena, struct fault *fault)
{
    struct letter letter = {.complaint = c, .purpose = purpose, .note = note, .automatic = true};
    struct citizen citizen;
    *ret = (struct receipt){0};
    enum outcome outcome = receipt_held_back(txn, office, c, &ret->held, fault);
    if (outcome || ret->held)
        return outcome;
    if (c->citizen_id) {
        outcome = citizen_get(txn, c->citizen_id, &citizen, arena, fault);
        letter.citizen = &citizen;
    }
    return outcome ? outcome : compose_letter(txn, office, &letter, &ret->outbox_id, arena, fault);
}

enum outcome tell_citizen(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const char *note, struct receipt *ret, struct arena *arena, struct fault *fault)
{
    return tell_at_once(txn, office, c, "tanda_terima", note, ret, arena, fault);
}

enum outcome tell_not_whole(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const char *note, struct receipt *ret, struct arena *arena, struct fault *fault)
{
    return tell_at_once(txn, office, c, "tidak_utuh", note, ret, arena, fault);
}

enum outcome tell_code(struct book_txn *txn, const struct office *office, const struct complaint *c,
    struct receipt *ret, struct arena *arena, struct fault *fault)
{
    return tell_at_once(txn, office, c, "kode", NULL, ret, arena, fault);
}

/* One round through all officers. */
struct round {
    struct book_txn *txn;
    const struct office *office; /* NULL = no letters */
    const struct complaint *complaint;
    const struct officer *himself;
    const char *kind;
    const struct reminder *reminder; /* NULL = no reminder */
    const json_t *proposal;          /* when known */
    bool known;
    bool (*concerned)(const struct complaint *c, const struct officer *o);
    struct arena *arena;
    bool queued;
};

/* As he chose; the desk has it anyway. */
static enum outcome send_reminder(struct round *r, const struct officer *o, struct fault *fault)
{
    const struct reminder *m = r->reminder;
    enum outcome outcome = OUTCOME_DONE;
    if (o->email && o->remind_mail && r->office->email_out)
        outcome = compose_reminder(
            r->txn, r->office, r->complaint->id, o->email, m->subject, m->text, r->arena, fault);
    if (!outcome && o->remind_phone && r->office->wa_channel)
        outcome = compose_reminder_chat(
            r->txn, r->office, r->complaint->id, o->remind_phone, m->text, r->arena, fault);
    if (!outcome && o->remind_mqtt)
        outcome = compose_reminder_mqtt(r->txn, o->login, r->complaint->number, m->text, r->arena, fault);
    return outcome;
}

static enum outcome tell_one(void *arg, const struct officer *o, struct fault *fault)
{
    struct round *r = arg;
    bool himself = r->himself && r->himself->id == o->id;
    bool named = r->reminder && r->reminder->roles & 1u << o->role;
    if (himself || (!named && !r->concerned(r->complaint, o)))
        return OUTCOME_DONE;
    bool sees;
    enum outcome outcome = r->known ? classify_sight_of(r->txn, o, r->complaint, r->proposal, &sees, fault)
                                    : classify_sight(r->txn, o, r->complaint, &sees, fault);
    if (outcome || !sees)
        return outcome;
    outcome = notice_add(r->txn, o->id, r->complaint->id, r->kind, fault);
    if (!outcome && r->reminder)
        return send_reminder(r, o, fault);
    if (!outcome && r->office && r->office->email_out && o->email) {
        outcome = compose_notice(r->txn, r->office, r->complaint, o->email, r->arena, fault);
        r->queued = true;
    }
    return outcome;
}

static bool is_superior(const struct complaint *c, const struct officer *o)
{
    (void)c;
    return o->role == ROLE_KASI || o->role == ROLE_SEKCAM;
}

static bool is_concerned(const struct complaint *c, const struct officer *o)
{
    return is_superior(c, o) || o->role == ROLE_PETUGAS || o->role == ROLE_SEKSI;
}

static bool is_next(const struct complaint *c, const struct officer *o)
{
    switch (c->state) {
    case STATE_DITERUSKAN:
    case STATE_MENUNGGU_PERSETUJUAN:
        return o->role == ROLE_SEKCAM;
    case STATE_DIDISPOSISIKAN:
    case STATE_DITINDAKLANJUTI:
        return o->role == ROLE_SEKSI;
    case STATE_DISETUJUI:
        return o->role == ROLE_PETUGAS;
    default:
        return false;
    }
}

/* A complaint about officers goes past the sections to the head of the house as well. */
static bool is_overseer(const struct complaint *c, const struct officer *o)
{
    return is_superior(c, o) || o->role == ROLE_CAMAT;
}

static bool is_about_officers(const struct complaint *c, const json_t *proposal)
{
    const char *kind = json_string_value(json_object_get(proposal, "kind"));
    return !strcmp(kind ? kind : c->kind, "pengaduan_pengawasan") ||
           !strcmp(c->kind, "pengaduan_pengawasan") || !strcmp(c->kind, "whistleblowing");
}

/* That there is one, and no more: what it says stays in the house until a person passes it on. */
static enum outcome tell_inspektorat(struct round *r, struct fault *fault)
{
    const struct office *office = r->office;
    if (!office->inspektorat || !office->email_out)
        return OUTCOME_DONE;
    const char
        *subject =
            arena_printf(r->arena, "Aduan berkadar pengawasan %s di %s", r->complaint->number, office->name),
        *text = arena_printf(r->arena,
            "%s mencatat aduan yang menurut kata-katanya berkadar pengawasan, dengan nomor %s. Isi dan "
            "identitas pengadu tidak disertakan. Untuk keterangan, hubungi %s.\n",
            office->name, r->complaint->number, *office->phone ? office->phone : office->name);
    if (!subject || !text)
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory to tell the Inspektorat");
    r->queued = true;
    return compose_alarm(r->txn, office, office->inspektorat, subject, text, r->arena, fault);
}

enum outcome tell_superiors(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const json_t *proposal, bool *ret_queued, struct arena *arena, struct fault *fault)
{
    struct round r = {.txn = txn,
        .office = office,
        .complaint = c,
        .kind = "masuk",
        .proposal = proposal,
        .known = true,
        .concerned = is_about_officers(c, proposal) ? is_overseer : is_superior,
        .arena = arena};
    enum outcome outcome = officer_each(txn, tell_one, &r, fault);
    if (!outcome && r.concerned == is_overseer)
        outcome = tell_inspektorat(&r, fault);
    *ret_queued = r.queued;
    return outcome;
}

enum outcome tell_all_concerned(
    struct book_txn *txn, const struct complaint *c, const char *kind, struct fault *fault)
{
    struct round r = {.txn = txn, .complaint = c, .kind = kind, .concerned = is_concerned};
    return officer_each(txn, tell_one, &r, fault);
}

enum outcome tell_next_desk(struct book_txn *txn, const struct complaint *c, const struct officer *himself,
    const char *kind, struct fault *fault)
{
    struct round r = {.txn = txn, .complaint = c, .himself = himself, .kind = kind, .concerned = is_next};
    return officer_each(txn, tell_one, &r, fault);
}

static bool is_petugas(const struct complaint *c, const struct officer *o)
{
    (void)c;
    return o->role == ROLE_PETUGAS;
}

enum outcome tell_petugas(
    struct book_txn *txn, const struct complaint *c, const char *kind, struct fault *fault)
{
    struct round r = {.txn = txn, .complaint = c, .kind = kind, .concerned = is_petugas};
    return officer_each(txn, tell_one, &r, fault);
}

/* On whose desk it lies now; what no section has is the petugas's. */
static bool holds(const struct complaint *c, const struct officer *o)
{
    bool early =
        c->state == STATE_MASUK || c->state == STATE_DIVERIFIKASI || c->state == STATE_DIBUKA_KEMBALI;
    return early ? o->role == ROLE_PETUGAS : is_next(c, o);
}

enum outcome tell_reminder(struct book_txn *txn, const struct office *office, const struct complaint *c,
    const struct reminder *reminder, struct arena *arena, struct fault *fault)
{
    struct round r = {.txn = txn,
        .office = office,
        .complaint = c,
        .kind = reminder->kind,
        .reminder = reminder,
        .concerned = holds,
        .arena = arena};
    return officer_each(txn, tell_one, &r, fault);
}
