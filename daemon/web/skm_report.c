/* /laporan/skm: the results of a semester, unsur by unsur. */
#include "skm.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/skm_form.h"
#include "letterhead_page.h"
#include "present.h"
#include "routes.h"
#include "rules/register.h"
#include "rules/workday.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EARLIER = 4, SUGGESTIONS_MOST = 100, YEAR_LEAST = 2000, YEAR_MOST = 2199, PEOPLE_MOST = 9 };

struct semester {
    int year, half; /* 1 or 2 */
};

static struct semester before(struct semester s)
{
    return s.half == 2 ? (struct semester){s.year, 1} : (struct semester){s.year - 1, 2};
}

static struct semester after(struct semester s)
{
    return s.half == 1 ? (struct semester){s.year, 2} : (struct semester){s.year + 1, 1};
}

/* "2026-1"; anything else is the one that is now. */
static struct semester semester_asked(const struct page *page)
{
    const char *text = page_query(page, "periode");
    int year, month;
    register_period(txn_now(page->txn), present_office(page)->utc_offset_minutes, &year, &month);
    struct semester now = {year, month > 6 ? 2 : 1};
    if (strlen(text) != 6 || strspn(text, "0123456789") != 4 || text[4] != '-' ||
        (text[5] != '1' && text[5] != '2'))
        return now;
    year = (int)strtol(text, NULL, 10);
    return year >= YEAR_LEAST && year <= YEAR_MOST ? (struct semester){year, text[5] - '0'} : now;
}

/* The first millisecond of it in the office's zone. */
static int64_t begin_of(const struct page *page, struct semester s)
{
    char text[16];
    int32_t day = 0;
    snprintf(text, sizeof text, "%04d-%s-01", s.year % 10000, s.half == 1 ? "01" : "07");
    workday_parse(text, &day);
    return workday_end_ms(day - 1, present_office(page)->utc_offset_minutes) + 1;
}

/* 7593 -> "75,93" */
static json_t *decimal(int64_t value, int unit, int digits)
{
    return value ? json_sprintf("%" PRId64 ",%0*" PRId64, value / unit, digits, value % unit)
                 : json_string("–");
}

static json_t *name_of(struct semester s)
{
    return json_sprintf("Semester %d tahun %d", s.half, s.year);
}

static void add_index(json_t *data, const struct skm *skm)
{
    int64_t index = skm_index_hundredths(skm);
    char grade[2] = {index ? skm_grade(index) : 0, 0};
    json_object_set_new(data, "index", decimal(index, 100, 2));
    json_object_set_new(data, "grade", json_string(grade));
    json_object_set_new(data, "grade_words", json_string(skm_grade_words(*grade)));
    json_object_set_new(data, "forms", json_integer(skm->forms));
}

static json_t *unsur_rows(const struct skm *skm)
{
    json_t *rows = json_array();
    for (int u = 0; u < SKM_UNSUR; u++) {
        int64_t value = skm_unsur_hundredths(skm, u);
        const char grade[] = {value ? skm_grade(value) : 0, 0};
        json_t *row = json_pack("{s:i, s:s, s:I, s:s, s:s}", "nth", u + 1, "unsur", skm_questions[u].unsur,
            "answers", (json_int_t)skm->count[u], "grade", grade, "grade_words", skm_grade_words(*grade));
        json_object_set_new(row, "average", decimal(skm_average_thousandths(skm, u), 1000, 3));
        json_object_set_new(row, "value", decimal(value, 100, 2));
        json_array_append_new(rows, row);
    }
    return rows;
}

static const char *label_of(struct page *page, enum skm_trait trait, const char *value)
{
    static const struct skm_choice ways[] = {{"tautan", "Lewat tautan"}, {"kertas", "Di atas kertas"}, {0}};
    const struct skm_choice *const choices[SKM_TRAITS] = {
        [SKM_WAY] = ways, [SKM_GENDER] = skm_genders, [SKM_EDUCATION] = skm_educations, [SKM_JOB] = skm_jobs};
    struct service service;
    if (!value)
        return "Tidak diisi";
    if (trait == SKM_SERVICE && !service_by_key(page->txn, value, &service, page->arena, NULL))
        return service.name;
    const char *label = choices[trait] ? skm_choice_label(choices[trait], value) : NULL;
    return label ? label : value;
}

static enum outcome add_people(struct page *page, int64_t from, int64_t to, json_t *data)
{
    static const char *const titles[SKM_TRAITS] = {
        "Cara mengisi", "Layanan", "Jenis kelamin", "Umur", "Pendidikan", "Pekerjaan"};
    json_t *list = json_array();
    enum outcome outcome = OUTCOME_DONE;
    for (int trait = 0; trait < SKM_TRAITS && !outcome; trait++) {
        struct skm_count *counts = NULL;
        json_t *rows = json_array();
        outcome =
            skm_form_counts(page->txn, (enum skm_trait)trait, from, to, &counts, page->arena, page->fault);
        for (; counts; counts = counts->next)
            json_array_append_new(
                rows, json_pack("{s:s, s:I}", "label", label_of(page, (enum skm_trait)trait, counts->value),
                          "count", (json_int_t)counts->count));
        json_array_append_new(list, json_pack("{s:s, s:o}", "trait", titles[trait], "rows", rows));
    }
    json_object_set_new(data, "people", list);
    return outcome;
}

static enum outcome add_earlier(struct page *page, struct semester s, json_t *data)
{
    json_t *list = json_array();
    enum outcome outcome = OUTCOME_DONE;
    for (int i = 0; i < EARLIER && !outcome; i++, s = before(s)) {
        struct skm skm;
        outcome = skm_form_sum(page->txn, begin_of(page, s), begin_of(page, after(s)), &skm, page->fault);
        json_t *row = json_pack("{s:o, s:o}", "name", name_of(s), "url",
            json_sprintf("/laporan/skm?periode=%d-%d", s.year, s.half));
        add_index(row, &skm);
        json_array_append_new(list, row);
    }
    json_object_set_new(data, "semesters", list);
    return outcome;
}

static enum outcome add_suggestions(struct page *page, int64_t from, int64_t to, json_t *data)
{
    struct skm_suggestion *s = NULL;
    json_t *list = json_array();
    enum outcome outcome =
        skm_form_suggestions(page->txn, from, to, SUGGESTIONS_MOST, &s, page->arena, page->fault);
    for (; s; s = s->next)
        json_array_append_new(list, json_string(s->text));
    if (json_array_size(list))
        json_object_set_new(data, "said", json_pack("{s:O}", "suggestions", list));
    json_decref(list);
    return outcome;
}

/* How many should have answered, of those who were served. */
static void add_sample(const struct page *page, int64_t forms, json_t *data)
{
    const char *typed = page_query(page, "dilayani");
    size_t n = strspn(typed, "0123456789");
    int64_t served = n && n <= PEOPLE_MOST && !typed[n] ? strtoll(typed, NULL, 10) : 0,
            wanted = skm_sample(served);
    json_object_set_new(data, "served", json_string(served ? typed : ""));
    if (wanted)
        json_object_set_new(data, "sample",
            json_pack("{s:I, s:b, s:I}", "wanted", (json_int_t)wanted, "enough", forms >= wanted, "missing",
                (json_int_t)(forms < wanted ? wanted - forms : 0)));
}

static enum outcome show_report(struct page *page)
{
    struct semester s = semester_asked(page);
    int64_t from = begin_of(page, s), to = begin_of(page, after(s));
    struct skm skm;
    enum outcome outcome = skm_form_sum(page->txn, from, to, &skm, page->fault);
    if (outcome)
        return outcome;
    json_t *data = json_pack("{s:s, s:o, s:o, s:o, s:b}", "title", "Survei Kepuasan Masyarakat", "semester",
        name_of(s), "period", json_sprintf("%d-%d", s.year, s.half), "unsur_rows", unsur_rows(&skm), "typist",
        page->officer->role == ROLE_PETUGAS || page->officer->role == ROLE_KASI);
    add_index(data, &skm);
    add_sample(page, skm.forms, data);
    outcome = add_people(page, from, to, data);
    if (!outcome)
        outcome = add_earlier(page, s, data);
    if (!outcome)
        outcome = add_suggestions(page, from, to, data);
    if (!outcome)
        outcome = letterhead_add(page, data);
    if (!outcome)
        return page_view(page, "skm_report", data);
    json_decref(data);
    return outcome;
}

#define READERS                                                                                              \
    (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route skm_report_routes[] = {
    {"/laporan/skm", show_report, NULL, READERS, 0},
    {NULL, NULL, NULL, 0, 0},
};
