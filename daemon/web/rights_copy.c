/* The copy that a citizen may ask for: what the book has on him, readable, without what is of others or only of the house. */
#include "daemon/book/citizen.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/publication.h"
#include "present.h"
#include "rights_page.h"
#include <string.h>

enum { OTHERS_MOST = 100 };

static enum outcome add_identity(struct page *page, const struct complaint *c, json_t *data)
{
    struct citizen who = {0};
    enum outcome outcome =
        c->citizen_id ? citizen_get(page->txn, c->citizen_id, &who, page->arena, page->fault) : OUTCOME_DONE;
    const struct {
        const char *label, *value;
    } rows[] = {{"Nama", who.nama}, {"Pekerjaan", who.pekerjaan}, {"Alamat", who.alamat},
        {"E-mail", who.email}, {"Telepon", who.phone}, {"Alamat balasan", c->reply_to}};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].value)
            json_array_append_new(
                list, json_pack("{s:s, s:s}", "label", rows[i].label, "value", rows[i].value));
    json_object_set_new(data, "identity", list);
    return outcome;
}

/* Notes and reports of officers are the house's own, and may tell of others (pasal 33). */
static bool is_his(const char *purpose)
{
    static const char *const his[] = {"aduan", "tambahan", "pertanyaan", "jawaban", "kabar", "obrolan"};
    for (size_t i = 0; i < sizeof his / sizeof *his; i++)
        if (!strcmp(purpose, his[i]))
            return true;
    return false;
}

static enum outcome add_messages(struct page *page, const struct complaint *c, json_t *data)
{
    struct message *m;
    size_t count = 0;
    json_t *list = json_array();
    enum outcome outcome = message_list(page->txn, c->id, &m, &count, page->arena, page->fault);
    for (size_t i = 0; i < count && !outcome; i++) {
        if (!is_his(m[i].purpose) || m[i].withdrawn_at) /* a letter that never left */
            continue;
        bool own = !m[i].officer_id && strcmp(m[i].purpose, "jawaban") != 0;
        json_t *files = json_array();
        for (const struct attachment *a = m[i].attachments; a; a = a->next)
            json_array_append_new(files, json_string(a->filename));
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o}", "by", own ? "Anda" : "Kantor", "text",
                                        m[i].text, "at", present_moment(page, m[i].at), "file_names", files));
    }
    json_object_set_new(data, "copied", list);
    return outcome;
}

/* Who looked at his identity or number in full, by role: the trail that pasal 32 asks for. */
static enum outcome add_trail(struct page *page, const struct complaint *c, json_t *data)
{
    struct event *e = NULL;
    json_t *list = json_array();
    enum outcome outcome = event_list(page->txn, c->id, &e, page->arena, page->fault);
    for (; e && !outcome; e = e->next) {
        enum role role;
        char key[32];
        size_t n = strcspn(e->actor, ":");
        snprintf(key, sizeof key, "%.*s", (int)(n < sizeof key ? n : sizeof key - 1), e->actor);
        const char *who = role_from_key(key, &role)      ? role_label(role)
                          : !strcmp(e->actor, "pengadu") ? "Anda"
                                                         : "Sistem";
        json_array_append_new(list, json_pack("{s:o, s:s, s:s}", "at", present_moment(page, e->at), "what",
                                        present_event_label(e->kind), "by", who));
    }
    json_object_set_new(data, "trail", list);
    return outcome;
}

struct others {
    struct page *page;
    const struct complaint *c;
    json_t *list;
};

static enum outcome add_other(void *arg, const struct complaint *other, struct fault *fault)
{
    struct others *o = arg;
    (void)fault;
    if (other->id != o->c->id)
        json_array_append_new(
            o->list, json_pack("{s:s, s:o, s:s}", "number", other->number, "at",
                         present_date(o->page, other->received_at), "state", state_public(other->state)));
    return OUTCOME_DONE;
}

static enum outcome add_others(struct page *page, const struct complaint *c, json_t *data)
{
    struct others others = {page, c, json_array()};
    const struct complaint_filter filter = {.citizen_id = c->citizen_id, .limit = OTHERS_MOST};
    enum outcome outcome =
        c->citizen_id ? complaint_list(page->txn, &filter, add_other, &others, page->fault) : OUTCOME_DONE;
    if (json_array_size(others.list))
        json_object_set_new(data, "others", json_pack("{s:O}", "other_list", others.list));
    json_decref(others.list);
    return outcome;
}

enum outcome rights_copy_add(struct page *page, const struct complaint *c, json_t *data)
{
    struct publication p;
    json_object_set_new(data, "number", json_string(c->number));
    json_object_set_new(data, "copied_at", present_moment(page, txn_now(page->txn)));
    json_t *facts = json_pack("{s:s, s:s?, s:s?, s:s?, s:s}", "kind", present_kind(c->kind), "service",
        c->service, "place", c->place, "occurred", c->occurred, "state", state_public(c->state));
    json_object_set_new(facts, "received", present_moment(page, c->received_at));
    json_object_set_new(data, "facts", facts);
    enum outcome outcome = add_identity(page, c, data);
    if (!outcome)
        outcome = add_messages(page, c, data);
    if (!outcome)
        outcome = add_trail(page, c, data);
    if (!outcome)
        outcome = add_others(page, c, data);
    if (!outcome)
        outcome = publication_get(page->txn, c->id, &p, page->arena, page->fault);
    if (!outcome && p.complaint_id && !p.withdrawn_at)
        json_object_set_new(data, "published", present_date(page, p.published_at));
    return outcome;
}
