/* What stands beside one complaint on its page: what may be taken back, what it has to do with others, who helps, whether it
 * holds two matters. */
#include "case.h"
#include "daemon/book/assistance.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/desk/correspond.h"
#include "daemon/desk/sight.h"
#include "daemon/desk/undo.h"
#include "present.h"
#include "rules/words_date.h"
#include <string.h>

enum { KIN_MOST = 20 };

/* What this officer just did and may take back; it says what was done itself. */
enum outcome case_undo_add(struct page *page, const struct complaint *c, const char *done, json_t *data)
{
    struct undo_offered offered;
    char until[WORDS_DATE_SIZE], leaves[WORDS_DATE_SIZE];
    int zone = present_office(page)->utc_offset_minutes;
    enum outcome outcome =
        undo_look(page->txn, present_office(page), page->officer, c, &offered, page->arena, page->fault);
    if (outcome || !offered.kind) {
        if (done)
            json_object_set_new(data, "toast", json_string(done));
        return outcome;
    }
    words_date_clock(until, sizeof until, offered.until, zone);
    json_t *undo = json_pack(
        "{s:s, s:s, s:s?}", "what", present_event_label(offered.kind), "until", until, "done", done);
    if (offered.leaves_at > txn_now(page->txn)) {
        words_date_clock(leaves, sizeof leaves, offered.leaves_at, zone);
        json_object_set_new(undo, "leaves", json_string(leaves));
    }
    json_object_set_new(data, "undo", undo);
    return outcome;
}

/* Whether it began as a part of that one. */
static enum outcome came_out_of(struct page *page, int64_t id, const char *number, bool *ret_did)
{
    struct event first;
    enum outcome outcome = event_first(page->txn, id, "masuk", &first, page->arena, page->fault);
    json_t *data = outcome ? NULL : json_loads(first.data, 0, NULL);
    const char *from = json_string_value(json_object_get(data, "from"));
    *ret_did = from && !strcmp(from, number);
    json_decref(data);
    return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
}

/* What this one may have to do with others, for those who may see them; the newest word of a person's hand is merging. */
enum outcome case_kin_add(struct page *page, const struct complaint *c, json_t *data)
{
    struct complaint_kin *kin = NULL;
    struct complaint related;
    json_t *list = json_array();
    enum outcome outcome = complaint_kin(page->txn, c->id, KIN_MOST, &kin, page->arena, page->fault);
    for (; kin && !outcome; kin = kin->next) {
        outcome = complaint_get(page->txn, kin->id, &related, page->arena, page->fault);
        bool part = false;
        if (!outcome)
            outcome = came_out_of(page, kin->id, c->number, &part);
        if (!outcome && sight_complaint(page->officer, &related))
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:b, s:b}", "kin_number", kin->number, "kin_url",
                          arena_printf(page->arena, "/aduan/%lld", (long long)kin->id), "kin_joined",
                          kin->joined, "kin_part", part && !kin->joined));
    }
    if (json_array_size(list))
        json_object_set_new(data, "kin", json_pack("{s:O}", "kin_list", list));
    json_decref(list);
    if (outcome || !c->related_id || c->state == STATE_DUPLIKAT)
        return outcome;
    outcome = complaint_get(page->txn, c->related_id, &related, page->arena, page->fault);
    if (outcome || !sight_complaint(page->officer, &related))
        return outcome;
    bool may_join = state_find_move(c->state, ACTION_GABUNG, (int)page->officer->role) != NULL, part = false;
    outcome = came_out_of(page, c->id, related.number, &part);
    json_object_set_new(data, part ? "taken_out" : "related",
        json_pack("{s:s, s:s, s:b}", "related_url",
            arena_printf(page->arena, "/aduan/%lld", (long long)related.id), "related_number", related.number,
            "may_join", may_join));
    return outcome;
}

/* The words of a complaint that may hold two matters, for the officer to leave those of the second one. */
enum outcome case_divide_add(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data)
{
    struct message first;
    bool refused = view->refused && !strcmp(view->refused, "bagi");
    if (!correspond_may_divide(page->officer, c))
        return OUTCOME_DONE;
    enum outcome outcome =
        message_get(page->txn, c->id * (MESSAGES_A_COMPLAINT + 1) + 1, &first, page->arena, page->fault);
    if (!outcome)
        json_object_set_new(data, "divide",
            json_pack("{s:s, s:b}", "divide_text",
                refused           ? page_field(page, "isi")
                : first.own_words ? first.own_words
                                  : first.text,
                "open", refused));
    return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
}

/* Who helps, and whether they have reported; for who helps himself the form to do so. */
enum outcome case_helpers_add(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data)
{
    struct helper helpers[ASSISTANCE_MOST];
    size_t count;
    enum outcome outcome = assistance_list(page->txn, c->id, helpers, &count, page->arena, page->fault);
    json_t *list = json_array();
    bool open = c->state == STATE_DIDISPOSISIKAN || c->state == STATE_DITINDAKLANJUTI ||
                c->state == STATE_MENUNGGU_PERSETUJUAN;
    for (size_t i = 0; i < count && !outcome; i++) {
        json_t *row = json_pack("{s:s}", "helper", helpers[i].section);
        if (helpers[i].reported_at)
            json_object_set_new(row, "reported", present_moment(page, helpers[i].reported_at));
        json_array_append_new(list, row);
        if (open && helpers[i].section_id == page->officer->section_id)
            json_object_set_new(data, "assist",
                json_pack("{s:b, s:s, s:s?}", "again", helpers[i].reported_at != 0, "assist_text",
                    view->refused && !strcmp(view->refused, "bantu") ? page_field(page, "isi") : "",
                    "answers", c->section));
    }
    if (json_array_size(list))
        json_object_set_new(data, "helped", json_pack("{s:O}", "helpers", list));
    json_decref(list);
    return outcome;
}
