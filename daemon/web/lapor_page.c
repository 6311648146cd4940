/* /loket/lapor: a list of cases of SP4N-LAPOR! from its CSV. First what each line would become is shown, with the columns as
 * they were understood; only then something is written. The list travels with the form: nothing is kept before. */
#include "daemon/desk/lapor_import.h"
#include "present.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAPOR "/loket/lapor"
enum { BODY_MOST = 3 << 20, SHOWN_WORDS = 160 };

static const char *const column_keys[LAPOR_COLUMNS] = {
    "nomor", "isi", "judul", "tanggal", "nama", "alamat", "telepon", "email", "lokasi"};

struct import {
    struct csv csv;
    char problem[CSV_PROBLEM];
    int columns[LAPOR_COLUMNS];
    struct lapor_list list;
};

/* ---- what was sent ---- */

static const struct http_field *sent_list(const struct page *page, bool *ret_file)
{
    for (const struct http_field *f = page->form->fields; f; f = f->next)
        if ((*ret_file = f->filename != NULL) ? f->length && !strcmp(f->name, "berkas")
                                              : !strcmp(f->name, "isi"))
            return f;
    return NULL;
}

static void guess_columns(struct import *i)
{
    for (int c = 0; c < LAPOR_COLUMNS; c++)
        i->columns[c] = -1;
    for (size_t n = 0; n < i->csv.columns; n++) {
        int column = lapor_column(i->csv.rows[0].fields[n]);
        if (column >= 0 && i->columns[column] < 0)
            i->columns[column] = (int)n;
    }
}

static void read_columns(struct page *page, struct import *i)
{
    for (int c = 0; c < LAPOR_COLUMNS; c++) {
        const char *name = arena_printf(page->arena, "kolom_%s", column_keys[c]);
        const char *typed = page_field(page, name ? name : "");
        size_t digits = strspn(typed, "0123456789");
        long number = digits && digits < 4 && !typed[digits] ? strtol(typed, NULL, 10) : -1;
        i->columns[c] = number < (long)i->csv.columns ? (int)number : -1;
    }
}

/* DONE with problem when the list, or which column is what, is not clear. */
static enum outcome read_import(struct page *page, struct import *i)
{
    bool file = false;
    const struct http_field *sent = sent_list(page, &file);
    *i = (struct import){0};
    if (!sent) {
        snprintf(i->problem, sizeof i->problem, "%s", "Pilih berkas CSV dari SP4N-LAPOR!.");
        return OUTCOME_DONE;
    }
    if (!csv_read(sent->value, sent->length, &i->csv, i->problem, page->arena))
        return *i->problem ? OUTCOME_DONE
                           : fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a list");
    if (i->csv.count < 2) {
        snprintf(i->problem, sizeof i->problem, "%s", "Berkas ini hanya berisi judul kolom.");
        i->csv.count = 0;
        return OUTCOME_DONE;
    }
    if (file)
        guess_columns(i);
    else
        read_columns(page, i);
    if (i->columns[LAPOR_NUMBER] < 0 || (i->columns[LAPOR_TEXT] < 0 && i->columns[LAPOR_TITLE] < 0)) {
        snprintf(i->problem, sizeof i->problem, "%s",
            "Pilih kolom untuk nomor laporan dan isi laporan, lalu periksa lagi.");
        return OUTCOME_DONE;
    }
    return lapor_import_check(
        page->txn, present_office(page), &i->csv, i->columns, &i->list, page->arena, page->fault);
}

/* ---- what is shown ---- */

static json_t *columns_json(const struct import *i)
{
    json_t *list = json_array();
    for (int c = 0; c < LAPOR_COLUMNS; c++) {
        json_t *options = json_array();
        for (size_t n = 0; n < i->csv.columns; n++) {
            const char *heading = i->csv.rows[0].fields[n];
            json_array_append_new(
                options, json_pack("{s:i, s:s, s:b}", "index", (int)n, "heading",
                             *heading ? heading : "(tanpa judul)", "chosen", i->columns[c] == (int)n));
        }
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "column", column_keys[c], "column_label",
                                        lapor_column_label((enum lapor_column)c), "headings", options));
    }
    return list;
}

static json_t *line_json(struct page *page, const struct lapor_line *line, bool written)
{
    bool ready = !line->problem && !line->known;
    json_t *row = json_pack("{s:i, s:s?, s:s?, s:s?, s:b, s:s?}", "line", line->line, "lapor", line->number,
        "problem", line->problem, "known", line->known, "ready", ready || (written && !line->problem), "url",
        line->complaint_id ? arena_printf(page->arena, "/aduan/%lld", (long long)line->complaint_id) : NULL);
    json_object_set_new(row, "words", present_excerpt(line->in.text ? line->in.text : "", SHOWN_WORDS));
    return row;
}

static enum outcome show(struct page *page, const struct import *i, bool written)
{
    const struct lapor_list *list = &i->list;
    json_t *data = json_pack("{s:s, s:I, s:b, s:b, s:b}", "title", "Impor SP4N-LAPOR!", "ready",
        (json_int_t)list->ready, "any_ready", list->ready > 0, "written", written, "wrong", *i->problem != 0);
    if (list->known)
        json_object_set_new(data, "known_count", json_integer((json_int_t)list->known));
    if (list->wrong)
        json_object_set_new(data, "wrong_count", json_integer((json_int_t)list->wrong));
    json_t *lines = json_array();
    for (size_t n = 0; n < i->list.count; n++)
        json_array_append_new(lines, line_json(page, &i->list.lines[n], written));
    if (json_array_size(lines))
        json_object_set(data, "checked", json_true());
    json_object_set_new(data, "lines", lines);
    if (*i->problem)
        json_object_set_new(data, "problem", json_string(i->problem));
    if (i->csv.count && !written)
        json_object_set_new(data, "mapping",
            json_pack("{s:o, s:s%}", "columns", columns_json(i), "text", i->csv.text, i->csv.size));
    return page_view_status(page, *i->problem ? 422 : 200, "lapor", data);
}

static enum outcome get_form(struct page *page)
{
    static const struct import nothing;
    return show(page, &nothing, false);
}

/* ---- on the writer ---- */

static enum outcome write_list(struct page *page)
{
    struct import i;
    enum outcome outcome = read_import(page, &i);
    if (!outcome && !*i.problem)
        outcome = lapor_import_record(
            page->txn, present_office(page), page_actor(page), &i.list, page->arena, page->fault);
    return outcome ? outcome : show(page, &i, !*i.problem);
}

static enum outcome post_form(struct page *page)
{
    struct import i;
    if (!strcmp(page_field(page, "tindakan"), "impor"))
        return page_write(page, write_list, NULL);
    enum outcome outcome = read_import(page, &i);
    return outcome ? outcome : show(page, &i, false);
}

const struct page_route lapor_routes[] = {
    {LAPOR, get_form, post_form, 1u << ROLE_PETUGAS | 1u << ROLE_KASI | PAGE_POST_READS, BODY_MOST},
    {NULL, NULL, NULL, 0, 0},
};
