/* /aduan/ID/lembar: the lembar disposisi on one sheet of paper, as it is filed. */
#include "case.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/officer.h"
#include "daemon/desk/classify_proposal.h"
#include "letterhead_page.h"
#include "present.h"
#include "rules/words_date.h"
#include <string.h>

enum { WORDS_ON_SHEET = 1200 };

/* Who signs: the officer of the last disposisi, by his login ("sekcam:endang"). */
static enum outcome add_signer(struct page *page, const struct event *e, json_t *data)
{
    struct officer o;
    enum role role;
    const char *colon = strchr(e->actor, ':');
    if (!colon)
        return OUTCOME_DONE;
    const char *key = arena_strndup(page->arena, e->actor, (size_t)(colon - e->actor));
    enum outcome outcome = officer_by_login(page->txn, colon + 1, &o, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER)
        return OUTCOME_DONE; /* the line of the history stays when the account is gone */
    if (!outcome)
        json_object_set_new(data, "signer",
            json_pack("{s:s, s:s}", "signer_name", o.name, "signer_role",
                role_from_key(key, &role) ? role_label(role) : ""));
    return outcome;
}

static enum outcome add_disposition(struct page *page, const struct complaint *c, json_t *data)
{
    struct event *e, *last = NULL;
    enum outcome outcome = event_list(page->txn, c->id, &e, page->arena, page->fault);
    for (; !outcome && e; e = e->next)
        if (!strcmp(e->kind, "disposisi"))
            last = e;
    if (outcome || !last)
        return outcome;
    char words[WORDS_DATE_SIZE];
    words_date_full(words, sizeof words, last->at, present_office(page)->utc_offset_minutes);
    json_object_set_new(data, "disposed",
        json_pack("{s:s, s:s?, s:s}", "section", c->section ? c->section : "", "instruction", c->instruction,
            "at", words));
    struct helper helpers[ASSISTANCE_MOST];
    size_t count;
    outcome = assistance_list(page->txn, c->id, helpers, &count, page->arena, page->fault);
    json_t *list = json_array();
    for (size_t i = 0; i < count && !outcome; i++)
        json_array_append_new(list, json_pack("{s:s}", "helper", helpers[i].section));
    if (json_array_size(list))
        json_object_set_new(data, "helped", json_pack("{s:O}", "helpers", list));
    json_decref(list);
    return outcome ? outcome : add_signer(page, last, data);
}

enum outcome case_sheet_show(struct page *page, int64_t id)
{
    struct complaint c;
    struct message *messages;
    size_t count;
    enum outcome outcome = complaint_get(page->txn, id, &c, page->arena, page->fault);
    if (!outcome)
        outcome = classify_admit(page->txn, page->officer, &c, "Aduan tidak ditemukan.", page->fault);
    if (!outcome)
        outcome = message_list(page->txn, id, &messages, &count, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *data = json_pack("{s:s, s:I, s:o, s:s, s:o, s:o}", "title",
        arena_printf(page->arena, "Lembar disposisi %s", c.number), "id", (json_int_t)c.id, "case",
        present_complaint(page, &c), "confidentiality", present_confidentiality(c.confidentiality),
        "received", present_date(page, c.received_at), "words",
        present_excerpt(count ? messages[0].text : "", WORDS_ON_SHEET));
    if (c.due_at)
        json_object_set_new(data, "due_date", present_date(page, c.due_at));
    json_object_set_new(data, "main_class", json_string("narrow"));
    outcome = add_disposition(page, &c, data);
    if (!outcome)
        outcome = letterhead_add(page, data);
    if (outcome) {
        json_decref(data);
        return outcome;
    }
    return page_view(page, "case_sheet", data);
}
