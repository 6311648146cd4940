/* /pengaturan/beranda: the admin writes what the public pages say (front.h). */
#include "daemon/book/event.h"
#include "front.h"
#include "report_form.h"
#include <string.h>

enum { TEXTS_MOST = 16 };

/* problems[i] NULL = right; typed NULL = what is in use. */
static enum outcome show(struct page *page, const char *const *typed, const char *const *problems, int wrong)
{
    size_t count;
    const struct front_text *texts = front_texts(&count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const char *text = typed ? typed[i] : "";
        enum outcome o = typed ? OUTCOME_DONE : front_get(page, texts[i].name, &text);
        if (o != OUTCOME_DONE) {
            json_decref(list);
            return o;
        }
        json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:b, s:I}", "name", texts[i].name, "title",
            texts[i].title, "hint", texts[i].hint, "text", text, "lines", texts[i].form == FRONT_LINES,
            "most", (json_int_t)texts[i].most);
        if (problems && problems[i])
            json_object_set_new(row, "problem", json_sprintf("%s %s", texts[i].title, problems[i]));
        json_array_append_new(list, row);
    }
    return page_view_status(page, wrong ? 422 : 200, "settings_front",
        json_pack("{s:s, s:o, s:b}", "title", "Halaman depan", "texts", list, "wrong", wrong > 0));
}

static enum outcome get_texts(struct page *page)
{
    return show(page, NULL, NULL, 0);
}

/* The history keeps every text that was in use. */
static enum outcome save(struct page *page, const struct front_text *text, const char *typed)
{
    const char *before;
    enum outcome o = front_get(page, text->name, &before);
    if (o != OUTCOME_DONE || !strcmp(before, typed))
        return o;
    const char *actor =
        arena_printf(page->arena, "%s:%s", role_key(page->officer->role), page->officer->login);
    json_t *data = json_pack("{s:s, s:s}", "name", text->name, "text", typed);
    o = front_put(page, text, typed);
    if (o == OUTCOME_DONE)
        o = event_append(page->txn, 0, NULL, "teks_halaman", actor ? actor : "sistem", data, page->fault);
    json_decref(data);
    return o;
}

static enum outcome post_texts(struct page *page)
{
    size_t count;
    const struct front_text *texts = front_texts(&count);
    const char *typed[TEXTS_MOST] = {NULL}, *problems[TEXTS_MOST] = {NULL};
    int wrong = 0;
    for (size_t i = 0; i < count && i < TEXTS_MOST; i++) {
        struct fault why;
        typed[i] = report_form_trim(page, page_field(page, texts[i].name));
        if (!typed[i])
            return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for a text");
        if (front_check(&texts[i], typed[i], &why)) {
            problems[i] = arena_strdup(page->arena, why.public_text);
            wrong++;
        }
    }
    if (wrong)
        return show(page, typed, problems, wrong);
    for (size_t i = 0; i < count && i < TEXTS_MOST; i++) {
        enum outcome o = save(page, &texts[i], typed[i]);
        if (o != OUTCOME_DONE)
            return o;
    }
    return page_redirect(page, "/pengaturan/beranda?catatan=tersimpan");
}

const struct page_route front_routes[] = {
    {"/pengaturan/beranda", get_texts, post_texts, 1u << ROLE_ADMIN, 0},
    {0},
};
