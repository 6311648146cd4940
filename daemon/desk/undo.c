#include "undo.h"
#include "act.h"
#include "classify_proposal.h"
#include "daemon/book/chat.h"
#include "daemon/book/event.h"
#include "rules/undo.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define UNDONE "dibatalkan"
static const int64_t FORGET_MS = 60 * 60 * 1000; /* much longer than anything can be taken back */

static enum outcome no_memory(struct fault *fault)
{
    return fault_set(fault, OUTCOME_LATER, NULL, "no memory to take back an act");
}

/* ---- what an act changes, as JSON ---- */

static json_t *of_complaint(const struct complaint *c)
{
    return json_pack("{s:s, s:I, s:I, s:s*, s:I, s:I, s:I, s:I, s:s*, s:s*}", "state", state_key(c->state),
        "since", (json_int_t)c->state_since, "section", (json_int_t)c->section_id, "instruction",
        c->instruction, "due", (json_int_t)c->due_at, "answered", (json_int_t)c->answered_at, "closed",
        (json_int_t)c->closed_at, "main", (json_int_t)c->main_id, "referred_to", c->referred_to,
        "referred_number", c->referred_number);
}

static json_t *of_clocks(const struct clocks *k)
{
    return json_pack("[I, I, I, I, I, I, I, I, I, I, I, I, I, I, I]", (json_int_t)k->version,
        (json_int_t)k->started_at, (json_int_t)k->limits.promise, (json_int_t)k->limits.law,
        (json_int_t)k->given_at, (json_int_t)k->paused_at, (json_int_t)k->told, (json_int_t)k->stage,
        (json_int_t)k->stage_from, (json_int_t)k->stage_due, (json_int_t)k->stage_told,
        (json_int_t)k->running, (json_int_t)k->next_at, (json_int_t)k->formal_at, (json_int_t)k->extended_at);
}

static json_t *of_helpers(const struct undo_before *before)
{
    json_t *list = json_array();
    for (size_t i = 0; i < before->helper_count; i++)
        json_array_append_new(list, json_pack("[I, I]", (json_int_t)before->helpers[i].section_id,
                                        (json_int_t)before->helpers[i].reported_at));
    return list;
}

static size_t read_helpers(const json_t *json, struct helper helpers[static ASSISTANCE_MOST])
{
    size_t count = 0;
    for (; count < json_array_size(json) && count < ASSISTANCE_MOST; count++) {
        const json_t *one = json_array_get(json, count);
        helpers[count] = (struct helper){.section_id = json_integer_value(json_array_get(one, 0)),
            .reported_at = json_integer_value(json_array_get(one, 1))};
    }
    return count;
}

static bool read_complaint(json_t *json, struct complaint *c, struct arena *arena)
{
    const char *state, *instruction = NULL, *to = NULL, *number = NULL;
    json_int_t since, section, due, answered, closed, main_id;
    if (json_unpack(json, "{s:s, s:I, s:I, s?:s, s:I, s:I, s:I, s:I, s?:s, s?:s}", "state", &state, "since",
            &since, "section", &section, "instruction", &instruction, "due", &due, "answered", &answered,
            "closed", &closed, "main", &main_id, "referred_to", &to, "referred_number", &number) ||
        !state_from_key(state, &c->state))
        return false;
    c->state_since = since;
    c->section_id = section;
    c->instruction = instruction ? arena_strdup(arena, instruction) : NULL;
    c->due_at = due;
    c->answered_at = answered;
    c->closed_at = closed;
    c->main_id = main_id;
    c->referred_to = to ? arena_strdup(arena, to) : NULL;
    c->referred_number = number ? arena_strdup(arena, number) : NULL;
    return true;
}

static bool read_clocks(json_t *json, struct clocks *k)
{
    json_int_t v[15];
    if (json_unpack(json, "[I, I, I, I, I, I, I, I, I, I, I, I, I, I, I]", &v[0], &v[1], &v[2], &v[3], &v[4],
            &v[5], &v[6], &v[7], &v[8], &v[9], &v[10], &v[11], &v[12], &v[13], &v[14]))
        return false;
    *k = (struct clocks){.complaint_id = k->complaint_id,
        .version = v[0],
        .started_at = v[1],
        .limits = {v[2], v[3]},
        .given_at = v[4],
        .paused_at = v[5],
        .told = (int)v[6],
        .stage = (enum stage)v[7],
        .stage_from = v[8],
        .stage_due = v[9],
        .stage_told = (int)v[10],
        .running = v[11] != 0,
        .next_at = v[12],
        .formal_at = v[13],
        .extended_at = v[14]};
    return true;
}

/* ---- before and after an act ---- */

enum outcome undo_remember(struct book_txn *txn, const struct complaint *c, struct undo_before *ret,
    struct arena *arena, struct fault *fault)
{
    ret->c = *c;
    enum outcome outcome = undo_begin(txn, c->id, &ret->rows, fault);
    if (!outcome)
        outcome = clocks_get(txn, c->id, &ret->clocks, fault);
    return outcome ? outcome : assistance_list(txn, c->id, ret->helpers, &ret->helper_count, arena, fault);
}

/* NULL without memory. */
static const char *earlier_text(const struct undo_before *before, struct arena *arena)
{
    json_t *earlier = json_pack("{s:o, s:o, s:o}", "complaint", of_complaint(&before->c), "clocks",
        of_clocks(&before->clocks), "helpers", of_helpers(before));
    char *text = earlier ? json_dumps(earlier, JSON_COMPACT) : NULL;
    const char *kept = text ? arena_strdup(arena, text) : NULL;
    free(text);
    json_decref(earlier);
    return kept;
}

enum outcome undo_offer(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct complaint *c, const char *kind, bool told, struct undo_before *before, struct arena *arena,
    struct fault *fault)
{
    struct undo *u = &before->rows;
    int waiting, gone;
    int64_t leaves_at;
    if (!before->clocks.complaint_id) /* what was over before there were clocks: nothing to put back */
        return undo_remove(txn, c->id, fault);
    enum outcome outcome = undo_end(txn, u, fault);
    if (!outcome)
        outcome = undo_letters(txn, u, &waiting, &gone, &leaves_at, fault);
    if (!outcome && waiting && office->letter_wait_ms)
        outcome = undo_hold(txn, u, txn_now(txn) + office->letter_wait_ms, fault);
    if (outcome)
        return outcome;
    u->officer_id = officer->id;
    u->kind = kind;
    u->version = c->version;
    u->at = txn_now(txn);
    u->on_page = told && !waiting && !gone;
    u->earlier = earlier_text(before, arena);
    return u->earlier ? undo_put(txn, u, txn_now(txn) - FORGET_MS, fault) : no_memory(fault);
}

/* ---- may it be? ---- */

struct looking {
    struct undo undo;
    struct undo_facts facts;
    int64_t leaves_at;
};

static enum outcome look(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct complaint *c, struct looking *ret, struct arena *arena, struct fault *fault)
{
    enum outcome outcome = undo_get(txn, c->id, &ret->undo, arena, fault);
    if (outcome || !ret->undo.complaint_id)
        return outcome;
    ret->facts = (struct undo_facts){.himself = ret->undo.officer_id == officer->id,
        .unchanged = ret->undo.version == c->version,
        .age_ms = txn_now(txn) - ret->undo.at,
        .on_page = ret->undo.on_page,
        .wait_ms = office->letter_wait_ms};
    return undo_letters(txn, &ret->undo, &ret->facts.waiting, &ret->facts.gone, &ret->leaves_at, fault);
}

enum outcome undo_look(struct book_txn *txn, const struct office *office, const struct officer *officer,
    const struct complaint *c, struct undo_offered *ret, struct arena *arena, struct fault *fault)
{
    struct looking l = {0};
    *ret = (struct undo_offered){0};
    enum outcome outcome = look(txn, office, officer, c, &l, arena, fault);
    if (!outcome && l.undo.complaint_id && undo_judge(&l.facts) == UNDO_MAY)
        *ret = (struct undo_offered){
            .kind = l.undo.kind, .until = l.undo.at + undo_most_ms(&l.facts), .leaves_at = l.leaves_at};
    return outcome;
}

/* ---- taking it back ---- */

/* One taking back on its way through this file. */
struct taking {
    struct book_txn *txn;
    const struct officer *officer;
    struct undo undo;
    struct complaint c;
    enum state was;
    int64_t was_main;
    struct arena *arena;
    struct fault *fault;
};

/* A pause that the act ended begins anew where it began. */
static enum outcome put_back(struct taking *t)
{
    struct clocks clocks = {.complaint_id = t->c.id};
    json_t *earlier = json_loads(t->undo.earlier, 0, NULL);
    bool good = read_complaint(json_object_get(earlier, "complaint"), &t->c, t->arena) &&
                read_clocks(json_object_get(earlier, "clocks"), &clocks);
    struct helper helpers[ASSISTANCE_MOST];
    size_t count = read_helpers(json_object_get(earlier, "helpers"), helpers);
    json_decref(earlier);
    if (!good)
        return fault_set(t->fault, OUTCOME_STOP, NULL, "%s: what was before cannot be read", t->c.number);
    enum outcome outcome = clocks_update(t->txn, &clocks, t->fault);
    if (!outcome && clocks.paused_at)
        outcome = clocks_drop_pause(t->txn, t->c.id, clocks.paused_at, t->fault);
    if (!outcome && !strcmp(t->undo.kind, action_key(ACTION_DISPOSISI)))
        outcome = assistance_put(t->txn, t->c.id, helpers, count, t->fault);
    return outcome ? outcome : complaint_update(t->txn, &t->c, t->fault);
}

/* A number that he sends is no judgement of an answer he never got. */
static enum outcome forget_question(struct taking *t)
{
    struct chat chat;
    if (strcmp(t->undo.kind, action_key(ACTION_JAWAB)) || strncmp(t->c.channel, "gateway:", 8) ||
        !t->c.reply_to)
        return OUTCOME_DONE;
    enum outcome outcome = chat_get(t->txn, t->c.channel, t->c.reply_to, &chat, t->arena, t->fault);
    if (outcome || chat.rating_id != t->c.id)
        return outcome;
    chat.rating_id = 0;
    return chat_put(t->txn, &chat, t->fault);
}

static enum outcome note(struct taking *t, const struct complaint *c, json_t *data)
{
    const char *actor = arena_printf(t->arena, "%s:%s", role_key(t->officer->role), t->officer->login);
    enum outcome outcome = actor && data
                               ? event_append(t->txn, c->id, c->number, UNDONE, actor, data, t->fault)
                               : no_memory(t->fault);
    json_decref(data);
    return outcome;
}

/* The other one's history says that it was joined. */
static enum outcome tell_main(struct taking *t)
{
    struct complaint main_one;
    if (!t->was_main || t->was_main == t->c.main_id)
        return OUTCOME_DONE;
    enum outcome outcome = complaint_get(t->txn, t->was_main, &main_one, t->arena, t->fault);
    return outcome ? outcome
                   : note(t, &main_one,
                         json_pack("{s:s, s:s}", "act", "menerima_gabungan", "joined", t->c.number));
}

enum outcome undo_act(struct book_txn *txn, const struct office *office, const struct officer *officer,
    int64_t complaint_id, int64_t version, struct arena *arena, struct fault *fault)
{
    struct taking t = {.txn = txn, .officer = officer, .arena = arena, .fault = fault};
    struct looking l = {0};
    enum outcome outcome = complaint_get(txn, complaint_id, &t.c, arena, fault);
    if (!outcome)
        outcome = classify_admit(txn, officer, &t.c, ACT_NOT_HERE, fault);
    if (!outcome && version && version != t.c.version)
        outcome = fault_set(
            fault, OUTCOME_NEVER, ACT_CHANGED_MEANWHILE, "undo: %s is at another version", t.c.number);
    if (!outcome)
        outcome = look(txn, office, officer, &t.c, &l, arena, fault);
    if (outcome)
        return outcome;
    enum undo_verdict verdict = l.undo.complaint_id ? undo_judge(&l.facts) : UNDO_LATE;
    if (verdict != UNDO_MAY)
        return fault_set(fault, OUTCOME_NEVER, undo_words(verdict), "undo of %s refused", t.c.number);
    t.undo = l.undo;
    t.was = t.c.state;
    t.was_main = t.c.main_id;
    outcome = put_back(&t);
    if (!outcome)
        outcome = forget_question(&t);
    if (!outcome)
        outcome = undo_withdraw(txn, &t.undo, UNDONE, fault);
    if (!outcome)
        outcome = undo_remove(txn, t.c.id, fault);
    if (!outcome)
        outcome = note(&t, &t.c,
            json_pack("{s:s, s:s, s:s, s:I}", "from", state_key(t.was), "state", state_key(t.c.state), "act",
                t.undo.kind, "done_at", (json_int_t)t.undo.at));
    return outcome ? outcome : tell_main(&t);
}
