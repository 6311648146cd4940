/* Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): what is public, and for an application with a key also how its own
 * requests stand. service_request_id is the complaint's id in the book, as in /hasil/ID.
 *
 * Of a published one the day of receipt is told, not the minute: nobody is to be found out by when he wrote. Coordinates,
 * addresses and pictures are never told. */
#include "open311.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/service_request.h"
#include "present.h"
#include "rules/moment.h"
#include "rules/workday.h"
#include "track.h"
#include <stdlib.h>
#include <string.h>

enum {
    NAME_SIZE = 128,
    REQUESTS_MOST = 1000, /* the standard's default limits */
    SPAN_DAYS = 90,
    KEPT_S = 300,
};

static const char no_service[] = "lainnya", no_service_name[] = "Lainnya";
static const int64_t DAY_MS = INT64_C(86400000);

/* ---- discovery and services ---- */

static enum outcome discovery(struct page *page, enum open311_format format)
{
    const struct office *office = present_office(page);
    const char *contact = arena_printf(page->arena, "%s%s%s%s%s", office->name,
        *office->phone ? ", telepon " : "", office->phone, *office->email ? ", " : "", office->email);
    const char *url = arena_printf(page->arena, "%s/open311/v2", office->public_url);
    /* When this interface changed last. */
    static const char changed[] = "2026-11-27T00:00:00Z";
    page->public_seconds = KEPT_S;
    return open311_answer(page, format, 200, "discovery",
        json_pack("{s:s, s:s, s:s, s:[{s:s, s:s, s:s, s:s, s:[s, s]}]}", "changeset", changed, "contact",
            contact ? contact : "", "key_service",
            "Kunci api_key diberikan oleh admin kantor ini; membaca yang publik tidak memerlukan kunci.",
            "endpoints", "specification", "http://wiki.open311.org/GeoReport_v2", "url", url ? url : "",
            "changeset", changed, "type", "production", "formats", "text/xml", "application/json"));
}

static enum outcome services(struct page *page, enum open311_format format)
{
    struct service *list;
    json_t *all = json_array();
    enum outcome o = service_list(page->txn, &list, page->arena, page->fault);
    for (; !o && list; list = list->next)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s}", "service_code", list->key,
                                       "service_name", list->name, "description", list->name, "metadata",
                                       true, "type", "realtime", "keywords", "", "group", ""));
    page->public_seconds = KEPT_S;
    if (!o)
        return open311_answer(page, format, 200, "services", all);
    json_decref(all);
    return o;
}

json_t *open311_attributes(void)
{
    return json_pack("[{s:b, s:s, s:s, s:b, s:s, s:i, s:s, s:[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]},"
                     " {s:b, s:s, s:s, s:b, s:s, s:i, s:s}]",
        "variable", true, "code", "jenis", "datatype", "singlevaluelist", "required", false,
        "datatype_description", "", "order", 1, "description", "Jenis laporan", "values", "key", "pengaduan",
        "name", "Pengaduan", "key", "aspirasi", "name", "Aspirasi atau saran", "key", "informasi", "name",
        "Permintaan informasi", "variable", true, "code", "kejadian", "datatype", "string", "required", false,
        "datatype_description", "Tanggal atau waktu dengan kata sendiri", "order", 2, "description",
        "Kapan kejadiannya");
}

static enum outcome definition(struct page *page, enum open311_format format, const char *code)
{
    struct service service;
    enum outcome o = service_by_key(page->txn, code, &service, page->arena, page->fault);
    if (o == OUTCOME_NEVER)
        return open311_error(page, format, 404, "service_code tidak ditemukan.");
    page->public_seconds = KEPT_S;
    return o ? o
             : open311_answer(page, format, 200, "service_definition",
                   json_pack("{s:s, s:o}", "service_code", service.key, "attributes", open311_attributes()));
}

/* ---- requests ---- */

static json_t *moment_json(int64_t ms)
{
    char text[MOMENT_TEXT];
    moment_print(ms, text);
    return ms ? json_string(text) : json_null();
}

static json_t *request_json(const struct page *page, const struct service_request *r)
{
    const struct office *office = present_office(page);
    int offset = office->utc_offset_minutes;
    int64_t day = workday_end_ms(workday_of_ms(r->received_at, offset) - 1, offset) + 1;
    return json_pack(
        "{s:o, s:s, s:s, s:s, s:s, s:s?, s:s, s:s?, s:o, s:o, s:o, s:s?, s:n, s:n, s:n, s:n, s:n}",
        "service_request_id", json_sprintf("%lld", (long long)r->id), "status",
        state_open(r->state) ? "open" : "closed", "status_notes",
        r->published ? r->result : state_public(r->state), "service_name",
        r->service ? r->service : no_service_name, "service_code",
        r->service_key ? r->service_key : no_service, "description", r->problem, "agency_responsible",
        r->section ? r->section : office->name, "service_notice", NULL, "requested_datetime",
        moment_json(r->own ? r->received_at : day), "updated_datetime", moment_json(r->changed_at),
        "expected_datetime", moment_json(r->own && state_open(r->state) ? r->due_at : 0), "address", r->place,
        "address_id", "zipcode", "lat", "long", "media_url");
}

/* Is value one of the words between commas? "" or NULL = all are. */
static bool listed(const char *list, const char *value)
{
    size_t n = strlen(value);
    if (!list || !*list)
        return true;
    for (const char *p = list; *p;) {
        p += strspn(p, ", ");
        size_t k = strcspn(p, ", ");
        if (k == n && !memcmp(p, value, n))
            return true;
        p += k;
    }
    return false;
}

struct listing {
    const struct page *page;
    const char *ids, *codes, *status;
    json_t *rows;
};

static enum outcome add_request(
    void *arg, const struct service_request *r, bool *ret_enough, struct fault *fault)
{
    struct listing *l = arg;
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)r->id);
    if (!listed(l->ids, id) || !listed(l->codes, r->service_key ? r->service_key : no_service) ||
        !listed(l->status, state_open(r->state) ? "open" : "closed"))
        return OUTCOME_DONE;
    *ret_enough = json_array_size(l->rows) + 1 >= REQUESTS_MOST;
    return json_array_append_new(l->rows, request_json(l->page, r))
               ? fault_set(fault, OUTCOME_LATER, NULL, "open311: no memory")
               : OUTCOME_DONE;
}

/* "2026-11-01T00:00:00+07:00", or a day. */
static bool read_moment(const struct page *page, const char *text, int64_t *ret_ms)
{
    int32_t day;
    if (moment_from_rfc3339(text, ret_ms))
        return true;
    if (!workday_parse(text, &day))
        return false;
    *ret_ms = workday_end_ms(day - 1, present_office(page)->utc_offset_minutes) + 1;
    return true;
}

/* The last 90 days; with one end given, 90 days from or to there; never more. */
static bool read_span(const struct page *page, struct service_request_filter *f)
{
    const char *start = page_query(page, "start_date"), *end = page_query(page, "end_date");
    f->to = txn_now(page->txn) + 1;
    if (*end && !read_moment(page, end, &f->to))
        return false;
    f->from = f->to - SPAN_DAYS * DAY_MS;
    if (!*start)
        return true;
    if (!read_moment(page, start, &f->from))
        return false;
    if (f->to - f->from > SPAN_DAYS * DAY_MS)
        f->to = f->from + SPAN_DAYS * DAY_MS;
    return true;
}

static bool known_statuses(const char *list)
{
    for (const char *p = list; *p;) {
        p += strspn(p, ", ");
        size_t n = strcspn(p, ", ");
        if (n && strncmp(p, "open", n > 4 ? n : 4) && strncmp(p, "closed", n > 6 ? n : 6))
            return false;
        p += n;
    }
    return true;
}

/* Both answers of the standard to a reading are lists. id 0 = by the filters of the query. */
static enum outcome requests(struct page *page, enum open311_format format, int64_t id)
{
    bool wrong;
    struct service_request_filter f = {.id = id, .channel = open311_channel(page, &wrong), .to = INT64_MAX};
    struct listing l = {.page = page, .rows = NULL};
    if (wrong)
        return open311_error(page, format, 403, "api_key tidak dikenal.");
    if (!id) {
        l.ids = page_query(page, "service_request_id");
        /* The ids rule over all other filters. */
        l.codes = *l.ids ? NULL : page_query(page, "service_code");
        l.status = *l.ids ? NULL : page_query(page, "status");
        if (!known_statuses(l.status ? l.status : ""))
            return open311_error(page, format, 400, "status hanya open atau closed.");
        if (!*l.ids && !read_span(page, &f))
            return open311_error(
                page, format, 400, "start_date dan end_date ditulis seperti 2026-11-01T00:00:00Z.");
    }
    l.rows = json_array();
    enum outcome o = service_request_list(page->txn, &f, add_request, &l, page->fault);
    if (!o && id && !json_array_size(l.rows)) {
        json_decref(l.rows);
        return open311_error(page, format, 404, "service_request_id tidak ditemukan.");
    }
    page->secret = f.channel != NULL;
    page->public_seconds = f.channel ? 0 : KEPT_S;
    if (!o)
        return open311_answer(page, format, 200, "service_requests", l.rows);
    json_decref(l.rows);
    return o;
}

/* A token is the tracking code that the notice of a new request tells. */
static enum outcome token(struct page *page, enum open311_format format, const char *code)
{
    struct complaint c;
    char shown[REGISTER_SHOWN_SIZE];
    enum outcome o = track_find(page, code, &c, shown);
    if (o == OUTCOME_NEVER)
        return open311_error(page, format, page->status == 429 ? 429 : 404, "token tidak ditemukan.");
    page->secret = true;
    return o ? o
             : open311_answer(page, format, 200, "service_requests",
                   json_pack("[{s:o, s:s}]", "service_request_id", json_sprintf("%lld", (long long)c.id),
                       "token", shown));
}

/* ---- resources ---- */

static bool is_id(const char *text)
{
    size_t n = strspn(text, "0123456789");
    return n && n < 16 && !text[n] && strtoll(text, NULL, 10) > 0;
}

static enum outcome get_resource(struct page *page)
{
    char name[NAME_SIZE];
    enum open311_format format = OPEN311_XML;
    if (!open311_resource(page->rest, name, sizeof name, &format))
        return open311_error(page, format, 404, "Bentuk jawaban hanya .xml atau .json.");
    if (!strcmp(name, "discovery"))
        return discovery(page, format);
    if (!strcmp(name, "services"))
        return services(page, format);
    if (!strncmp(name, "services/", 9))
        return definition(page, format, name + 9);
    if (!strcmp(name, "requests"))
        return requests(page, format, 0);
    if (!strncmp(name, "requests/", 9) && is_id(name + 9))
        return requests(page, format, strtoll(name + 9, NULL, 10));
    if (!strncmp(name, "tokens/", 7))
        return token(page, format, name + 7);
    return open311_error(page, format, 404, "Tidak ada di sini. Mulai dari /open311/v2/discovery.json.");
}

static enum outcome post_resource(struct page *page)
{
    char name[NAME_SIZE];
    enum open311_format format = OPEN311_XML;
    if (open311_resource(page->rest, name, sizeof name, &format) && !strcmp(name, "requests"))
        return open311_post_request(page, format);
    return open311_error(page, format, 404, "Hanya requests yang dapat dikirimi.");
}

const struct page_route open311_routes[] = {
    {"/open311/v2/*", get_resource, post_resource, 0, 0},
    {0},
};
