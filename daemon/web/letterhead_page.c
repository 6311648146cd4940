/* /pengaturan/kantor: the office head of letters and receipts, and /logo: its picture. */
#include "letterhead_page.h"
#include "daemon/book/setting.h"
#include "daemon/desk/letterhead.h"
#include "present.h"
#include "routes.h"
#include "settings.h"
#include "upload.h"
#include <string.h>

#define OFFICE "/pengaturan/kantor"
enum { LOGO_MOST = 256 * 1024, LOGO_FIELD = LETTERHEAD_LINES, FIELDS, NIP_DIGITS = 18 };

enum outcome letterhead_put(
    struct book_txn *txn, const struct office *office, json_t *data, struct arena *arena, struct fault *fault)
{
    static const char *const names[LETTERHEAD_LINES] = {
        "government", "office", "address", "phone", "email", "camat", "rank", "nip"};
    struct letterhead head;
    enum outcome outcome = letterhead_get(txn, office, &head, arena, fault);
    if (outcome)
        return outcome;
    json_t *fields = json_object();
    for (int i = 0; i < LETTERHEAD_LINES; i++)
        json_object_set_new(fields, names[i], json_string(head.lines[i]));
    if (head.logo_at) /* a new picture has a new address, so that no browser shows the old one */
        json_object_set_new(fields, "logo", json_sprintf("/logo?v=%lld", (long long)head.logo_at));
    json_object_set_new(data, "head", fields);
    return OUTCOME_DONE;
}

enum outcome letterhead_add(struct page *page, json_t *data)
{
    return letterhead_put(page->txn, present_office(page), data, page->arena, page->fault);
}

/* ---- the picture ---- */

static enum outcome get_logo(struct page *page)
{
    struct picture logo = {0};
    enum outcome outcome = picture_get(page->txn, LETTERHEAD_LOGO, &logo, page->arena, page->fault);
    if (!outcome && !logo.media_type)
        outcome = settings_missing(page, "Kantor ini belum memasang logo.");
    return outcome ? outcome : page_bytes(page, logo.media_type, logo.data, logo.size);
}

/* ---- the form ---- */

static const struct field field_list[FIELDS] = {
    [LETTERHEAD_GOVERNMENT] = {"pemerintah", "Baris pertama", "Misalnya: Pemerintah Kota Probolinggo.",
        FIELD_TEXT, 120, NULL},
    [LETTERHEAD_OFFICE] = {"kantor", "Nama kantor", "Misalnya: Kecamatan Kedopok.", FIELD_TEXT, 120,
        "Isi nama kantor."},
    [LETTERHEAD_ADDRESS] = {"alamat", "Alamat", "Dengan kode pos.", FIELD_TEXT, 300, NULL},
    [LETTERHEAD_PHONE] = {"telepon", "Telepon", "Boleh dikosongkan.", FIELD_TEXT, 40, NULL},
    [LETTERHEAD_EMAIL] = {"surel", "E-mail kantor", "Boleh dikosongkan.", FIELD_EMAIL, 200, NULL},
    [LETTERHEAD_CAMAT] = {"camat", "Nama camat", "Dengan gelar, untuk tanda tangan surat.", FIELD_TEXT, 120,
        NULL},
    [LETTERHEAD_RANK] = {"pangkat", "Pangkat camat", "Misalnya: Pembina Tingkat I. Boleh dikosongkan.",
        FIELD_TEXT, 120, NULL},
    [LETTERHEAD_NIP] = {"nip", "NIP camat", "18 angka. Boleh dikosongkan.", FIELD_TEXT, 40, NULL},
    [LOGO_FIELD] = {"logo", "Logo atau lambang daerah",
        "PNG atau JPEG, paling besar 256 KB. Kosongkan bila tidak diganti.", FIELD_PICTURE, 0, NULL},
};

static enum outcome show(struct fields *form)
{
    struct page *page = form->page;
    json_t *data = json_pack("{s:b}", "multipart", true);
    enum outcome outcome = letterhead_add(page, data);
    if (!outcome)
        return settings_form(
            page, form, "Kop dan logo", "Simpan", OFFICE, "/pengaturan", "settings_office", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_office(struct page *page)
{
    struct letterhead head;
    struct fields form;
    enum outcome outcome = letterhead_get(page->txn, present_office(page), &head, page->arena, page->fault);
    if (outcome)
        return outcome;
    fields_begin(&form, page, field_list, FIELDS);
    memcpy(form.values, head.lines, sizeof head.lines);
    return show(&form);
}

/* NIP with the blanks people put into it: "19700101 199003 1 005". */
static void check_nip(struct fields *form)
{
    size_t digits = 0;
    const char *p = form->values[LETTERHEAD_NIP];
    for (; *p && (*p == ' ' || (*p >= '0' && *p <= '9')); p++)
        digits += *p != ' ';
    if (*p || (digits && digits != NIP_DIGITS))
        fields_wrong(form, LETTERHEAD_NIP, "NIP terdiri atas 18 angka.");
}

/* By content: upload.h has the type from the parser child. *ret without media_type = none was chosen. */
static enum outcome take_logo(struct fields *form, struct picture *ret)
{
    struct inbound_file *file = NULL;
    *ret = (struct picture){0};
    enum outcome outcome = upload_files(form->page, "logo", &file);
    if (outcome || !file)
        return outcome;
    if (strcmp(file->media_type, "image/png") && strcmp(file->media_type, "image/jpeg"))
        fields_wrong(form, LOGO_FIELD, "Berkas ini bukan gambar PNG atau JPEG. Pilih berkas lain.");
    else if (file->size > LOGO_MOST)
        fields_wrong(form, LOGO_FIELD, "Gambar ini lebih besar dari 256 KB. Perkecil dahulu.");
    *ret = (struct picture){.media_type = file->media_type, .data = file->data, .size = file->size};
    return OUTCOME_DONE;
}

/* What is as the configuration says is not kept: it follows the configuration. */
static enum outcome save(struct fields *form, const struct picture *logo)
{
    struct page *page = form->page;
    const struct office *office = present_office(page);
    const char *usual[LETTERHEAD_LINES] = {
        office->region, office->name, office->address, office->phone, office->email, "", "", ""};
    json_t *told = json_object();
    enum outcome outcome = OUTCOME_DONE;
    for (int i = 0; !outcome && i < LETTERHEAD_LINES; i++) {
        const char *value = form->values[i];
        outcome = setting_set(page->txn, letterhead_setting((enum letterhead_line)i),
            strcmp(value, usual[i]) ? value : NULL, page->officer->id, page->fault);
        json_object_set_new(told, field_list[i].name, json_string(value));
    }
    if (!outcome && logo->media_type)
        outcome = picture_set(page->txn, LETTERHEAD_LOGO, logo, page->officer->id, page->fault);
    json_object_set_new(told, "logo", json_boolean(logo->media_type != NULL));
    if (!outcome)
        outcome = settings_event(page, "kop_diatur", json_incref(told));
    json_decref(told);
    return outcome;
}

static enum outcome remove_logo(struct page *page)
{
    const struct picture none = {0};
    enum outcome outcome = picture_set(page->txn, LETTERHEAD_LOGO, &none, page->officer->id, page->fault);
    if (!outcome)
        outcome = settings_event(page, "kop_diatur", json_pack("{s:s}", "logo", "dihapus"));
    return outcome ? outcome : page_redirect(page, OFFICE "?catatan=tersimpan");
}

static enum outcome post_office(struct page *page)
{
    struct fields form;
    struct picture logo;
    if (!strcmp(page_field(page, "tindakan"), "hapus-logo"))
        return remove_logo(page);
    fields_begin(&form, page, field_list, FIELDS);
    fields_read(&form);
    check_nip(&form);
    enum outcome outcome = take_logo(&form, &logo);
    if (outcome || form.problems)
        return outcome ? outcome : show(&form);
    outcome = save(&form, &logo);
    return outcome ? outcome : page_redirect(page, OFFICE "?catatan=tersimpan");
}

const struct page_route letterhead_routes[] = {
    {OFFICE, get_office, post_office, SETTINGS_ROLES, 512 * 1024},
    {"/logo", get_logo, NULL, 0, 0},
    {NULL, NULL, NULL, 0, 0},
};
