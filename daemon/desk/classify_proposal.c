#include "classify_proposal.h"
#include "daemon/book/assistance.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/event.h"
#include "rule_keep.h"
#include "sight.h"
#include "tell.h"
#include <string.h>

enum { LOOK_ARENA = 1 << 18, VERDICT_ARENA = 4 << 20 };

/* Standar pelayanan Kedopok: the Kasi who watches the book is the head of this section. */
static const char kasi_section[] = "seksi_pelayanan";

static enum outcome no_room(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a proposal");
}

const char *classify_channel_word(const char *id)
{
    static const struct {
        const char *lead, *word;
    } words[] = {{"email:", "email"}, {"gateway:", "whatsapp"}, {"web:", "website"}, {"situs", "website"},
        {"open311:", "website"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncmp(id, words[i].lead, strlen(words[i].lead)))
            return words[i].word;
    return id;
}

/* Subject and own words: what the citizen says, in one text. */
static const char *words_of(const struct inbound *in, struct arena *arena)
{
    const char *text = in->own_words ? in->own_words : in->text ? in->text : "";
    return in->subject ? arena_printf(arena, "%s\n%s", in->subject, text) : text;
}

static json_t *proposal_json(const struct classify_verdict *v)
{
    json_t *reasons = json_array();
    for (size_t i = 0; i < v->reason_count; i++)
        json_array_append_new(reasons, json_string(v->reasons[i]));
    return json_pack("{s:s, s:s, s:s, s:b, s:s*, s:i, s:o}", "kind", v->kind, "service", v->service,
        "section", v->section, "urgent", v->urgent, "place", v->place, "confidence", v->confidence, "reasons",
        reasons);
}

static enum outcome propose(const struct classify_rules *rules, const char *channel, const struct inbound *in,
    json_t **ret_proposal, struct arena *arena, struct fault *fault)
{
    struct classify_verdict v;
    const char *text = words_of(in, arena);
    if (!text)
        return no_room(fault);
    struct classify_facts facts = {.channel = classify_channel_word(channel),
        .sender = in->identity_value,
        .service = in->service,
        .text = text,
        .size = strnlen(text, CLASSIFY_TEXT_MOST)};
    enum outcome outcome = classify(rules, &facts, &v, arena, fault);
    json_t *proposal = outcome ? NULL : proposal_json(&v);
    if (outcome)
        return outcome;
    if (!strcmp(v.kind, "pengaduan_pengawasan") && (v.avoid || v.home))
        json_object_set_new(proposal, "avoid", json_string(v.avoid ? v.avoid : v.home));
    if (!proposal)
        return no_room(fault);
    *ret_proposal = proposal;
    return OUTCOME_DONE;
}

enum outcome classify_propose(const struct office *office, const char *channel, const struct inbound *in,
    json_t **ret_proposal, struct fault *fault)
{
    *ret_proposal = NULL;
    struct rule_hold *hold = rule_keep_hold(office->rules);
    if (!hold)
        return OUTCOME_DONE;
    struct arena *arena = arena_new(VERDICT_ARENA);
    enum outcome outcome =
        arena ? propose(rule_hold_rules(hold), channel, in, ret_proposal, arena, fault) : no_room(fault);
    arena_free(arena);
    rule_keep_release(office->rules, hold);
    return outcome;
}

enum outcome classify_raise(
    struct book_txn *txn, const struct complaint *c, const json_t *proposal, struct fault *fault)
{
    if (!json_is_true(json_object_get(proposal, "urgent")))
        return OUTCOME_DONE;
    return tell_all_concerned(txn, c, "mendesak", fault);
}

enum outcome classify_proposal(struct book_txn *txn, int64_t complaint_id, json_t **ret_proposal,
    struct arena *arena, struct fault *fault)
{
    struct event first;
    enum outcome outcome = event_first(txn, complaint_id, "masuk", &first, arena, fault);
    json_t *data = outcome ? NULL : json_loads(first.data, 0, NULL);
    *ret_proposal = json_incref(json_object_get(data, "proposal"));
    json_decref(data);
    return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
}

/* A complaint about the section whose head the Kasi is, unless the Sekcam gave it to him: then he must work on it. */
static enum outcome is_kept_from_kasi(struct book_txn *txn, const struct complaint *c, const json_t *proposal,
    bool *ret_kept, struct arena *arena, struct fault *fault)
{
    struct section section = {0};
    enum outcome outcome = OUTCOME_DONE;
    const char *avoid = json_string_value(json_object_get(proposal, "avoid"));
    bool his = avoid && !strcmp(avoid, kasi_section);
    if (his) {
        outcome = section_by_key(txn, kasi_section, &section, arena, fault);
        if (outcome == OUTCOME_NEVER) /* no such section any more, so nothing was given to it */
            outcome = OUTCOME_DONE;
    }
    bool helps = false;
    if (!outcome && section.id)
        outcome = assistance_helps(txn, c->id, section.id, &helps, fault);
    *ret_kept = his && !helps && (!section.id || section.id != c->section_id);
    return outcome;
}

/* Its own, or one that it was asked to help with. */
static enum outcome is_on_desk(struct book_txn *txn, const struct officer *officer, const struct complaint *c,
    bool *ret_is, struct fault *fault)
{
    *ret_is = sight_complaint(officer, c);
    bool may_help =
        officer->role == ROLE_SEKSI && officer->section_id && strcmp(c->confidentiality, "rahasia");
    return *ret_is || !may_help ? OUTCOME_DONE
                                : assistance_helps(txn, c->id, officer->section_id, ret_is, fault);
}

enum outcome classify_sight_of(struct book_txn *txn, const struct officer *officer, const struct complaint *c,
    const json_t *proposal, bool *ret_sees, struct fault *fault)
{
    enum outcome outcome = is_on_desk(txn, officer, c, ret_sees, fault);
    if (outcome || !*ret_sees || officer->role != ROLE_KASI || !proposal)
        return outcome;
    bool kept = true;
    struct arena *arena = arena_new(LOOK_ARENA);
    outcome = arena ? is_kept_from_kasi(txn, c, proposal, &kept, arena, fault) : no_room(fault);
    arena_free(arena);
    *ret_sees = !outcome && !kept;
    return outcome;
}

enum outcome classify_sight(struct book_txn *txn, const struct officer *officer, const struct complaint *c,
    bool *ret_sees, struct fault *fault)
{
    enum outcome outcome = is_on_desk(txn, officer, c, ret_sees, fault);
    if (outcome || !*ret_sees || officer->role != ROLE_KASI)
        return outcome;
    json_t *proposal = NULL;
    struct arena *arena = arena_new(LOOK_ARENA);
    outcome = arena ? classify_proposal(txn, c->id, &proposal, arena, fault) : no_room(fault);
    *ret_sees = false;
    if (!outcome)
        outcome = classify_sight_of(txn, officer, c, proposal, ret_sees, fault);
    json_decref(proposal);
    arena_free(arena);
    return outcome;
}

enum outcome classify_admit(struct book_txn *txn, const struct officer *officer, const struct complaint *c,
    const char *refusal, struct fault *fault)
{
    bool sees;
    enum outcome outcome = classify_sight(txn, officer, c, &sees, fault);
    return outcome || sees ? outcome : fault_set(fault, OUTCOME_NEVER, refusal, "not this officer's to see");
}
