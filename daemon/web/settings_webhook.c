/* /pengaturan/webhook: where events are sent to, how it goes, a test, a pause. The secret is shown on the page that made the
 * webhook and nowhere else. */
#include "config/config.h"
#include "daemon/book/event.h"
#include "daemon/book/webhook.h"
#include "present.h"
#include "routes.h"
#include "settings.h"
#include <string.h>
#include <strings.h>

#define WEBHOOKS "/pengaturan/webhook"
enum { NAME, URL, FIELDS };

static const struct field field_list[FIELDS] = {
    [NAME] = {"nama", "Untuk sistem apa", "Misalnya: dasbor kabupaten.", FIELD_TEXT, 120,
        "Isi untuk sistem apa."},
    [URL] = {"alamat", "Alamat tujuan", "Dimulai dengan https://", FIELD_TEXT, 500, "Isi alamat tujuannya."},
};

/* What may be chosen. */
static const char *const kinds[] = {"masuk", "mendesak", "tambahan", "verifikasi", "tanya", "lengkap",
    "teruskan", "disposisi", "mulai", "lapor", "kembalikan", "setujui", "jawab", "tutup", "buka_kembali",
    "rujuk", "gabung", "arsipkan", "terlambat", "nilai", "publikasi"};
enum { KINDS = sizeof kinds / sizeof *kinds };

static bool chosen(struct page *page, const char *kind)
{
    const char *name = arena_printf(page->arena, "k_%s", kind);
    return name && *page_field(page, name);
}

/* " masuk jawab "; " " = none. */
static const char *chosen_kinds(struct page *page)
{
    const char *text = " ";
    for (size_t i = 0; i < KINDS && text; i++)
        if (chosen(page, kinds[i]))
            text = arena_printf(page->arena, "%s%s ", text, kinds[i]);
    return text;
}

/* ---- showing ---- */

static json_t *kinds_words(struct page *page, const char *list)
{
    const char *words = "";
    for (size_t i = 0; i < KINDS && words; i++) {
        const char *name = arena_printf(page->arena, " %s ", kinds[i]);
        if (name && strstr(list, name))
            words =
                arena_printf(page->arena, "%s%s%s", words, *words ? ", " : "", present_event_label(kinds[i]));
    }
    return json_string(words ? words : "");
}

static enum outcome webhook_json(struct page *page, const struct webhook *w, json_t **ret)
{
    struct webhook_try *t = NULL;
    json_t *tries = json_array();
    enum outcome outcome = webhook_tries(page->txn, w->id, &t, page->arena, page->fault);
    for (; t; t = t->next) {
        json_t *row = json_pack("{s:s, s:s, s:b}", "kind",
            !strcmp(t->kind, "uji") ? "Uji" : present_event_label(t->kind), "text", t->text, "good", t->good);
        json_object_set_new(row, "at", present_moment(page, t->at));
        json_array_append_new(tries, row);
    }
    *ret = json_pack("{s:s, s:s, s:b, s:b, s:s}", "name", w->name, "target", w->url, "paused",
        w->paused_at != 0, "failing", w->failing_since != 0 && !w->paused_at, "url",
        arena_printf(page->arena, WEBHOOKS "/%lld", (long long)w->id));
    json_object_set_new(*ret, "kinds", kinds_words(page, w->kinds));
    if (w->failing_since)
        json_object_set_new(*ret, "since", present_moment(page, w->failing_since));
    if (json_array_size(tries))
        json_object_set_new(*ret, "tried", json_pack("{s:O}", "tries", tries));
    json_decref(tries);
    return outcome;
}

static enum outcome show(struct fields *form, const char *kinds_problem)
{
    struct page *page = form->page;
    struct webhook *w = NULL;
    json_t *rows = json_array(), *boxes = json_array();
    enum outcome outcome = webhook_list(page->txn, &w, page->arena, page->fault);
    for (; !outcome && w; w = w->next) {
        json_t *row = NULL;
        outcome = webhook_json(page, w, &row);
        json_array_append_new(rows, row);
    }
    for (size_t i = 0; i < KINDS; i++)
        json_array_append_new(boxes, json_pack("{s:s, s:s, s:b}", "kind", kinds[i], "kind_label",
                                         present_event_label(kinds[i]), "chosen", chosen(page, kinds[i])));
    json_t *data = json_pack("{s:o, s:o, s:b, s:s?}", "webhooks", rows, "boxes", boxes, "enabled",
        config_has(page->config, "webhook"), "kinds_problem", kinds_problem);
    if (!outcome)
        return settings_form(
            page, form, "Webhook", "Buat webhook", WEBHOOKS, "/pengaturan", "settings_webhooks", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_webhooks(struct page *page)
{
    struct fields form;
    fields_begin(&form, page, field_list, FIELDS);
    return show(&form, NULL);
}

/* ---- changing ---- */

/* A first look; the address a name leads to is looked at when it is called (http_client.h). */
static const char *wrong_url(const struct page *page, const char *url)
{
    bool private = config_flag(page->config, "webhook", NULL, "private");
    size_t scheme = !strncasecmp(url, "https://", 8) ? 8 : !strncasecmp(url, "http://", 7) ? 7 : 0;
    if (!scheme || (scheme == 7 && !private))
        return private ? "Alamat dimulai dengan https:// atau http://."
                       : "Alamat harus dimulai dengan https://.";
    size_t host = strcspn(url + scheme, "/?#");
    for (const char *p = url; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
            return "Alamat tidak boleh memuat spasi atau huruf di luar ASCII.";
    if (!host || memchr(url + scheme, '@', host))
        return "Nama server dalam alamat itu tidak ada, atau memuat nama pengguna.";
    return NULL;
}

static enum outcome make(struct fields *form)
{
    struct page *page = form->page;
    struct webhook w = {.name = form->values[NAME], .url = form->values[URL], .kinds = chosen_kinds(page)};
    char secret[WEBHOOK_SECRET_SIZE];
    if (!w.kinds)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a webhook");
    enum outcome outcome = webhook_add(page->txn, &w, page->officer->id, secret, page->fault);
    if (outcome == OUTCOME_NEVER) {
        fields_wrong(form, NAME, arena_strdup(page->arena, page->fault->public_text));
        return show(form, NULL);
    }
    if (!outcome)
        outcome = settings_event(page, "webhook_diatur",
            json_pack("{s:I, s:s, s:s}", "nomor", (json_int_t)w.id, "untuk", w.name, "tindakan", "buat"));
    return outcome
               ? outcome
               : page_view(page, "settings_webhook_made",
                     json_pack("{s:s, s:s, s:s}", "title", "Webhook dibuat", "name", w.name, "made", secret));
}

static enum outcome post_webhooks(struct page *page)
{
    struct fields form;
    const char *list = chosen_kinds(page), *problem;
    fields_begin(&form, page, field_list, FIELDS);
    fields_read(&form);
    if (*form.values[URL] && (problem = wrong_url(page, form.values[URL])))
        fields_wrong(&form, URL, problem);
    if (!config_has(page->config, "webhook"))
        fields_wrong(&form, NAME, "Bagian [webhook] belum ada di pengaduand.conf.");
    if (list && !list[1]) {
        fields_wrong(&form, NAME, "Pilih sedikitnya satu peristiwa.");
        return show(&form, "Pilih sedikitnya satu peristiwa.");
    }
    return form.problems ? show(&form, NULL) : make(&form);
}

static enum outcome queue_test(struct page *page, int64_t id)
{
    json_t *event = json_pack("{s:I, s:s, s:I}", "id", (json_int_t)0, "kind", "uji", "sent_at",
        (json_int_t)(txn_now(page->txn) / 1000));
    enum outcome outcome = event ? webhook_queue_test(page->txn, id, event, page->fault)
                                 : fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a test");
    json_decref(event);
    return outcome;
}

static enum outcome change(struct page *page)
{
    int64_t id;
    const char *word;
    struct webhook w;
    if (!page_rest(page, &id, &word))
        return settings_missing(page, "Webhook tidak ditemukan.");
    enum outcome outcome = webhook_get(page->txn, id, &w, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER)
        return settings_missing(page, "Webhook tidak ditemukan.");
    if (!outcome && !strcmp(word, "uji"))
        outcome = queue_test(page, id);
    else if (!outcome && !strcmp(word, "jeda"))
        outcome = webhook_pause(page->txn, id, true, page->fault);
    else if (!outcome && !strcmp(word, "aktifkan"))
        outcome = webhook_pause(page->txn, id, false, page->fault);
    else if (!outcome && !strcmp(word, "hapus"))
        outcome = webhook_remove(page->txn, id, page->fault);
    else if (!outcome)
        return settings_missing(page, "Halaman tidak ditemukan.");
    if (!outcome)
        outcome = settings_event(page, "webhook_diatur",
            json_pack("{s:I, s:s, s:s}", "nomor", (json_int_t)id, "untuk", w.name, "tindakan", word));
    return outcome ? outcome
                   : page_redirect(page,
                         !strcmp(word, "uji") ? WEBHOOKS "?catatan=diuji" : WEBHOOKS "?catatan=tersimpan");
}

const struct page_route settings_webhook_routes[] = {
    {WEBHOOKS, get_webhooks, post_webhooks, SETTINGS_ROLES, 0},
    {WEBHOOKS "/*", NULL, change, SETTINGS_ROLES, 0},
    {NULL, NULL, NULL, 0, 0},
};
