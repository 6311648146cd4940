#include "skm.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/event.h"
#include "daemon/book/skm_form.h"
#include "report_form.h"
#include "routes.h"
#include <stdlib.h>
#include <string.h>

enum { SUGGESTION_MOST = 2000, AGE_LEAST = 10, AGE_MOST = 120, POST_MOST = 32 * 1024 };

#define TYPED_PLACE "/laporan/skm/isi"

const struct skm_question skm_questions[SKM_UNSUR] = {
    {"Persyaratan", "Bagaimana kesesuaian persyaratan dengan jenis pelayanannya?",
        {"Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"}},
    {"Sistem, mekanisme, dan prosedur", "Bagaimana kemudahan prosedur pelayanan di kantor ini?",
        {"Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"}},
    {"Waktu penyelesaian", "Bagaimana kecepatan waktu pelayanan?",
        {"Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"}},
    {"Biaya atau tarif", "Bagaimana kewajaran biaya pelayanan?",
        {"Sangat mahal", "Cukup mahal", "Murah", "Gratis"}},
    {"Produk spesifikasi jenis pelayanan", "Bagaimana kesesuaian hasil pelayanan dengan yang dijanjikan?",
        {"Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"}},
    {"Kompetensi pelaksana", "Bagaimana kemampuan petugas yang melayani?",
        {"Tidak mampu", "Kurang mampu", "Mampu", "Sangat mampu"}},
    {"Perilaku pelaksana", "Bagaimana kesopanan dan keramahan petugas?",
        {"Tidak sopan", "Kurang sopan", "Sopan", "Sangat sopan"}},
    {"Penanganan pengaduan, saran, dan masukan", "Bagaimana penanganan pengaduan di kantor ini?",
        {"Tidak ada", "Ada, tidak berfungsi", "Kurang maksimal", "Dikelola baik"}},
    {"Sarana dan prasarana", "Bagaimana mutu sarana dan prasarana?",
        {"Buruk", "Cukup", "Baik", "Sangat baik"}},
};

const struct skm_choice skm_genders[] = {{"L", "Laki-laki"}, {"P", "Perempuan"}, {0}};
const struct skm_choice skm_educations[] = {{"sd", "SD atau sederajat"}, {"smp", "SMP"}, {"sma", "SMA"},
    {"diploma", "Diploma"}, {"s1", "S1"}, {"s2", "S2 ke atas"}, {0}};
const struct skm_choice skm_jobs[] = {{"asn", "ASN"}, {"tni_polri", "TNI atau Polri"},
    {"swasta", "Pegawai swasta"}, {"wirausaha", "Wirausaha"}, {"tani", "Petani, peternak, atau nelayan"},
    {"rumah_tangga", "Mengurus rumah tangga"}, {"pelajar", "Pelajar atau mahasiswa"}, {"lainnya", "Lainnya"},
    {0}};

const char *skm_choice_label(const struct skm_choice *choices, const char *key)
{
    for (; key && choices->key; choices++)
        if (!strcmp(choices->key, key))
            return choices->label;
    return NULL;
}

static bool on_paper(const struct page *page)
{
    return !strcmp(page->path, TYPED_PLACE);
}

/* ---- the form ---- */

static json_t *options(const struct page *page, const char *field, const struct skm_choice *choices)
{
    json_t *list = json_array();
    for (; choices->key; choices++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "key", choices->key, "label", choices->label,
                                        "chosen", !strcmp(page_field(page, field), choices->key)));
    return list;
}

static enum outcome add_services(struct page *page, json_t *data)
{
    struct service *services = NULL;
    json_t *list = json_array();
    enum outcome outcome = service_list(page->txn, &services, page->arena, page->fault);
    for (; services; services = services->next)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:b}", "key", services->key, "label", services->name, "chosen",
                      !strcmp(page_field(page, "layanan"), services->key)));
    json_object_set_new(data, "services", list);
    return outcome;
}

static json_t *questions(const struct page *page)
{
    json_t *list = json_array();
    for (int u = 0; u < SKM_UNSUR; u++) {
        json_t *answers = json_array();
        const char *name = arena_printf(page->arena, "u%d", u + 1);
        const char *typed = page_field(page, name ? name : "");
        for (int score = 1; score <= SKM_SCORE_MOST; score++)
            json_array_append_new(answers,
                json_pack("{s:i, s:s, s:b}", "score", score, "label", skm_questions[u].answers[score - 1],
                    "chosen", typed[0] == '0' + score && !typed[1]));
        json_array_append_new(
            list, json_pack("{s:i, s:s, s:s, s:o}", "nth", u + 1, "unsur", skm_questions[u].unsur, "question",
                      skm_questions[u].question, "answers", answers));
    }
    return list;
}

static enum outcome show(struct page *page, const char *problem, int status)
{
    const char *key = page_field(page, "kiriman");
    bool paper = on_paper(page);
    json_t *data = json_pack("{s:s, s:b, s:b, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:b}", "title",
        paper ? "Ketik kuesioner SKM" : "Survei kepuasan", "narrow", true, "paper", paper, "action",
        paper ? TYPED_PLACE : "/skm", "kiriman", report_form_is_key(key) ? key : report_form_key(page),
        "questions", questions(page), "genders", options(page, "kelamin", skm_genders), "educations",
        options(page, "pendidikan", skm_educations), "jobs", options(page, "pekerjaan", skm_jobs), "age",
        page_field(page, "umur"), "suggestion", page_field(page, "saran"), "wrong", problem != NULL);
    enum outcome outcome = add_services(page, data);
    if (problem)
        json_object_set_new(data, "problem", json_string(problem));
    if (*page_query(page, "terima"))
        json_object_set_new(data, "thanks", json_true());
    if (!outcome)
        return page_view_status(page, status, paper ? "skm_typed" : "skm", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_form(struct page *page)
{
    static const struct http_form none;
    page->form = &none;
    return show(page, NULL, 200);
}

/* ---- what was sent ---- */

static const char *chosen(const struct page *page, const char *field, const struct skm_choice *choices)
{
    const char *key = page_field(page, field);
    return skm_choice_label(choices, key) ? key : NULL;
}

/* False when a score is no score, or all are blank; on the screen every question is asked for. */
static bool read_scores(const struct page *page, int scores[SKM_UNSUR], bool blanks)
{
    int answered = 0;
    for (int u = 0; u < SKM_UNSUR; u++) {
        const char name[] = {'u', (char)('1' + u), 0};
        const char *typed = page_field(page, name);
        if (*typed && (typed[1] || typed[0] < '0' + SKM_SCORE_LEAST || typed[0] > '0' + SKM_SCORE_MOST))
            return false;
        scores[u] = *typed ? typed[0] - '0' : 0;
        answered += scores[u] != 0;
    }
    return answered == SKM_UNSUR || (blanks && answered);
}

static bool read_age(const struct page *page, int *ret_age)
{
    const char *typed = page_field(page, "umur");
    size_t n = strspn(typed, "0123456789");
    long age = n && n <= 3 ? strtol(typed, NULL, 10) : 0;
    *ret_age = (int)age;
    return !*typed || (!typed[n] && age >= AGE_LEAST && age <= AGE_MOST);
}

static enum outcome read_service(struct page *page, const char **ret_key)
{
    struct service service;
    enum outcome outcome =
        service_by_key(page->txn, page_field(page, "layanan"), &service, page->arena, page->fault);
    *ret_key = outcome ? NULL : service.key;
    return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
}

static enum outcome write_event(struct page *page, const struct skm_form *form)
{
    const char *actor = form->officer_id ? arena_printf(page->arena, "%s:%s", role_key(page->officer->role),
                                               page->officer->login)
                                         : "pengadu";
    json_t *data = json_pack("{s:s}", "way", form->way);
    enum outcome outcome =
        event_append(page->txn, 0, NULL, "skm_diisi", actor ? actor : "sistem", data, page->fault);
    json_decref(data);
    return outcome;
}

static enum outcome post_form(struct page *page)
{
    bool paper = on_paper(page), new = false;
    const char *saran = page_field(page, "saran");
    struct skm_form form = {.sent = page_field(page, "kiriman"),
        .way = paper ? "kertas" : "tautan",
        .gender = chosen(page, "kelamin", skm_genders),
        .education = chosen(page, "pendidikan", skm_educations),
        .job = chosen(page, "pekerjaan", skm_jobs),
        .suggestion = saran[strspn(saran, " \t\r\n")] ? saran : NULL,
        .officer_id = paper ? page->officer->id : 0};
    if (!report_form_is_key(form.sent))
        return show(page, "Formulir ini sudah terlalu lama terbuka. Kirim sekali lagi.", 422);
    if (!read_scores(page, form.scores, paper))
        return show(page,
            paper ? "Isi sedikitnya satu jawaban, 1 sampai 4."
                  : "Pilih satu jawaban untuk setiap pertanyaan.",
            422);
    if (!read_age(page, &form.age))
        return show(page, "Umur ditulis dengan angka, misalnya 42.", 422);
    if (strlen(saran) > SUGGESTION_MOST)
        return show(page, "Saran terlalu panjang, mohon diringkas.", 422);
    if (!paper && !limit_allows(page->surveys, page->peer, txn_now(page->txn)))
        return show(page, "Terlalu banyak kiriman dari sambungan ini. Coba lagi beberapa menit lagi.", 429);
    enum outcome outcome = read_service(page, &form.service);
    if (!outcome)
        outcome = skm_form_add(page->txn, &form, &new, page->fault);
    if (!outcome && new)
        outcome = write_event(page, &form);
    if (!outcome && new && !paper)
        limit_count(page->surveys, page->peer, txn_now(page->txn));
    if (outcome)
        return outcome;
    return page_redirect(page, paper ? TYPED_PLACE "?terima=1" : "/skm?terima=1");
}

#define TYPISTS (1u << ROLE_PETUGAS | 1u << ROLE_KASI)
const struct page_route skm_routes[] = {
    {"/skm", get_form, post_form, 0, POST_MOST},
    {TYPED_PLACE, get_form, post_form, TYPISTS, POST_MOST},
    {NULL, NULL, NULL, 0, 0},
};
