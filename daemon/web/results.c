/* /hasil: what was published, as a list, one by one, as JSON and as an Atom feed. Nothing here reads a complaint's own
 * words (book/publication.h). */
#include "daemon/base/json_read.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/publication.h"
#include "figures_page.h"
#include "present.h"
#include "rules/moment.h"
#include "rules/period.h"
#include "rules/words_date.h"
#include "xml.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS = 20,                          /* of a page */
    ROWS_DATA = 100,                    /* of JSON and Atom */
    COUNT_MOST = 1000,                  /* counting ends where nobody wants to know any more */
    PAGES_MOST = COUNT_MOST / ROWS + 1, /* whoever wants more of them asks for less by the filter */
    PLACES_MOST = 60,
    MONTHS_MOST = 60,
    KEPT_S = 300,
    TEXT_MOST = 8 * 1024 * 1024,
};

static const char *given(const struct page *page, const char *name)
{
    const char *value = page_query(page, name);
    return *value ? value : NULL;
}

static int page_number(const struct page *page)
{
    long n = strtol(page_query(page, "halaman"), NULL, 10);
    return n < 1 ? 1 : n > PAGES_MOST ? PAGES_MOST : (int)n;
}

static void read_filter(const struct page *page, int rows, struct publication_filter *f)
{
    struct period month;
    *f = (struct publication_filter){.words = given(page, "q"),
        .service = given(page, "layanan"),
        .place = given(page, "tempat"),
        .skip = (page_number(page) - 1) * rows,
        .limit = rows};
    int offset = present_office(page)->utc_offset_minutes;
    if (period_parse(given(page, "bulan"), &month)) {
        f->from = period_from_ms(&month, offset);
        f->to = period_to_ms(&month, offset);
    }
}

/* path with the filter of this page and another page number; 0 = none. RFC 3986 2.1. */
static json_t *filtered_url(const struct page *page, const char *path, int number)
{
    static const char *const names[] = {"q", "layanan", "tempat", "bulan"};
    struct str out;
    char separator = '?';
    str_init(&out, 16 * 1024);
    str_adds(&out, path);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = given(page, names[i]);
        if (!value)
            continue;
        str_addf(&out, "%c%s=", separator, names[i]);
        for (; *value; value++)
            str_addf(&out, isalnum((unsigned char)*value) ? "%c" : "%%%02X", (unsigned char)*value);
        separator = '&';
    }
    if (number > 1)
        str_addf(&out, "%chalaman=%d", separator, number);
    json_t *url = str_ok(&out) ? json_string(out.data) : NULL;
    str_release(&out);
    return url;
}

/* ---- one of them ---- */

static const char *days_words(int days, char *out, size_t size)
{
    if (days)
        snprintf(out, size, "dijawab dalam %d hari kerja", days);
    else
        snprintf(out, size, "dijawab pada hari yang sama");
    return out;
}

static json_t *card_of(const struct page *page, const struct publication *p)
{
    char days[48], date[WORDS_DATE_SIZE], url[40];
    words_date_day(date, sizeof date, p->published_at, present_office(page)->utc_offset_minutes);
    snprintf(url, sizeof url, "/hasil/%lld", (long long)p->complaint_id);
    return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?, s:s, s:s}", "url", url, "title", p->title, "problem",
        p->problem, "result", p->result, "place", p->place, "service", p->service, "days",
        days_words(p->working_days, days, sizeof days), "date", date);
}

static const char *moment(int64_t ms, char out[MOMENT_TEXT])
{
    moment_print(ms, out);
    return out;
}

static json_t *data_of(const struct page *page, const struct publication *p)
{
    char published[MOMENT_TEXT], changed[MOMENT_TEXT];
    return json_pack("{s:I, s:o, s:s, s:s, s:s, s:s?, s:s?, s:s?, s:i, s:s, s:s}", "id",
        (json_int_t)p->complaint_id, "url",
        json_sprintf("%s/hasil/%lld", present_office(page)->public_url, (long long)p->complaint_id), "title",
        p->title, "complaint", p->problem, "result", p->result, "place", p->place, "service", p->service,
        "service_code", p->service_key, "working_days", p->working_days, "published",
        moment(p->published_at, published), "updated", moment(p->changed_at, changed));
}

struct listing {
    const struct page *page;
    json_t *(*present)(const struct page *page, const struct publication *p);
    json_t *rows;   /* the caller's after read_results() */
    int64_t newest; /* change */
    int64_t count;  /* of all that the filter finds */
};

static enum outcome add_row(void *arg, const struct publication *p, struct fault *fault)
{
    struct listing *l = arg;
    l->newest = p->changed_at > l->newest ? p->changed_at : l->newest;
    if (json_array_append_new(l->rows, l->present(l->page, p)))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for a list of results");
    return OUTCOME_DONE;
}

/* The page that was asked for, by the filter that was asked for. */
static enum outcome read_results(
    struct page *page, int rows, struct publication_filter *ret_filter, struct listing *l)
{
    l->rows = json_array();
    read_filter(page, rows, ret_filter);
    page->public_seconds = KEPT_S;
    enum outcome o = publication_list(page->txn, ret_filter, add_row, l, page->fault);
    size_t shown = json_array_size(l->rows);
    l->count = ret_filter->skip + (int64_t)shown;
    if (!o && (shown == (size_t)rows || (!shown && ret_filter->skip))) /* else these are the last of them */
        o = publication_count(page->txn, ret_filter, COUNT_MOST, &l->count, page->fault);
    return o;
}

/* ---- the list ---- */

static json_t *place_options(const char *const *places, size_t count, const char *chosen)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
            json_pack("{s:s, s:b}", "place", places[i], "chosen", chosen && !strcmp(chosen, places[i])));
    return list;
}

static json_t *service_options(const struct service *services, const char *chosen)
{
    json_t *list = json_array();
    for (; services; services = services->next)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "key", services->key, "label",
                                        services->name, "chosen", chosen && !strcmp(chosen, services->key)));
    return list;
}

/* From now back to the first one. */
static json_t *month_options(const struct page *page, int64_t first_at, const char *chosen)
{
    int offset = present_office(page)->utc_offset_minutes;
    json_t *list = json_array();
    struct period p = period_month_of(txn_now(page->txn), offset), first = period_month_of(first_at, offset);
    for (int i = 0; i < MONTHS_MOST && first_at && period_first(&p) >= period_first(&first); i++) {
        char key[PERIOD_SIZE], words[PERIOD_SIZE];
        period_key(&p, key);
        period_words(&p, words);
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "key", key, "label", words, "chosen",
                                        chosen && !strcmp(chosen, key)));
        p = period_step(&p, -1);
    }
    return list;
}

static enum outcome add_choices(struct page *page, json_t *data)
{
    const char **places = NULL;
    size_t count = 0;
    int64_t first = 0;
    struct service *services = NULL;
    enum outcome o = publication_places(page->txn, PLACES_MOST, &places, &count, page->arena, page->fault);
    if (!o)
        o = service_list(page->txn, &services, page->arena, page->fault);
    if (!o)
        o = publication_first(page->txn, &first, page->fault);
    if (o)
        return o;
    json_object_set_new(data, "places", place_options(places, count, given(page, "tempat")));
    json_object_set_new(data, "services", service_options(services, given(page, "layanan")));
    json_object_set_new(data, "months", month_options(page, first, given(page, "bulan")));
    return OUTCOME_DONE;
}

static void add_pages(const struct page *page, int64_t count, size_t shown, json_t *data)
{
    int number = page_number(page);
    int64_t from = (int64_t)(number - 1) * ROWS;
    if (number > 1)
        json_object_set_new(data, "newer", filtered_url(page, "/hasil", number - 1));
    if (from + (int64_t)shown < count && number < PAGES_MOST)
        json_object_set_new(data, "older", filtered_url(page, "/hasil", number + 1));
    json_object_set_new(data, "range",
        json_sprintf("%lld–%lld dari %lld", (long long)from + 1, (long long)from + (long long)shown,
            (long long)count));
}

static enum outcome list_get(struct page *page)
{
    struct publication_filter f;
    struct listing l = {.page = page, .present = card_of};
    enum outcome o = read_results(page, ROWS, &f, &l);
    json_t *data = json_pack("{s:s, s:o, s:o, s:s, s:b}", "title", "Hasil pengaduan", "json_url",
        filtered_url(page, "/hasil.json", 1), "atom_url", filtered_url(page, "/hasil.atom", 1), "q",
        page_query(page, "q"), "filtered", f.words || f.service || f.place || f.from);
    if (!o)
        o = add_choices(page, data);
    if (!o && !f.skip)
        o = figures_add_month(page, data);
    size_t shown = json_array_size(l.rows);
    if (shown) {
        json_object_set_new(data, "results", json_pack("{s:O}", "rows", l.rows));
        add_pages(page, l.count, shown, data);
    }
    json_decref(l.rows);
    if (!o)
        return page_view(page, "results", data);
    json_decref(data);
    return o;
}

static enum outcome one_get(struct page *page)
{
    size_t n = strspn(page->rest, "0123456789");
    struct publication p = {0};
    enum outcome o = OUTCOME_DONE;
    if (n && n < 16 && !page->rest[n])
        o = publication_get(page->txn, strtoll(page->rest, NULL, 10), &p, page->arena, page->fault);
    if (!o && !p.shown) {
        page->status = 404;
        o = fault_set(
            page->fault, OUTCOME_NEVER, "Hasil ini tidak ada, atau sudah ditarik.", "not published");
    }
    page->public_seconds = KEPT_S;
    return o ? o
             : page_view(page, "result",
                   json_pack("{s:s, s:o, s:b}", "title", p.title, "card", card_of(page, &p), "narrow", true));
}

/* ---- for machines ---- */

static enum outcome json_get(struct page *page)
{
    struct publication_filter f;
    struct listing l = {.page = page, .present = data_of};
    enum outcome o = read_results(page, ROWS_DATA, &f, &l);
    int number = page_number(page);
    bool more = f.skip + (int64_t)json_array_size(l.rows) < l.count && number < PAGES_MOST;
    json_t *next = more ? filtered_url(page, "/hasil.json", number + 1) : NULL;
    json_t *data = json_pack("{s:s, s:I, s:o}", "office", present_office(page)->name, "count",
        (json_int_t)l.count, "results", l.rows);
    if (next)
        json_object_set_new(
            data, "next", json_sprintf("%s%s", present_office(page)->public_url, json_string_value(next)));
    json_decref(next);
    char *text = o ? NULL : json_text(data, JSON_INDENT(1));
    json_decref(data);
    if (!o)
        o = text ? page_bytes(page, "application/json; charset=utf-8", text, strlen(text))
                 : fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a list of results");
    free(text);
    return o;
}

/* RFC 4287. */
static void add_entry(struct str *out, const json_t *row)
{
    const char *url = json_string_value(json_object_get(row, "url"));
    str_adds(out, "<entry>");
    xml_element(out, "id", url);
    xml_element(out, "title", json_string_value(json_object_get(row, "title")));
    str_adds(out, "<link href=\"");
    xml_text(out, url);
    str_adds(out, "\"/>");
    xml_element(out, "published", json_string_value(json_object_get(row, "published")));
    xml_element(out, "updated", json_string_value(json_object_get(row, "updated")));
    str_adds(out, "<content type=\"text\">");
    xml_text(out, "Aduan. ");
    xml_text(out, json_string_value(json_object_get(row, "complaint")));
    xml_text(out, "\n\nHasil. ");
    xml_text(out, json_string_value(json_object_get(row, "result")));
    str_adds(out, "</content></entry>\n");
}

static void add_feed(const struct page *page, struct str *out, const struct listing *l)
{
    const struct office *office = present_office(page);
    char updated[MOMENT_TEXT];
    str_adds(out,
        XML_HEAD "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"id\">\n<title>Hasil pengaduan ");
    xml_text(out, office->name);
    str_adds(out, "</title><id>");
    xml_text(out, office->public_url);
    str_adds(out, "/hasil.atom</id><link rel=\"self\" href=\"");
    xml_text(out, office->public_url);
    str_adds(out, "/hasil.atom\"/><link href=\"");
    xml_text(out, office->public_url);
    str_adds(out, "/hasil\"/><author>");
    xml_element(out, "name", office->name);
    str_adds(out, "</author>");
    xml_element(out, "updated", moment(l->newest, updated));
    str_adds(out, "\n");
    for (size_t i = 0; i < json_array_size(l->rows); i++)
        add_entry(out, json_array_get(l->rows, i));
    str_adds(out, "</feed>\n");
}

static enum outcome atom_get(struct page *page)
{
    struct publication_filter f;
    struct listing l = {.page = page, .present = data_of};
    struct str out;
    str_init(&out, TEXT_MOST);
    enum outcome o = read_results(page, ROWS_DATA, &f, &l);
    if (!o)
        add_feed(page, &out, &l);
    json_decref(l.rows);
    if (!o && !str_ok(&out))
        o = fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a feed");
    if (!o)
        o = page_bytes(page, "application/atom+xml; charset=utf-8", out.data, out.len);
    str_release(&out);
    return o;
}

const struct page_route results_routes[] = {
    {"/hasil", list_get, NULL, 0, 0},
    {"/hasil.json", json_get, NULL, PAGE_SHARED, 0},
    {"/hasil.atom", atom_get, NULL, PAGE_SHARED, 0},
    {"/hasil/*", one_get, NULL, 0, 0},
    {0},
};
