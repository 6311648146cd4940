#include "evaluation_view.h"
#include "chart.h"
#include <stdio.h>

enum { WORDS_SIZE = 40 };

void evaluation_view_percent(int part, int whole, char *out, size_t size)
{
    int percent = evaluation_percent(part, whole);
    if (percent < 0)
        snprintf(out, size, "–");
    else
        snprintf(out, size, "%d %%", percent);
}

static void days_words(int days, char *out, size_t size)
{
    if (days < 0)
        snprintf(out, size, "–");
    else
        snprintf(out, size, "%s%d", days == EVALUATION_DAYS - 1 ? "≥ " : "", days);
}

json_t *evaluation_view_row(const char *name, const struct evaluation *e)
{
    char judged[WORDS_SIZE], in_time[WORDS_SIZE], median[WORDS_SIZE], p90[WORDS_SIZE],
        rating[WORDS_SIZE] = "–";
    int tenths = evaluation_rating_tenths(e);
    evaluation_view_percent(e->judged_in_time, e->judged_in_time + e->judged_late, judged, sizeof judged);
    evaluation_view_percent(e->in_time, e->answered, in_time, sizeof in_time);
    days_words(evaluation_days_within(e, 50), median, sizeof median);
    days_words(evaluation_days_within(e, 90), p90, sizeof p90);
    if (tenths >= 0)
        snprintf(rating, sizeof rating, "%d,%d", tenths / 10, tenths % 10);
    return json_pack("{s:s, s:i, s:s, s:i, s:i, s:s, s:i, s:i, s:i, s:i, s:s, s:s, s:i, s:i, s:i, s:s, s:i}",
        "name", name, "received", e->received, "judged", judged, "answered", e->answered, "in_time",
        e->in_time, "in_time_percent", in_time, "open", e->open, "overdue", e->overdue, "reopened",
        e->reopened, "compensated", e->compensated, "median", median, "p90", p90, "referred", e->referred,
        "joined", e->joined, "archived", evaluation_archived_sum(e), "rating", rating, "ratings", e->ratings);
}

json_t *evaluation_view_outcome(const struct evaluation *e)
{
    const struct {
        const char *what;
        int count;
    } rows[] = {{"Dijawab", e->answered}, {"Bukan kewenangan, sudah dirujuk", e->referred},
        {"Digabung (duplikat)", e->joined}, {"Diarsipkan, ditarik pengadu", e->archived[ARCHIVED_WITHDRAWN]},
        {"Diarsipkan, tidak dilengkapi", e->archived[ARCHIVED_INCOMPLETE]},
        {"Diarsipkan, alasan lain", e->archived[ARCHIVED_OTHER]}, {"Masih diproses", e->open}};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].count || !i)
            json_array_append_new(
                list, json_pack("{s:s, s:i}", "what", rows[i].what, "count", rows[i].count));
    return list;
}

json_t *evaluation_view_ages(const char *id, const struct evaluation *e)
{
    static const char *const bands[EVALUATION_AGES] = {
        "0–3 hari kerja", "4–7 hari kerja", "8–14 hari kerja", "lebih dari 14 hari kerja"};
    static const char *const colours[EVALUATION_AGES] = {"c1", "c1", "c3", "c-late"};
    json_t *chart = chart_bars(id, "Aduan yang belum selesai menurut umur; angkanya di belakang batang");
    for (int i = 0; i < EVALUATION_AGES; i++) {
        char words[WORDS_SIZE];
        snprintf(words, sizeof words, "%d", e->open_age[i]);
        chart_bar_add(chart, bands[i], words, e->open_age[i], e->open, colours[i]);
    }
    return chart;
}
