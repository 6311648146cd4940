#include "rule_trial.h"
#include "classify_proposal.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/complaint.h"
#include "daemon/book/message.h"
#include <string.h>

enum { ONE_MOST = 8 << 20 };

struct trial {
    struct book_txn *txn;
    const struct classify_rules *now, *then;
    const struct service *services;
    struct rule_trial *ret;
    struct rule_trial_row **last;
    struct arena *arena;
};

static const char *service_key(const struct trial *t, int64_t id)
{
    for (const struct service *s = t->services; s; s = s->next)
        if (s->id == id)
            return s->key;
    return NULL;
}

/* "email:siti@..." or a chat's id: what the sender was known by, as far as the complaint still tells. */
static const char *sender_of(const struct complaint *c)
{
    return c->reply_to && !strncmp(c->reply_to, "email:", 6) ? c->reply_to + 6 : c->reply_to;
}

static void compare_field(
    struct trial *t, const char *field, const char *from, const char *to, struct rule_change ***last)
{
    from = from ? from : "";
    to = to ? to : "";
    if (!strcmp(from, to))
        return;
    struct rule_change *change = arena_alloc(t->arena, sizeof *change);
    if (!change)
        return;
    *change = (struct rule_change){field, arena_strdup(t->arena, from), arena_strdup(t->arena, to), NULL};
    **last = change;
    *last = &change->next;
}

static struct rule_change *compare(
    struct trial *t, const struct classify_verdict *a, const struct classify_verdict *b)
{
    struct rule_change *changes = NULL, **last = &changes;
    compare_field(t, "jenis", a->kind, b->kind, &last);
    compare_field(t, "layanan", a->service, b->service, &last);
    compare_field(t, "seksi", a->section, b->section, &last);
    compare_field(t, "mendesak", a->urgent ? "ya" : "tidak", b->urgent ? "ya" : "tidak", &last);
    compare_field(t, "prioritas", a->priority, b->priority, &last);
    compare_field(t, "kerahasiaan", a->confidentiality, b->confidentiality, &last);
    compare_field(t, "tempat", a->place, b->place, &last);
    compare_field(t, "hindari", a->avoid, b->avoid, &last);
    return changes;
}

static enum outcome try_one(
    struct trial *t, const struct complaint *c, struct arena *scratch, struct fault *fault)
{
    struct message m;
    struct classify_verdict a, b;
    enum outcome outcome = message_get(t->txn, c->id * (MESSAGES_A_COMPLAINT + 1) + 1, &m, scratch, fault);
    if (outcome)
        return outcome == OUTCOME_NEVER || arena_full(scratch) ? OUTCOME_DONE : outcome;
    const char *words = m.own_words ? m.own_words : m.text;
    const char *text = m.subject ? arena_printf(scratch, "%s\n%s", m.subject, words) : words;
    if (!text)
        return arena_full(scratch) ? OUTCOME_DONE
                                   : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a trial");
    const struct classify_facts facts = {.channel = classify_channel_word(c->channel),
        .sender = sender_of(c),
        .service = service_key(t, c->service_id),
        .text = text,
        .size = strnlen(text, CLASSIFY_TEXT_MOST)};
    outcome = classify(t->now, &facts, &a, scratch, fault);
    if (!outcome)
        outcome = classify(t->then, &facts, &b, scratch, fault);
    struct rule_change *changes = outcome ? NULL : compare(t, &a, &b);
    struct rule_trial_row *row = changes ? arena_alloc(t->arena, sizeof *row) : NULL;
    t->ret->looked_at += !outcome;
    if (!row)
        return outcome;
    bool secret = !strcmp(c->confidentiality, "rahasia");
    *row = (struct rule_trial_row){
        .number = secret ? NULL : arena_strdup(t->arena, c->number), .changes = changes};
    *t->last = row;
    t->last = &row->next;
    t->ret->changed++;
    return OUTCOME_DONE;
}

static enum outcome visit(void *arg, const struct complaint *c, struct fault *fault)
{
    struct arena *scratch = arena_new(ONE_MOST);
    enum outcome outcome = scratch ? try_one(arg, c, scratch, fault)
                                   : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a trial");
    arena_free(scratch);
    return outcome;
}

enum outcome rule_trial(struct book_txn *txn, const struct classify_rules *now,
    const struct classify_rules *then, struct rule_trial *ret, struct arena *arena, struct fault *fault)
{
    struct service *services = NULL;
    const struct complaint_filter newest = {.limit = RULE_TRIAL_MOST};
    *ret = (struct rule_trial){0};
    enum outcome outcome = service_list(txn, &services, arena, fault);
    struct trial t = {.txn = txn,
        .now = now,
        .then = then,
        .services = services,
        .ret = ret,
        .last = &ret->rows,
        .arena = arena};
    return outcome ? outcome : complaint_list(txn, &newest, visit, &t, fault);
}
