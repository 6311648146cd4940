/* /pengaturan/kalender: the days and hours on which the office works, and every version they had. */
#include "daemon/book/calendar.h"
#include "daemon/book/timetable.h"
#include "daemon/desk/calendar_change.h"
#include "daemon/base/json_read.h"
#include "page.h"
#include "present.h"
#include "rules/holidays.h"
#include "rules/words_date.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSIONS_SHOWN = 20, WEEK = 7, NAME_MOST = 120, REASON_MOST = 300, BODY_MOST = 1 << 20 };

static const char *const weekdays[WEEK] = {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"};
static const char *const here = "/pengaturan/kalender";

static bool digits_only(const char *text, size_t least, size_t most)
{
    size_t n = strspn(text, "0123456789");
    return !text[n] && n >= least && n <= most;
}

static int this_year(const struct page *page)
{
    int year, month, day;
    workday_to_date(
        workday_of_ms(txn_now(page->txn), present_office(page)->utc_offset_minutes), &year, &month, &day);
    return year;
}

static int wanted_year(const struct page *page)
{
    const char *typed = page_query(page, "tahun");
    int year = digits_only(typed, 4, 4) ? (int)strtol(typed, NULL, 10) : 0;
    return year >= 2000 && year <= 2100 ? year : this_year(page);
}

static int64_t noon_of(const struct page *page, int32_t day)
{
    return workday_end_ms(day, present_office(page)->utc_offset_minutes) - 12LL * 3600 * 1000;
}

static json_t *date_of(const struct page *page, int32_t day)
{
    return present_date(page, noon_of(page, day));
}

/* ---- showing ---- */

/* "07.30"; closed = "". */
static json_t *clock_words(int minutes, bool closed)
{
    return closed ? json_string("") : json_sprintf("%02d.%02d", minutes / 60, minutes % 60);
}

static const char *shift_field(const struct page *page, const char *prefix, int weekday, const char *end)
{
    return page_field(page, arena_printf(page->arena, "%s_%d_%s", prefix, weekday, end));
}

/* typed: as it was refused. */
static json_t *week_of(
    const struct page *page, const struct office_shift week[WEEK], const char *prefix, bool typed)
{
    json_t *list = json_array();
    for (int i = 0; i < WEEK; i++) {
        bool closed = week[i].end <= week[i].start;
        json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:o, s:o}", "weekday", weekdays[i], "prefix",
                                        prefix, "index", i, "opens",
                                        typed ? json_string(shift_field(page, prefix, i, "buka"))
                                              : clock_words(week[i].start, closed),
                                        "closes",
                                        typed ? json_string(shift_field(page, prefix, i, "tutup"))
                                              : clock_words(week[i].end, closed)));
    }
    return list;
}

static json_t *iso_day(int32_t day)
{
    int y, m, d;
    workday_to_date(day, &y, &m, &d);
    return json_sprintf("%04d-%02d-%02d", y, m, d);
}

static enum outcome add_days(struct page *page, int year, json_t *data)
{
    struct calendar_day *days = NULL;
    json_t *list = json_array();
    int national = 0, joint = 0, own = 0;
    enum outcome outcome = calendar_days(page->txn, workday_from_date(year, 1, 1),
        workday_from_date(year, 12, 31), &days, page->arena, page->fault);
    for (; days; days = days->next) {
        const char *label = holiday_kind_label(days->kind);
        national += !strcmp(days->kind, "libur_nasional");
        joint += !strcmp(days->kind, "cuti_bersama");
        own += !strcmp(days->kind, "libur_daerah");
        json_array_append_new(
            list, json_pack("{s:o, s:s, s:s, s:I, s:s}", "date", date_of(page, days->day), "name", days->name,
                      "kind", label ? label : days->kind, "id", (json_int_t)days->id, "source",
                      !strcmp(days->source, "bawaan")  ? "Bawaan program"
                      : !strcmp(days->source, "impor") ? "Impor"
                                                       : "Ditambahkan"));
    }
    json_object_set_new(data, "counts",
        json_sprintf("%d libur nasional, %d cuti bersama, %d libur daerah", national, joint, own));
    if (json_array_size(list))
        json_object_set_new(data, "days", json_pack("{s:O}", "rows", list));
    json_decref(list);
    return outcome;
}

static enum outcome add_versions(struct page *page, json_t *data)
{
    struct calendar_version *v = NULL;
    json_t *list = json_array();
    enum outcome outcome = calendar_versions(page->txn, VERSIONS_SHOWN, &v, page->arena, page->fault);
    for (; v; v = v->next) {
        json_t *row = json_pack("{s:I, s:s, s:s}", "version", (json_int_t)v->id, "by",
            v->officer ? v->officer : "Sistem", "reason", v->reason);
        json_object_set_new(row, "at", present_moment(page, v->at));
        json_array_append_new(list, row);
    }
    json_object_set_new(data, "versions", list);
    return outcome;
}

/* Of the refused form only: problem NULL = nothing is wrong; form: its name. */
static enum outcome show(struct page *page, const char *form, const char *problem)
{
    const struct timetable *t;
    int year = wanted_year(page);
    enum outcome outcome = timetable_get(page->txn, &t, page->fault);
    if (outcome)
        return outcome;
    bool fasting = t->ramadan.from <= t->ramadan.to;
    json_t *data = json_pack("{s:s, s:i, s:i, s:i, s:s, s:I, s:o, s:o, s:b}", "title", "Kalender kerja",
        "year", year, "before", year - 1, "after", year + 1, "zone", present_office(page)->zone, "current",
        (json_int_t)t->version, "week", week_of(page, t->hours.week, "jam", problem && !strcmp(form, "jam")),
        "fasting", week_of(page, t->ramadan.week, "puasa", problem && !strcmp(form, "puasa")), "wrong",
        problem != NULL);
    if (fasting) {
        json_object_set_new(data, "fast_from", iso_day(t->ramadan.from));
        json_object_set_new(data, "fast_to", iso_day(t->ramadan.to));
    }
    json_object_set_new(data, "typed_date", json_string(page_field(page, "tanggal")));
    json_object_set_new(data, "typed_name", json_string(page_field(page, "nama")));
    if (problem) {
        json_object_set_new(data, "problem", json_string(problem));
        json_object_set_new(data, "form", json_string(form));
    }
    outcome = add_days(page, year, data);
    if (!outcome)
        outcome = add_versions(page, data);
    if (!outcome)
        return page_view_status(page, problem ? 422 : 200, "calendar", data);
    json_decref(data);
    return outcome;
}

static enum outcome show_calendar(struct page *page)
{
    return show(page, NULL, NULL);
}

/* ---- changing ---- */

static enum outcome begin(struct page *page, const char *reason, int64_t *ret_version)
{
    return calendar_change_begin(page->txn, page->officer, reason, ret_version, page->arena, page->fault);
}

static enum outcome back_to(struct page *page, int32_t day)
{
    int year, month, of_month;
    workday_to_date(day, &year, &month, &of_month);
    return page_redirect(page, arena_printf(page->arena, "%s?tahun=%d&catatan=kalender", here, year));
}

static const char *short_date(struct page *page, int32_t day)
{
    char words[WORDS_DATE_SIZE];
    words_date_day(words, sizeof words, noon_of(page, day), present_office(page)->utc_offset_minutes);
    return arena_strdup(page->arena, words);
}

/* One line, as names of lists are (rules/holidays.c). */
static bool line_good(const char *text, size_t most)
{
    return text[strspn(text, " ")] && strlen(text) <= most && !text[strcspn(text, "\r\n\t")];
}

static enum outcome add_day(struct page *page)
{
    struct calendar_day day = {
        .name = page_field(page, "nama"), .kind = page_field(page, "jenis"), .source = "petugas"};
    int64_t version = 0;
    bool new = false;
    if (!workday_parse(page_field(page, "tanggal"), &day.day))
        return show(page, "tambah", "Tanggal belum benar, contoh 17-08-2027.");
    int year, month, of_month;
    workday_to_date(day.day, &year, &month, &of_month);
    if (year < 2000 || year > 2100)
        return show(page, "tambah", "Tahunnya tidak masuk akal.");
    if (!line_good(day.name, NAME_MOST))
        return show(page, "tambah", "Isi nama harinya, paling banyak 120 huruf.");
    if (!holiday_kind_label(day.kind))
        return show(page, "tambah", "Pilih jenis harinya.");
    struct calendar_day *there = NULL;
    enum outcome outcome = calendar_days(page->txn, day.day, day.day, &there, page->arena, page->fault);
    if (!outcome && there)
        return show(page, "tambah", arena_printf(page->arena, "Hari itu sudah libur: %s.", there->name));
    if (!outcome)
        outcome = begin(page,
            arena_printf(page->arena, "Libur ditambahkan: %s, %s.", short_date(page, day.day), day.name),
            &version);
    if (!outcome)
        outcome = calendar_add(page->txn, &day, version, &new, page->fault);
    return outcome ? outcome : back_to(page, day.day);
}

static enum outcome remove_day(struct page *page)
{
    const char *typed = page_field(page, "hari");
    struct calendar_day day;
    int64_t version = 0;
    bool was = false;
    if (!digits_only(typed, 1, 12))
        return show(page, "hapus", "Hari itu tidak ada di kalender.");
    enum outcome outcome = calendar_get(page->txn, strtoll(typed, NULL, 10), &day, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER)
        return show(page, "hapus", "Hari itu tidak ada di kalender, mungkin sudah dihapus.");
    if (!outcome)
        outcome = begin(page,
            arena_printf(page->arena, "Libur dihapus: %s, %s.", short_date(page, day.day), day.name),
            &version);
    if (!outcome)
        outcome = calendar_remove(page->txn, day.id, version, &was, page->fault);
    return outcome ? outcome : back_to(page, day.day);
}

/* ---- hours ---- */

/* One or two digits at *text, which moves behind them; -1 = there are none. */
static int read_two(const char **text)
{
    int value = -1;
    for (int n = 0; n < 2 && **text >= '0' && **text <= '9'; n++)
        value = (value < 0 ? 0 : value * 10) + *(*text)++ - '0';
    return value;
}

/* "07:30" or "7.30" in minutes; "" = -1; -2 = neither. */
static int read_clock(const char *text)
{
    if (!*text)
        return -1;
    int hour = read_two(&text);
    bool parted = *text == ':' || *text == '.';
    text += parted;
    int minute = parted ? read_two(&text) : -1;
    return *text || hour < 0 || hour > 23 || minute < 0 || minute > 59 ? -2 : hour * 60 + minute;
}

static bool read_week(
    struct page *page, const char *prefix, struct office_shift week[WEEK], const char **ret_problem)
{
    bool any = false;
    for (int i = 0; i < WEEK; i++) {
        int opens = read_clock(shift_field(page, prefix, i, "buka"));
        int closes = read_clock(shift_field(page, prefix, i, "tutup"));
        *ret_problem = opens == -2 || closes == -2     ? "jam belum benar, contoh 07.30"
                       : (opens < 0) != (closes < 0)   ? "isi jam buka dan jam tutup, atau kosongkan keduanya"
                       : opens >= 0 && closes <= opens ? "jam tutup harus sesudah jam buka"
                                                       : NULL;
        if (*ret_problem) {
            *ret_problem = arena_printf(page->arena, "%s: %s.", weekdays[i], *ret_problem);
            return false;
        }
        week[i] =
            opens < 0 ? (struct office_shift){0, 0} : (struct office_shift){(int16_t)opens, (int16_t)closes};
        any = any || opens >= 0;
    }
    if (!any)
        *ret_problem = "Paling sedikit satu hari harus ada jam kerjanya.";
    return any;
}

static enum outcome put_week(struct page *page, bool fasting, const struct office_shift week[WEEK])
{
    enum outcome outcome = OUTCOME_DONE;
    for (int i = 0; i < WEEK && !outcome; i++)
        outcome = timetable_set_shift(page->txn, fasting, i, week[i], page->fault);
    return outcome;
}

static enum outcome set_hours(struct page *page)
{
    struct office_shift week[WEEK];
    const char *problem;
    int64_t version = 0;
    if (!read_week(page, "jam", week, &problem))
        return show(page, "jam", problem);
    enum outcome outcome = begin(page, "Jam kerja diubah.", &version);
    if (!outcome)
        outcome = put_week(page, false, week);
    return outcome ? outcome : page_redirect(page, arena_printf(page->arena, "%s?catatan=kalender", here));
}

static enum outcome set_fasting(struct page *page)
{
    struct office_shift week[WEEK];
    const char *problem = NULL, *from_typed = page_field(page, "mulai"),
               *to_typed = page_field(page, "akhir");
    int32_t from = 1, to = 0;
    int64_t version = 0;
    bool none = !*from_typed && !*to_typed;
    if (!none &&
        (!workday_parse(from_typed, &from) || !workday_parse(to_typed, &to) || to < from || to - from > 60))
        return show(page, "puasa", "Isi hari pertama dan hari terakhir Ramadan, paling lama 60 hari.");
    if (!read_week(page, "puasa", week, &problem))
        return show(page, "puasa", problem);
    enum outcome outcome = begin(page,
        none ? "Jam Ramadan tidak dipakai."
             : arena_printf(
                   page->arena, "Jam Ramadan: %s sampai %s.", short_date(page, from), short_date(page, to)),
        &version);
    if (!outcome)
        outcome = timetable_set_ramadan(page->txn, from, to, page->fault);
    if (!outcome)
        outcome = put_week(page, true, week);
    return outcome ? outcome : page_redirect(page, arena_printf(page->arena, "%s?catatan=kalender", here));
}

/* ---- import ---- */

/* The chosen file, else what was pasted. */
static const struct http_field *list_of(const struct page *page)
{
    const struct http_field *file = http_form_find(page->form, "berkas"),
                            *text = http_form_find(page->form, "isi");
    return file && file->length ? file : text;
}

static enum outcome read_list(
    struct page *page, struct holiday **ret, size_t *ret_count, const char **ret_problem)
{
    const struct http_field *list = list_of(page);
    struct holiday *days = arena_alloc(page->arena, HOLIDAYS_MOST * sizeof *days);
    char problem[HOLIDAY_PROBLEM] = "Pilih berkas ICS atau JSON, atau tempelkan isinya.";
    bool no_memory = !days;
    *ret = days;
    *ret_count = days && list && list->length
                     ? holidays_read(list->value, list->length, days, problem, &no_memory)
                     : 0;
    *ret_problem = *ret_count ? NULL : arena_strdup(page->arena, problem);
    return no_memory ? fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a list of holidays")
                     : OUTCOME_DONE;
}

/* What is to be taken in, for the form that takes it in: in one line, as JSON. */
static const char *canonical(struct page *page, const struct holiday *days, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:o, s:s, s:s}", "date", iso_day(days[i].day), "name",
                                        days[i].name, "type", days[i].kind));
    char *text = json_text(list, JSON_COMPACT);
    const char *kept = arena_strdup(page->arena, text);
    free(text);
    json_decref(list);
    return kept;
}

static enum outcome preview(struct page *page)
{
    struct holiday *days;
    size_t count;
    const char *problem;
    int news = 0;
    enum outcome outcome = read_list(page, &days, &count, &problem);
    if (outcome)
        return outcome;
    if (problem)
        return show(page, "impor", problem);
    json_t *rows = json_array();
    for (size_t i = 0; i < count && !outcome; i++) {
        struct calendar_day *there = NULL;
        outcome = calendar_days(page->txn, days[i].day, days[i].day, &there, page->arena, page->fault);
        news += !there;
        json_array_append_new(
            rows, json_pack("{s:o, s:s, s:s, s:s?}", "date", date_of(page, days[i].day), "name", days[i].name,
                      "kind", holiday_kind_label(days[i].kind), "there", there ? there->name : NULL));
    }
    json_t *data =
        json_pack("{s:s, s:i, s:o}", "title", "Impor hari libur", "count", (int)count, "rows", rows);
    if (news)
        json_object_set_new(
            data, "importable", json_pack("{s:i, s:s?}", "news", news, "list", canonical(page, days, count)));
    if (!outcome)
        return page_view(page, "calendar_import", data);
    json_decref(data);
    return outcome;
}

static enum outcome import(struct page *page)
{
    struct holiday *days;
    size_t count;
    const char *problem;
    int added = 0;
    int32_t first = 0;
    enum outcome outcome = read_list(page, &days, &count, &problem);
    if (!outcome && problem)
        return show(page, "impor", problem);
    if (!outcome)
        outcome = calendar_change_import(
            page->txn, page->officer, days, count, &added, &first, page->arena, page->fault);
    if (!outcome && !added)
        return show(page, "impor", "Semua hari itu sudah ada di kalender.");
    return outcome ? outcome : back_to(page, first);
}

static enum outcome post_calendar(struct page *page)
{
    static const struct {
        const char *act;
        enum outcome (*how)(struct page *page);
    } acts[] = {{"tambah", add_day}, {"hapus", remove_day}, {"jam", set_hours}, {"puasa", set_fasting},
        {"pratinjau", preview}, {"impor", import}};
    const char *act = page_field(page, "tindakan");
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (!strcmp(act, acts[i].act))
            return acts[i].how(page);
    return fault_set(page->fault, OUTCOME_NEVER, "Tindakan itu tidak ada.", "no such act");
}

const struct page_route calendar_routes[] = {
    {"/pengaturan/kalender", show_calendar, post_calendar, 1u << ROLE_ADMIN, BODY_MOST},
    {NULL, NULL, NULL, 0, 0},
};
