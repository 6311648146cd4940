/* /pengaturan/token: programs that may use /api/v1. A token is shown on the page that made it and nowhere else. */
#include "daemon/book/api_token.h"
#include "present.h"
#include "routes.h"
#include "settings.h"
#include <stdlib.h>
#include <string.h>

#define TOKENS "/pengaturan/token"
enum { DAYS_MOST = 730, DAY_MS = 24 * 3600 * 1000 };
enum { NAME, OFFICER, SCOPE, DAYS, FIELDS };

static const struct field field_list[FIELDS] = {
    [NAME] = {"nama", "Untuk program apa", "Misalnya: layar antrean, laporan kabupaten.", FIELD_TEXT, 120,
        "Isi untuk program apa."},
    [OFFICER] = {"petugas", "Bertindak sebagai",
        "Program melihat dan melakukan hanya yang boleh bagi akun ini.", FIELD_CHOICE, 32, "Pilih akunnya."},
    [SCOPE] = {"izin", "Izin", NULL, FIELD_CHOICE, 16, "Pilih izinnya."},
    [DAYS] = {"hari", "Berlaku berapa hari", "Paling lama 730.", FIELD_NUMBER, 4,
        "Isi berapa hari berlakunya."},
};

static const char *scope_words(unsigned scopes)
{
    return scopes & API_ACT ? "Membaca dan bertindak" : "Hanya membaca";
}

static enum outcome offer_officer(void *arg, const struct officer *o, struct fault *fault)
{
    struct fields *form = arg;
    (void)fault;
    if (o->role != ROLE_ADMIN && !o->disabled) /* an admin sees nobody's complaint */
        fields_offer(
            form, OFFICER, o->login, arena_printf(form->page->arena, "%s, %s", o->name, role_label(o->role)));
    return OUTCOME_DONE;
}

static json_t *token_json(struct page *page, const struct api_token *t)
{
    bool over = t->revoked_at || t->expires_at <= txn_now(page->txn);
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:b, s:s}", "name", t->name, "login", t->login, "scope",
        scope_words(t->scopes), "state",
        t->revoked_at ? "Dicabut"
        : over        ? "Kedaluwarsa"
                      : "Berlaku",
        "open", !over, "url", arena_printf(page->arena, TOKENS "/%lld", (long long)t->id));
    json_object_set_new(row, "made", present_moment(page, t->created_at));
    json_object_set_new(row, "until", present_date(page, t->expires_at));
    return row;
}

static enum outcome show(struct fields *form)
{
    struct page *page = form->page;
    struct api_token *t = NULL;
    fields_offer(form, OFFICER, "", "Pilih akun");
    fields_offer(form, SCOPE, "baca", "Hanya membaca");
    fields_offer(form, SCOPE, "tulis", "Membaca dan bertindak");
    enum outcome outcome = officer_each(page->txn, offer_officer, form, page->fault);
    if (!outcome)
        outcome = api_token_list(page->txn, &t, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *rows = json_array();
    for (; t; t = t->next)
        json_array_append_new(rows, token_json(page, t));
    return settings_form(page, form, "Token API", "Buat token", TOKENS, "/pengaturan", "settings_tokens",
        json_pack("{s:o}", "tokens", rows));
}

static enum outcome get_tokens(struct page *page)
{
    struct fields form;
    fields_begin(&form, page, field_list, FIELDS);
    form.values[DAYS] = "365";
    return show(&form);
}

static enum outcome make(struct fields *form, const struct officer *o)
{
    struct page *page = form->page;
    bool acts = !strcmp(form->values[SCOPE], "tulis");
    struct api_token t = {.name = form->values[NAME],
        .scopes = acts ? API_READ | API_ACT : API_READ,
        .expires_at = txn_now(page->txn) + fields_number(form, DAYS) * DAY_MS};
    char token[API_TOKEN_SIZE];
    enum outcome outcome = api_token_add(page->txn, &t, o->id, page->officer->id, token, page->fault);
    if (!outcome)
        outcome = settings_event(page, "token_dibuat",
            json_pack("{s:I, s:s, s:s, s:s}", "nomor", (json_int_t)t.id, "untuk", t.name, "login", o->login,
                "izin", form->values[SCOPE]));
    return outcome
               ? outcome
               : page_view(page, "settings_token_made",
                     json_pack("{s:s, s:s, s:s}", "title", "Token dibuat", "name", t.name, "made", token));
}

static enum outcome post_tokens(struct page *page)
{
    struct fields form;
    struct officer o = {0};
    fields_begin(&form, page, field_list, FIELDS);
    fields_read(&form);
    if (fields_number(&form, DAYS) > DAYS_MOST)
        fields_wrong(&form, DAYS, "Token berlaku paling lama 730 hari.");
    enum outcome outcome = *form.values[OFFICER] ? officer_by_login(page->txn, form.values[OFFICER], &o,
                                                       page->arena, page->fault)
                                                 : OUTCOME_DONE;
    if (outcome == OUTCOME_NEVER || (o.id && (o.role == ROLE_ADMIN || o.disabled))) {
        fields_wrong(&form, OFFICER, "Pilih akun dari daftar.");
        outcome = OUTCOME_DONE;
    }
    if (outcome || form.problems)
        return outcome ? outcome : show(&form);
    return make(&form, &o);
}

static enum outcome revoke(struct page *page)
{
    int64_t id;
    const char *word;
    bool was = false;
    if (!page_rest(page, &id, &word) || *word)
        return settings_missing(page, "Token tidak ditemukan.");
    enum outcome outcome = api_token_revoke(page->txn, id, &was, page->fault);
    if (!outcome && was)
        outcome = settings_event(page, "token_dicabut", json_pack("{s:I}", "nomor", (json_int_t)id));
    return outcome ? outcome : page_redirect(page, TOKENS "?catatan=tersimpan");
}

const struct page_route settings_token_routes[] = {
    {TOKENS, get_tokens, post_tokens, SETTINGS_ROLES, 0},
    {TOKENS "/*", NULL, revoke, SETTINGS_ROLES, 0},
    {NULL, NULL, NULL, 0, 0},
};
