/* /loket/kotak: the suggestion box is opened before a witness, its slips are counted, then entered one after another, each with
 * its picture; what came of it is printed as the berita acara. An empty box is an opening too. */
#include "by_hand.h"
#include "daemon/book/box.h"
#include "daemon/book/event.h"
#include "fields.h"
#include "letterhead_page.h"
#include "present.h"
#include "report_form.h"
#include "rules/words_date.h"
#include "rules/workday.h"
#include <stdlib.h>
#include <string.h>

#define BOX "/loket/kotak"
enum { UPLOAD_MAX = 26 << 20, LISTED = 25, COUNTED_MOST = 2000, DIFFERENCE_MOST = 500 };
enum { DAY, WITNESS, COUNTED, PLACE, FIELDS };

static const struct field field_list[FIELDS] = {
    [DAY] = {"tanggal", "Tanggal dibuka", NULL, FIELD_DATE, 10, "Isi tanggal kotak dibuka."},
    [WITNESS] = {"saksi", "Saksi", "Nama yang ikut menyaksikan.", FIELD_TEXT, 120, "Isi nama saksi."},
    [COUNTED] = {"lembar", "Jumlah lembar", "Dihitung sebelum dibaca. 0 bila kosong.", FIELD_COUNT, 10,
        "Isi jumlah lembar, 0 bila kotak kosong."},
    [PLACE] = {"tempat", "Kotak yang mana", "Bila kantor punya lebih dari satu.", FIELD_TEXT, 120, NULL},
};

static int32_t today(const struct page *page)
{
    return workday_of_ms(txn_now(page->txn), present_office(page)->utc_offset_minutes);
}

static json_t *day_words(const struct page *page, int32_t day)
{
    return present_date(page, workday_end_ms(day, present_office(page)->utc_offset_minutes));
}

static const char *url_of(struct page *page, int64_t id, const char *below)
{
    return arena_printf(page->arena, BOX "/%lld%s", (long long)id, below);
}

static enum outcome note(struct page *page, const char *kind, const struct box_opening *b)
{
    json_t *data = json_pack("{s:I, s:I, s:I}", "pembukaan", (json_int_t)b->id, "lembar",
        (json_int_t)b->counted, "dicatat", (json_int_t)b->entered);
    enum outcome outcome = event_append(page->txn, 0, NULL, kind, page_actor(page), data, page->fault);
    json_decref(data);
    return outcome;
}

static json_t *opening_json(struct page *page, const struct box_opening *b)
{
    json_t *json = json_pack("{s:I, s:s, s:s?, s:s, s:s, s:I, s:I, s:b, s:b, s:s?, s:s, s:s}", "id",
        (json_int_t)b->id, "url", url_of(page, b->id, ""), "place", b->place, "witness", b->witness, "opener",
        b->officer, "counted", (json_int_t)b->counted, "entered", (json_int_t)b->entered, "open",
        !b->closed_at, "empty_box", !b->counted && !b->entered, "difference", b->difference, "record_url",
        url_of(page, b->id, "/berita-acara"), "close_url", url_of(page, b->id, "/selesai"));
    json_object_set_new(json, "day", day_words(page, b->day));
    json_object_set_new(json, "uneven", json_boolean(b->entered != b->counted));
    return json;
}

/* ---- all openings ---- */

static enum outcome show_list(struct fields *form)
{
    struct page *page = form->page;
    const char *below = page_query(page, "sebelum"), *key = page_field(page, "formulir");
    size_t digits = strspn(below, "0123456789");
    struct box_opening *list;
    int64_t oldest = 0;
    int count = 0;
    enum outcome outcome =
        box_list(page->txn, digits && digits < 16 && !below[digits] ? strtoll(below, NULL, 10) : 0,
            LISTED + 1, &list, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *rows = json_array(), *data;
    for (; list && count < LISTED; list = list->next, count++) {
        json_array_append_new(rows, opening_json(page, list));
        oldest = list->id;
    }
    data = json_pack("{s:s, s:o, s:s}", "title", "Kotak saran", "openings", rows, "form_id",
        report_form_is_key(key) ? key : report_form_key(page));
    if (list)
        json_object_set_new(
            data, "older", json_string(arena_printf(page->arena, BOX "?sebelum=%lld", (long long)oldest)));
    json_object_set_new(data, "any", json_boolean(count));
    fields_json(form, data);
    return page_view_status(page, form->problems ? 422 : 200, "box", data);
}

static enum outcome get_list(struct page *page)
{
    struct fields form;
    int year, month, day;
    fields_begin(&form, page, field_list, FIELDS);
    workday_to_date(today(page), &year, &month, &day);
    const char *date = arena_printf(page->arena, "%04d-%02d-%02d", year, month, day);
    form.values[DAY] = date ? date : "";
    return show_list(&form);
}

static enum outcome post_list(struct page *page)
{
    struct fields form;
    bool new;
    fields_begin(&form, page, field_list, FIELDS);
    fields_read(&form);
    const char *key = page_field(page, "formulir");
    struct box_opening opening = {.sent = report_form_is_key(key) ? key : report_form_key(page),
        .day = fields_date(&form, DAY),
        .place = *form.values[PLACE] ? form.values[PLACE] : NULL,
        .witness = form.values[WITNESS],
        .counted = fields_number(&form, COUNTED),
        .officer_id = page->officer->id};
    if (opening.day > today(page))
        fields_wrong(&form, DAY, "Tanggal itu belum tiba.");
    if (opening.counted > COUNTED_MOST)
        fields_wrong(&form, COUNTED, "Paling banyak 2.000 lembar sekali buka.");
    if (form.problems)
        return show_list(&form);
    enum outcome outcome = box_open(page->txn, &opening, &new, page->fault);
    if (!outcome && new)
        outcome = note(page, "kotak_dibuka", &opening);
    return outcome ? outcome : page_redirect(page, url_of(page, opening.id, ""));
}

/* ---- one opening ---- */

static enum outcome wanted(struct page *page, struct box_opening *ret, const char **ret_word)
{
    int64_t id = 0;
    if (!page_rest(page, &id, ret_word))
        id = 0;
    enum outcome outcome = box_get(page->txn, id, ret, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER)
        page->status = 404;
    return outcome;
}

static enum outcome slips_json(struct page *page, int64_t id, bool newest_first, json_t **ret)
{
    struct box_slip *slips;
    enum outcome outcome = box_slips(page->txn, id, &slips, page->arena, page->fault);
    *ret = json_array();
    for (; !outcome && slips; slips = slips->next) {
        json_t *row = json_pack("{s:I, s:s, s:s, s:s, s:b}", "nth", (json_int_t)slips->nth, "number",
            slips->number, "kind", present_kind(slips->kind), "url",
            arena_printf(page->arena, "/aduan/%lld", (long long)slips->complaint_id), "pictured",
            slips->files > 0);
        if (newest_first)
            json_array_insert_new(*ret, 0, row);
        else
            json_array_append_new(*ret, row);
    }
    return outcome;
}

/* problems: taken over; NULL = nothing was typed yet, and the form is empty. */
static enum outcome show_entry(struct page *page, const struct box_opening *b, int status, json_t *problems)
{
    static const char *const kept[] = {"isi", "nama", "alamat", "telepon", "kurang", NULL};
    json_t *slips, *values = json_object();
    enum outcome outcome = slips_json(page, b->id, true, &slips);
    for (size_t i = 0; kept[i]; i++)
        json_object_set_new(values, kept[i], json_string(problems ? page_field(page, kept[i]) : ""));
    const char *kind = problems ? page_field(page, "jenis") : "", *key = page_field(page, "formulir");
    json_t *data = json_pack("{s:s, s:o, s:o, s:o, s:s, s:I, s:b, s:b, s:b, s:b, s:b}", "title",
        "Isi kotak saran", "opening", opening_json(page, b), "slips", slips, "values", values, "form_id",
        problems && report_form_is_key(key) ? key : report_form_key(page), "nth", (json_int_t)b->entered + 1,
        "saran", !strcmp(kind, "aspirasi"), "informasi", !strcmp(kind, "informasi"), "rahasia_dipilih",
        problems && by_hand_filled(page, "rahasia"), "balas_wa", problems && by_hand_filled(page, "balas_wa"),
        "all_in", b->entered >= b->counted);
    if (problems) {
        json_object_set_new(data, "problem_count", json_integer((json_int_t)json_object_size(problems)));
        json_object_set_new(data, "wrong", json_true());
        json_object_set_new(data, "problems", problems);
    }
    if (!outcome)
        return page_view_status(page, status, "box_entry", data);
    json_decref(data);
    return outcome;
}

static enum outcome show_record(struct page *page, const struct box_opening *b)
{
    json_t *slips;
    char closed[96];
    enum outcome outcome = slips_json(page, b->id, false, &slips);
    words_date_full(closed, sizeof closed, b->closed_at, present_office(page)->utc_offset_minutes);
    json_t *data = json_pack("{s:s, s:o, s:o, s:s, s:s}", "title", "Berita acara pembukaan kotak saran",
        "opening", opening_json(page, b), "slips", slips, "closed", closed, "main_class", "narrow");
    json_object_set_new(data, "any", json_boolean(json_array_size(slips)));
    if (!outcome)
        outcome = letterhead_add(page, data);
    if (!outcome)
        return page_view(page, "box_record", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_one(struct page *page)
{
    struct box_opening b;
    const char *word;
    enum outcome outcome = wanted(page, &b, &word);
    if (outcome)
        return outcome;
    if (!strcmp(word, "berita-acara"))
        return b.closed_at ? show_record(page, &b) : page_redirect(page, url_of(page, b.id, ""));
    if (*word)
        return fault_set(page->fault, OUTCOME_NEVER, "Halaman tidak ditemukan.", "no page %s", page->path);
    return b.closed_at ? page_redirect(page, url_of(page, b.id, "/berita-acara"))
                       : show_entry(page, &b, 200, NULL);
}

static enum outcome enter_slip(struct page *page, const struct box_opening *b)
{
    struct by_hand by = {.channel = "kotak"};
    struct intake_result result;
    json_t *problems = by_hand_check(page, &by);
    if (json_object_size(problems))
        return show_entry(page, b, 422, problems);
    json_decref(problems);
    if (!by_hand_filled(page, "isi"))
        by.must_read = "Surat ini hanya ada sebagai foto; bacalah fotonya.";
    enum outcome outcome = by_hand_record(page, &by, &result);
    if (!outcome && !strcmp(result.outcome, "dibuka"))
        outcome = box_slip_add(page->txn, b->id, result.complaint_id, page->fault);
    return outcome ? outcome : page_redirect(page, url_of(page, b->id, ""));
}

static enum outcome finish(struct page *page, const struct box_opening *b)
{
    const char *why = report_form_trim(page, page_field(page, "kurang"));
    bool uneven = b->entered != b->counted;
    if (uneven && (!why || !*why || strlen(why) > DIFFERENCE_MOST))
        return show_entry(page, b, 422,
            json_pack("{s:s}", "kurang",
                "Jumlah yang dicatat lain dari yang dihitung. Tulis alasannya, paling panjang 500 huruf."));
    enum outcome outcome = box_close(page->txn, b->id, uneven ? why : NULL, page->fault);
    if (!outcome)
        outcome = note(page, "kotak_selesai", b);
    return outcome ? outcome : page_redirect(page, url_of(page, b->id, "/berita-acara"));
}

static enum outcome post_one(struct page *page)
{
    struct box_opening b;
    const char *word;
    enum outcome outcome = wanted(page, &b, &word);
    if (outcome)
        return outcome;
    if (b.closed_at)
        return fault_set(page->fault, OUTCOME_NEVER,
            "Isi kotak ini sudah selesai dicatat. Buka kotak lagi untuk lembar yang baru.",
            "opening %lld is closed", (long long)b.id);
    if (!strcmp(word, "selesai"))
        return finish(page, &b);
    if (*word)
        return fault_set(page->fault, OUTCOME_NEVER, "Halaman tidak ditemukan.", "no page %s", page->path);
    return enter_slip(page, &b);
}

#define COUNTER (1u << ROLE_PETUGAS | 1u << ROLE_KASI)
const struct page_route box_routes[] = {
    {BOX, get_list, post_list, COUNTER, 0},
    {BOX "/*", get_one, post_one, COUNTER, UPLOAD_MAX},
    {NULL, NULL, NULL, 0, 0},
};
