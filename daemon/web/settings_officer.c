/* /pengaturan/petugas: the accounts of those who work with the book. A one-time password is shown on the page that made
 * it and nowhere else. */
#include "daemon/book/catalogue.h"
#include "daemon/book/password.h"
#include "daemon/book/setting.h"
#include "daemon/book/totp.h"
#include "present.h"
#include "routes.h"
#include "settings.h"
#include <stdlib.h>
#include <string.h>

#define LIST "/pengaturan/petugas"

/* ---- the list ---- */

static const char *state_of(const struct page *page, const struct officer *o)
{
    return o->disabled                            ? "Ditutup"
           : o->locked_until > txn_now(page->txn) ? "Terkunci sementara"
           : o->must_change                       ? "Belum mengganti kata sandi"
                                                  : "Aktif";
}

struct listing {
    struct page *page;
    json_t *rows;
};

static enum outcome add_row(void *arg, const struct officer *o, struct fault *fault)
{
    struct listing *l = arg;
    (void)fault;
    json_array_append_new(l->rows,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "url",
            arena_printf(l->page->arena, LIST "/%lld", (long long)o->id), "name", o->name, "login", o->login,
            "role", role_label(o->role), "of_section", o->section ? o->section : "", "email",
            o->email ? o->email : "", "state", state_of(l->page, o), "closed", o->disabled));
    return OUTCOME_DONE;
}

static enum outcome show_list(struct page *page)
{
    struct listing listing = {page, json_array()};
    const char *whom = NULL;
    enum outcome outcome = officer_list(page->txn, add_row, &listing, page->fault);
    if (!outcome)
        outcome = setting_get(page->txn, SESSION_TWO_STEPS_SETTING, &whom, page->arena, page->fault);
    if (outcome) {
        json_decref(listing.rows);
        return outcome;
    }
    return page_view(page, "settings_officers",
        json_pack("{s:s, s:o, s:b, s:b}", "title", "Petugas", "officers", listing.rows, "for_admin",
            whom && !strcmp(whom, "admin"), "for_all", whom && !strcmp(whom, "semua")));
}

static enum outcome post_policy(struct page *page)
{
    const char *whom = page_field(page, "dua_langkah");
    if (*whom && strcmp(whom, "admin") && strcmp(whom, "semua"))
        return fault_set(page->fault, OUTCOME_NEVER, "Pilih salah satu dari daftar.", "two steps for whom?");
    enum outcome outcome =
        setting_set(page->txn, SESSION_TWO_STEPS_SETTING, whom, page->officer->id, page->fault);
    if (!outcome)
        outcome = settings_event(page, "dua_langkah_diwajibkan", json_pack("{s:s}", "bagi", whom));
    return outcome ? outcome : page_redirect(page, LIST "?catatan=tersimpan");
}

/* ---- one ---- */

enum { NAME, ROLE, SECTION, EMAIL, LOGIN, FIELDS };

static const struct field field_list[FIELDS] = {
    [NAME] = {"nama", "Nama", "Seperti tertulis pada surat dan tanda terima.", FIELD_TEXT, 200,
        "Isi nama petugas."},
    [ROLE] = {"peran", "Peran", NULL, FIELD_CHOICE, 32, "Pilih perannya."},
    [SECTION] = {"seksi", "Seksi", "Wajib bagi peran Seksi: ia hanya melihat aduan seksinya.", FIELD_CHOICE,
        32, NULL},
    [EMAIL] = {"surel", "E-mail untuk pemberitahuan", "Boleh dikosongkan.", FIELD_EMAIL, 200, NULL},
    [LOGIN] = {"u", "Nama pengguna",
        "Huruf kecil, angka, titik, garis bawah, atau tanda hubung. Tidak dapat diubah lagi.", FIELD_TEXT, 32,
        "Isi nama pengguna."},
};

static const char *number_text(struct page *page, int64_t n)
{
    return n ? arena_printf(page->arena, "%lld", (long long)n) : "";
}

static enum outcome offer(struct fields *form)
{
    struct page *page = form->page;
    struct section *sections = NULL;
    fields_offer(form, ROLE, "", "Pilih peran");
    for (int role = 0; role < ROLE_COUNT; role++)
        fields_offer(form, ROLE, role_key((enum role)role), role_label((enum role)role));
    enum outcome outcome = section_list(page->txn, &sections, page->arena, page->fault);
    fields_offer(form, SECTION, "", "Tidak di seksi");
    for (; !outcome && sections; sections = sections->next)
        fields_offer(form, SECTION, number_text(page, sections->id), sections->name);
    return outcome;
}

/* What was typed, into o; problems are noted. */
static enum outcome take(struct fields *form, struct officer *o)
{
    struct page *page = form->page;
    struct section section = {0};
    o->name = form->values[NAME];
    o->email = *form->values[EMAIL] ? form->values[EMAIL] : NULL;
    o->section_id = fields_number(form, SECTION);
    if (*form->values[ROLE] && !role_from_key(form->values[ROLE], &o->role))
        fields_wrong(form, ROLE, "Pilih perannya.");
    if (!form->wrong[ROLE] && o->role == ROLE_SEKSI && !o->section_id)
        fields_wrong(form, SECTION, "Pilih seksinya.");
    if (!o->section_id)
        return OUTCOME_DONE;
    enum outcome outcome = section_by_id(page->txn, o->section_id, &section, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER || (!outcome && !section.active))
        fields_wrong(form, SECTION, "Pilih seksi dari daftar.");
    o->section = section.key;
    return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
}

static json_t *told(const struct officer *o)
{
    return json_pack("{s:s, s:s, s:s?}", "login", o->login, "peran", role_key(o->role), "seksi", o->section);
}

static enum outcome show_new(struct fields *form)
{
    enum outcome outcome = offer(form);
    return outcome ? outcome
                   : settings_form(form->page, form, "Tambah petugas", "Tambahkan petugas", LIST "/baru",
                         LIST, "settings_form_page", json_object());
}

static enum outcome show_one(struct fields *form, const struct officer *o)
{
    struct page *page = form->page;
    const char *url = arena_printf(page->arena, LIST "/%lld", (long long)o->id);
    enum outcome outcome = offer(form);
    bool locked = o->locked_until > txn_now(page->txn);
    json_t *data = json_pack("{s:b, s:s, s:s, s:s, s:b, s:b, s:b}", "two_steps", o->two_steps, "login",
        o->login, "state", state_of(page, o), "one_url", url, "other", o->id != page->officer->id,
        "may_close", !o->disabled && !locked, "may_open", o->disabled || locked);
    if (!outcome)
        return settings_form(page, form, o->name, "Simpan", url, LIST, "settings_officer", data);
    json_decref(data);
    return outcome;
}

/* The form of one as the book has him. */
static enum outcome show_known(struct page *page, const struct officer *o)
{
    struct fields form;
    fields_begin(&form, page, field_list, LOGIN);
    form.values[NAME] = o->name;
    form.values[ROLE] = role_key(o->role);
    form.values[SECTION] = number_text(page, o->section_id);
    form.values[EMAIL] = o->email ? o->email : "";
    return show_one(&form, o);
}

static enum outcome find(struct page *page, int64_t id, struct officer *o)
{
    enum outcome outcome = officer_get(page->txn, id, o, page->arena, page->fault);
    return outcome == OUTCOME_NEVER ? settings_missing(page, "Petugas tidak ditemukan.") : outcome;
}

static enum outcome get_officer(struct page *page)
{
    struct officer o;
    int64_t id;
    const char *word;
    struct fields form;
    if (!strcmp(page->rest, "baru")) {
        fields_begin(&form, page, field_list, FIELDS);
        return show_new(&form);
    }
    if (!page_rest(page, &id, &word) || *word)
        return settings_missing(page, "Petugas tidak ditemukan.");
    enum outcome outcome = find(page, id, &o);
    return outcome ? outcome : show_known(page, &o);
}

/* ---- acts ---- */

/* Made on a reader, before the writer is asked. */
struct start {
    char made[PASSWORD_MADE_SIZE];
    char hash[PASSWORD_HASH_SIZE];
};

static enum outcome show_start(struct page *page, const struct officer *o, const char *heading)
{
    const struct start *start = page->found;
    return page_view(page, "settings_password",
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "title", heading, "name", o->name, "login", o->login, "made",
            start->made, "one_url", arena_printf(page->arena, LIST "/%lld", (long long)o->id)));
}

static enum outcome write_new(struct page *page)
{
    const struct start *start = page->found;
    struct fields form;
    struct officer o = {.must_change = true};
    fields_begin(&form, page, field_list, FIELDS);
    fields_read(&form);
    enum outcome outcome = take(&form, &o);
    o.login = form.values[LOGIN];
    if (!outcome && !form.problems)
        outcome = settings_refused(&form, LOGIN, officer_add(page->txn, &o, start->hash, page->fault));
    if (outcome || form.problems)
        return outcome ? outcome : show_new(&form);
    outcome = settings_event(page, "petugas_ditambah", told(&o));
    return outcome ? outcome : show_start(page, &o, "Petugas ditambahkan");
}

static enum outcome write_one(struct page *page, const struct officer *known)
{
    struct fields form;
    struct officer o = {.id = known->id, .login = known->login};
    fields_begin(&form, page, field_list, LOGIN);
    fields_read(&form);
    enum outcome outcome = take(&form, &o);
    if (!outcome && !form.problems)
        outcome = settings_refused(&form, ROLE, officer_change(page->txn, &o, page->fault));
    if (outcome || form.problems)
        return outcome ? outcome : show_one(&form, known);
    outcome = settings_event(page, "petugas_diubah", told(&o));
    return outcome ? outcome : page_redirect(page, LIST "?catatan=tersimpan");
}

static enum outcome write_password(struct page *page, const struct officer *o)
{
    const struct start *start = page->found;
    enum outcome outcome = officer_set_password(page->txn, o->id, start->hash, true, page->fault);
    if (!outcome)
        outcome = settings_event(page, "kata_sandi_diganti", json_pack("{s:s}", "login", o->login));
    return outcome ? outcome : show_start(page, o, "Kata sandi diganti");
}

static enum outcome write_closed(struct page *page, const struct officer *o, bool closed)
{
    enum outcome outcome = officer_disable(page->txn, o->id, closed, page->fault);
    if (!outcome)
        outcome = settings_event(
            page, closed ? "petugas_ditutup" : "petugas_dibuka", json_pack("{s:s}", "login", o->login));
    return outcome ? outcome : page_redirect(page, LIST "?catatan=tersimpan");
}

static enum outcome write_one_step(struct page *page, const struct officer *o)
{
    enum outcome outcome = totp_remove(page->txn, o->id, page->fault);
    if (!outcome)
        outcome = settings_event(page, "dua_langkah_dilepas", json_pack("{s:s}", "login", o->login));
    return outcome ? outcome : page_redirect(page, LIST "?catatan=tersimpan");
}

static enum outcome write_officer(struct page *page)
{
    struct officer o;
    int64_t id;
    const char *word;
    if (!strcmp(page->rest, "baru"))
        return write_new(page);
    if (!page_rest(page, &id, &word))
        return settings_missing(page, "Petugas tidak ditemukan.");
    enum outcome outcome = find(page, id, &o);
    if (outcome)
        return outcome;
    if (!*word)
        return write_one(page, &o);
    /* Nobody shuts himself out, and his own password is changed where the old one is asked for. */
    if (o.id == page->officer->id)
        return fault_set(page->fault, OUTCOME_NEVER,
            "Untuk akun Anda sendiri, mintalah admin lain, atau pakai halaman Ganti kata sandi.",
            "own account");
    if (!strcmp(word, "sandi"))
        return write_password(page, &o);
    if (!strcmp(word, "tutup") || !strcmp(word, "buka"))
        return write_closed(page, &o, *word == 't');
    if (!strcmp(word, "dua-langkah"))
        return write_one_step(page, &o);
    return settings_missing(page, "Petugas tidak ditemukan.");
}

/* On a reader: what is slow. */
static enum outcome post_officer(struct page *page)
{
    size_t n = strlen(page->rest);
    struct start *start = page_keep(page, sizeof *start);
    enum outcome outcome =
        start ? OUTCOME_DONE : fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a password");
    bool wanted = !strcmp(page->rest, "baru") || (n > 6 && !strcmp(page->rest + n - 6, "/sandi"));
    if (!outcome && wanted) {
        password_make(start->made);
        outcome = password_hash(start->made, start->hash, page->fault);
    }
    return outcome ? outcome : page_write(page, write_officer, start);
}

const struct page_route settings_officer_routes[] = {
    {LIST, show_list, post_policy, SETTINGS_ROLES, 0},
    {LIST "/*", get_officer, post_officer, SETTINGS_ROLES | PAGE_POST_READS, 0},
    {NULL, NULL, NULL, 0, 0},
};
