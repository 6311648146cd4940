/* /hak/usulan/ID: what is proposed to be made nameless, for the Camat to look through and decide; /hak/usulan: proposed now
 * instead of with the new month; /pengaturan/retensi: how long each kind is kept, each number with where it comes from. */
#include "daemon/desk/desk.h"
#include "daemon/desk/retention.h"
#include "daemon/desk/rights.h"
#include "present.h"
#include "report_form.h"
#include "settings.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    READERS = 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_CAMAT | 1u << ROLE_PETUGAS,
    NOTE_MOST = 1000
};

/* ---- one proposal ---- */

static enum outcome add_items(struct page *page, int64_t id, bool decides, json_t *data)
{
    struct forget_item *i = NULL;
    json_t *list = json_array();
    enum outcome outcome = forget_items(page->txn, id, &i, page->arena, page->fault);
    for (; i; i = i->next) {
        bool hidden = !strcmp(i->confidentiality, "rahasia");
        json_t *row = json_pack("{s:s, s:s, s:s, s:I, s:b, s:s?}", "number", i->number, "kind",
            present_kind(i->kind), "subject", hidden ? "Rahasia" : i->subject, "complaint",
            (json_int_t)i->complaint_id, "choosable", decides && !i->kept, "kept", i->kept);
        json_object_set_new(
            row, "closed", i->closed_at ? present_date(page, i->closed_at) : json_string("–"));
        if (i->done_at)
            json_object_set_new(row, "done", present_date(page, i->done_at));
        json_object_set_new(
            row, "url", json_string(arena_printf(page->arena, "/aduan/%lld", (long long)i->complaint_id)));
        json_array_append_new(list, row);
    }
    json_object_set_new(data, "rows", list);
    return outcome;
}

static enum outcome show_list(struct page *page, int64_t id, const char *problem)
{
    struct forget_list l;
    enum outcome outcome = forget_list_get(page->txn, id, &l, page->arena, page->fault);
    if (outcome) {
        page->status = outcome == OUTCOME_NEVER ? 404 : 0;
        return outcome;
    }
    bool waits = !strcmp(l.state, "diajukan"), decides = waits && page->officer->role == ROLE_CAMAT;
    json_t *data = json_pack("{s:s, s:I, s:b, s:b, s:b, s:b, s:I, s:I, s:I, s:s?}", "title",
        "Usulan penghapusan data pribadi", "id", (json_int_t)id, "wish", l.request_id != 0, "waits", waits,
        "decides", decides, "wrong", problem != NULL, "items", (json_int_t)l.items, "done_count",
        (json_int_t)l.done, "kept_count", (json_int_t)l.kept, "note", l.note);
    json_object_set_new(data, "proposed", present_date(page, l.proposed_at));
    if (l.decided_at)
        json_object_set_new(data, "decided",
            json_pack("{s:o, s:b}", "decided_at", present_date(page, l.decided_at), "agreed",
                strcmp(l.state, "ditolak") != 0));
    if (l.ended_at && strcmp(l.state, "ditolak"))
        json_object_set_new(data, "ended", present_date(page, l.ended_at));
    if (problem)
        json_object_set_new(data, "problem", json_string(problem));
    outcome = add_items(page, id, decides, data);
    if (!outcome)
        return page_view_status(page, problem ? 422 : 200, "forget_list", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_list(struct page *page)
{
    int64_t id;
    const char *word;
    bool good = page_rest(page, &id, &word) && !*word;
    return good ? show_list(page, id, NULL) : settings_missing(page, "Usulan tidak ditemukan.");
}

/* Those whose box is not ticked are left alone; ends with 0. */
static enum outcome read_kept(struct page *page, int64_t list_id, int64_t **ret)
{
    struct forget_item *i = NULL;
    size_t n = 0;
    enum outcome outcome = forget_items(page->txn, list_id, &i, page->arena, page->fault);
    *ret = arena_alloc(page->arena, (FORGET_LIST_MOST + 1) * sizeof **ret);
    if (!*ret)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a list");
    for (; i && !outcome && n < FORGET_LIST_MOST; i = i->next) {
        const char *name = arena_printf(page->arena, "aduan_%lld", (long long)i->complaint_id);
        if (!name)
            return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a list");
        if (!i->kept && !*page_field(page, name))
            (*ret)[n++] = i->complaint_id;
    }
    return outcome;
}

static enum outcome confirm(struct page *page, const struct forget_list *l, const char *note)
{
    int64_t *kept;
    enum outcome outcome = read_kept(page, l->id, &kept);
    if (!outcome)
        outcome = retention_confirm(page->txn, page->officer, l->id, kept, note, page->arena, page->fault);
    if (!outcome && l->request_id)
        outcome = rights_confirmed(
            page->txn, desk_office(page->desk), page->officer, l->request_id, page->arena, page->fault);
    return outcome;
}

static enum outcome turn_down(struct page *page, const struct forget_list *l, const char *note)
{
    enum outcome outcome = retention_refuse(page->txn, page->officer, l->id, note, page->arena, page->fault);
    if (!outcome && l->request_id)
        outcome = rights_refuse(page->txn, desk_office(page->desk), page->officer, l->request_id,
            right_reason_key(REASON_WAJIB), note, page->arena, page->fault);
    return outcome;
}

static enum outcome post_list(struct page *page)
{
    int64_t id;
    const char *word, *note = report_form_trim(page, page_field(page, "isi")),
                      *act = page_field(page, "putusan");
    struct forget_list l;
    if (!page_rest(page, &id, &word) || *word)
        return settings_missing(page, "Usulan tidak ditemukan.");
    enum outcome outcome = note ? forget_list_get(page->txn, id, &l, page->arena, page->fault)
                                : fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a form");
    if (outcome)
        return outcome;
    bool agrees = !strcmp(act, "setujui");
    if (strlen(note) > NOTE_MOST)
        return show_list(page, id, "Catatannya terlalu panjang.");
    if (!agrees && strcmp(act, "tolak"))
        return show_list(page, id, "Pilih setuju atau tolak.");
    if (!agrees && !*note)
        return show_list(page, id, "Tulis alasan penolakan.");
    if (agrees && !*page_field(page, "yakin"))
        return show_list(page, id,
            "Tandai dahulu bahwa daftar ini sudah Anda periksa. Penghapusan tidak dapat dibatalkan.");
    outcome = agrees ? confirm(page, &l, note) : turn_down(page, &l, note);
    if (outcome == OUTCOME_NEVER)
        return show_list(page, id, arena_strdup(page->arena, page->fault->public_text));
    return outcome ? outcome
                   : page_redirect(page,
                         arena_printf(page->arena, "/hak/usulan/%lld?catatan=tersimpan", (long long)id));
}

/* ---- proposed now ---- */

static enum outcome write_proposal(struct page *page)
{
    int64_t id = 0;
    enum outcome outcome =
        retention_propose(page->txn, desk_office(page->desk), page->found, &id, page->arena, page->fault);
    if (outcome)
        return outcome;
    return page_redirect(page,
        id ? arena_printf(page->arena, "/hak/usulan/%lld", (long long)id) : "/hak?catatan=tiada_usulan");
}

static enum outcome post_proposal(struct page *page)
{
    struct retention_found *found = page_keep(page, sizeof *found);
    if (!found)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory to look for complaints");
    enum outcome outcome = retention_find(page->txn, desk_office(page->desk), found, page->fault);
    return outcome ? outcome : page_write(page, write_proposal, found);
}

/* ---- the numbers ---- */

static const char *field_name(struct page *page, int kind, bool source)
{
    const char *name = arena_printf(
        page->arena, "%s_%s", source ? "dasar" : "tahun", retention_setting((enum retention_kind)kind)->kind);
    return name ? name : "";
}

static enum outcome show_terms(struct page *page, const char *problem)
{
    struct retention_term terms[RETENTION_KINDS];
    json_t *rows = json_array();
    enum outcome outcome = retention_terms(page->txn, terms, page->arena, page->fault);
    for (int i = 0; i < RETENTION_KINDS && !outcome; i++) {
        const struct retention_setting *s = retention_setting((enum retention_kind)i);
        const char *years = field_name(page, i, false), *source = field_name(page, i, true);
        json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:i, s:s}", "years_name", years, "source_name", source,
            "label", s->label, "shipped_source", s->source, "most", s->most, "source",
            problem ? page_field(page, source) : terms[i].source);
        json_object_set_new(row, "years",
            problem ? json_string(page_field(page, years)) : json_sprintf("%d", terms[i].years));
        json_object_set_new(row, "unset", json_boolean(!terms[i].years));
        json_array_append_new(rows, row);
    }
    json_t *data =
        json_pack("{s:s, s:o, s:b}", "title", "Masa simpan", "terms", rows, "wrong", problem != NULL);
    if (problem)
        json_object_set_new(data, "problem", json_string(problem));
    if (!outcome)
        return page_view_status(page, problem ? 422 : 200, "retention", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_terms(struct page *page)
{
    return show_terms(page, NULL);
}

static enum outcome post_terms(struct page *page)
{
    struct retention_term terms[RETENTION_KINDS];
    for (int i = 0; i < RETENTION_KINDS; i++) {
        const char *years = page_field(page, field_name(page, i, false));
        size_t digits = strspn(years, "0123456789");
        bool number = digits && digits <= 3 && !years[digits];
        terms[i] = (struct retention_term){.years = number ? (int)strtol(years, NULL, 10) : -1,
            .source = report_form_trim(page, page_field(page, field_name(page, i, true)))};
        if (!terms[i].source)
            return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a form");
    }
    enum outcome outcome = retention_set(page->txn, page->officer, terms, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER)
        return show_terms(page, arena_strdup(page->arena, page->fault->public_text));
    return outcome ? outcome : page_redirect(page, "/pengaturan/retensi?catatan=tersimpan");
}

const struct page_route retention_routes[] = {
    {"/hak/usulan", NULL, post_proposal, PAGE_POST_READS | 1u << ROLE_KASI | 1u << ROLE_CAMAT, 0},
    {"/hak/usulan/*", get_list, post_list, READERS, 0},
    {"/pengaturan/retensi", get_terms, post_terms, SETTINGS_ROLES, 0},
    {NULL, NULL, NULL, 0, 0},
};
