/* /laporan: what the standards ask the Kasi Pelayanan, the Sekcam and the Camat to look at each month, as a page that prints
 * on paper, and as JSON. The counting is desk/evaluate.h. */
#include "evaluation_page.h"
#include "chart.h"
#include "daemon/base/embedded.h"
#include "daemon/base/json_read.h"
#include "daemon/book/figures.h"
#include "daemon/desk/desk.h"
#include "evaluation_paper.h"
#include "evaluation_view.h"
#include "letterhead_page.h"
#include "present.h"
#include "view.h"
#include "rules/words_date.h"
#include <stdlib.h>
#include <string.h>

enum { LABEL = 96, DOCUMENT_MOST = 1 << 20 };

/* "2–8" of a month's week, "Jan" of a year's month. */
static void slice_label(const struct evaluate *v, int i, char *out, size_t size)
{
    int year, month, first, last;
    workday_to_date(v->slices[i].last, &year, &month, &last);
    workday_to_date(v->slices[i].first, &year, &month, &first);
    if (!v->period.month)
        snprintf(out, size, "%.3s", words_date_month_name(i + 1));
    else if (first == last)
        snprintf(out, size, "%d", first);
    else
        snprintf(out, size, "%d–%d", first, last);
}

static const char *colour_of(int channel)
{
    static const char *const colours[EVALUATE_CHANNELS] = {"c1", "c2", "c3", "c4", "c5", "c6", "c-track"};
    return colours[channel];
}

/* Chart and table of what came in, by channel and slice. Channels by which nothing came are left out. */
static void add_arrivals(const struct evaluate *v, json_t *data)
{
    struct chart_column columns[EVALUATE_SLICES] = {{0}};
    char labels[EVALUATE_SLICES][16];
    json_t *heads = json_array(), *rows = json_array(), *sums = json_array(), *legend = json_array();
    _Static_assert((int)CHART_SERIES == (int)EVALUATE_CHANNELS, "one colour a channel");
    for (int i = 0; i < v->slice_count; i++) {
        slice_label(v, i, labels[i], sizeof labels[i]);
        columns[i].label = labels[i];
        memcpy(columns[i].values, v->slices[i].by_channel, sizeof columns[i].values);
        json_array_append_new(heads, json_string(labels[i]));
        json_array_append_new(sums, json_integer(v->slices[i].e.received));
    }
    for (int k = 0; k < EVALUATE_CHANNELS; k++) {
        json_t *cells = json_array();
        for (int i = 0; i < v->slice_count; i++)
            json_array_append_new(cells, json_integer(v->slices[i].by_channel[k]));
        json_t *row = json_pack("{s:s, s:o, s:i, s:s}", "name", v->channels[k].name, "cells", cells, "sum",
            v->channels[k].e.received, "colour", colour_of(k));
        if (v->channels[k].e.received) {
            json_array_append(rows, row);
            json_array_append(legend, row);
        }
        json_decref(row);
    }
    json_object_set_new(data, "arrivals",
        json_pack("{s:o, s:o, s:o, s:i, s:o, s:s}", "heads", heads, "rows", rows, "sums", sums, "sum",
            v->all.received, "legend", legend, "what", v->period.month ? "minggu" : "bulan"));
    json_object_set_new(data, "arrival_chart",
        chart_columns(
            "g-masuk", "Aduan masuk menurut saluran; angkanya ada di tabel", columns, v->slice_count));
}

static json_t *in_time_chart(const struct evaluate *v)
{
    json_t *chart = chart_bars("g-tepat", "Persentase jawaban tepat waktu menurut seksi");
    for (int i = 0; i < v->section_count; i++) {
        const struct evaluation *e = &v->sections[i].e;
        char percent[16], words[LABEL];
        if (!e->answered)
            continue;
        evaluation_view_percent(e->in_time, e->answered, percent, sizeof percent);
        snprintf(words, sizeof words, "%s (%d/%d)", percent, e->in_time, e->answered);
        chart_bar_add(chart, v->sections[i].name, words, e->in_time, e->answered, "c1");
    }
    return chart;
}

static json_t *table_of(const char *caption, const char *what, const struct evaluate_group *groups, int count,
    const struct evaluation *all)
{
    json_t *rows = json_array();
    for (int i = 0; i < count; i++)
        if (groups[i].e.received)
            json_array_append_new(rows, evaluation_view_row(groups[i].name, &groups[i].e));
    return json_pack("{s:s, s:s, s:o, s:o}", "caption", caption, "what", what, "rows", rows, "sum",
        evaluation_view_row("Jumlah", all));
}

static json_t *report_of(const struct evaluate *v, const struct office *office)
{
    char words[PERIOD_SIZE], key[PERIOD_SIZE], counted[WORDS_DATE_SIZE];
    const struct evaluation *all = &v->all;
    period_words(&v->period, words);
    period_key(&v->period, key);
    words_date_full(counted, sizeof counted, v->now, office->utc_offset_minutes);
    json_t *data = json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "title",
        json_sprintf("Laporan pengaduan %s %s", v->period.month ? "bulan" : "tahun", words), "counted",
        counted, "key", key, "total", evaluation_view_row("", all), "outcome", evaluation_view_outcome(all),
        "in_time_chart", in_time_chart(v), "age_chart", evaluation_view_ages("g-umur", all));
    if (!data)
        return NULL;
    json_object_set_new(data, "suggestions", json_integer(all->suggestions));
    json_object_set_new(
        data, "by_channel", table_of("Menurut saluran", "Saluran", v->channels, EVALUATE_CHANNELS, all));
    json_object_set_new(
        data, "by_service", table_of("Menurut layanan", "Layanan", v->services, v->service_count, all));
    json_object_set_new(
        data, "by_section", table_of("Menurut seksi", "Seksi", v->sections, v->section_count, all));
    add_arrivals(v, data);
    return data;
}

/* ---- the page ---- */

static enum outcome read_report(struct page *page, struct evaluate **ret)
{
    const struct office *office = present_office(page);
    struct period p;
    if (!period_parse(page_query(page, "periode"), &p))
        p = period_month_of(txn_now(page->txn), office->utc_offset_minutes);
    return evaluate(page->txn, office, &p, ret, page->arena, page->fault);
}

static void add_step(const struct period *from, int step, const char *name, json_t *data)
{
    char words[PERIOD_SIZE], key[PERIOD_SIZE];
    struct period p = period_step(from, step);
    period_words(&p, words);
    period_key(&p, key);
    json_object_set_new(data, name, json_pack("{s:s, s:s}", "step_key", key, "step_words", words));
}

static enum outcome report_get(struct page *page)
{
    struct evaluate *v = NULL;
    int offset = present_office(page)->utc_offset_minutes;
    int64_t first = 0;
    enum outcome o = read_report(page, &v);
    if (!o)
        o = figures_first(page->txn, &first, page->fault);
    if (o)
        return o;
    json_t *data = report_of(v, present_office(page));
    json_object_set_new(data, "main_class", json_string("evaluation"));
    if (first && first < period_from_ms(&v->period, offset))
        add_step(&v->period, -1, "previous", data);
    if (period_to_ms(&v->period, offset) <= v->now)
        add_step(&v->period, 1, "next", data);
    if (v->period.month) {
        const struct period year = {v->period.year, 0};
        add_step(&year, 0, "year", data);
    } else {
        const struct period month = period_month_of(v->now, offset);
        add_step(&month, 0, "month", data);
    }
    o = letterhead_add(page, data);
    if (!o)
        return page_view(page, "evaluation", data);
    json_decref(data);
    return o;
}

static enum outcome json_get(struct page *page)
{
    struct evaluate *v = NULL;
    enum outcome o = read_report(page, &v);
    if (o)
        return o;
    json_t *json = evaluate_json(v, present_office(page));
    char *text = json_text(json, JSON_INDENT(1));
    json_decref(json);
    o = text ? page_bytes(page, "application/json; charset=utf-8", text, strlen(text))
             : fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a report");
    free(text);
    return o;
}

/* ---- by the printer ---- */

enum outcome evaluation_job(struct book_txn *txn, struct str *out, const struct evaluate *v,
    const struct office *office, struct arena *arena, struct fault *fault)
{
    json_t *data = report_of(v, office);
    enum outcome o = data ? evaluation_paper(out, txn, office, data, arena, fault)
                          : fault_set(fault, OUTCOME_LATER, NULL, "no memory for a report");
    json_decref(data);
    return o;
}

static enum outcome print(struct page *page, enum print_format format, const char *ending)
{
    struct evaluate *v = NULL;
    char key[PERIOD_SIZE];
    enum outcome o = read_report(page, &v);
    if (!o)
        o = evaluation_job(page->txn, &page->body, v, present_office(page), page->arena, page->fault);
    if (o)
        return o;
    period_key(&v->period, key);
    return page_print(page, format, arena_printf(page->arena, "laporan-%s.%s", key, ending));
}

static enum outcome paper_get(struct page *page)
{
    return print(page, PRINT_PDF, "pdf");
}

static enum outcome sheet_get(struct page *page)
{
    return print(page, PRINT_XLSX, "xlsx");
}

/* ---- a file of its own ---- */

static void write_document(struct str *out, json_t *data)
{
    const struct embedded_file *style = embedded_find("daemon/web/static/pengaduan.css");
    str_adds(out,
        "<!DOCTYPE html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\">\n<style>\n");
    str_add(out, style->data, style->size);
    str_adds(out, "</style>\n");
    view_render(out, "evaluation_paper", data);
    str_adds(out, "</html>\n");
}

enum outcome evaluation_document(struct book_txn *txn, struct str *out, const struct evaluate *v,
    const struct office *office, struct arena *arena, struct fault *fault)
{
    struct house house;
    bool alone = !views_are_open();
    enum outcome o = alone ? views_open(fault) : OUTCOME_DONE;
    if (o)
        return o;
    o = house_open(&house, office, NULL, fault);
    json_t *data = o ? NULL : report_of(v, office);
    if (data)
        o = letterhead_put(txn, office, data, arena, fault);
    if (data && !o && !json_object_set(data, "office", house.fields))
        write_document(out, data);
    if (!o && (!data || !str_ok(out)))
        o = fault_set(fault, OUTCOME_LATER, NULL, "no memory for a report");
    json_decref(data);
    house_close(&house);
    if (alone)
        views_close();
    return o;
}

#define READERS (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_CAMAT)
const struct page_route evaluation_routes[] = {
    {"/laporan", report_get, NULL, READERS, 0},
    {"/laporan.json", json_get, NULL, READERS, 0},
    {"/laporan.pdf", paper_get, NULL, READERS, 0},
    {"/laporan.xlsx", sheet_get, NULL, READERS, 0},
    {0},
};
