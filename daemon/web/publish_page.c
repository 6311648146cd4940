/* /aduan/ID/publikasi: the copy for everybody, seen as everybody will see it before it is published.
 *
 * The form carries the digest of the texts that the preview above it showed: what was changed after that is shown first
 * and published with the next press. */
#include "publish_page.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/publish.h"
#include "present.h"
#include "report_form.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SEEN_SIZE = 33, HARMLESS_MOST = 64 };

static const struct {
    const char *field, *label, *hint;
    int rows; /* 1 = one line */
} parts[PUBLISH_PARTS] = {
    [PUBLISH_TITLE] = {"judul", "Judul", "Singkat, tanpa nama orang.", 1},
    [PUBLISH_PROBLEM] = {"aduan", "Aduan", "Boleh diringkas dengan kata sendiri.", 6},
    [PUBLISH_RESULT] = {"hasil", "Hasil", "Apa yang sudah dilakukan.", 6},
    [PUBLISH_PLACE] = {"tempat", "Kelurahan atau desa", "Boleh dikosongkan. Jangan alamat.", 1},
};

struct publishing {
    struct page *page;
    struct publish_draft draft;
    const char *texts[PUBLISH_PARTS];
    const char *harmless[HARMLESS_MOST + 1];
    const char *problem; /* for the officer; NULL = none */
};

static void digest_of(const char *const texts[PUBLISH_PARTS], char out[SEEN_SIZE])
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (int i = 0; i < PUBLISH_PARTS; i++)
        crypto_hash_sha256_update(&state, (const unsigned char *)texts[i], strlen(texts[i]) + 1);
    crypto_hash_sha256_final(&state, sum);
    sodium_bin2hex(out, SEEN_SIZE, sum, (SEEN_SIZE - 1) / 2);
}

/* A text as pieces, so that the view needs no markup in it: [{words, struck: {label}}] */
static json_t *pieces_of(const char *text, const struct redact_found *found)
{
    json_t *list = json_array();
    size_t at = 0, size = strlen(text);
    for (size_t i = 0; i <= found->count; i++) {
        size_t to = i < found->count ? found->spans[i].start : size;
        if (to > at)
            json_array_append_new(list, json_pack("{s:o}", "words", json_stringn(text + at, to - at)));
        if (i == found->count)
            break;
        at = found->spans[i].end;
        json_array_append_new(list, json_pack("{s:o, s:{s:s}}", "words", json_stringn(text + to, at - to),
                                        "struck", "label", found->spans[i].label));
    }
    return list;
}

static bool named(const struct publishing *p, const char *value)
{
    for (const char *const *h = p->harmless; *h; h++)
        if (!strcmp(*h, value))
            return true;
    return false;
}

/* Each thing once, wherever it stands: what is ticked is allowed everywhere in the copy. */
static enum outcome add_left(struct publishing *p, const char *text, json_t *left)
{
    struct redact_found found;
    struct page *page = p->page;
    enum outcome outcome = publish_left(&p->draft, text, NULL, &found, page->arena, page->fault);
    for (size_t i = 0; i < found.count && !outcome; i++) {
        const struct redact_span *s = &found.spans[i];
        char *value = arena_strndup(page->arena, text + s->start, s->end - s->start);
        bool known = false;
        for (size_t k = 0; value && k < json_array_size(left); k++)
            known |= !strcmp(value, json_string_value(json_object_get(json_array_get(left, k), "value")));
        if (value && !known)
            json_array_append_new(left,
                json_pack("{s:s, s:s, s:b}", "value", value, "as", s->label, "ticked", named(p, value)));
    }
    return outcome;
}

static enum outcome add_part(struct publishing *p, enum publish_part i, json_t *fields, json_t *preview)
{
    struct redact_found left;
    struct page *page = p->page;
    const struct publish_draft *d = &p->draft;
    enum outcome outcome = publish_left(d, p->texts[i], p->harmless, &left, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *field =
        json_pack("{s:s, s:s, s:s, s:s, s:i, s:b}", "field", parts[i].field, "label", parts[i].label, "hint",
            parts[i].hint, "value", p->texts[i], "rows", parts[i].rows, "long", parts[i].rows > 1);
    if (d->found[i].count)
        json_object_set_new(
            field, "original", json_pack("{s:o}", "pieces", pieces_of(d->original[i], &d->found[i])));
    json_array_append_new(fields, field);
    json_object_set_new(preview, parts[i].field, pieces_of(p->texts[i], &left));
    return OUTCOME_DONE;
}

static const char *state_words(const struct publication *now)
{
    return !now->complaint_id  ? "Belum dipublikasikan."
           : now->withdrawn_at ? "Sudah ditarik, tidak dapat dibaca umum."
           : now->shown        ? "Dapat dibaca umum."
                               : "Tidak tampil, karena aduannya dibuka kembali atau dirahasiakan.";
}

static enum outcome show(struct publishing *p, int status)
{
    struct page *page = p->page;
    const struct publish_draft *d = &p->draft;
    char seen[SEEN_SIZE];
    json_t *fields = json_array(), *left = json_array(), *preview = json_object();
    enum outcome outcome = OUTCOME_DONE;
    for (int i = 0; i < PUBLISH_PARTS && !outcome; i++) {
        outcome = add_part(p, (enum publish_part)i, fields, preview);
        if (!outcome)
            outcome = add_left(p, p->texts[i], left);
    }
    digest_of(p->texts, seen);
    json_t *data = json_pack("{s:o, s:s, s:I, s:o, s:o, s:s, s:I, s:s, s:b, s:b, s:b}", "title",
        json_sprintf("Publikasi %s", d->c.number), "number", d->c.number, "id", (json_int_t)d->c.id, "fields",
        fields, "preview", preview, "seen", seen, "base", (json_int_t)d->now.changed_at, "state",
        state_words(&d->now), "published", d->now.complaint_id && !d->now.withdrawn_at, "shown", d->now.shown,
        "may_publish", publish_possible(page->officer, &d->c));
    if (json_array_size(left))
        json_object_set_new(data, "left", json_pack("{s:O}", "items", left));
    json_decref(left);
    if (p->problem)
        json_object_update_new(data, json_pack("{s:s, s:b}", "problem", p->problem, "wrong", status >= 400));
    if (!outcome)
        return page_view_status(page, status, "publish", data);
    json_decref(data);
    return outcome;
}

static enum outcome begin(struct publishing *p, struct page *page, int64_t id)
{
    *p = (struct publishing){.page = page};
    enum outcome outcome = publish_draft(page->txn, page->officer, id, &p->draft, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER)
        page->status = page->post ? 403 : 404;
    /* As a browser sends them back: else nothing would look the same. */
    for (int i = 0; i < PUBLISH_PARTS && !outcome; i++)
        if (!(p->texts[i] = report_form_trim(page, p->draft.proposed[i])))
            return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a draft");
    return outcome;
}

enum outcome publish_page_show(struct page *page, int64_t id)
{
    struct publishing p;
    enum outcome outcome = begin(&p, page, id);
    return outcome ? outcome : show(&p, 200);
}

/* ---- what was sent ---- */

static bool read_form(struct publishing *p)
{
    struct page *page = p->page;
    size_t n = 0;
    for (int i = 0; i < PUBLISH_PARTS; i++)
        if (!(p->texts[i] = report_form_trim(page, page_field(page, parts[i].field))))
            return false;
    for (const struct http_field *f = page->form->fields; f && n < HARMLESS_MOST; f = f->next)
        if (!strcmp(f->name, "biarkan"))
            p->harmless[n++] = f->value;
    return true;
}

static enum outcome gone(struct page *page, int64_t id, const char *word)
{
    return page_redirect(page, arena_printf(page->arena, "/aduan/%lld?selesai=%s", (long long)id, word));
}

static enum outcome publish(struct publishing *p, int64_t id)
{
    struct page *page = p->page;
    char seen[SEEN_SIZE];
    digest_of(p->texts, seen);
    if (strtoll(page_field(page, "semula"), NULL, 10) != p->draft.now.changed_at) {
        p->problem =
            "Publikasi ini baru saja diubah orang lain. Periksa, lalu tekan Publikasikan sekali lagi.";
        return show(p, 409);
    }
    if (strcmp(seen, page_field(page, "dilihat"))) {
        p->problem =
            "Teksnya berubah sejak pratinjau. Periksa pratinjau di bawah ini, lalu tekan Publikasikan lagi.";
        return show(p, 422);
    }
    enum outcome outcome = publish_put(page->txn, desk_office(page->desk), page->officer, &p->draft, p->texts,
        p->harmless, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER) {
        p->problem = arena_strdup(page->arena, page->fault->public_text);
        return show(p, 422);
    }
    return outcome ? outcome : gone(page, id, "publikasi");
}

enum outcome publish_page_post(struct page *page, int64_t id)
{
    struct publishing p;
    const char *act = page_field(page, "tindakan");
    enum outcome outcome = begin(&p, page, id);
    if (outcome)
        return outcome;
    if (!strcmp(act, "tarik")) {
        outcome = publish_withdraw(page->txn, page->officer, &p.draft, page->arena, page->fault);
        return outcome ? outcome : gone(page, id, "publikasi_ditarik");
    }
    if (!read_form(&p))
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a form");
    return strcmp(act, "publikasikan") ? show(&p, 200) : publish(&p, id);
}

/* ---- on the complaint's page ---- */

enum outcome publish_page_add(struct page *page, const struct complaint *c, json_t *data)
{
    struct publication now;
    enum outcome outcome = publication_get(page->txn, c->id, &now, page->arena, page->fault);
    bool keeper = page->officer->role == ROLE_PETUGAS || page->officer->role == ROLE_KASI;
    if (outcome || !keeper || (!now.complaint_id && !publish_possible(page->officer, c)))
        return outcome;
    json_object_set_new(data, "publication",
        json_pack("{s:s, s:b, s:b}", "publication_state", state_words(&now), "publication_shown", now.shown,
            "publication_there", now.complaint_id && !now.withdrawn_at));
    return OUTCOME_DONE;
}
