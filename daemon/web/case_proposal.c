/* What the rules propose, on a complaint's page as long as nobody has decided: daemon/desk/classify_proposal.h. */
#include "case.h"
#include "daemon/book/catalogue.h"
#include "daemon/desk/classify_proposal.h"
#include "daemon/desk/learn_run.h"
#include "present.h"
#include <stdio.h>
#include <string.h>

enum { REASON_MOST = 1000 };

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

/* The rules speak of kinds, services and sections by their keys. */
static const char *name_behind(struct page *page, const char *lead, const char *key)
{
    if (!strcmp(lead, "jenis"))
        return kind_label(key);
    if (!strcmp(lead, "layanan"))
        return service_name(page, key);
    return !strcmp(lead, "seksi") || !strcmp(lead, "hindari") ? section_name(page, key) : NULL;
}

/* "seksi seksi_trantib: menangani layanan ketertiban" in words; what stands in quotes is the citizen's. */
static const char *in_words(struct page *page, const char *reason)
{
    struct str out;
    char word[64], lead[64] = "";
    bool quoted = false;
    str_init(&out, REASON_MOST);
    while (*reason) {
        size_t n = quoted ? 0 : strspn(reason, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (!n || n >= sizeof word) {
            n = n ? n : 1;
            quoted ^= *reason == '"';
            if (*reason != ' ')
                *lead = 0;
            str_add(&out, reason, n);
        } else {
            snprintf(word, sizeof word, "%.*s", (int)n, reason);
            const char *name = name_behind(page, lead, word);
            if (name && !strcasecmp(name, word))
                name = NULL; /* a word of a sentence as likely as a key */
            if (name && !strncmp(name, "Seksi ", 6) && !strcmp(lead, "seksi"))
                name += 6; /* "seksi Pelayanan" */
            str_addf(&out, "%s", name ? name : word);
            memcpy(lead, word, n + 1);
        }
        reason += n;
    }
    const char *text = arena_strdup(page->arena, out.data);
    str_release(&out);
    return text;
}

static json_t *reasons_in_words(struct page *page, const json_t *reasons)
{
    json_t *list = json_array();
    const json_t *reason;
    size_t i;
    json_array_foreach(reasons, i, reason)
    {
        const char *text = json_string_value(reason);
        json_array_append_new(list, json_string(text ? in_words(page, text) : ""));
    }
    return list;
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

/* What earlier dispositions say, beside the rules. */
static enum outcome add_learnt(
    struct page *page, const struct complaint *c, const char *proposed, json_t *data)
{
    struct learnt learnt;
    struct learnt_answer answer;
    enum outcome outcome = learn_suggest(page->txn, c, &learnt, &answer, page->arena, page->fault);
    if (outcome || !answer.count)
        return outcome;
    struct str words;
    const char *section = learnt_label(&learnt, answer.ranked[0]);
    str_init(&words, REASON_MOST);
    for (size_t i = 0; i < answer.word_count; i++)
        str_addf(&words, "%s%s", i ? ", " : "", answer.words[i]);
    json_object_set_new(data, "learnt",
        json_pack("{s:s, s:s, s:i, s:s, s:b, s:I}", "learnt_section", section_name(page, section), "sure",
            present_sureness(answer.confidence), "share", answer.confidence, "learnt_words", words.data,
            "same", proposed && !strcmp(proposed, section), "cases", (json_int_t)learnt.cases));
    str_release(&words);
    return OUTCOME_DONE;
}

enum outcome case_proposal_add(struct page *page, const struct complaint *c, json_t *data)
{
    json_t *proposal = NULL;
    if (!is_undecided(c->state) || page->officer->role == ROLE_SEKSI)
        return OUTCOME_DONE;
    enum outcome outcome = classify_proposal(page->txn, c->id, &proposal, page->arena, page->fault);
    const char *kind = text_of(proposal, "kind"), *service = text_of(proposal, "service"),
               *section = text_of(proposal, "section");
    if (!outcome)
        outcome = add_learnt(page, c, section, data);
    if (outcome || !kind || !service || !section) {
        json_decref(proposal);
        return outcome;
    }
    if (json_is_true(json_object_get(proposal, "urgent")))
        json_object_set_new(data, "danger", json_pack("{s:s}", "emergency", present_office(page)->emergency));
    json_object_set_new(data, "proposal",
        json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:I, s:o}", "kind", kind_label(kind), "service",
            service_name(page, service), "section", section_name(page, section), "place",
            text_of(proposal, "place"), "avoid", section_name(page, text_of(proposal, "avoid")), "confidence",
            json_integer_value(json_object_get(proposal, "confidence")), "reasons",
            reasons_in_words(page, json_object_get(proposal, "reasons"))));
    json_decref(proposal);
    return OUTCOME_DONE;
}
