/* /lembar: the sheets of oversight that were made (desk/oversight.h), and /lembar/ID: one of them, which prints. */
#include "daemon/base/json_read.h"
#include "daemon/book/sheet.h"
#include "daemon/desk/classify_proposal.h"
#include "letterhead_page.h"
#include "present.h"
#include "routes.h"
#include "watch.h"
#include <string.h>

enum { SHEETS_SHOWN = 60, READERS = 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_CAMAT };

static const char *const names[SHEET_KINDS] = {"Lembar harian", "Lembar mingguan"};

/* The weekly one counts what the Kasi may not see. */
static unsigned kinds_of(const struct page *page)
{
    return page->officer->role == ROLE_KASI ? 1u << SHEET_HARIAN : 1u << SHEET_HARIAN | 1u << SHEET_MINGGUAN;
}

static enum outcome show_list(struct page *page)
{
    struct sheet *sheet = NULL;
    json_t *list = json_array();
    enum outcome outcome =
        sheet_list(page->txn, kinds_of(page), 0, SHEETS_SHOWN, &sheet, page->arena, page->fault);
    for (; sheet; sheet = sheet->next) {
        json_t *row =
            json_pack("{s:I, s:s}", "sheet_id", (json_int_t)sheet->id, "sheet_name", names[sheet->kind]);
        json_object_set_new(row, "sheet_at", present_moment(page, sheet->at));
        json_array_append_new(list, row);
    }
    json_t *data = json_pack("{s:s}", "title", "Lembar pengawasan");
    if (json_array_size(list))
        json_object_set_new(data, "some", json_pack("{s:O}", "sheets", list));
    json_decref(list);
    if (!outcome)
        return page_view(page, "sheets", data);
    json_decref(data);
    return outcome;
}

/* As it is now: who may not see it (any more) reads that there is one. */
static enum outcome add_case(struct page *page, const json_t *kept, json_t *list)
{
    struct complaint c;
    bool sees = false;
    enum outcome outcome = complaint_get(
        page->txn, json_integer_value(json_object_get(kept, "id")), &c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_sight(page->txn, page->officer, &c, &sees, page->fault);
    if (outcome)
        return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
    json_t *row = sees ? present_complaint(page, &c) : json_pack("{s:b}", "unseen", true);
    json_object_set_new(row, "was_late", json_boolean(json_is_true(json_object_get(kept, "late"))));
    json_array_append_new(list, row);
    return OUTCOME_DONE;
}

static enum outcome add_cases(struct page *page, const json_t *kept, json_t *data)
{
    json_t *list = json_array();
    const json_t *row;
    size_t i;
    enum outcome outcome = OUTCOME_DONE;
    json_array_foreach(json_object_get(kept, "rows"), i, row)
    {
        if (!outcome)
            outcome = add_case(page, row, list);
    }
    const json_t *more = json_object_get(kept, "more");
    json_t *cases = json_array_size(list) ? json_pack("{s:O}", "rows", list) : NULL;
    if (cases && json_integer_value(more) > 0)
        json_object_set_new(cases, "more", json_integer(json_integer_value(more)));
    if (cases)
        json_object_set_new(data, "cases", cases);
    json_decref(list);
    return outcome;
}

static enum outcome add_kept(struct page *page, const json_t *kept, json_t *data)
{
    static const char *const figures[] = {"late", "soon", "received", "answered", "answered_late"};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        json_object_set(data, figures[i], json_object_get(kept, figures[i]));
    json_t *loads = watch_loads(page, json_object_get(kept, "loads")),
           *ledger = json_object_get(kept, "ledger");
    if (loads)
        json_object_set_new(data, "loads", loads);
    if (ledger)
        json_object_set_new(data, "ledger", watch_ledger(page, ledger));
    return add_cases(page, kept, data);
}

static enum outcome show_sheet(struct page *page)
{
    struct sheet sheet;
    int64_t id;
    const char *word;
    bool named = page_rest(page, &id, &word) && !*word;
    enum outcome outcome = named ? sheet_get(page->txn, id, &sheet, page->arena, page->fault) : OUTCOME_NEVER;
    if (!named || (!outcome && !(kinds_of(page) & 1u << sheet.kind))) {
        page->status = 404;
        return fault_set(page->fault, OUTCOME_NEVER, "Lembar itu tidak ada.", "no sheet %s", page->rest);
    }
    json_t *kept = outcome ? NULL : json_loads(sheet.data, JSON_REJECT_DUPLICATES, NULL);
    json_t *data = outcome ? NULL : json_pack("{s:s}", "title", names[sheet.kind]);
    if (!outcome) {
        json_object_set_new(data, "day_words",
            present_date(page, workday_end_ms(sheet.day, present_office(page)->utc_offset_minutes)));
        json_object_set_new(data, "from_words", present_moment(page, sheet.from_at));
        json_object_set_new(data, "since_words", json_string("sejak lembar sebelumnya"));
        json_object_set_new(data, "at_words", present_moment(page, sheet.at));
        outcome = letterhead_add(page, data);
    }
    if (!outcome)
        outcome = add_kept(page, kept, data);
    json_decref(kept);
    if (!outcome)
        return page_view(page, "sheet", data);
    json_decref(data);
    return outcome;
}

const struct page_route sheet_routes[] = {
    {"/lembar", show_list, NULL, READERS, 0},
    {"/lembar/*", show_sheet, NULL, READERS, 0},
    {0},
};
