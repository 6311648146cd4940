/* /loket: a petugas writes down what a citizen says at the counter or on the telephone, what he wrote in a letter or at
 * SP4N-LAPOR!, and prints the receipt. The form's own number makes a double click one complaint. Slips of the box are entered
 * together (box_page.c). */
#include "daemon/book/catalogue.h"
#include "daemon/book/citizen.h"
#include "daemon/book/complaint.h"
#include "daemon/desk/clocks.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/route.h"
#include "by_hand.h"
#include "present.h"
#include "report_form.h"
#include "routes.h"
#include "rules/phone.h"
#include "upload.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UPLOAD_MAX = 26 << 20, VISITS_MOST = 50 };

static const struct {
    const char *key, *label, *icon;
} ways[] = {{"loket", "Datang langsung", "orang"}, {"telepon", "Telepon", "telepon"},
    {"surat", "Surat", "surat"}, {"faks", "Faks", "surat"}, {"lapor", "SP4N-LAPOR!", "kirim"}};

static json_t *way_options(const char *chosen)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b}", "key", ways[i].key, "label", ways[i].label, "icon",
                      ways[i].icon, "chosen", *chosen ? !strcmp(chosen, ways[i].key) : !i));
    return list;
}

static enum outcome service_options(struct page *page, const char *chosen, json_t **ret)
{
    struct service *s;
    enum outcome outcome = service_list(page->txn, &s, page->arena, page->fault);
    *ret = json_array();
    for (; !outcome && s; s = s->next)
        json_array_append_new(*ret, json_pack("{s:s, s:s, s:b}", "key", s->key, "name", s->name, "chosen",
                                        !strcmp(chosen, s->key) || (!*chosen && !strcmp(s->key, "lainnya"))));
    return outcome;
}

/* What the petugas may promise: the date an ordinary complaint of today is answered by. */
static enum outcome promised_date(const struct page *page, json_t **ret)
{
    int64_t due = 0;
    enum outcome outcome = clocks_promise(page->txn, "pengaduan", 0, &due, page->fault);
    *ret = outcome ? NULL : present_date(page, due);
    return outcome;
}

/* The form, with what was typed and what is wrong with it (problems NULL = nothing yet). */
static enum outcome show_form(struct page *page, int status, json_t *problems)
{
    static const char *const kept[] = {
        "nama", "pekerjaan", "alamat", "telepon", "tempat", "isi", "nomor_asal", "tanggal_asal", NULL};
    json_t *services, *due = NULL, *values = json_object();
    enum outcome outcome = service_options(page, page_field(page, "layanan"), &services);
    if (!outcome)
        outcome = promised_date(page, &due);
    for (size_t i = 0; kept[i]; i++)
        json_object_set_new(values, kept[i], json_string(page_field(page, kept[i])));
    const char *kind = page_field(page, "jenis"), *form_id = by_hand_filled(page, "formulir");
    json_t *data = json_pack("{s:s, s:o, s:o, s:o, s:s, s:b, s:b, s:b, s:b}", "title", "Loket baru", "ways",
        way_options(page_field(page, "saluran")), "services", services, "values", values, "form_id",
        form_id ? form_id : report_form_key(page), "saran", !strcmp(kind, "aspirasi"), "informasi",
        !strcmp(kind, "informasi"), "anonim", !!by_hand_filled(page, "anonim"), "rahasia_dipilih",
        !!by_hand_filled(page, "rahasia"));
    json_object_set_new(data, "balas_wa", json_boolean(by_hand_filled(page, "balas_wa")));
    json_object_set_new(data, "due", due);
    if (problems) {
        json_object_set_new(data, "problem_count", json_integer((json_int_t)json_object_size(problems)));
        json_object_set_new(data, "wrong", json_true());
        json_object_set_new(data, "files_again", json_boolean(upload_chosen(page, "berkas")));
        json_object_set_new(data, "problems", problems);
    }
    if (outcome) {
        json_decref(data);
        return outcome;
    }
    return page_view_status(page, status, "counter", data);
}

/* ---- somebody who was here before ---- */

struct visits {
    struct page *page;
    int open_handed; /* complaints in which he did not hide who he is, and which this officer may see */
};

static enum outcome count_visit(void *arg, const struct complaint *c, struct fault *fault)
{
    struct visits *v = arg;
    bool sees;
    enum outcome outcome = classify_sight(v->page->txn, v->page->officer, c, &sees, fault);
    v->open_handed += !outcome && sees && !strcmp(c->confidentiality, "biasa");
    return outcome;
}

/* /loket/pengadu?telepon=...: {"nama", "pekerjaan", "alamat", "visits"} of the citizen with that number, {} when nobody is
 * known by it, or only by complaints in which he wanted to stay hidden. */
static enum outcome get_known(struct page *page)
{
    char phone[PHONE_MAX] = "";
    int64_t id = 0;
    struct citizen citizen = {0};
    struct visits visits = {page, 0};
    enum outcome outcome = OUTCOME_DONE;
    if (phone_from_human(page_query(page, "telepon"), phone))
        outcome = citizen_by_identity(page->txn, "phone", phone, &id, page->fault);
    const struct complaint_filter his = {.citizen_id = id, .limit = VISITS_MOST};
    if (!outcome && id)
        outcome = complaint_list(page->txn, &his, count_visit, &visits, page->fault);
    if (!outcome && visits.open_handed)
        outcome = citizen_get(page->txn, id, &citizen, page->arena, page->fault);
    json_t *known = !visits.open_handed
                        ? json_object()
                        : json_pack("{s:s?, s:s?, s:s?, s:i}", "nama", citizen.nama, "pekerjaan",
                              citizen.pekerjaan, "alamat", citizen.alamat, "visits", visits.open_handed);
    if (!outcome)
        outcome = page_json(page, known);
    json_decref(known);
    return outcome;
}

static enum outcome get_counter(struct page *page)
{
    return show_form(page, 200, NULL);
}

static const char *channel_of(const char *chosen)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(chosen, ways[i].key))
            return ways[i].key;
    return ways[0].key;
}

/* A case of SP4N-LAPOR! that is in the book already is told, not written down again. */
static enum outcome refuse_known(struct page *page, const struct intake_result *result)
{
    json_t *problems = json_object();
    json_object_set_new(problems, "nomor_asal",
        json_string(arena_printf(page->arena, "Laporan itu sudah dicatat dengan nomor %s.", result->number)));
    return show_form(page, 422, problems);
}

static enum outcome post_counter(struct page *page)
{
    struct by_hand by = {.channel = channel_of(page_field(page, "saluran"))};
    json_t *problems = by_hand_check(page, &by);
    if (json_object_size(problems))
        return show_form(page, 422, problems);
    json_decref(problems);
    struct intake_result result;
    enum outcome outcome = by_hand_record(page, &by, &result);
    if (outcome)
        return outcome;
    if (!strcmp(by.channel, "lapor") && strcmp(result.outcome, "dibuka") != 0)
        return refuse_known(page, &result);
    return page_redirect(
        page, arena_printf(page->arena, "/tanda-terima/%lld", (long long)result.complaint_id));
}

#define COUNTER (1u << ROLE_PETUGAS | 1u << ROLE_KASI)
const struct page_route counter_routes[] = {
    {"/loket", get_counter, post_counter, COUNTER, UPLOAD_MAX},
    {"/loket/pengadu", get_known, NULL, COUNTER, 0},
    {NULL, NULL, NULL, 0, 0},
};
