/* What the rules propose, on a complaint's page as long as nobody has decided: daemon/desk/classify_proposal.h. */
#include "case.h"
#include "daemon/book/catalogue.h"
#include "daemon/desk/classify_proposal.h"
#include <string.h>

static const char *kind_label(const char *kind)
{
    static const struct {
        const char *kind, *label;
    } labels[] = {{"pengaduan", "Pengaduan"}, {"pengaduan_pengawasan", "Pengaduan berkadar pengawasan"},
        {"aspirasi", "Aspirasi atau saran"}, {"permintaan_informasi", "Permintaan informasi"},
        {"spam", "Iklan atau penipuan"}, {"bukan_aduan", "Bukan aduan"}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (!strcmp(kind, labels[i].kind))
            return labels[i].label;
    return kind;
}

/* "Jalan drainase": the key of an office's own rule file, when the catalogue has no name for it. */
static const char *readable(struct page *page, const char *key)
{
    char *text = arena_strdup(page->arena, key);
    for (char *p = text; p && *p; p++)
        *p = *p == '_' ? ' ' : p == text && *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
    return text ? text : "";
}

static const char *section_name(struct page *page, const char *key)
{
    struct section section;
    if (!key)
        return NULL;
    bool known = section_by_key(page->txn, key, &section, page->arena, NULL) == OUTCOME_DONE;
    return known ? section.name : !strcmp(key, "sekcam") ? "Sekretaris Kecamatan" : readable(page, key);
}

static const char *service_name(struct page *page, const char *key)
{
    struct service service;
    bool known = service_by_key(page->txn, key, &service, page->arena, NULL) == OUTCOME_DONE;
    return known ? service.name : readable(page, key);
}

static const char *text_of(const json_t *proposal, const char *key)
{
    return json_string_value(json_object_get(proposal, key));
}

static bool is_undecided(enum state state)
{
    return state == STATE_MASUK || state == STATE_PERLU_DILENGKAPI || state == STATE_DIVERIFIKASI ||
           state == STATE_DITERUSKAN || state == STATE_DIBUKA_KEMBALI;
}

enum outcome case_proposal_add(struct page *page, const struct complaint *c, json_t *data)
{
    json_t *proposal = NULL;
    if (!is_undecided(c->state) || page->officer->role == ROLE_SEKSI)
        return OUTCOME_DONE;
    enum outcome outcome = classify_proposal(page->txn, c->id, &proposal, page->arena, page->fault);
    const char *kind = text_of(proposal, "kind"), *service = text_of(proposal, "service"),
               *section = text_of(proposal, "section");
    if (outcome || !kind || !service || !section) {
        json_decref(proposal);
        return outcome;
    }
    if (json_is_true(json_object_get(proposal, "urgent")))
        json_object_set_new(data, "danger", json_true());
    json_object_set_new(data, "proposal",
        json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:I, s:O}", "kind", kind_label(kind), "service",
            service_name(page, service), "section", section_name(page, section), "place",
            text_of(proposal, "place"), "avoid", section_name(page, text_of(proposal, "avoid")), "confidence",
            json_integer_value(json_object_get(proposal, "confidence")), "reasons",
            json_object_get(proposal, "reasons")));
    json_decref(proposal);
    return OUTCOME_DONE;
}
