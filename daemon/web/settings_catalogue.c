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

/* "baru" = 0; false: no such page. */
static bool wanted(const struct page *page, int64_t *ret_id)
{
    const char *word;
    *ret_id = 0;
    return !strcmp(page->rest, "baru") || (page_rest(page, ret_id, &word) && !*word);
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

static enum outcome show_section(struct fields *form, int64_t id)
{
    offer_active(form, SECTION_ACTIVE);
    return settings_form(form->page, form, id ? "Ubah seksi" : "Tambah seksi",
        id ? "Simpan" : "Tambahkan seksi", one_url(form->page, SECTIONS, id), SECTIONS, "settings_form_page",
        json_object());
}

static enum outcome find_section(struct page *page, int64_t id, struct section *x)
{
    enum outcome outcome = section_by_id(page->txn, id, x, page->arena, page->fault);
    return outcome == OUTCOME_NEVER ? settings_missing(page, "Seksi tidak ditemukan.") : outcome;
}

static enum outcome get_section(struct page *page)
{
    struct section x = {.name = "", .active = true};
    struct fields form;
    int64_t id;
    if (!wanted(page, &id))
        return settings_missing(page, "Seksi tidak ditemukan.");
    enum outcome outcome = id ? find_section(page, id, &x) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    fields_begin(&form, page, section_fields, SECTION_FIELDS);
    form.values[SECTION_NAME] = x.name;
    form.values[SECTION_ACTIVE] = x.active ? "ya" : "tidak";
    return show_section(&form, id);
}

static enum outcome post_section(struct page *page)
{
    struct section x = {0};
    struct fields form;
    int64_t id;
    if (!wanted(page, &id))
        return settings_missing(page, "Seksi tidak ditemukan.");
    enum outcome outcome = id ? find_section(page, id, &x) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    fields_begin(&form, page, section_fields, SECTION_FIELDS);
    fields_read(&form);
    bool was = x.active || !id;
    x.name = form.values[SECTION_NAME];
    x.active = strcmp(form.values[SECTION_ACTIVE], "tidak");
    if (!form.problems)
        outcome = settings_refused(&form, was && !x.active ? SECTION_ACTIVE : SECTION_NAME,
            section_save(page->txn, &x, page->arena, page->fault));
    if (outcome || form.problems)
        return outcome ? outcome : show_section(&form, id);
    outcome = settings_event(page, "seksi_diatur",
        json_pack("{s:s, s:s, s:b}", "seksi", x.key, "nama", x.name, "dipakai", x.active));
    return outcome ? outcome : page_redirect(page, SECTIONS "?catatan=tersimpan");
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

static const char *number_text(struct page *page, int64_t n)
{
    return n ? arena_printf(page->arena, "%lld", (long long)n) : "";
}

static enum outcome show_service(struct fields *form, int64_t id)
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
    return settings_form(page, form, id ? "Ubah layanan" : "Tambah layanan",
        id ? "Simpan" : "Tambahkan layanan", one_url(page, SERVICES, id), SERVICES, "settings_form_page",
        json_object());
}

static enum outcome find_service(struct page *page, int64_t id, struct service *v)
{
    enum outcome outcome = service_by_id(page->txn, id, v, page->arena, page->fault);
    return outcome == OUTCOME_NEVER ? settings_missing(page, "Layanan tidak ditemukan.") : outcome;
}

static enum outcome get_service(struct page *page)
{
    struct service v = {.name = "", .active = true};
    struct fields form;
    int64_t id;
    if (!wanted(page, &id))
        return settings_missing(page, "Layanan tidak ditemukan.");
    enum outcome outcome = id ? find_service(page, id, &v) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    fields_begin(&form, page, service_fields, SERVICE_FIELDS);
    form.values[SERVICE_NAME] = v.name;
    form.values[SERVICE_SECTION] = number_text(page, v.section_id);
    form.values[SERVICE_PROMISE] = number_text(page, v.promised_days);
    form.values[SERVICE_ACTIVE] = v.active ? "ya" : "tidak";
    return show_service(&form, id);
}

/* The catalogue's last resort: forms preset it. */
static bool is_rest(const struct service *v)
{
    return v->key && !strcmp(v->key, "lainnya");
}

static enum outcome post_service(struct page *page)
{
    struct service v = {0};
    struct fields form;
    int64_t id;
    if (!wanted(page, &id))
        return settings_missing(page, "Layanan tidak ditemukan.");
    enum outcome outcome = id ? find_service(page, id, &v) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    fields_begin(&form, page, service_fields, SERVICE_FIELDS);
    fields_read(&form);
    v.name = form.values[SERVICE_NAME];
    v.section_id = fields_number(&form, SERVICE_SECTION);
    v.promised_days = fields_number(&form, SERVICE_PROMISE);
    v.active = strcmp(form.values[SERVICE_ACTIVE], "tidak");
    if (v.promised_days > PROMISE_MOST)
        fields_wrong(&form, SERVICE_PROMISE, "Janji waktu paling lama 365 hari kerja.");
    if (!v.active && is_rest(&v))
        fields_wrong(&form, SERVICE_ACTIVE, "Layanan ini menampung yang lain, jadi tidak dapat dimatikan.");
    if (!form.problems)
        outcome =
            settings_refused(&form, SERVICE_NAME, service_save(page->txn, &v, page->arena, page->fault));
    if (outcome || form.problems)
        return outcome ? outcome : show_service(&form, id);
    outcome = settings_event(page, "layanan_diatur",
        json_pack("{s:s, s:s, s:I, s:b}", "layanan", v.key, "nama", v.name, "janji",
            (json_int_t)v.promised_days, "dipakai", v.active));
    return outcome ? outcome : page_redirect(page, SERVICES "?catatan=tersimpan");
}

const struct page_route settings_catalogue_routes[] = {
    {SECTIONS, list_sections, NULL, SETTINGS_ROLES, 0},
    {SECTIONS "/*", get_section, post_section, SETTINGS_ROLES, 0},
    {SERVICES, list_services, NULL, SETTINGS_ROLES, 0},
    {SERVICES "/*", get_service, post_service, SETTINGS_ROLES, 0},
    {NULL, NULL, NULL, 0, 0},
};
