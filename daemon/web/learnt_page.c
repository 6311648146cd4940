/* /pengaturan/saran: what was learnt from the dispositions, how right it was, and whether the form of a disposition is filled
 * with it. */
#include "daemon/book/catalogue.h"
#include "daemon/book/learnt.h"
#include "daemon/book/setting.h"
#include "daemon/desk/learn_run.h"
#include "present.h"
#include "routes.h"
#include "settings.h"
#include <string.h>

#define PLACE "/pengaturan/saran"

enum { EARLIER_SHOWN = 10 };

static const struct field field_list[] = {{"isi", "Isian seksi pada disposisi",
    "Hanya mengisi lebih dahulu; yang mendisposisikan tetap Sekcam. Aduan berkadar pengawasan tidak "
    "pernah diisi.",
    FIELD_CHOICE, 8, NULL}};

static const struct {
    const char *value, *label;
} choices[] = {{"", "Menurut layanannya"}, {"90", "Menurut saran, bila benar sedikitnya 90 %"},
    {"80", "Menurut saran, bila benar sedikitnya 80 %"}, {"70", "Menurut saran, bila benar sedikitnya 70 %"}};

static json_int_t percent(size_t part, size_t all)
{
    return all ? (json_int_t)(100 * part / all) : 0;
}

static const char *name_of(struct page *page, const char *key)
{
    struct section section;
    return section_by_key(page->txn, key, &section, page->arena, NULL) ? key : section.name;
}

/* Rows: what was decided; columns, by their numbers: what would have been suggested. */
static json_t *confusion(struct page *page, const struct learnt *learnt)
{
    json_t *rows = json_array();
    for (size_t l = 0; l < learnt->labels; l++) {
        json_t *cells = json_array();
        for (size_t as = 0; as < learnt->labels; as++) {
            size_t count = learnt_taken_for(learnt, l, as);
            json_array_append_new(cells, json_pack("{s:I, s:b, s:b}", "count", (json_int_t)count, "some",
                                             count > 0, "right", l == as));
        }
        json_array_append_new(rows, json_pack("{s:I, s:s, s:I, s:o}", "index", (json_int_t)l + 1, "name",
                                        name_of(page, learnt_label(learnt, l)), "row_cases",
                                        (json_int_t)learnt_label_cases(learnt, l), "cells", cells));
    }
    return rows;
}

static json_t *bands(const struct learnt *learnt)
{
    json_t *list = json_array();
    for (size_t b = 0; b < LEARN_BANDS; b++) {
        struct learnt_band band = learnt_band(learnt, b);
        if (band.all)
            json_array_append_new(list,
                json_pack("{s:s, s:I, s:I, s:I}", "sure",
                    present_sureness((int)percent(band.right, band.all)), "right", (json_int_t)band.right,
                    "all", (json_int_t)band.all, "share", percent(band.right, band.all)));
    }
    return list;
}

static json_t *measured(struct page *page, const struct learnt *learnt)
{
    json_t *data = json_pack("{s:I, s:I, s:I, s:o, s:o}", "cases", (json_int_t)learnt->cases, "right",
        (json_int_t)learnt->right, "share", percent(learnt->right, learnt->cases), "bands", bands(learnt),
        "confusion", confusion(page, learnt));
    if (learnt->proposed)
        json_object_set_new(data, "rules",
            json_pack("{s:I, s:I, s:I}", "right", (json_int_t)learnt->proposed_right, "all",
                (json_int_t)learnt->proposed, "share", percent(learnt->proposed_right, learnt->proposed)));
    return data;
}

static enum outcome add_earlier(struct page *page, json_t *data)
{
    struct learnt_row *row = NULL;
    json_t *list = json_array();
    enum outcome outcome = learnt_list(page->txn, EARLIER_SHOWN, &row, page->arena, page->fault);
    for (; row; row = row->next) {
        json_t *one = json_pack("{s:I, s:I, s:b}", "cases", (json_int_t)row->cases, "share",
            percent((size_t)row->right, (size_t)row->cases), "enough", row->right > 0);
        json_object_set_new(one, "at", present_moment(page, row->at));
        json_array_append_new(list, one);
    }
    json_object_set_new(data, "earlier", list);
    return outcome;
}

static enum outcome show(struct fields *form)
{
    struct page *page = form->page;
    struct learnt_row newest;
    struct learnt learnt;
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        fields_offer(form, 0, choices[i].value, choices[i].label);
    json_t *data = json_pack("{s:i}", "least", LEARN_CASES_LEAST);
    enum outcome outcome = learnt_newest(page->txn, &newest, page->arena, page->fault);
    if (!outcome)
        outcome = add_earlier(page, data);
    if (!outcome && newest.bytes && learnt_open(&learnt, newest.bytes, newest.size))
        json_object_set_new(data, "measured", measured(page, &learnt));
    if (!outcome && newest.id) {
        json_object_set_new(data, "learnt_at", present_moment(page, newest.at));
        json_object_set_new(data, "learnt_cases", json_integer((json_int_t)newest.cases));
    }
    if (!outcome)
        return settings_form(
            page, form, "Saran seksi", "Simpan", PLACE, "/pengaturan", "settings_learnt", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_learnt(struct page *page)
{
    const char *set = NULL;
    struct fields form;
    enum outcome outcome = setting_get(page->txn, LEARN_FILL_SETTING, &set, page->arena, page->fault);
    if (outcome)
        return outcome;
    fields_begin(&form, page, field_list, 1);
    form.values[0] = set ? set : "";
    return show(&form);
}

static enum outcome post_learnt(struct page *page)
{
    struct fields form;
    bool known = false;
    fields_begin(&form, page, field_list, 1);
    fields_read(&form);
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        known |= !strcmp(form.values[0], choices[i].value);
    if (!known)
        fields_wrong(&form, 0, "Pilih salah satu.");
    if (form.problems)
        return show(&form);
    enum outcome outcome =
        setting_set(page->txn, LEARN_FILL_SETTING, form.values[0], page->officer->id, page->fault);
    if (!outcome)
        outcome = settings_event(page, "saran_diatur", json_pack("{s:s}", "isi", form.values[0]));
    return outcome ? outcome : page_redirect(page, PLACE "?catatan=tersimpan");
}

const struct page_route learnt_routes[] = {
    {PLACE, get_learnt, post_learnt, SETTINGS_ROLES, 0},
    {0},
};
