#include "intake.h"
#include "classify_proposal.h"
#include "clocks.h"
#include "daemon/book/arrival.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/complaint.h"
#include "daemon/book/delivery.h"
#include "daemon/book/event.h"
#include "daemon/book/media.h"
#include "daemon/book/message.h"
#include "daemon/book/set_aside.h"
#include "dialog.h"
#include "files.h"
#include "intake_chat.h"
#include "join.h"
#include "returned.h"
#include "rules/register.h"
#include "rules/satisfaction.h"
#include "sender.h"
#include "tell.h"
#include <stdio.h>
#include <string.h>

enum { SUBJECT_CHARACTERS = 90 };

static const char own_letter[] = "surat kami sendiri";

/* One arrival on its way through this file. */
struct intake {
    struct book_txn *txn;
    const struct office *office;
    const char *channel;
    const struct inbound *in;
    const struct intake_way *way;
    struct arena *arena;
    struct fault *fault;
    struct intake_result *ret;
    bool has_raw;
    struct blob_ref raw;
    int64_t citizen_id;
    int64_t message_id;
    const char *reason; /* for the ledger */
};

static const char *actor(const struct intake *i)
{
    return i->way->actor ? i->way->actor : "pengadu";
}

static enum outcome no_memory(struct intake *i)
{
    return fault_set(i->fault, OUTCOME_LATER, NULL, "no memory for an arrival of %s", i->channel);
}

/* ---- message and complaint ---- */

/* Files that the channel is still to fetch. */
static enum outcome put_media(struct intake *i, int64_t complaint_id)
{
    enum outcome outcome = OUTCOME_DONE;
    for (const struct inbound_media *m = i->in->media; m && !outcome; m = m->next)
        outcome =
            media_add(i->txn, complaint_id, i->message_id, i->channel, m->request, m->filename, i->fault);
    return outcome;
}

static const char *author(const struct inbound *in, struct arena *arena)
{
    bool anonymous = in->confidentiality && !strcmp(in->confidentiality, "anonim");
    const char *name = anonymous ? NULL : sender_name(in, arena);
    return name ? name : "Pengadu";
}

static enum outcome put_message(struct intake *i, int64_t complaint_id, const char *purpose)
{
    const struct inbound *in = i->in;
    struct message m = {.complaint_id = complaint_id,
        .claimed_at = in->claimed_at,
        .purpose = purpose,
        .channel = i->channel,
        .author = author(in, i->arena),
        .subject = in->subject,
        .text = in->text ? in->text : "",
        .own_words = in->own_words,
        .must_read = in->must_read,
        .reference = in->reference_scheme ? in->own_reference : NULL,
        .authenticity = in->authenticity,
        .has_raw = i->has_raw,
        .raw = i->raw};
    enum outcome outcome = files_put(i->txn, in->files, &m.attachments, i->arena, i->fault);
    if (!outcome)
        outcome = message_insert(i->txn, &m, i->fault);
    i->message_id = m.id;
    if (!outcome)
        outcome = put_media(i, complaint_id);
    if (!outcome && in->reference_scheme && in->own_reference)
        outcome = reference_add(i->txn, in->reference_scheme, in->own_reference, complaint_id, i->fault);
    return outcome;
}

/* First words for lists: the subject of a mail, else the beginning of the text, cut at a word. */
static const char *first_words(struct intake *i)
{
    const struct inbound *in = i->in;
    const char *source = in->subject && *in->subject ? in->subject : in->own_words ? in->own_words : in->text;
    if (!source || !*source)
        return in->files || in->media ? "(hanya lampiran)" : "(tanpa teks)";
    char out[SUBJECT_CHARACTERS * 4 + 8];
    size_t n = 0, characters = 0, word_end = 0;
    for (const char *p = source; *p && characters < SUBJECT_CHARACTERS; p++) {
        bool space = (unsigned char)*p <= ' ';
        if (space && (!n || out[n - 1] == ' '))
            continue;
        if (space)
            word_end = n;
        out[n++] = space ? ' ' : *p;
        characters += ((unsigned char)p[1] & 0xc0) != 0x80;
        if (characters == SUBJECT_CHARACTERS && p[1]) {
            size_t cut = word_end > n / 2 ? word_end : n; /* not for the sake of one endless word */
            n = cut + (size_t)snprintf(out + cut, 4, "…");
        }
    }
    while (n && out[n - 1] == ' ')
        n--;
    return arena_strndup(i->arena, out, n);
}

static enum outcome open_complaint(struct intake *i, struct complaint *c, int64_t related_id)
{
    const struct inbound *in = i->in;
    struct clocks clocks;
    *c = (struct complaint){
        .kind = in->kind_word ? in->kind_word : "pengaduan",
        .confidentiality = in->confidentiality ? in->confidentiality : "biasa",
        .state = STATE_MASUK,
        .channel = i->channel,
        .reply_to = in->reply_to,
        .citizen_id = i->citizen_id,
        .subject = first_words(i),
        .place = in->place,
        .occurred = in->occurred,
        .received_at = txn_now(i->txn),
        .related_id = related_id,
    };
    if (!c->subject)
        return no_memory(i);
    if (in->service) {
        struct service service;
        enum outcome outcome = service_by_key(i->txn, in->service, &service, i->arena, i->fault);
        if (outcome && outcome != OUTCOME_NEVER)
            return outcome;
        c->service_id = outcome ? 0 : service.id;
    }
    enum outcome outcome = clocks_prepare(i->txn, c, &clocks, i->fault);
    if (!outcome)
        outcome = complaint_insert(i->txn, c, i->arena, i->fault);
    return outcome ? outcome : clocks_begin(i->txn, c, &clocks, i->fault);
}

static void fill_result(struct intake *i, const struct complaint *c, const char *outcome)
{
    char code[REGISTER_SHOWN_SIZE];
    register_code_show(code, c->code);
    *i->ret = (struct intake_result){.outcome = outcome,
        .complaint_id = c->id,
        .number = arena_strdup(i->arena, c->number),
        .code = arena_strdup(i->arena, code),
        .due_at = c->due_at,
        .wrote_outbox = i->ret->wrote_outbox};
}

/* The receipt, unless this arrival is too old for one: after a gateway was away, old words come all at once. */
static enum outcome answer_at_once(struct intake *i, const struct complaint *c, struct receipt *ret)
{
    *ret = (struct receipt){.held = i->in->stale ? "basi" : NULL};
    return i->in->stale ? OUTCOME_DONE
                        : tell_citizen(i->txn, i->office, c, i->in->told, ret, i->arena, i->fault);
}

/* ---- the ways an arrival can go ---- */

/* Owned by the caller. */
static enum outcome proposal_of(struct intake *i, json_t **ret)
{
    *ret = json_incref(i->way->proposal);
    return i->way->considered ? OUTCOME_DONE : classify_propose(i->office, i->channel, i->in, ret, i->fault);
}

static enum outcome note_new(struct intake *i, const struct complaint *c, const struct join *join,
    const struct receipt *receipt, json_t *proposal)
{
    json_t *data = json_pack("{s:s, s:s, s:s, s:O*}", "channel", i->channel, "kind", c->kind, "state",
        "masuk", "proposal", proposal);
    if (data && join->related_id)
        json_object_set_new(data, "related", json_integer(join->related_id));
    if (data && receipt->outbox_id)
        json_object_set_new(data, "outbox", json_integer(receipt->outbox_id));
    enum outcome outcome = event_append(i->txn, c->id, c->number, "masuk", actor(i), data, i->fault);
    json_decref(data);
    return outcome;
}

static enum outcome take_new(struct intake *i, const struct join *join)
{
    struct complaint c = {0};
    struct receipt receipt;
    json_t *proposal = NULL;
    bool queued = false;
    enum outcome outcome = sender_settle(i->txn, i->in, &i->citizen_id, i->arena, i->fault);
    if (!outcome)
        outcome = open_complaint(i, &c, join->related_id);
    if (!outcome)
        outcome = put_message(i, c.id, "aduan");
    if (!outcome)
        outcome = answer_at_once(i, &c, &receipt);
    if (!outcome)
        outcome = proposal_of(i, &proposal);
    if (!outcome)
        outcome = note_new(i, &c, join, &receipt, proposal);
    if (!outcome)
        outcome = classify_raise(i->txn, &c, proposal, i->fault);
    if (!outcome)
        outcome = tell_held_back(i->txn, &c, &receipt, i->fault);
    if (!outcome)
        outcome = tell_superiors(i->txn, i->office, &c, proposal, &queued, i->arena, i->fault);
    json_decref(proposal);
    i->ret->wrote_outbox |= queued || receipt.outbox_id;
    if (!outcome)
        fill_result(i, &c, "dibuka");
    return outcome;
}

/* Did a machine answer? What a party to the complaint answers through a mailing list is his own. */
static bool by_machine(const struct intake *i)
{
    return i->in->automatic && strcmp(i->in->automatic, "bulk") != 0;
}

/* Whether the words move the complaint on: an asked one has answered; a finished one is open again, but neither by a
 * machine nor by a mere "puas". */
static const struct state_move *move_by_reply(
    const struct intake *i, const struct complaint *c, bool *ret_rated)
{
    const struct state_move *move = state_find_move(c->state, ACTION_LENGKAP, ACTOR_PENGADU);
    const char *words = i->in->own_words ? i->in->own_words : i->in->text;
    bool over = c->state == STATE_DIJAWAB || c->state == STATE_DITUTUP;
    enum satisfaction rating = over && !i->in->files ? satisfaction_of(words) : SATISFACTION_NONE;
    *ret_rated = rating == SATISFACTION_GOOD;
    if (by_machine(i) || *ret_rated)
        return NULL;
    return move ? move : state_find_move(c->state, ACTION_BUKA_KEMBALI, ACTOR_PENGADU);
}

/* A reply has no receipt that could say it. */
static enum outcome warn_sender(struct intake *i, const struct complaint *c)
{
    struct receipt receipt;
    enum outcome outcome = tell_not_whole(i->txn, i->office, c, i->in->told, &receipt, i->arena, i->fault);
    i->ret->wrote_outbox |= !outcome && receipt.outbox_id;
    return outcome ? outcome : tell_held_back(i->txn, c, &receipt, i->fault);
}

static enum outcome take_reply(struct intake *i, int64_t complaint_id)
{
    struct complaint c;
    bool rated;
    enum outcome outcome = complaint_get(i->txn, complaint_id, &c, i->arena, i->fault);
    if (!outcome)
        outcome = put_message(i, c.id, "tambahan");
    if (outcome)
        return outcome;
    const struct state_move *move = move_by_reply(i, &c, &rated);
    const enum state was = c.state;
    if (move) {
        c.state = move->to;
        c.state_since = txn_now(i->txn);
        c.closed_at = 0;
        outcome = clocks_follow(i->txn, &c, was, 0, i->fault);
    }
    if (!outcome)
        outcome = complaint_update(i->txn, &c, i->fault);
    if (!outcome) {
        json_t *data = json_pack("{s:s, s:s}", "channel", i->channel, "state", state_key(c.state));
        const char *kind = move            ? action_key(move->action)
                           : rated         ? "puas"
                           : by_machine(i) ? "balasan_otomatis"
                                           : "tambahan";
        outcome = event_append(i->txn, c.id, c.number, kind, actor(i), data, i->fault);
        json_decref(data);
    }
    if (!outcome && !by_machine(i))
        outcome = tell_all_concerned(i->txn, &c, rated ? "puas" : "tambahan", i->fault);
    if (!outcome && i->in->told && !by_machine(i))
        outcome = warn_sender(i, &c);
    if (!outcome)
        fill_result(i, &c, by_machine(i) ? "dicatat" : "ditambahkan");
    return outcome;
}

/* Kept with the complaint, and that is all: an answer to the desk's question, thanks. */
static enum outcome take_aside(struct intake *i, int64_t complaint_id)
{
    struct complaint c;
    enum outcome outcome = complaint_get(i->txn, complaint_id, &c, i->arena, i->fault);
    if (!outcome)
        outcome = put_message(i, c.id, "tambahan");
    if (!outcome) {
        json_t *data = json_pack("{s:s}", "channel", i->channel);
        outcome = event_append(i->txn, c.id, c.number, "obrolan", actor(i), data, i->fault);
        json_decref(data);
    }
    if (!outcome)
        fill_result(i, &c, "ditambahkan");
    return outcome;
}

/* One line of a chat: the dialog says which way it goes, and answers. */
static enum outcome take_line(struct intake *i, const struct join *join)
{
    struct dialog d;
    enum dialog_way way;
    enum outcome outcome =
        dialog_hear(&d, i->txn, i->office, i->channel, i->in, i->citizen_id, join, &way, i->arena, i->fault);
    if (outcome)
        return outcome;
    switch (way) {
    case DIALOG_OPEN:
        outcome = take_new(i, join);
        break;
    case DIALOG_JOIN:
        outcome = take_reply(i, join->complaint_id);
        break;
    case DIALOG_ASIDE:
        outcome = take_aside(i, join->complaint_id);
        break;
    case DIALOG_RECORD:
        i->reason = d.reason;
        *i->ret = (struct intake_result){.outcome = "dicatat"};
        if (d.reading.act == CHAT_PERSON) /* the petugas needs to know whom to call */
            outcome = sender_settle(i->txn, i->in, &i->citizen_id, i->arena, i->fault);
        break;
    }
    if (!outcome)
        outcome = dialog_follow(&d, way, i->ret->complaint_id, i->citizen_id);
    i->ret->wrote_outbox |= d.queued;
    i->ret->wake_at = d.chat.wake_at;
    return outcome;
}

/* A report about a letter: the ledger keeps its bytes, the letter gets its fate. It is never answered. */
static enum outcome take_returned(struct intake *i)
{
    struct returned returned;
    enum outcome outcome = returned_take(i->txn, i->in, &returned, i->arena, i->fault);
    i->reason = i->in->reason ? i->in->reason : "laporan pengantaran";
    *i->ret = (struct intake_result){
        .outcome = returned.outbox_id ? "dicatat" : "diabaikan", .complaint_id = returned.complaint_id};
    return outcome;
}

static enum outcome take_message(struct intake *i)
{
    struct join join;
    bool ours = false;
    enum outcome outcome = returned_is_ours(i->txn, i->in, &ours, i->fault);
    if (!outcome && ours) {
        i->reason = own_letter;
        *i->ret = (struct intake_result){.outcome = "diabaikan"};
    }
    if (outcome || ours)
        return outcome;
    if (i->in->automatic && !strcmp(i->in->automatic, "bounce"))
        return take_returned(i);
    outcome = sender_known(i->txn, i->in, &i->citizen_id, i->fault);
    if (!outcome)
        outcome = join_find(i->txn, i->channel, i->in, i->citizen_id, &join, i->arena, i->fault);
    if (outcome)
        return outcome;
    if (dialog_wanted(i->office, i->in))
        return take_line(i, &join);
    if (join.complaint_id)
        return take_reply(i, join.complaint_id);
    if (i->in->suspect) {
        i->reason = i->in->suspect;
        *i->ret = (struct intake_result){.outcome = "dikarantina"};
        return OUTCOME_DONE;
    }
    if (!i->in->automatic)
        return take_new(i, &join);
    i->reason =
        i->in->automatic; /* nobody is waiting for an answer; mass mail may still be a person's: look at it */
    *i->ret =
        (struct intake_result){.outcome = strcmp(i->in->automatic, "bulk") ? "diabaikan" : "dikarantina"};
    return OUTCOME_DONE;
}

static enum outcome take_chat_event(
    struct intake *i, enum outcome (*how)(struct chat_event *e, struct intake_result *ret))
{
    struct chat_event e = {.txn = i->txn,
        .office = i->office,
        .channel = i->channel,
        .in = i->in,
        .arena = i->arena,
        .fault = i->fault};
    enum outcome outcome = sender_known(i->txn, i->in, &e.citizen_id, i->fault);
    if (!outcome)
        outcome = how(&e, i->ret);
    i->reason = e.reason;
    i->message_id = e.message_id;
    i->ret->wrote_outbox |= e.queued;
    if (!outcome && i->message_id && i->in->media)
        outcome = put_media(i, i->ret->complaint_id);
    return outcome;
}

static enum outcome write_ledger(struct intake *i)
{
    const struct arrival a = {.channel = i->channel,
        .external = i->in->external,
        .digest = i->in->digest,
        .outcome = i->ret->outcome,
        .reason = i->reason,
        .complaint_id = i->ret->complaint_id,
        .message_id = i->message_id,
        .has_raw = i->has_raw,
        .raw = i->raw};
    return arrival_insert(i->txn, &a, i->fault);
}

/* Does it go to the pages where a person may look at what opened nothing? Mail does, and whatever waits for a look; the
 * rest (states, groups) says nothing to anybody. */
static bool goes_aside(const struct intake *i)
{
    bool must_look = !strcmp(i->ret->outcome, "dikarantina");
    bool mail = !strncmp(i->channel, "email:", 6) && i->in->kind == INBOUND_MESSAGE;
    bool ours = i->reason && !strcmp(i->reason, own_letter); /* copies of what we sent would hide the rest */
    return i->has_raw && !ours && (must_look || (mail && !strcmp(i->ret->outcome, "diabaikan")));
}

static enum outcome keep_aside(struct intake *i)
{
    const struct inbound *in = i->in;
    const char *words = in->own_words ? in->own_words : in->text ? in->text : "";
    struct set_aside s = {.must_look = !strcmp(i->ret->outcome, "dikarantina"),
        .name = sender_name(in, i->arena),
        .email = in->email,
        .reply_to = in->reply_to,
        .subject = in->subject,
        .words = words,
        .cut = in->must_read != NULL,
        .reference = in->own_reference,
        .authenticity = in->authenticity};
    enum outcome outcome = files_put(i->txn, in->files, &s.files, i->arena, i->fault);
    return outcome ? outcome : set_aside_insert(i->txn, i->channel, in->external, &s, i->fault);
}

/* A chat's citizen was heard: Meta's window is open again. */
static enum outcome hear(struct intake *i)
{
    const struct inbound *in = i->in;
    int64_t now = txn_now(i->txn), at = in->claimed_at && in->claimed_at < now ? in->claimed_at : now;
    return in->kind == INBOUND_MESSAGE && in->conversation && in->reply_to
               ? heard_put(i->txn, i->channel, in->reply_to, at, i->fault)
               : OUTCOME_DONE;
}

static enum outcome take(struct intake *i)
{
    const struct inbound *in = i->in;
    switch (in->kind) {
    case INBOUND_MESSAGE:
        return take_message(i);
    case INBOUND_DELIVERY:
        return take_chat_event(i, intake_delivery);
    case INBOUND_OWN:
        return take_chat_event(i, intake_by_hand);
    case INBOUND_EDITED:
    case INBOUND_REVOKED:
        return take_chat_event(i, intake_changed);
    case INBOUND_OTHER:
        i->reason = in->reason;
        *i->ret = (struct intake_result){.outcome = "diabaikan"};
        return OUTCOME_DONE;
    case INBOUND_UNREADABLE:
        i->reason = in->reason;
        *i->ret = (struct intake_result){.outcome = "dikarantina"};
        return OUTCOME_DONE;
    }
    return fault_set(i->fault, OUTCOME_STOP, NULL, "inbound of unknown kind %d", (int)in->kind);
}

/* The first delivery's number and code, so that a form sent twice shows the same receipt twice. */
static enum outcome answer_double(struct intake *i, int64_t complaint_id)
{
    struct complaint c;
    if (!complaint_id) {
        *i->ret = (struct intake_result){.outcome = "ganda"};
        return OUTCOME_DONE;
    }
    enum outcome outcome = complaint_get(i->txn, complaint_id, &c, i->arena, i->fault);
    if (!outcome)
        fill_result(i, &c, "ganda");
    return outcome;
}

enum outcome intake_record(struct book_txn *txn, const struct office *office, const char *channel_id,
    const struct inbound *in, const struct intake_way *way, struct intake_result *ret, struct arena *arena,
    struct fault *fault)
{
    static const struct intake_way usual;
    struct intake i = {.txn = txn,
        .office = office,
        .channel = channel_id,
        .in = in,
        .way = way ? way : &usual,
        .arena = arena,
        .fault = fault,
        .ret = ret};
    bool known;
    int64_t first;
    *ret = (struct intake_result){0};
    enum outcome outcome = arrival_find(txn, channel_id, in->external, in->digest, &known, &first, fault);
    i.has_raw = in->raw && !known; /* what is known has its bytes already */
    if (!outcome && i.has_raw)
        outcome = blob_put(txn, in->raw, in->raw_size, &i.raw, fault);
    if (!outcome)
        outcome = known ? answer_double(&i, first) : hear(&i);
    if (!outcome && !known)
        outcome = take(&i);
    if (!outcome)
        outcome = write_ledger(&i);
    if (!outcome && goes_aside(&i))
        outcome = keep_aside(&i);
    if (!outcome && in->bookmark)
        outcome = bookmark_set(txn, channel_id, in->bookmark, fault);
    if (!outcome && !arena_ok(arena))
        outcome = no_memory(&i);
    return outcome;
}

enum outcome intake_open(struct book_txn *txn, const struct office *office, const char *channel_id,
    const struct inbound *in, const struct blob_ref *raw, const char *actor, struct intake_result *ret,
    int64_t *ret_message_id, struct arena *arena, struct fault *fault)
{
    const struct intake_way way = {.actor = actor};
    struct intake i = {.txn = txn,
        .office = office,
        .channel = channel_id,
        .in = in,
        .way = &way,
        .arena = arena,
        .fault = fault,
        .ret = ret,
        .has_raw = true,
        .raw = *raw};
    const struct join none = {0};
    *ret = (struct intake_result){0};
    enum outcome outcome = sender_known(txn, in, &i.citizen_id, fault);
    if (!outcome)
        outcome = take_new(&i, &none);
    if (!outcome && !arena_ok(arena))
        outcome = no_memory(&i);
    if (!outcome)
        *ret_message_id = i.message_id;
    return outcome;
}
