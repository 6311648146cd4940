/* /hak: what citizens ask of their data, with its clock of 3 x 24 hours; one request, decided; and the same on a complaint's
 * page, on the tracking page and beside the inbox. */
#include "rights_page.h"
#include "daemon/book/forget_list.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/rights.h"
#include "present.h"
#include "report_form.h"
#include "routes.h"
#include <string.h>

enum {
    RIGHTS_ROLES = 1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_CAMAT,
    LIST_MOST = 200,
    ENDED_MOST = 30
};

static const struct {
    const char *key, *label;
} ways[] = {{"loket", "Datang langsung"}, {"telepon", "Telepon"}, {"surat", "Surat"},
    {"pesan", "E-mail atau WhatsApp"}};

static const char *way_label(const char *key)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(key, ways[i].key))
            return ways[i].label;
    return "Halaman lacak";
}

static json_t *id_text(struct page *page, const char *format, int64_t id)
{
    return json_string(arena_printf(page->arena, format, (long long)id));
}

/* ---- one request in a list ---- */

static json_t *due_json(const struct page *page, const struct rights_request *r)
{
    const int64_t hour_ms = 60 * 60 * 1000, left = r->due_at - txn_now(page->txn);
    bool late = left < 0, soon = left < 24 * hour_ms;
    long long hours = (late ? -left : left) / hour_ms;
    const char *words = arena_printf(page->arena,
        late   ? "Terlambat %lld jam"
        : soon ? "Segera, %lld jam lagi"
               : "Aman, %lld jam lagi",
        hours);
    return json_pack("{s:s, s:s, s:s?}", "class",
        late   ? "late"
        : soon ? "soon"
               : "ok",
        "icon",
        late   ? "terlambat"
        : soon ? "segera"
               : "jam",
        "words", words);
}

static json_t *request_json(struct page *page, const struct rights_request *r)
{
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:b}", "number", r->number, "right", right_label(r->right),
        "state", right_state_label(r->state), "way", way_label(r->way), "open", right_state_open(r->state));
    json_object_set_new(row, "asked", present_moment(page, r->asked_at));
    json_object_set_new(row, "due_at", present_moment(page, r->due_at));
    json_object_set_new(row, "url", id_text(page, "/hak/%lld", r->id));
    json_object_set_new(row, "case_url", id_text(page, "/aduan/%lld", r->complaint_id));
    if (right_state_open(r->state))
        json_object_set_new(row, "due", due_json(page, r));
    if (r->ended_at)
        json_object_set_new(row, "ended", present_moment(page, r->ended_at));
    return row;
}

static enum outcome may_see(struct page *page, int64_t complaint_id, bool *ret_sees)
{
    struct complaint c;
    enum outcome outcome = complaint_get(page->txn, complaint_id, &c, page->arena, page->fault);
    return outcome ? outcome : classify_sight(page->txn, page->officer, &c, ret_sees, page->fault);
}

static enum outcome requests_json(struct page *page, bool open, json_t **ret)
{
    struct rights_request *r = NULL;
    enum outcome outcome =
        rights_list(page->txn, open, open ? LIST_MOST : ENDED_MOST, &r, page->arena, page->fault);
    *ret = json_array();
    for (; r && !outcome; r = r->next) {
        bool sees = false;
        outcome = may_see(page, r->complaint_id, &sees);
        if (!outcome && sees)
            json_array_append_new(*ret, request_json(page, r));
    }
    return outcome;
}

/* ---- /hak ---- */

static json_t *list_json(struct page *page, const struct forget_list *l)
{
    static const struct {
        const char *state, *label;
    } states[] = {{"diajukan", "Menunggu Camat"}, {"disetujui", "Disetujui, sedang dilaksanakan"},
        {"ditolak", "Ditolak Camat"}, {"selesai", "Selesai"}};
    const char *label = l->state;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        label = strcmp(states[i].state, l->state) ? label : states[i].label;
    json_t *row = json_pack("{s:s, s:s, s:I, s:I, s:I}", "state", label, "basis",
        l->request_id ? "Permintaan pengadu" : "Masa simpan lewat", "items", (json_int_t)l->items, "done",
        (json_int_t)l->done, "kept", (json_int_t)l->kept);
    json_object_set_new(row, "url", id_text(page, "/hak/usulan/%lld", l->id));
    json_object_set_new(row, "proposed", present_date(page, l->proposed_at));
    return row;
}

static enum outcome show_all(struct page *page)
{
    struct forget_list *l = NULL;
    json_t *open = NULL, *ended = NULL, *lists = json_array();
    enum outcome outcome = requests_json(page, true, &open);
    if (!outcome)
        outcome = requests_json(page, false, &ended);
    if (!outcome)
        outcome = forget_lists(page->txn, ENDED_MOST, &l, page->arena, page->fault);
    for (; l; l = l->next)
        json_array_append_new(lists, list_json(page, l));
    bool heads = page->officer->role == ROLE_KASI || page->officer->role == ROLE_CAMAT;
    json_t *data = json_pack("{s:s, s:o*, s:o*, s:o, s:b}", "title", "Hak atas data pribadi", "open_requests",
        open, "ended_requests", ended, "lists", lists, "may_propose", heads);
    if (!outcome)
        return page_view(page, "rights", data);
    json_decref(data);
    return outcome;
}

/* ---- /hak/ID ---- */

static json_t *reasons_json(const struct page *page, enum right right)
{
    json_t *list = json_array();
    for (int i = 0; i < REASON_COUNT; i++)
        if (right_reason_fits((enum right_reason)i, right)) {
            const char *key = right_reason_key((enum right_reason)i);
            json_array_append_new(list,
                json_pack("{s:s, s:s, s:b}", "key", key, "words", right_reason_words((enum right_reason)i),
                    "chosen", !strcmp(page_field(page, "alasan"), key)));
        }
    return list;
}

/* What may be done now, with what was typed when that was refused. */
static void add_acts(struct page *page, const struct rights_request *r, json_t *data)
{
    static const char *const buttons[RIGHT_COUNT] = {
        "Berikan salinan", "Simpan perbaikan", "Hentikan pemakaian", "Laporkan kepada Camat"};
    enum role role = page->officer->role;
    if (right_may(r->right, r->state, RIGHT_FULFIL, role)) {
        json_t *form =
            json_pack("{s:s, s:b}", "button", buttons[r->right], "corrects", r->right == RIGHT_KOREKSI);
        static const char *const typed[] = {"nama", "pekerjaan", "alamat", "telepon"};
        json_t *values = json_object();
        for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
            json_object_set_new(values, typed[i], json_string(page_field(page, typed[i])));
        json_object_set_new(form, "values", values);
        json_object_set_new(data, "fulfil", form);
    }
    if (right_may(r->right, r->state, RIGHT_REFUSE, role) && r->state == RIGHT_DIAJUKAN)
        json_object_set_new(data, "refuse", json_pack("{s:o}", "reasons", reasons_json(page, r->right)));
    json_object_set_new(data, "typed_words", json_string(page_field(page, "isi")));
}

static enum outcome show_one(struct page *page, int64_t id, const char *problem)
{
    struct rights_request r;
    struct complaint c;
    enum outcome outcome = rights_get(page->txn, id, &r, page->arena, page->fault);
    if (!outcome)
        outcome = complaint_get(page->txn, r.complaint_id, &c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, &c, "Permintaan tidak ditemukan.", page->fault);
    if (outcome) {
        page->status = outcome == OUTCOME_NEVER ? 404 : 0;
        return outcome;
    }
    json_t *row = request_json(page, &r);
    json_object_set_new(row, "means", json_string(right_means(r.right)));
    json_object_set_new(row, "subject", json_string(c.subject));
    json_object_set_new(row, "words", r.words ? json_string(r.words) : json_null());
    json_object_set_new(row, "answer", r.answer ? json_string(r.answer) : json_null());
    json_object_set_new(row, "case_open", json_boolean(state_open(c.state) || c.state == STATE_DIJAWAB));
    json_t *data = json_pack("{s:s, s:o, s:I, s:b}", "title", right_label(r.right), "request", row, "id",
        (json_int_t)id, "wrong", problem != NULL);
    if (r.right == RIGHT_AKSES)
        json_object_set_new(row, "copy_url", id_text(page, "/hak/%lld/salinan", id));
    if (problem)
        json_object_set_new(data, "problem", json_string(problem));
    add_acts(page, &r, data);
    return page_view_status(page, problem ? 422 : 200, "rights_request", data);
}

static enum outcome show_copy(struct page *page, int64_t id)
{
    struct rights_request r;
    struct complaint c;
    enum outcome outcome = rights_get(page->txn, id, &r, page->arena, page->fault);
    if (!outcome)
        outcome = complaint_get(page->txn, r.complaint_id, &c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, &c, "Permintaan tidak ditemukan.", page->fault);
    if (!outcome && (r.right != RIGHT_AKSES || page->officer->role == ROLE_CAMAT))
        outcome = fault_set(page->fault, OUTCOME_NEVER, "Permintaan tidak ditemukan.", "no copy asked for");
    if (outcome) {
        page->status = outcome == OUTCOME_NEVER ? 404 : 0;
        return outcome;
    }
    json_t *data = json_pack("{s:s, s:s}", "title", "Salinan data pribadi", "back",
        arena_printf(page->arena, "/hak/%lld", (long long)id));
    outcome = rights_copy_add(page, &c, data);
    if (!outcome)
        return page_view(page, "rights_copy", data);
    json_decref(data);
    return outcome;
}

static enum outcome not_found(struct page *page)
{
    page->status = 404;
    return fault_set(
        page->fault, OUTCOME_NEVER, "Permintaan tidak ditemukan.", "no such page: %s", page->path);
}

static enum outcome get_one(struct page *page)
{
    int64_t id;
    const char *word;
    if (!page_rest(page, &id, &word))
        return not_found(page);
    return !strcmp(word, "salinan") ? show_copy(page, id)
           : *word                  ? not_found(page)
                                    : show_one(page, id, NULL);
}

static enum outcome post_one(struct page *page)
{
    int64_t id;
    const char *word, *words = report_form_trim(page, page_field(page, "isi"));
    const struct office *office = desk_office(page->desk);
    enum outcome outcome;
    if (!page_rest(page, &id, &word))
        return not_found(page);
    if (!words)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a form");
    const struct person_typed typed = {.nama = report_form_trim(page, page_field(page, "nama")),
        .pekerjaan = report_form_trim(page, page_field(page, "pekerjaan")),
        .alamat = report_form_trim(page, page_field(page, "alamat")),
        .phone = report_form_trim(page, page_field(page, "telepon"))};
    if (!strcmp(word, "penuhi"))
        outcome =
            rights_fulfil(page->txn, office, page->officer, id, words, &typed, page->arena, page->fault);
    else if (!strcmp(word, "tolak"))
        outcome = rights_refuse(page->txn, office, page->officer, id, page_field(page, "alasan"), words,
            page->arena, page->fault);
    else
        return not_found(page);
    if (outcome == OUTCOME_NEVER)
        return show_one(page, id, arena_strdup(page->arena, page->fault->public_text));
    return outcome
               ? outcome
               : page_redirect(page, arena_printf(page->arena, "/hak/%lld?catatan=tersimpan", (long long)id));
}

/* ---- on a complaint's page ---- */

static json_t *rights_options(const struct page *page)
{
    json_t *list = json_array();
    for (int i = 0; i < RIGHT_COUNT; i++) {
        const char *key = right_key((enum right)i);
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b}", "key", key, "label", right_label((enum right)i), "means",
                      right_means((enum right)i), "chosen", !strcmp(page_field(page, "hak"), key)));
    }
    return list;
}

static enum outcome requests_of(struct page *page, const struct complaint *c, json_t *into)
{
    struct rights_request *r = NULL;
    json_t *list = json_array();
    enum outcome outcome = rights_of(page->txn, c->id, &r, page->arena, page->fault);
    for (; r; r = r->next) {
        json_t *row = request_json(page, r);
        json_object_set_new(row, "answer", r->answer ? json_string(r->answer) : json_null());
        if (rights_copy_open(r, txn_now(page->txn)))
            json_object_set_new(into, "copy", json_true());
        json_array_append_new(list, row);
    }
    if (json_array_size(list))
        json_object_set(into, "requests", list);
    json_decref(list);
    return outcome;
}

enum outcome rights_page_add(struct page *page, const struct complaint *c, json_t *data)
{
    struct privacy privacy;
    if (page->officer->role == ROLE_SEKSI)
        return OUTCOME_DONE;
    json_t *json = json_object(), *way_list = json_array();
    enum outcome outcome = privacy_get(page->txn, c->id, &privacy, page->fault);
    if (!outcome)
        outcome = requests_of(page, c, json);
    if (privacy.halted_at)
        json_object_set_new(json, "halted", present_date(page, privacy.halted_at));
    if (privacy.forgotten_at)
        json_object_set_new(json, "forgotten", present_date(page, privacy.forgotten_at));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        json_array_append_new(way_list, json_pack("{s:s, s:s}", "key", ways[i].key, "label", ways[i].label));
    if (right_may(RIGHT_AKSES, RIGHT_DIAJUKAN, RIGHT_RECORD, page->officer->role))
        json_object_set_new(
            json, "record", json_pack("{s:o, s:O}", "rights", rights_options(page), "ways", way_list));
    json_decref(way_list);
    json_object_set_new(data, "privacy", json);
    return outcome;
}

enum outcome rights_page_record(struct page *page, int64_t complaint_id)
{
    int64_t id;
    struct rights_asked asked = {.complaint_id = complaint_id,
        .way = page_field(page, "cara"),
        .words = report_form_trim(page, page_field(page, "isi")),
        .officer = page->officer};
    if (!asked.words)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a form");
    if (!right_from_key(page_field(page, "hak"), &asked.right))
        return fault_set(page->fault, OUTCOME_NEVER, "Pilih apa yang diminta pengadu.", "no such right");
    enum outcome outcome =
        rights_record(page->txn, desk_office(page->desk), &asked, &id, page->arena, page->fault);
    return outcome
               ? outcome
               : page_redirect(page, arena_printf(page->arena, "/hak/%lld?catatan=tersimpan", (long long)id));
}

/* ---- on the tracking page ---- */

enum outcome rights_page_track(
    struct page *page, const struct complaint *c, const char *problem, json_t *data)
{
    struct privacy privacy;
    json_t *json = json_pack("{s:o, s:s, s:b}", "rights", rights_options(page), "isi_hak",
        page_field(page, "isi_hak"), "asking", problem != NULL);
    enum outcome outcome = privacy_get(page->txn, c->id, &privacy, page->fault);
    if (!outcome)
        outcome = requests_of(page, c, json);
    if (problem)
        json_object_set_new(json, "rights_problem", json_string(problem));
    if (privacy.forgotten_at)
        json_object_set_new(json, "forgotten", present_date(page, privacy.forgotten_at));
    json_object_set_new(data, "privacy", json);
    return outcome;
}

/* ---- beside the inbox ---- */

enum outcome rights_inbox_add(struct page *page, json_t *data)
{
    int64_t requests = 0, lists = 0;
    enum outcome outcome = OUTCOME_DONE;
    if (1u << page->officer->role & (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM))
        outcome = rights_waiting(page->txn, &requests, page->fault);
    else if (page->officer->role == ROLE_CAMAT)
        outcome = forget_lists_waiting(page->txn, &lists, page->fault);
    if (requests)
        json_object_set_new(data, "rights_waiting", json_integer(requests));
    if (lists)
        json_object_set_new(data, "lists_waiting", json_integer(lists));
    return outcome;
}

const struct page_route rights_routes[] = {
    {"/hak", show_all, NULL, RIGHTS_ROLES, 0},
    {"/hak/*", get_one, post_one, RIGHTS_ROLES, 0},
    {NULL, NULL, NULL, 0, 0},
};
