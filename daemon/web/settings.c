/* /pengaturan, the list of what the admin edits of the house, and /pengaturan/balasan: the texts of letters
 * (desk/reply.h). */
#include "daemon/book/event.h"
#include "daemon/book/reply_text.h"
#include "daemon/desk/compose.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/reply.h"
#include "present.h"
#include "settings.h"
#include "routes.h"
#include <sodium.h>
#include <string.h>

enum { BASE_SIZE = 33, DAY_MS = 24 * 3600 * 1000 };

/* ---- for all of them ---- */

enum outcome settings_event(struct page *page, const char *kind, json_t *data)
{
    const char *actor = page_actor(page);
    enum outcome outcome = data && actor
                               ? event_append(page->txn, 0, NULL, kind, actor, data, page->fault)
                               : fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for an event");
    json_decref(data);
    return outcome;
}

enum outcome settings_form(struct page *page, struct fields *form, const char *heading, const char *button,
    const char *url, const char *back, const char *view, json_t *data)
{
    json_object_set_new(data, "title", json_string(heading));
    json_object_set_new(data, "form_button", json_string(button));
    json_object_set_new(data, "form_url", json_string(url));
    json_object_set_new(data, "form_back", json_string(back));
    fields_json(form, data);
    return page_view_status(page, form->problems ? 422 : 200, view, data);
}

enum outcome settings_refused(struct fields *form, size_t field, enum outcome outcome)
{
    struct page *page = form->page;
    if (outcome != OUTCOME_NEVER || !*page->fault->public_text)
        return outcome;
    fields_wrong(form, field, arena_strdup(page->arena, page->fault->public_text));
    return OUTCOME_DONE;
}

enum outcome settings_missing(struct page *page, const char *public_text)
{
    page->status = 404;
    return fault_set(page->fault, OUTCOME_NEVER, public_text, "no such page: %s", page->path);
}

/* ---- the list ---- */

static enum outcome show_settings(struct page *page)
{
    return page_view(page, "settings", json_pack("{s:s}", "title", "Pengaturan"));
}

static enum outcome show_texts(struct page *page)
{
    size_t count;
    const struct reply_kind *kinds = reply_kinds(&count);
    json_t *texts = json_array();
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < count && !outcome; i++) {
        const char *text;
        bool changed;
        outcome = reply_text(page->txn, &kinds[i], &text, &changed, page->arena, page->fault);
        if (!outcome)
            json_array_append_new(
                texts, json_pack("{s:s, s:s, s:s, s:b}", "url",
                           arena_printf(page->arena, "/pengaturan/balasan/%s", kinds[i].name), "title",
                           kinds[i].title, "when", kinds[i].when, "changed", changed));
    }
    if (outcome) {
        json_decref(texts);
        return outcome;
    }
    return page_view(
        page, "settings_replies", json_pack("{s:s, s:o}", "title", "Teks surat", "texts", texts));
}

/* ---- one text ---- */

static const struct reply_kind *wanted(struct page *page)
{
    const struct reply_kind *kind = reply_find(page->rest);
    if (!kind) {
        page->status = 404;
        fault_set(page->fault, OUTCOME_NEVER, "Teks surat itu tidak ada.", "no reply text of that name");
    }
    return kind;
}

/* By which a page that is older than the text is told from one that is not. */
static void base_of(const char *text, char out[BASE_SIZE])
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sum, (const unsigned char *)text, strlen(text));
    sodium_bin2hex(out, BASE_SIZE, sum, (BASE_SIZE - 1) / 2);
}

static json_t *words_of(const struct reply_kind *kind)
{
    json_t *list = json_array();
    char name[64];
    for (const char *p = kind->known; *p;) {
        size_t n = strcspn(p, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, p);
        const char *at = strstr(kind->needs, name);
        bool needed = at && (at == kind->needs || at[-1] == ' ') && (!at[n] || at[n] == ' ');
        json_array_append_new(list, json_pack("{s:o, s:s, s:b}", "word", json_sprintf("{%s}", name),
                                        "meaning", reply_placeholder_meaning(name), "needed", needed));
        p += n + (p[n] == ' ');
    }
    return list;
}

/* A letter of a made-up complaint, line by line. */
static enum outcome preview_of(
    struct page *page, const struct reply_kind *kind, const char *text, json_t **ret_lines)
{
    const struct complaint c = {.id = 1,
        .number = "014/PGD/XI/2026",
        .code = "7KQMX2R94T",
        .subject = "Lampu jalan mati",
        .channel = "email:contoh",
        .referred_to = "Dinas Perhubungan",
        .referred_number = "D-2207",
        .due_at = txn_now(page->txn) + 14LL * DAY_MS};
    const struct citizen citizen = {.nama = "Siti Aminah"};
    const struct letter letter = {.complaint = &c,
        .citizen = &citizen,
        .purpose = kind->name,
        .text = "Di sini berdiri tulisan petugas.",
        .note = strstr(kind->needs, "catatan")
                    ? "Di sini berdiri sebabnya, misalnya: surat Anda (48 MB) terlalu "
                      "besar."
                    : NULL};
    const char *filled;
    enum outcome outcome =
        compose_text(page->txn, desk_office(page->desk), &letter, text, &filled, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *lines = json_array();
    for (const char *p = filled; *p;) {
        size_t n = strcspn(p, "\n");
        json_array_append_new(lines, json_stringn(p, n));
        p += n + (p[n] == '\n');
    }
    *ret_lines = lines;
    return OUTCOME_DONE;
}

/* text: as typed; NULL = the one in use. problem NULL = none. */
static enum outcome show_text(
    struct page *page, const struct reply_kind *kind, const char *typed, const char *problem, int status)
{
    const char *text = NULL;
    char base[BASE_SIZE];
    bool changed;
    json_t *lines = NULL;
    enum outcome outcome = reply_text(page->txn, kind, &text, &changed, page->arena, page->fault);
    if (!outcome && !problem)
        outcome = preview_of(page, kind, typed ? typed : text, &lines);
    if (outcome)
        return outcome;
    /* The page keeps the base it was made with until a save has been refused for that very reason. */
    base_of(text, base);
    const char *kept = typed && status != 409 ? page_field(page, "semula") : base;
    json_t *data =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:b}", "title", kind->title, "when", kind->when, "url",
            arena_printf(page->arena, "/pengaturan/balasan/%s", kind->name), "text", typed ? typed : text,
            "base", kept, "changed", changed, "words", words_of(kind), "wrong", problem != NULL);
    if (problem)
        json_object_set_new(data, "problem", json_string(problem));
    if (lines)
        json_object_set_new(data, "preview", json_pack("{s:o}", "lines", lines));
    return page_view_status(page, status, "settings_reply", data);
}

static enum outcome get_text(struct page *page)
{
    const struct reply_kind *kind = wanted(page);
    return kind ? show_text(page, kind, NULL, NULL, 200) : OUTCOME_NEVER;
}

/* text NULL = the shipped one. The history keeps every text that was in use. */
static enum outcome save(struct page *page, const struct reply_kind *kind, const char *text)
{
    json_t *data = json_pack("{s:s, s:s?}", "name", kind->name, "text", text);
    enum outcome outcome = reply_text_set(page->txn, kind->name, text, page->officer->id, page->fault);
    if (!outcome)
        outcome = settings_event(page, "teks_surat", json_incref(data));
    json_decref(data);
    return outcome ? outcome
                   : page_redirect(page,
                         arena_printf(page->arena, "/pengaturan/balasan/%s?catatan=tersimpan", kind->name));
}

/* Browsers send CR LF; the text is kept with LF. */
static const char *typed_text(struct page *page)
{
    char *text = arena_strdup(page->arena, page_field(page, "teks")), *end = text;
    for (const char *p = text; p && *p; p++)
        if (*p != '\r')
            *end++ = *p;
    if (text)
        *end = 0;
    return text;
}

static enum outcome post_text(struct page *page)
{
    const struct reply_kind *kind = wanted(page);
    const char *act = page_field(page, "tindakan"), *typed = typed_text(page), *text;
    char base[BASE_SIZE];
    bool changed;
    if (!kind)
        return OUTCOME_NEVER;
    if (!typed)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a text");
    enum outcome outcome = reply_text(page->txn, kind, &text, &changed, page->arena, page->fault);
    if (outcome)
        return outcome;
    if (!strcmp(act, "bawaan"))
        return save(page, kind, NULL);
    struct fault why;
    if (reply_check(kind, typed, &why))
        return show_text(page, kind, typed, arena_strdup(page->arena, why.public_text), 422);
    if (strcmp(act, "simpan"))
        return show_text(page, kind, typed, NULL, 200);
    base_of(text, base);
    if (strcmp(base, page_field(page, "semula")))
        return strcmp(text, typed)
                   ? show_text(page, kind, typed,
                         "Teks ini baru saja diubah orang lain. Simpan sekali lagi bila teks Anda yang "
                         "harus dipakai.",
                         409)
                   : page_redirect(page,
                         arena_printf(page->arena, "/pengaturan/balasan/%s?catatan=tersimpan", kind->name));
    return save(page, kind, typed);
}

const struct page_route settings_routes[] = {
    {"/pengaturan", show_settings, NULL, SETTINGS_ROLES, 0},
    {"/pengaturan/balasan", show_texts, NULL, SETTINGS_ROLES, 0},
    {"/pengaturan/balasan/*", get_text, post_text, SETTINGS_ROLES, 0},
    {NULL, NULL, NULL, 0, 0},
};
