#include "evaluation_paper.h"
#include <string.h>

/* The members of a row in their order, and how wide they stand. */
static const struct {
    const char *member, *label;
    int width;
} columns[] = {{"name", NULL, 22}, {"received", "Masuk", 8}, {"answered", "Dijawab", 10},
    {"in_time_percent", "Tepat waktu", 9}, {"judged", "Diperiksa tepat", 12}, {"median", "Median hari", 10},
    {"p90", "90 % dalam", 9}, {"open", "Diproses", 11}, {"overdue", "Lewat tenggat", 10},
    {"rating", "Nilai", 7}};

enum { COLUMNS = sizeof columns / sizeof *columns };

static json_t *text_of(const json_t *value)
{
    return json_is_integer(value) ? json_sprintf("%lld", (long long)json_integer_value(value))
                                  : json_string(json_is_string(value) ? json_string_value(value) : "");
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_t *cells_of(const json_t *row)
{
    json_t *cells = json_array();
    for (int i = 0; i < COLUMNS; i++)
        json_array_append_new(cells, text_of(json_object_get(row, columns[i].member)));
    return cells;
}

static void add_table(struct str *job, const json_t *table)
{
    json_t *heads = json_array(), *rows = json_array();
    const json_t *from = json_object_get(table, "rows");
    for (int i = 0; i < COLUMNS; i++)
        json_array_append_new(heads,
            json_pack("{s:s, s:i, s:s, s:s}", "label", i ? columns[i].label : member(table, "what"), "width",
                columns[i].width, "align", i ? "right" : "left", "type", i ? "number" : "text"));
    for (size_t i = 0; i < json_array_size(from); i++)
        json_array_append_new(rows, cells_of(json_array_get(from, i)));
    json_array_append_new(rows, cells_of(json_object_get(table, "sum")));
    print_job_words(job, "text", member(table, "caption"), NULL, "heading");
    print_job_add(job, json_pack("{s:s, s:o}", "block", "table", "columns", heads));
    print_job_add(job, json_pack("{s:s, s:o}", "block", "rows", "rows", rows));
}

/* Counts of one thing each. */
static void add_outcome(struct str *job, const json_t *list)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        json_array_append_new(
            rows, json_pack("[s, o, s]", member(row, "what"), text_of(json_object_get(row, "count")), ""));
    }
    print_job_words(job, "text", "Hasil penanganan", NULL, "heading");
    print_job_add(job, json_pack("{s:s, s:o}", "block", "facts", "rows", rows));
}

static void add_figures(struct str *job, const json_t *data)
{
    const json_t *all = json_object_get(data, "total");
    const struct {
        const char *member, *what, *small;
    } tiles[] = {{"received", "Masuk", "aduan"}, {"in_time_percent", "Tepat waktu", "dari yang dijawab"},
        {"median", "Hari kerja", "median"}, {"judged", "Diperiksa", "tepat waktu"},
        {"rating", "Penilaian", "dari 4"}};
    json_t *rows = json_array();
    for (size_t i = 0; i < sizeof tiles / sizeof *tiles; i++)
        json_array_append_new(rows, json_pack("[o, s, s]", text_of(json_object_get(all, tiles[i].member)),
                                        tiles[i].what, tiles[i].small));
    print_job_add(job, json_pack("{s:s, s:o}", "block", "figures", "rows", rows));
}

static enum outcome add_signatures(struct str *job, struct book_txn *txn, const struct office *office,
    struct arena *arena, struct fault *fault)
{
    json_t *camat = NULL;
    enum outcome outcome = print_job_camat(txn, office, "Mengetahui,\nCamat", &camat, arena, fault);
    const char *place = print_job_place(office, txn_now(txn), arena);
    if (!outcome)
        print_job_add(job, json_pack("{s:s, s:[o, [s, s, s]]}", "block", "signature", "rows", camat,
                               arena_printf(arena, "%s\nKepala Seksi Pelayanan", place), "………………………", ""));
    return outcome;
}

enum outcome evaluation_paper(struct str *job, struct book_txn *txn, const struct office *office,
    const json_t *data, struct arena *arena, struct fault *fault)
{
    static const char *const tables[] = {"by_channel", "by_service", "by_section"};
    const char *title = member(data, "title"),
               *counted = arena_printf(arena, "Dihitung %s", member(data, "counted"));
    const struct print_look look = {
        .title = title, .footer = arena_printf(arena, "%s, %s", title, office->name), .sheet = "Laporan"};
    enum outcome outcome = print_job_begin(job, txn, office, &look, arena, fault);
    if (outcome)
        return outcome;
    print_job_words(job, "title", title, counted, NULL);
    add_figures(job, data);
    add_outcome(job, json_object_get(data, "outcome"));
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        add_table(job, json_object_get(data, tables[i]));
    outcome = add_signatures(job, txn, office, arena, fault);
    print_job_end(job);
    return outcome;
}
