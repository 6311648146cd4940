/* /bersama: one act with several complaints of a list. Looked at first (GET: what will happen to each, which cannot and
 * why), then done in one job (POST): all that can, or after a failure none. */
#include "case.h"
#include "daemon/book/catalogue.h"
#include "daemon/desk/act.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/undo.h"
#include "present.h"
#include "routes.h"
#include <stdlib.h>
#include <string.h>

enum { BULK_MOST = 100 };

#define UNDO_KEY "batalkan"

/* What may be done with several at once: what needs the same words for each. */
static const struct bulk {
    const char *key, *label, *done; /* done: "3 aduan " and this */
    enum action action;
    const char *text; /* the same for each; NULL = typed, or none */
    bool reason;
} bulks[] = {
    {"verifikasi", "Verifikasi", "diverifikasi", ACTION_VERIFIKASI, NULL, false},
    {"teruskan", "Teruskan kepada Sekcam", "diteruskan kepada Sekcam", ACTION_TERUSKAN, NULL, false},
    {"disposisi", "Disposisikan", "didisposisikan", ACTION_DISPOSISI, NULL, false},
    {"mulai", "Mulai tindak lanjut", "mulai ditindaklanjuti", ACTION_MULAI, NULL, false},
    {"setujui", "Setujui", "disetujui", ACTION_SETUJUI, NULL, false},
    {"arsipkan", "Arsipkan", "diarsipkan", ACTION_ARSIPKAN, NULL, true},
    {"spam", "Tandai sebagai spam", "diarsipkan sebagai spam", ACTION_ARSIPKAN, "Spam atau iklan", false},
};

static bool role_may(const struct page *page, const struct bulk *b)
{
    for (int s = 0; s < STATE_COUNT; s++)
        if (state_find_move((enum state)s, b->action, (int)page->officer->role))
            return true;
    return false;
}

static const struct bulk *bulk_find(const struct page *page, const char *key)
{
    for (size_t i = 0; i < sizeof bulks / sizeof *bulks; i++)
        if (!strcmp(bulks[i].key, key) && role_may(page, &bulks[i]))
            return &bulks[i];
    return NULL;
}

json_t *bulk_page_choices(const struct page *page)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof bulks / sizeof *bulks; i++)
        if (role_may(page, &bulks[i]))
            json_array_append_new(
                list, json_pack("{s:s, s:s}", "bulk_key", bulks[i].key, "bulk_label", bulks[i].label));
    json_t *choices = json_array_size(list) ? json_pack("{s:O}", "bulk_choices", list) : NULL;
    json_decref(list);
    return choices;
}

/* ---- the complaints ---- */

/* "17:3": the complaint, and its version as it was looked at (0 = not). */
static bool read_one(const struct http_field *f, int64_t *ret_id, int64_t *ret_version)
{
    char *end;
    *ret_id = strtoll(f->value, &end, 10);
    *ret_version = *end == ':' ? strtoll(end + 1, NULL, 10) : 0;
    return !strcmp(f->name, "aduan") && *ret_id > 0;
}

typedef enum outcome bulk_visit(struct page *page, void *arg, int64_t id, int64_t version);

/* Each once, in the order of the form. */
static enum outcome each(
    struct page *page, const struct http_form *form, bulk_visit *visit, void *arg, int *ret_count)
{
    int64_t seen[BULK_MOST], id, version;
    enum outcome outcome = OUTCOME_DONE;
    *ret_count = 0;
    for (const struct http_field *f = form->fields; f && !outcome && *ret_count < BULK_MOST; f = f->next) {
        if (!read_one(f, &id, &version))
            continue;
        int k = 0;
        while (k < *ret_count && seen[k] != id)
            k++;
        if (k < *ret_count)
            continue;
        seen[(*ret_count)++] = id;
        outcome = visit(page, arg, id, version);
    }
    return outcome;
}

static json_t *row_of(struct page *page, const struct complaint *c)
{
    json_t *row = present_complaint(page, c);
    json_object_set_new(row, "value",
        json_string(arena_printf(page->arena, "%lld:%lld", (long long)c->id, (long long)c->version)));
    return row;
}

/* ---- looked at ---- */

struct looking {
    const struct bulk *bulk;
    json_t *can, *cannot;
    int unseen;
    struct complaint first; /* whose date and section are proposed: the one that is due first */
    bool any;
};

static enum outcome look_at(struct page *page, void *arg, int64_t id, int64_t version)
{
    struct looking *l = arg;
    struct complaint c;
    const char *why = NULL;
    (void)version;
    const struct act act = {
        .complaint_id = id, .action = l->bulk->action, .officer = page->officer, .text = "."};
    enum outcome outcome = act_judge(page->txn, &act, &c, &why, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER) { /* not his to see: nothing is said of it */
        l->unseen++;
        return OUTCOME_DONE;
    }
    if (outcome)
        return outcome;
    json_t *row = row_of(page, &c);
    if (why) {
        json_object_set_new(row, "why", json_string(why));
        json_array_append_new(l->cannot, row);
        return OUTCOME_DONE;
    }
    const struct state_move *move = state_find_move(c.state, l->bulk->action, (int)page->officer->role);
    json_object_set_new(row, "becomes", json_string(state_label(move->to)));
    json_array_append_new(l->can, row);
    if (!l->any || (c.due_at && (!l->first.due_at || c.due_at < l->first.due_at)))
        l->first = c;
    l->any = true;
    return OUTCOME_DONE;
}

static void add_rows(json_t *data, const char *name, json_t *rows)
{
    size_t count = json_array_size(rows);
    if (count)
        json_object_set_new(
            data, name, json_pack("{s:O, s:I}", "rows", rows, "row_count", (json_int_t)count));
    json_decref(rows);
}

/* problem NULL = none; else what was typed comes back with it. */
static enum outcome show(
    struct page *page, const struct http_form *form, const struct bulk *bulk, const char *problem, int status)
{
    struct looking l = {.bulk = bulk, .can = json_array(), .cannot = json_array()};
    json_t *data = json_pack("{s:s, s:s, s:s, s:b, s:s?}", "title", bulk->label, "heading", bulk->label,
        "key", bulk->key, "ask_reason", bulk->reason, "problem", problem);
    int count;
    enum outcome outcome = each(page, form, look_at, &l, &count);
    if (!outcome && l.any && bulk->action == ACTION_DISPOSISI)
        outcome = case_form_disposition(page, &l.first, problem != NULL, data);
    if (problem)
        json_object_set_new(data, "typed", case_form_typed(page));
    add_rows(data, "can", l.can);
    add_rows(data, "cannot", l.cannot);
    if (l.unseen)
        json_object_set_new(data, "unseen", json_integer(l.unseen));
    if (count == BULK_MOST)
        json_object_set_new(data, "most", json_integer(BULK_MOST));
    if (outcome) {
        json_decref(data);
        return outcome;
    }
    return page_view_status(page, status, "bulk", data);
}

static enum outcome nothing_chosen(struct page *page)
{
    page->status = 422;
    return fault_set(page->fault, OUTCOME_NEVER,
        "Pilih dahulu aduan dan tindakannya pada daftar di Meja atau Buku.", "nothing chosen");
}

static enum outcome get_bulk(struct page *page)
{
    const struct bulk *bulk = bulk_find(page, page_query(page, "tindakan"));
    return bulk && http_form_find(page->query, "aduan") ? show(page, page->query, bulk, NULL, 200)
                                                        : page_redirect(page, "/meja?catatan=pilih");
}

/* ---- done ---- */

struct doing {
    const struct bulk *bulk; /* NULL = taken back */
    struct act act;
    struct helper helpers[ASSISTANCE_MOST + 1];
    json_t *done, *left;
};

static enum outcome do_one(struct page *page, void *arg, int64_t id, int64_t version)
{
    struct doing *d = arg;
    struct complaint c;
    bool queued, sees = false;
    d->act.complaint_id = id;
    d->act.version = version;
    enum outcome outcome =
        d->bulk ? act_on(page->txn, desk_office(page->desk), &d->act, &queued, page->arena, page->fault)
                : undo_act(page->txn, desk_office(page->desk), page->officer, id, version, page->arena,
                      page->fault);
    if (outcome && outcome != OUTCOME_NEVER)
        return outcome;
    const char *why = outcome ? arena_strdup(page->arena, page->fault->public_text) : NULL;
    enum outcome found = complaint_get(page->txn, id, &c, page->arena, page->fault);
    if (!found)
        found = classify_sight(page->txn, page->officer, &c, &sees, page->fault);
    if (found || !sees) /* refused before anything was written (act.h) */
        return found == OUTCOME_NEVER ? OUTCOME_DONE : found;
    json_t *row = row_of(page, &c);
    if (why)
        json_object_set_new(row, "why", json_string(why));
    json_array_append_new(why ? d->left : d->done, row);
    return OUTCOME_DONE;
}

/* What is wrong with the words for all of them; NULL = nothing. */
static const char *form_problem(struct page *page, struct doing *d)
{
    const struct bulk *bulk = d->bulk;
    struct section found;
    if (bulk->action == ACTION_DISPOSISI) {
        d->act.text = page_field(page, "instruksi");
        d->act.due_at = case_form_date(page, page_field(page, "batas"));
        if (*page_field(page, "seksi") &&
            !section_by_key(page->txn, page_field(page, "seksi"), &found, page->arena, page->fault))
            d->act.section_id = found.id;
        if (case_form_helpers(page, d->helpers, &d->act.helper_count))
            return "Pilih seksi pembantu dari daftar.";
        d->act.helpers = d->helpers;
        return !d->act.section_id                             ? "Pilih seksi yang akan menangani."
               : d->act.due_at <= txn_now(page->txn)          ? "Isi batas waktu, hari ini atau sesudahnya."
               : !d->act.text[strspn(d->act.text, " \t\r\n")] ? "Isi dahulu instruksinya."
                                                              : NULL;
    }
    d->act.text = bulk->text ? bulk->text : page_field(page, "isi");
    return bulk->reason && !d->act.text[strspn(d->act.text, " \t\r\n")] ? "Isi dahulu alasannya." : NULL;
}

static enum outcome show_done(struct page *page, struct doing *d)
{
    size_t count = json_array_size(d->done);
    json_t *data = json_pack("{s:s, s:I, s:s, s:b}", "title", "Sudah dikerjakan", "done_count",
        (json_int_t)count, "done_words", d->bulk ? d->bulk->done : "dikembalikan seperti semula", "may_undo",
        d->bulk && count);
    add_rows(data, "done", d->done);
    add_rows(data, "cannot", d->left);
    return page_view(page, "bulk_done", data);
}

static enum outcome post_bulk(struct page *page)
{
    struct doing d = {.bulk = bulk_find(page, page_field(page, "tindakan"))};
    bool undo = !strcmp(page_field(page, "tindakan"), UNDO_KEY);
    int count;
    if ((!d.bulk && !undo) || !http_form_find(page->form, "aduan"))
        return nothing_chosen(page);
    d.act.officer = page->officer;
    d.act.action = d.bulk ? d.bulk->action : ACTION_COUNT;
    const char *problem = d.bulk ? form_problem(page, &d) : NULL;
    if (problem)
        return show(page, page->form, d.bulk, problem, 422);
    d.done = json_array();
    d.left = json_array();
    enum outcome outcome = each(page, page->form, do_one, &d, &count);
    if (!outcome)
        return show_done(page, &d);
    json_decref(d.done);
    json_decref(d.left);
    return outcome;
}

#define OFFICERS                                                                                             \
    (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route bulk_routes[] = {
    {"/bersama", get_bulk, post_bulk, OFFICERS, 0},
    {NULL, NULL, NULL, 0, 0},
};
