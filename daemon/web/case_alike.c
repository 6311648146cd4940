/* "Mungkin sama", on a complaint's page: what may be about the same thing (desk/alike_run.h), for those who may join
 * complaints. A later one is joined to an earlier one; an earlier one takes in those that came later, many at once. */
#include "case.h"
#include "daemon/book/alike.h"
#include "daemon/book/event.h"
#include "daemon/desk/act.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/desk.h"
#include "present.h"
#include <stdlib.h>
#include <string.h>

enum { PAIRS_MOST = 60, SHOWN_MOST = 40, CHOSEN_MOST = 100 };

static bool may_join(const struct page *page, const struct complaint *c)
{
    return state_find_move(c->state, ACTION_GABUNG, (int)page->officer->role) != NULL;
}

static json_t *reasons_of(const struct alike_pair *pair)
{
    json_t *list = json_array();
    for (const char *p = pair->reasons; *p;) {
        size_t n = strcspn(p, "\n");
        json_array_append_new(list, json_stringn(p, n));
        p += n + (p[n] == '\n');
    }
    return list;
}

/* Into `above` what this one may be joined to, into `below` what may be joined to it. */
static void add_pair(struct page *page, const struct complaint *c, const struct complaint *other,
    const struct alike_pair *pair, json_t *above, json_t *below)
{
    bool here = pair->later && may_join(page, other) && c->state != STATE_DUPLIKAT;
    if (!here && pair->later)
        return;
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:I, s:b, s:o}", "alike_number", other->number, "alike_url",
        arena_printf(page->arena, "/aduan/%lld", (long long)other->id), "alike_subject", other->subject,
        "alike_state", state_label(other->state), "alike_id", (json_int_t)other->id, "alike_may_join",
        may_join(page, c), "reasons", reasons_of(pair));
    json_object_set_new(row, "alike_at", present_moment(page, other->received_at));
    json_array_append_new(here ? below : above, row);
}

enum outcome case_alike_add(struct page *page, const struct complaint *c, json_t *data)
{
    struct alike_pair *pairs = NULL;
    struct complaint other;
    json_t *above = json_array(), *below = json_array();
    bool wanted =
        state_find_move(STATE_MASUK, ACTION_GABUNG, (int)page->officer->role) && c->state != STATE_DUPLIKAT;
    enum outcome outcome =
        wanted ? alike_list(page->txn, c->id, PAIRS_MOST, &pairs, page->arena, page->fault) : OUTCOME_DONE;
    for (; pairs && !outcome; pairs = pairs->next) {
        bool sees = false;
        outcome = complaint_get(page->txn, pairs->other_id, &other, page->arena, page->fault);
        if (!outcome)
            outcome = classify_sight(page->txn, page->officer, &other, &sees, page->fault);
        if (!outcome && sees && other.state != STATE_DUPLIKAT && json_array_size(below) < SHOWN_MOST)
            add_pair(page, c, &other, pairs, above, below);
    }
    if (json_array_size(above) && (may_join(page, c) || state_open(c->state)))
        json_object_set_new(data, "alike", json_pack("{s:O}", "alike_rows", above));
    if (json_array_size(below))
        json_object_set_new(data, "alike_later", json_pack("{s:O}", "alike_rows", below));
    json_decref(above);
    json_decref(below);
    return outcome;
}

/* ---- acts ---- */

static enum outcome admit(struct page *page, int64_t id, struct complaint *ret)
{
    enum outcome outcome = complaint_get(page->txn, id, ret, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, ret, ACT_NOT_HERE, page->fault);
    if (!outcome && !state_find_move(STATE_MASUK, ACTION_GABUNG, (int)page->officer->role))
        outcome = fault_set(page->fault, OUTCOME_NEVER, ACT_NOT_HERE, "this role joins no complaints");
    return outcome;
}

enum outcome case_alike_told_apart(struct page *page, int64_t id)
{
    struct complaint c, other;
    bool was = false;
    int64_t other_id = strtoll(page_field(page, "lain"), NULL, 10);
    enum outcome outcome = admit(page, id, &c);
    if (!outcome)
        outcome = admit(page, other_id, &other);
    if (!outcome)
        outcome = alike_told_apart(page->txn, c.id, other.id, page->officer->id, &was, page->fault);
    if (outcome || !was) /* twice is once */
        return outcome;
    const char *actor =
        arena_printf(page->arena, "%s:%s", role_key(page->officer->role), page->officer->login);
    json_t *data = json_pack("{s:s}", "to", other.number);
    outcome =
        event_append(page->txn, c.id, c.number, "bukan_sama", actor ? actor : "sistem", data, page->fault);
    json_decref(data);
    return outcome;
}

enum outcome case_alike_gather(struct page *page, int64_t id)
{
    struct complaint c;
    int chosen = 0;
    enum outcome outcome = admit(page, id, &c);
    for (const struct http_field *f = page->form->fields; f && !outcome; f = f->next) {
        bool queued;
        struct act act = {.complaint_id = strcmp(f->name, "aduan") ? 0 : strtoll(f->value, NULL, 10),
            .action = ACTION_GABUNG,
            .officer = page->officer,
            .main_number = c.number};
        if (!act.complaint_id || chosen == CHOSEN_MOST)
            continue;
        outcome = act_on(page->txn, desk_office(page->desk), &act, &queued, page->arena, page->fault);
        chosen++;
    }
    if (!outcome && !chosen)
        outcome =
            fault_set(page->fault, OUTCOME_NEVER, "Pilih dahulu aduan yang digabungkan.", "none chosen");
    return outcome;
}
