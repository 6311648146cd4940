/* /buku: the Buku Pengaduan itself, as the paper book has its columns; filtered, paged by number,
 * printable. */
#include "daemon/book/citizen.h"
#include "daemon/book/complaint.h"
#include "daemon/desk/route.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/sight.h"
#include "letterhead_page.h"
#include "present.h"
#include "rules/workday.h"
#include "routes.h"
#include "rules/words_date.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 50 };

struct listing {
    struct page *page;
    json_t *rows;
    int64_t last_id;
    int seen;
};

static json_t *short_date(const struct page *page, int64_t ms)
{
    char words[16];
    words_date_table(words, sizeof words, ms, present_office(page)->utc_offset_minutes);
    return json_string(words);
}

static enum outcome add_row(void *arg, const struct complaint *c, struct fault *fault)
{
    struct listing *l = arg;
    struct citizen citizen = {0};
    l->seen++;
    l->last_id = c->id;
    bool sees;
    enum outcome outcome = classify_sight(l->page->txn, l->page->officer, c, &sees, fault);
    if (outcome || !sees)
        return outcome;
    bool identity = sight_identity(l->page->officer, c) && strcmp(c->confidentiality, "anonim");
    if (identity && c->citizen_id) {
        outcome = citizen_get(l->page->txn, c->citizen_id, &citizen, l->page->arena, fault);
        if (outcome)
            return outcome;
    }
    json_t *row = present_complaint(l->page, c);
    if (citizen.pekerjaan)
        json_object_set_new(row, "pekerjaan", json_string(citizen.pekerjaan));
    if (citizen.alamat)
        json_object_set_new(row, "alamat", json_string(citizen.alamat));
    json_object_set_new(row, "date", short_date(l->page, c->received_at));
    if (c->answered_at)
        json_object_set_new(row, "answered", short_date(l->page, c->answered_at));
    json_array_append_new(l->rows, row);
    return OUTCOME_DONE;
}

/* The beginning of that day, or of one some days later. 0 = none. */
static int64_t read_day(const struct page *page, const char *text, int plus_days)
{
    int32_t day;
    if (!workday_parse(text, &day))
        return 0;
    return workday_end_ms(day + plus_days - 1, present_office(page)->utc_offset_minutes) + 1;
}

static json_t *state_options(const char *chosen)
{
    json_t *list = json_array();
    for (int s = 0; s < STATE_COUNT; s++) {
        const char *key = state_key((enum state)s);
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:b}", "key", key, "label", state_label((enum state)s), "chosen",
                      chosen && !strcmp(chosen, key)));
    }
    return list;
}

static json_t *channel_options(const char *chosen)
{
    static const char *const families[] = {
        "email", "situs", "web:", "open311:", "gateway:", "loket", "telepon", "kotak", "surat"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:b}", "key", families[i], "label", route_channel_label(families[i]),
                      "chosen", chosen && !strcmp(chosen, families[i])));
    return list;
}

static const char *given(const struct page *page, const char *name)
{
    const char *value = http_form_get(page->query, name);
    return value && *value ? value : NULL;
}

/* The same filter from the next older row on. RFC 3986 2.1. */
static json_t *older_url(const struct page *page, int64_t before)
{
    static const char *const names[] = {"q", "dari", "sampai", "saluran", "keadaan"};
    struct str out;
    str_init(&out, 16 * 1024);
    str_addf(&out, "/buku?sebelum=%lld", (long long)before);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = given(page, names[i]);
        if (value)
            str_addf(&out, "&%s=", names[i]);
        for (; value && *value; value++)
            str_addf(&out, isalnum((unsigned char)*value) ? "%c" : "%%%02X", (unsigned char)*value);
    }
    json_t *url = str_ok(&out) ? json_string(out.data) : NULL;
    str_release(&out);
    return url;
}

/* What part of the book this is, for the head of the printed page. */
static json_t *scope(const struct page *page, const char *state)
{
    const char *from = given(page, "dari"), *to = given(page, "sampai"), *channel = given(page, "saluran"),
               *words = given(page, "q");
    struct str out;
    str_init(&out, 2048);
    str_addf(&out, "%s%s%s%s%s", from ? "dari " : "", from ? from : "", from && to ? " " : "",
        to ? "sampai " : "", to ? to : "");
    str_addf(&out, "%s%s", out.len ? ", " : "", channel ? route_channel_label(channel) : "semua saluran");
    str_addf(&out, ", %s", state ? state : "semua keadaan");
    if (words)
        str_addf(&out, ", memuat “%.200s”", words);
    json_t *text = str_ok(&out) ? json_string(out.data) : NULL;
    str_release(&out);
    return text;
}

static enum outcome show_register(struct page *page)
{
    const char *words = given(page, "q"), *state = given(page, "keadaan"), *channel = given(page, "saluran");
    const char *from = given(page, "dari"), *to = given(page, "sampai"), *before = given(page, "sebelum");
    enum state wanted = STATE_MASUK;
    if (state && !state_from_key(state, &wanted))
        state = NULL;
    struct complaint_filter filter = {.states = state ? 1u << wanted : 0,
        .channel = channel && !strcmp(channel, "email") ? "email:" : channel,
        .words = words,
        .from = read_day(page, from, 0),
        .to = read_day(page, to, 1),
        .before_id = before ? strtoll(before, NULL, 10) : 0,
        .limit = ROWS};
    sight_narrow(page->officer, &filter);
    struct listing listing = {.page = page, .rows = json_array()};
    int64_t count;
    enum outcome outcome = complaint_list(page->txn, &filter, add_row, &listing, page->fault);
    filter.before_id = 0;
    if (!outcome)
        outcome = complaint_count(page->txn, &filter, &count, page->fault);
    json_t *data = json_pack("{s:s, s:o, s:o, s:o, s:s?, s:s?, s:s?}", "title", "Buku Pengaduan", "cases",
        json_pack("{s:O}", "rows", listing.rows), "states", state_options(state), "channels",
        channel_options(channel), "q", words, "from", from, "to", to);
    if (!json_array_size(listing.rows))
        json_object_del(data, "cases");
    if (!outcome)
        outcome = letterhead_add(page, data);
    if (outcome) {
        json_decref(listing.rows);
        json_decref(data);
        return outcome;
    }
    json_object_set_new(data, "count", json_integer(count));
    if (listing.seen == ROWS)
        json_object_set_new(data, "older", older_url(page, listing.last_id));
    json_object_set_new(data, "shown", json_integer((json_int_t)json_array_size(listing.rows)));
    json_object_set_new(data, "scope", scope(page, state ? state_label(wanted) : NULL));
    json_decref(listing.rows);
    json_object_set_new(data, "main_class", json_string("register"));
    return page_view(page, "register", data);
}

#define OFFICERS                                                                                             \
    (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route register_routes[] = {
    {"/buku", show_register, NULL, OFFICERS, 0},
    {NULL, NULL, NULL, 0, 0},
};
