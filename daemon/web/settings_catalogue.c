/* /pengaturan/seksi and /pengaturan/layanan: sections and services of the office. */
#include "daemon/book/catalogue.h"
#include "routes.h"
#include "settings.h"
#include <string.h>

#define SECTIONS "/pengaturan/seksi"
#define SERVICES "/pengaturan/layanan"
enum { NAME_MOST = 120, PROMISE_MOST = 365 };

static const char *one_url(struct page *page, const char *list, int64_t id)
{
    return id ? arena_printf(page->arena, "%s/%lld", list, (long long)id)
              : arena_printf(page->arena, "%s/baru", list);
}

static void offer_active(struct fields *form, size_t field)
{
    fields_offer(form, field, "ya", "Dipakai");
    fields_offer(form, field, "tidak", "Dimatikan, yang lama tetap tersimpan");
}

static enum outcome show_table(struct page *page, const char *title, const char *list, json_t *rows)
{
    return page_view(page, "settings_catalogue",
        json_pack("{s:s, s:s, s:o}", "title", title, "new_url", one_url(page, list, 0), "rows", rows));
}

static const char *number_text(struct page *page, int64_t n)
{
    return n ? arena_printf(page->arena, "%lld", (long long)n) : "";
}

/* ---- one of them, of either kind ---- */

/* id 0 = a new one. */
union item {
    struct section section;
    struct service service;
};

/* What the form of a kind has that the other's has not. */
struct catalogue {
    const char *url, *saved_url, *change, *add, *add_button, *missing;
    const struct field *fields;
    size_t count;
    enum outcome (*find)(struct page *page, int64_t id, union item *item);
    void (*fill)(struct fields *form, const union item *item);
    enum outcome (*offer)(struct fields *form);
    void (*take)(struct fields *form, union item *item);
    enum outcome (*save)(struct fields *form, union item *item, const union item *before);
    enum outcome (*tell)(struct page *page, const union item *item);
};

static enum outcome find_item(
    const struct catalogue *catalogue, struct page *page, int64_t *ret_id, union item *item)
{
    const char *word;
    *ret_id = 0;
    if (!strcmp(page->rest, "baru"))
        return OUTCOME_DONE;
    if (!page_rest(page, ret_id, &word) || *word || !*ret_id)
        return settings_missing(page, catalogue->missing);
    enum outcome outcome = catalogue->find(page, *ret_id, item);
    return outcome == OUTCOME_NEVER ? settings_missing(page, catalogue->missing) : outcome;
}

static enum outcome show_item(const struct catalogue *catalogue, struct fields *form, int64_t id)
{
    enum outcome outcome = catalogue->offer(form);
    if (outcome)
        return outcome;
    return settings_form(form->page, form, id ? catalogue->change : catalogue->add,
        id ? "Simpan" : catalogue->add_button, one_url(form->page, catalogue->url, id), catalogue->url,
        "settings_form_page", json_object());
}

static enum outcome get_item(const struct catalogue *catalogue, struct page *page, union item fresh)
{
    struct fields form;
    int64_t id;
    enum outcome outcome = find_item(catalogue, page, &id, &fresh);
    if (outcome)
        return outcome;
    fields_begin(&form, page, catalogue->fields, catalogue->count);
    catalogue->fill(&form, &fresh);
    return show_item(catalogue, &form, id);
}

static enum outcome post_item(const struct catalogue *catalogue, struct page *page, union item item)
{
    struct fields form;
    int64_t id;
    enum outcome outcome = find_item(catalogue, page, &id, &item);
    if (outcome)
        return outcome;
    fields_begin(&form, page, catalogue->fields, catalogue->count);
    fields_read(&form);
    union item before = item;
    catalogue->take(&form, &item);
    if (!form.problems)
        outcome = catalogue->save(&form, &item, &before);
    if (outcome || form.problems)
        return outcome ? outcome : show_item(catalogue, &form, id);
    outcome = catalogue->tell(page, &item);
    return outcome ? outcome : page_redirect(page, catalogue->saved_url);
}

/* ---- sections ---- */

enum { SECTION_NAME, SECTION_ACTIVE, SECTION_FIELDS };

static const struct field section_fields[SECTION_FIELDS] = {
    [SECTION_NAME] = {"nama", "Nama seksi", NULL, FIELD_TEXT, NAME_MOST, "Isi nama seksi."},
    [SECTION_ACTIVE] = {"aktif", "Keadaan",
        "Seksi yang masih memegang aduan, petugas, atau layanan tidak dapat dimatikan.", FIELD_CHOICE, 8,
        NULL},
};

static enum outcome list_sections(struct page *page)
{
    struct section *x = NULL;
    enum outcome outcome = section_list_all(page->txn, &x, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *rows = json_array();
    for (; x; x = x->next)
        json_array_append_new(rows, json_pack("{s:s, s:s, s:b}", "url", one_url(page, SECTIONS, x->id),
                                        "name", x->name, "off", !x->active));
    return show_table(page, "Seksi", SECTIONS, rows);
}

static enum outcome find_section(struct page *page, int64_t id, union item *item)
{
    return section_by_id(page->txn, id, &item->section, page->arena, page->fault);
}

static void fill_section(struct fields *form, const union item *item)
{
    form->values[SECTION_NAME] = item->section.name;
    form->values[SECTION_ACTIVE] = item->section.active ? "ya" : "tidak";
}

static enum outcome offer_section(struct fields *form)
{
    offer_active(form, SECTION_ACTIVE);
    return OUTCOME_DONE;
}

static void take_section(struct fields *form, union item *item)
{
    item->section.name = form->values[SECTION_NAME];
    item->section.active = strcmp(form->values[SECTION_ACTIVE], "tidak");
}

static enum outcome save_section(struct fields *form, union item *item, const union item *before)
{
    bool turned_off = before->section.active && !item->section.active;
    return settings_refused(form, turned_off ? SECTION_ACTIVE : SECTION_NAME,
        section_save(form->page->txn, &item->section, form->page->arena, form->page->fault));
}

static enum outcome tell_section(struct page *page, const union item *item)
{
    const struct section *x = &item->section;
    return settings_event(page, "seksi_diatur",
        json_pack("{s:s, s:s, s:b}", "seksi", x->key, "nama", x->name, "dipakai", x->active));
}

static const struct catalogue sections = {SECTIONS, SECTIONS "?catatan=tersimpan", "Ubah seksi",
    "Tambah seksi", "Tambahkan seksi", "Seksi tidak ditemukan.", section_fields, SECTION_FIELDS, find_section,
    fill_section, offer_section, take_section, save_section, tell_section};
static const union item new_section = {.section = {.name = "", .active = true}};

static enum outcome get_section(struct page *page)
{
    return get_item(&sections, page, new_section);
}

static enum outcome post_section(struct page *page)
{
    return post_item(&sections, page, new_section);
}

/* ---- services ---- */

enum { SERVICE_NAME, SERVICE_SECTION, SERVICE_PROMISE, SERVICE_ACTIVE, SERVICE_FIELDS };

static const struct field service_fields[SERVICE_FIELDS] = {
    [SERVICE_NAME] = {"nama", "Nama layanan", "Seperti dilihat warga pada formulir.", FIELD_TEXT, NAME_MOST,
        "Isi nama layanan."},
    [SERVICE_SECTION] = {"seksi", "Seksi penanggung jawab", "Usulan pertama saat disposisi.", FIELD_CHOICE,
        32, "Pilih seksinya."},
    [SERVICE_PROMISE] = {"janji", "Janji waktu layanan",
        "Dalam hari kerja, menurut standar pelayanan. Boleh dikosongkan.", FIELD_NUMBER, 8, NULL},
    [SERVICE_ACTIVE] = {"aktif", "Keadaan", "Layanan yang dimatikan tidak ditawarkan lagi.", FIELD_CHOICE, 8,
        NULL},
};

static enum outcome list_services(struct page *page)
{
    struct service *v = NULL;
    enum outcome outcome = service_list_all(page->txn, &v, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *rows = json_array();
    for (; v; v = v->next)
        json_array_append_new(
            rows, json_pack("{s:s, s:s, s:s, s:b}", "url", one_url(page, SERVICES, v->id), "name", v->name,
                      "detail",
                      v->promised_days ? arena_printf(page->arena, "%s, janji %lld hari kerja", v->section,
                                             (long long)v->promised_days)
                                       : v->section,
                      "off", !v->active));
    return show_table(page, "Layanan", SERVICES, rows);
}

static enum outcome find_service(struct page *page, int64_t id, union item *item)
{
    return service_by_id(page->txn, id, &item->service, page->arena, page->fault);
}

static void fill_service(struct fields *form, const union item *item)
{
    const struct service *v = &item->service;
    form->values[SERVICE_NAME] = v->name;
    form->values[SERVICE_SECTION] = number_text(form->page, v->section_id);
    form->values[SERVICE_PROMISE] = number_text(form->page, v->promised_days);
    form->values[SERVICE_ACTIVE] = v->active ? "ya" : "tidak";
}

static enum outcome offer_service(struct fields *form)
{
    struct page *page = form->page;
    struct section *x = NULL;
    enum outcome outcome = section_list(page->txn, &x, page->arena, page->fault);
    if (outcome)
        return outcome;
    fields_offer(form, SERVICE_SECTION, "", "Pilih seksi");
    for (; x; x = x->next)
        fields_offer(form, SERVICE_SECTION, number_text(page, x->id), x->name);
    offer_active(form, SERVICE_ACTIVE);
    return OUTCOME_DONE;
}

/* The catalogue's last resort: forms preset it. */
static bool is_rest(const struct service *v)
{
    return v->key && !strcmp(v->key, "lainnya");
}

static void take_service(struct fields *form, union item *item)
{
    struct service *v = &item->service;
    v->name = form->values[SERVICE_NAME];
    v->section_id = fields_number(form, SERVICE_SECTION);
    v->promised_days = fields_number(form, SERVICE_PROMISE);
    v->active = strcmp(form->values[SERVICE_ACTIVE], "tidak");
    if (v->promised_days > PROMISE_MOST)
        fields_wrong(form, SERVICE_PROMISE, "Janji waktu paling lama 365 hari kerja.");
    if (!v->active && is_rest(v))
        fields_wrong(form, SERVICE_ACTIVE, "Layanan ini menampung yang lain, jadi tidak dapat dimatikan.");
}

static enum outcome save_service(struct fields *form, union item *item, const union item *before)
{
    (void)before;
    return settings_refused(form, SERVICE_NAME,
        service_save(form->page->txn, &item->service, form->page->arena, form->page->fault));
}

static enum outcome tell_service(struct page *page, const union item *item)
{
    const struct service *v = &item->service;
    return settings_event(page, "layanan_diatur",
        json_pack("{s:s, s:s, s:I, s:b}", "layanan", v->key, "nama", v->name, "janji",
            (json_int_t)v->promised_days, "dipakai", v->active));
}

static const struct catalogue services = {SERVICES, SERVICES "?catatan=tersimpan", "Ubah layanan",
    "Tambah layanan", "Tambahkan layanan", "Layanan tidak ditemukan.", service_fields, SERVICE_FIELDS,
    find_service, fill_service, offer_service, take_service, save_service, tell_service};
static const union item new_service = {.service = {.name = "", .active = true}};

static enum outcome get_service(struct page *page)
{
    return get_item(&services, page, new_service);
}

static enum outcome post_service(struct page *page)
{
    return post_item(&services, page, new_service);
}

const struct page_route settings_catalogue_routes[] = {
    {SECTIONS, list_sections, NULL, SETTINGS_ROLES, 0},
    {SECTIONS "/*", get_section, post_section, SETTINGS_ROLES, 0},
    {SERVICES, list_services, NULL, SETTINGS_ROLES, 0},
    {SERVICES "/*", get_service, post_service, SETTINGS_ROLES, 0},
    {NULL, NULL, NULL, 0, 0},
};
