/* /hasil/angka: the office's figures of a month or a year, for everybody, with charts that print, and as CSV.
 *
 * Nobody is to be recognised where few complained: with fewer than LEAST in all only their number is told, groups smaller
 * than that are merged (rules/evaluation.h), and a mean is told of LEAST judgements or more. */
#include "chart.h"
#include "daemon/book/event.h"
#include "daemon/book/figures.h"
#include "daemon/desk/desk.h"
#include "evaluation_view.h"
#include "figures_page.h"
#include "page_common.h"
#include "present.h"
#include "rules/words_date.h"
#include <string.h>

enum { LEAST = 5, KEPT_S = KEPT_AGE_MS / 1000, MONTHS_MOST = 60, CSV_MOST = 1 << 20, LABEL = 96 };

static const char CSV[] = "text/csv; charset=utf-8";
static const char hidden_name[] = "Lainnya dan yang terlalu sedikit";

static struct period wanted(const struct page *page)
{
    struct period p;
    if (period_parse(page_query(page, "periode"), &p))
        return p;
    struct period month = period_month_of(txn_now(page->txn), present_office(page)->utc_offset_minutes);
    return (struct period){month.year, 0};
}

static void hide_small(struct evaluate_group *groups, int count, bool *small)
{
    struct evaluation *rows[EVALUATE_GROUPS] = {NULL};
    for (int i = 0; i < count; i++)
        rows[i] = &groups[i].e;
    evaluation_hide_small(rows, count, count - 1, LEAST, small);
    for (int i = 0; i < count; i++)
        if (small[i])
            groups[count - 1].name = hidden_name;
}

/* What make() answers, or answered a moment ago: kept.h says how long it holds. The caller says of what type it is. */
static enum outcome answer_kept(struct page *page, const char *key, page_handler *make)
{
    struct kept_state now = {.at = txn_now(page->txn)};
    if (!key)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for figures");
    enum outcome o = event_newest(page->txn, &now.event_id, page->fault);
    const char *text = o ? NULL : kept_get(page->kept, key, now, page->arena);
    if (o || text)
        return o ? o : page_bytes(page, PAGE_HTML, text, strlen(text));
    o = make(page);
    if (!o)
        kept_put(page->kept, key, now, page->body.data);
    return o;
}

/* ---- the page ---- */

static json_t *period_options(const struct page *page, int64_t first_at, const struct period *chosen)
{
    int offset = present_office(page)->utc_offset_minutes;
    json_t *list = json_array();
    struct period now = period_month_of(txn_now(page->txn), offset);
    struct period first = period_month_of(first_at ? first_at : txn_now(page->txn), offset);
    for (int step = 0; step < 2; step++) {
        struct period p = step ? now : (struct period){now.year, 0};
        for (int i = 0; i < MONTHS_MOST && period_last(&p) >= period_first(&first); i++) {
            char key[PERIOD_SIZE], words[PERIOD_SIZE];
            period_key(&p, key);
            period_words(&p, words);
            json_array_append_new(list, json_pack("{s:s, s:o, s:b}", "key", key, "label",
                                            step ? json_string(words) : json_sprintf("Tahun %s", words),
                                            "chosen", p.year == chosen->year && p.month == chosen->month));
            p = period_step(&p, -1);
        }
    }
    return list;
}

/* Rows of a table, and a bar each of how many came. */
static void add_groups(
    const struct evaluate_group *groups, int count, const bool *small, int all, json_t *rows, json_t *chart)
{
    for (int i = 0; i < count; i++) {
        char words[LABEL], percent[16];
        const struct evaluation *e = &groups[i].e;
        if (small[i] || !e->received)
            continue;
        evaluation_view_percent(e->received, all, percent, sizeof percent);
        snprintf(words, sizeof words, "%d (%s)", e->received, percent);
        json_array_append_new(rows, evaluation_view_row(groups[i].name, e));
        chart_bar_add(chart, groups[i].name, words, e->received, all, "c1");
    }
}

/* rows is taken over. */
static json_t *table_of(const char *caption, const char *what, json_t *rows, json_t *total)
{
    return json_pack("{s:s, s:s, s:o, s:O}", "caption", caption, "what", what, "rows", rows, "sum", total);
}

/* Of a year: how many came in each month. What became of them only where they are many enough. */
static void add_months(const struct evaluate *v, json_t *total, json_t *data)
{
    struct chart_column columns[EVALUATE_SLICES] = {{0}};
    char labels[EVALUATE_SLICES][8];
    json_t *rows = json_array();
    for (int i = 0; i < v->slice_count; i++) {
        const struct evaluation *e = &v->slices[i].e;
        const char *name = words_date_month_name(i + 1);
        snprintf(labels[i], sizeof labels[i], "%.3s", name);
        columns[i] = (struct chart_column){labels[i], {e->received}};
        json_t *row = e->received >= LEAST
                          ? evaluation_view_row(name, e)
                          : json_pack("{s:s, s:i, s:s, s:s, s:s, s:s}", "name", name, "received", e->received,
                                "judged", "–", "answered", "–", "in_time_percent", "–", "open", "–");
        if (e->received || v->slices[i].first <= workday_of_ms(v->now, 0))
            json_array_append_new(rows, row);
        else
            json_decref(row);
    }
    json_object_set_new(data, "by_month", table_of("Menurut bulan", "Bulan", rows, total));
    json_object_set_new(data, "months",
        json_pack("{s:o}", "month_chart",
            chart_columns("g-bulan", "Aduan masuk tiap bulan; angkanya di atas batang dan di tabel", columns,
                v->slice_count)));
}

static void add_details(const struct page *page, struct evaluate *v, json_t *data)
{
    bool small[EVALUATE_GROUPS];
    json_t *channels = json_array(), *services = json_array();
    json_t *channel_chart = chart_bars("g-saluran", "Aduan masuk menurut saluran"),
           *service_chart = chart_bars("g-layanan", "Aduan masuk menurut layanan");
    (void)page;
    hide_small(v->channels, EVALUATE_CHANNELS, small);
    add_groups(v->channels, EVALUATE_CHANNELS, small, v->all.received, channels, channel_chart);
    hide_small(v->services, v->service_count, small);
    add_groups(v->services, v->service_count, small, v->all.received, services, service_chart);
    json_t *total = evaluation_view_row("Jumlah", &v->all);
    json_t *details = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:O}", "by_channel",
        table_of("Menurut saluran", "Saluran", channels, total), "by_service",
        table_of("Menurut layanan", "Layanan", services, total), "channel_chart", channel_chart,
        "service_chart", service_chart, "age_chart", evaluation_view_ages("g-umur", &v->all), "outcome",
        evaluation_view_outcome(&v->all), "total", total);
    if (v->all.ratings >= LEAST)
        json_object_set_new(details, "rated", json_true());
    if (!v->period.month)
        add_months(v, total, details);
    json_decref(total);
    json_object_set_new(data, "details", details);
}

static enum outcome make_page(struct page *page)
{
    const struct office *office = present_office(page);
    struct period p = wanted(page);
    struct evaluate *v = NULL;
    int64_t first = 0;
    char words[PERIOD_SIZE], key[PERIOD_SIZE], counted[WORDS_DATE_SIZE], named[PERIOD_SIZE + 8];
    enum outcome o = evaluate(page->txn, office, &p, &v, page->arena, page->fault);
    if (!o)
        o = figures_first(page->txn, &first, page->fault);
    if (o)
        return o;
    period_words(&p, words);
    period_key(&p, key);
    snprintf(named, sizeof named, "%s %s", p.month ? "bulan" : "tahun", words);
    words_date_day(counted, sizeof counted, v->now, office->utc_offset_minutes);
    json_t *data = json_pack("{s:o, s:s, s:s, s:s, s:i, s:o, s:s}", "title",
        json_sprintf("Angka pengaduan %s", named), "period", named, "key", key, "counted", counted,
        "received", v->all.received, "periods", period_options(page, first, &p), "main_class", "");
    if (v->all.received >= LEAST)
        add_details(page, v, data);
    return page_view(page, "figures", data);
}

/* Not for officers: their pages have their own head. */
static enum outcome figures_get(struct page *page)
{
    char key[PERIOD_SIZE];
    struct period p = wanted(page);
    period_key(&p, key);
    page->public_seconds = KEPT_S;
    if (page->officer || *page_query(page, "catatan"))
        return make_page(page);
    enum outcome o = answer_kept(page, arena_printf(page->arena, "angka %s", key), make_page);
    page->content_type = PAGE_HTML;
    return o;
}

static enum outcome make_month(struct page *page)
{
    const struct office *office = present_office(page);
    struct period p = period_month_of(txn_now(page->txn), office->utc_offset_minutes);
    struct evaluate *v = NULL;
    char since[WORDS_DATE_SIZE];
    enum outcome o = evaluate(page->txn, office, &p, &v, page->arena, page->fault);
    if (o)
        return o;
    json_t *month = v->all.received < LEAST ? json_object() : evaluation_view_row("", &v->all);
    words_date_day(
        since, sizeof since, period_from_ms(&p, office->utc_offset_minutes), office->utc_offset_minutes);
    json_object_set_new(month, "since", json_string(since));
    json_object_set_new(month, "enough", json_boolean(v->all.received >= LEAST));
    if (!v->all.answered)
        json_object_del(month, "median");
    o = page_json(page, month);
    json_decref(month);
    return o;
}

enum outcome figures_add_month(struct page *page, json_t *data)
{
    enum outcome o = answer_kept(page, "bulan", make_month);
    json_t *month = o ? NULL : json_loads(page->body.data, 0, NULL);
    if (json_is_true(json_object_get(month, "enough")))
        json_object_set(data, "month", month);
    json_decref(month);
    return o;
}

/* ---- CSV: RFC 4180, UTF-8 with the mark by which Excel knows it ---- */

static void add_field(struct str *out, const char *text)
{
    str_addc(out, '"');
    if (strchr("=+-@", *text) && *text)
        str_addc(out, '\''); /* never a formula */
    for (; *text; text++)
        str_addf(out, *text == '"' ? "\"\"" : "%c", *text);
    str_addc(out, '"');
}

static void add_days(struct str *out, int value)
{
    if (value < 0)
        str_adds(out, ",");
    else
        str_addf(out, ",%d", value);
}

static void add_line(struct str *out, const char *part, const char *name, const struct evaluation *e)
{
    add_field(out, part);
    str_addc(out, ',');
    add_field(out, name);
    str_addf(out, ",%d", e->received);
    if (e->received < LEAST) {
        str_adds(out, ",,,,,,,,,,,,,,\r\n");
        return;
    }
    str_addf(out, ",%d,%d,%d,%d,%d,%d,%d,%d,%d,%d", e->judged_in_time, e->judged_late, e->answered,
        e->in_time, e->referred, e->joined, evaluation_archived_sum(e), e->open, e->overdue, e->reopened);
    add_days(out, evaluation_days_within(e, 50));
    add_days(out, evaluation_days_within(e, 90));
    int tenths = e->ratings >= LEAST ? evaluation_rating_tenths(e) : -1;
    if (tenths < 0)
        str_adds(out, ",,\r\n");
    else
        str_addf(out, ",%d,%d.%d\r\n", e->ratings, tenths / 10, tenths % 10);
}

static void add_group_lines(struct str *out, const char *part, struct evaluate_group *groups, int count)
{
    bool small[EVALUATE_GROUPS];
    hide_small(groups, count, small);
    for (int i = 0; i < count; i++)
        if (!small[i] && groups[i].e.received)
            add_line(out, part, groups[i].name, &groups[i].e);
}

static void add_table(struct str *out, struct evaluate *v)
{
    char words[PERIOD_SIZE];
    period_words(&v->period, words);
    str_adds(out,
        "\xef\xbb\xbf"
        "bagian,nama,masuk,diperiksa_tepat_waktu,diperiksa_terlambat,dijawab,dijawab_tepat_waktu,dirujuk,"
        "digabung,diarsipkan,belum_selesai,lewat_tenggat,dibuka_kembali,median_hari_kerja,"
        "p90_hari_kerja,penilai,nilai_rata_rata\r\n");
    add_line(out, "seluruhnya", words, &v->all);
    if (v->all.received < LEAST)
        return;
    add_group_lines(out, "saluran", v->channels, EVALUATE_CHANNELS);
    add_group_lines(out, "layanan", v->services, v->service_count);
    for (int i = 0; i < v->slice_count && !v->period.month; i++)
        add_line(out, "bulan", words_date_month_name(i + 1), &v->slices[i].e);
}

static enum outcome make_csv(struct page *page)
{
    struct period p = wanted(page);
    struct evaluate *v = NULL;
    struct str out;
    enum outcome o = evaluate(page->txn, present_office(page), &p, &v, page->arena, page->fault);
    if (o)
        return o;
    str_init(&out, CSV_MOST);
    add_table(&out, v);
    o = str_ok(&out) ? page_bytes(page, CSV, out.data, out.len)
                     : fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for figures");
    str_release(&out);
    return o;
}

static enum outcome csv_get(struct page *page)
{
    char key[PERIOD_SIZE];
    struct period p = wanted(page);
    period_key(&p, key);
    enum outcome o = answer_kept(page, arena_printf(page->arena, "csv %s", key), make_csv);
    page->content_type = CSV;
    page->disposition = arena_printf(page->arena, "attachment; filename=\"angka-pengaduan-%s.csv\"", key);
    page->public_seconds = KEPT_S;
    return o;
}

const struct page_route figures_routes[] = {
    {"/hasil/angka", figures_get, NULL, 0, 0},
    {"/hasil/angka.csv", csv_get, NULL, PAGE_SHARED, 0},
    {0},
};
