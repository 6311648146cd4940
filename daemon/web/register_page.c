/* /buku: the Buku Pengaduan itself, as the paper book has its columns; filtered, paged by number,
 * printable. */
#include "register.h"
#include "daemon/book/citizen.h"
#include "daemon/book/message.h"
#include "daemon/book/search_near.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/sight.h"
#include "case.h"
#include "letterhead_page.h"
#include "present.h"
#include "rules/workday.h"
#include "routes.h"
#include "rules/words_date.h"
#include <stdlib.h>
#include <string.h>

/* Rows of a screen, and of what is printed at once. Counting ends where nobody wants to know any more. */
enum {
    ROWS = 50,
    ROWS_PRINTED = 500,
    COUNT_MOST = 10 * 1000,
    COUNT_WORDS_MOST = 1000,
    COUNT_ALL_MOST = 100 * 1000,
    REPORT_SHOWN = 120
};

struct listing {
    struct page *page;
    json_t *rows;
    bool upwards; /* read from below: each row stands above the one before */
    int64_t first_id, last_id;
    int seen;
    int64_t done, late, open;
};

static json_t *short_date(const struct page *page, int64_t ms)
{
    char words[16];
    words_date_table(words, sizeof words, ms, present_office(page)->utc_offset_minutes);
    return json_string(words);
}

static void count_row(struct listing *l, const struct complaint *c)
{
    bool waits = c->state == STATE_PERLU_DILENGKAPI;
    bool late = state_open(c->state) && !waits && c->due_at && c->due_at < txn_now(l->page->txn);
    l->late += late;
    l->open += state_open(c->state) && !late;
    l->done += !state_open(c->state);
}

static enum outcome fill_row(struct listing *l, const struct complaint *c, json_t *row, struct fault *fault)
{
    struct page *page = l->page;
    struct citizen citizen = {0};
    const char *report = NULL;
    bool identity = sight_identity(page->officer, c) && strcmp(c->confidentiality, "anonim");
    enum outcome outcome = identity && c->citizen_id
                               ? citizen_get(page->txn, c->citizen_id, &citizen, page->arena, fault)
                               : OUTCOME_DONE;
    if (!outcome)
        outcome = message_newest_text(page->txn, c->id, "laporan", &report, page->arena, fault);
    if (citizen.pekerjaan)
        json_object_set_new(row, "pekerjaan", json_string(citizen.pekerjaan));
    if (citizen.alamat)
        json_object_set_new(row, "alamat", json_string(citizen.alamat));
    if (report)
        json_object_set_new(row, "report", present_excerpt(report, REPORT_SHOWN));
    json_object_set_new(row, "date", short_date(page, c->received_at));
    if (c->answered_at)
        json_object_set_new(row, "answered", short_date(page, c->answered_at));
    return outcome;
}

static enum outcome add_row(void *arg, const struct complaint *c, struct fault *fault)
{
    struct listing *l = arg;
    l->first_id = l->seen++ ? l->first_id : c->id;
    l->last_id = c->id;
    bool sees;
    enum outcome outcome = classify_sight(l->page->txn, l->page->officer, c, &sees, fault);
    if (outcome || !sees)
        return outcome;
    count_row(l, c);
    json_t *row = present_complaint(l->page, c);
    json_array_insert_new(l->rows, l->upwards ? 0 : json_array_size(l->rows), row);
    return fill_row(l, c, row, fault);
}

static int64_t page_number(const struct page *page, const char *name)
{
    const char *text = page_query(page, name);
    size_t digits = strspn(text, "0123456789");
    return digits && digits <= 15 && !text[digits] ? strtoll(text, NULL, 10) : 0;
}

/* As the paper counts its lines. */
static void number_rows(const struct listing *l)
{
    for (size_t i = 0; i < json_array_size(l->rows); i++)
        json_object_set_new(json_array_get(l->rows, i), "running", json_integer((json_int_t)i + 1));
}

static void add_pages(struct page *page, const struct listing *l, int rows, json_t *data)
{
    int64_t newest = l->upwards ? l->last_id : l->first_id, oldest = l->upwards ? l->first_id : l->last_id;
    bool from_above = page_number(page, "sebelum") != 0, words = *page_query(page, "q") != '\0';
    const char *path = rows == ROWS ? "/buku" : "/buku/cetak";
    if ((l->upwards || l->seen == rows) && l->seen)
        json_object_set_new(data, "older", register_url(page, path, "sebelum", oldest));
    if (l->upwards ? l->seen == rows : from_above && !words && l->seen)
        json_object_set_new(data, "newer", register_url(page, path, "sesudah", newest));
    if (words && from_above)
        json_object_set_new(data, "newest", register_url(page, path, NULL, 0));
    json_object_set_new(
        data, "print_url", register_url(page, "/buku/cetak", l->seen ? "sebelum" : NULL, newest + 1));
    json_object_set_new(data, "file_url", register_url(page, "/buku/unduh", NULL, 0));
    json_object_set_new(data, "sheet_url", register_url(page, "/buku/unduh.xlsx", NULL, 0));
    json_object_set_new(data, "paper_url", register_url(page, "/buku/unduh.pdf", NULL, 0));
}

static enum outcome add_count(struct page *page, struct complaint_filter filter, json_t *data)
{
    int64_t count;
    filter.before_id = filter.after_id = 0;
    filter.by_due = filter.overdue || filter.soon_until; /* counted by its index */
    filter.count_most = filter.words              ? COUNT_WORDS_MOST
                        : register_filtered(page) ? COUNT_MOST
                                                  : COUNT_ALL_MOST;
    enum outcome outcome = complaint_count(page->txn, &filter, &count, page->fault);
    json_object_set_new(data, "count", json_integer(count));
    json_object_set_new(data, "count_more", json_boolean(!outcome && count == filter.count_most));
    return outcome;
}

/* Nothing was found: perhaps it was mistyped. What is shown says so. */
static enum outcome list_nearly(
    struct page *page, struct complaint_filter *filter, struct listing *l, json_t *data)
{
    const char *typed = filter->words, *near = NULL;
    enum outcome outcome = search_near(page->txn, typed, &near, page->arena, page->fault);
    if (outcome || !near)
        return outcome;
    filter->words = near;
    outcome = complaint_list(page->txn, filter, add_row, l, page->fault);
    if (json_array_size(l->rows))
        json_object_set_new(data, "nearly", json_pack("{s:s, s:s}", "typed", typed, "found_word", near));
    else
        filter->words = typed;
    return outcome;
}

static enum outcome list(struct page *page, int rows, struct listing *l, json_t *data)
{
    struct complaint_filter filter = register_filter(page);
    filter.limit = rows;
    filter.before_id = page_number(page, "sebelum");
    filter.after_id = filter.before_id || filter.words ? 0 : page_number(page, "sesudah");
    l->upwards = filter.after_id != 0;
    enum outcome outcome = complaint_list(page->txn, &filter, add_row, l, page->fault);
    if (!outcome && filter.words && !l->seen && !filter.before_id)
        outcome = list_nearly(page, &filter, l, data);
    if (outcome || l->seen == rows || filter.before_id || filter.after_id)
        return outcome ? outcome : add_count(page, filter, data);
    json_object_set_new(data, "count", json_integer(l->seen)); /* all there are stand on this page */
    return OUTCOME_DONE;
}

static enum outcome show(struct page *page, int rows)
{
    struct listing l = {.page = page, .rows = json_array()};
    json_t *data = json_pack("{s:s, s:b}", "title", "Buku Pengaduan", "printing", rows != ROWS);
    enum outcome outcome = list(page, rows, &l, data);
    if (!outcome)
        outcome = register_choices(page, data);
    if (!outcome)
        outcome = letterhead_add(page, data);
    if (!outcome && rows == ROWS)
        outcome = register_saved_add(page, data);
    if (outcome) {
        json_decref(l.rows);
        json_decref(data);
        return outcome;
    }
    number_rows(&l);
    add_pages(page, &l, rows, data);
    json_t *bulk = rows == ROWS ? bulk_page_choices(page) : NULL;
    if (bulk)
        json_object_set_new(data, "bulk", bulk);
    if (json_array_size(l.rows))
        json_object_set_new(data, "cases", json_pack("{s:O}", "rows", l.rows));
    json_object_set_new(data, "totals",
        json_pack("{s:I, s:I, s:I, s:I}", "shown", (json_int_t)json_array_size(l.rows), "done",
            (json_int_t)l.done, "going", (json_int_t)l.open, "late_count", (json_int_t)l.late));
    json_object_set_new(data, "scope", register_scope(page));
    json_object_set_new(data, "today", present_date(page, txn_now(page->txn)));
    json_decref(l.rows);
    json_object_set_new(data, "main_class", json_string(rows == ROWS ? "register" : "register printing"));
    return page_view(page, "register", data);
}

static enum outcome show_register(struct page *page)
{
    return show(page, ROWS);
}

static enum outcome show_printed(struct page *page)
{
    return show(page, ROWS_PRINTED);
}

#define OFFICERS                                                                                             \
    (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route register_routes[] = {
    {"/buku", show_register, NULL, OFFICERS, 0},
    {"/buku/cetak", show_printed, NULL, OFFICERS, 0},
    {"/buku/unduh", register_file, NULL, OFFICERS, 0},
    {"/buku/unduh.xlsx", register_sheet, NULL, OFFICERS, 0},
    {"/buku/unduh.pdf", register_paper, NULL, OFFICERS, 0},
    {NULL, NULL, NULL, 0, 0},
};
