/* /pengaturan/aturan: the rules of classification as the admin edits them. What is typed is read and tried on the newest
 * complaints on a reader, since that takes longer than the writer has; only a right text is saved, as a version of its own
 * with its event. */
#include "daemon/book/event.h"
#include "daemon/book/rule_version.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/rule_keep.h"
#include "daemon/desk/rule_trial.h"
#include "present.h"
#include "routes.h"
#include <stdlib.h>
#include <string.h>

#define PLACE "/pengaturan/aturan"

enum {
    VERSIONS_SHOWN = 30,
    PROBLEMS_MOST = 16 * 1024,
    FAULTS_SHOWN = 50,
    NOTE_MOST = 200,
    POST_MOST = 1 << 20
};

/* What the page shows beside the versions. */
struct rules_view {
    const char *typed;              /* NULL = the text in force, or of the version asked for */
    const char *problem;            /* NULL = none */
    json_t *faults;                 /* taken; NULL = none */
    const struct rule_trial *trial; /* NULL = not tried */
    int status;
};

static struct rule_keep *keep_of(const struct page *page)
{
    return desk_office(page->desk)->rules;
}

/* ---- texts ---- */

/* The text of that version; 0 = the configuration's file. */
static enum outcome text_of(struct page *page, int64_t id, const char **ret_text)
{
    struct rule_version v = {0};
    enum outcome outcome = id ? rule_version_get(page->txn, id, &v, page->arena, page->fault) : OUTCOME_DONE;
    *ret_text = v.text ? v.text : rule_keep_file_text(keep_of(page));
    return outcome;
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

static json_t *line_of(const char *text, long line)
{
    while (--line > 0 && *text) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    size_t n = strcspn(text, "\n");
    char *copy = strndup(text, n);
    json_t *excerpt = present_excerpt(copy ? copy : "", 160);
    free(copy);
    return excerpt;
}

/* "aturan:3: ..." lines as {line, what, text}. */
static json_t *faults_of(const char *problems, const char *text)
{
    json_t *list = json_array();
    for (const char *p = problems; *p && json_array_size(list) < FAULTS_SHOWN;) {
        size_t n = strcspn(p, "\n");
        const char *colon = memchr(p, ':', n);
        char *end = NULL;
        long line = colon ? strtol(colon + 1, &end, 10) : 0;
        const char *what = end && *end == ':' ? end + 2 : p;
        json_array_append_new(
            list, json_pack("{s:I, s:o, s:o}", "line", (json_int_t)line, "what",
                      json_stringn(what, (size_t)(p + n - what)), "text", line_of(text, line)));
        p += n + (p[n] == '\n');
    }
    return list;
}

/* DONE with *ret_rules NULL and *ret_faults: it has mistakes. */
static enum outcome parse(
    struct page *page, const char *text, struct classify_rules **ret_rules, json_t **ret_faults)
{
    struct str problems;
    str_init(&problems, PROBLEMS_MOST);
    *ret_rules = NULL;
    enum outcome outcome =
        classify_rules_parse(ret_rules, "aturan", text, strlen(text), &problems, page->fault);
    if (outcome == OUTCOME_NEVER) {
        *ret_faults = faults_of(problems.data, text);
        outcome = OUTCOME_DONE;
    }
    str_release(&problems);
    return outcome;
}

/* ---- the page ---- */

static json_t *trial_json(const struct rule_trial *trial)
{
    json_t *rows = json_array();
    for (const struct rule_trial_row *row = trial->rows; row; row = row->next) {
        json_t *changes = json_array();
        for (const struct rule_change *c = row->changes; c; c = c->next)
            json_array_append_new(
                changes, json_pack("{s:s, s:s, s:s}", "field", c->field, "from",
                             *c->from ? c->from : "tidak ada", "to", *c->to ? c->to : "tidak ada"));
        json_array_append_new(rows, json_pack("{s:s, s:o}", "trial_number",
                                        row->number ? row->number : "aduan rahasia", "changes", changes));
    }
    return json_pack(
        "{s:i, s:i, s:o}", "looked_at", trial->looked_at, "changed", trial->changed, "trial_rows", rows);
}

static enum outcome add_versions(struct page *page, int64_t newest, json_t *data)
{
    struct rule_version *v = NULL;
    json_t *list = json_array();
    enum outcome outcome = rule_version_list(page->txn, VERSIONS_SHOWN, &v, page->arena, page->fault);
    for (; v; v = v->next) {
        json_t *row = json_pack("{s:I, s:s, s:s, s:b, s:b}", "version", (json_int_t)v->id, "note", v->note,
            "by", v->officer, "of_file", v->of_file, "in_force", v->id == newest);
        json_object_set_new(row, "at", present_moment(page, v->at));
        json_array_append_new(list, row);
    }
    json_object_set_new(data, "versions", list);
    return outcome;
}

static enum outcome show(struct page *page, const struct rules_view *view)
{
    int64_t newest = 0, wanted = strtoll(page_query(page, "versi"), NULL, 10);
    const char *text = view->typed;
    bool kept =
        view->typed && view->status != 409; /* the base it was made with, until it was refused for that */
    enum outcome outcome = rule_version_newest(page->txn, &newest, page->fault);
    if (!outcome && !text)
        outcome = text_of(page, *page_query(page, "versi") ? wanted : newest, &text);
    if (outcome) {
        json_decref(view->faults);
        page->status = outcome == OUTCOME_NEVER ? 404 : 0;
        return outcome;
    }
    json_int_t base = kept ? strtoll(page_field(page, "semula"), NULL, 10) : newest;
    json_t *data = json_pack("{s:s, s:s, s:s, s:I, s:I, s:b, s:b}", "title", "Aturan penggolongan",
        "rule_text", text, "rule_note", view->typed ? page_field(page, "keterangan") : "", "base", base,
        "newest", (json_int_t)newest, "edited", newest != 0, "wrong", view->problem || view->faults);
    if (view->problem)
        json_object_set_new(data, "problem", json_string(view->problem));
    if (view->faults)
        json_object_set_new(data, "faulty", json_pack("{s:o}", "faults", view->faults));
    if (view->trial)
        json_object_set_new(data, "trial", trial_json(view->trial));
    outcome = add_versions(page, newest, data);
    if (!outcome)
        return page_view_status(page, view->status, "settings_rules", data);
    json_decref(data);
    return outcome;
}

static enum outcome get_rules(struct page *page)
{
    const struct rules_view plain = {.status = 200};
    enum outcome outcome = rule_keep_refresh(keep_of(page), page->txn, page->fault);
    return outcome ? outcome : show(page, &plain);
}

/* ---- acts ---- */

/* Kept from the reader to the writer. */
struct saving {
    const char *text; /* NULL = the configuration's file */
    const char *note;
};

static enum outcome write_version(struct page *page)
{
    const struct saving *s = page->found;
    int64_t newest = 0, id = 0, base = strtoll(page_field(page, "semula"), NULL, 10);
    const char *now = NULL;
    enum outcome outcome = rule_version_newest(page->txn, &newest, page->fault);
    if (!outcome)
        outcome = text_of(page, newest, &now);
    if (outcome)
        return outcome;
    if (s->text && !strcmp(s->text, now))
        return page_redirect(page, PLACE "?catatan=tersimpan");
    if (base != newest) {
        const struct rules_view refused = {.typed = s->text ? s->text : now,
            .problem = "Aturan ini baru saja diubah orang lain. Simpan sekali lagi bila aturan Anda yang "
                       "harus dipakai.",
            .status = 409};
        return show(page, &refused);
    }
    const char *actor =
        arena_printf(page->arena, "%s:%s", role_key(page->officer->role), page->officer->login);
    outcome = rule_version_add(page->txn, s->text, s->note, page->officer->id, &id, page->fault);
    json_t *data = json_pack("{s:I, s:s, s:b}", "version", (json_int_t)id, "note", s->note, "file", !s->text);
    if (!outcome)
        outcome =
            event_append(page->txn, 0, NULL, "aturan_diubah", actor ? actor : "sistem", data, page->fault);
    json_decref(data);
    return outcome ? outcome : page_redirect(page, PLACE "?catatan=tersimpan");
}

/* text NULL = the configuration's file. */
static enum outcome save(struct page *page, const char *text, const char *note)
{
    struct saving *s = page_keep(page, sizeof *s);
    size_t n = text ? strlen(text) : 0;
    char *copy = text ? page_keep(page, n + 1) : NULL, *said = page_keep(page, NOTE_MOST + 4);
    if (!s || (text && !copy) || !said)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for rules");
    if (text)
        memcpy(copy, text, n);
    size_t length = strnlen(note, NOTE_MOST);
    while (length && length == NOTE_MOST && ((unsigned char)note[length] & 0xc0) == 0x80)
        length--;
    memcpy(said, note, length);
    *s = (struct saving){copy, said};
    return page_write(page, write_version, s);
}

static enum outcome try_rules(struct page *page, const char *text, const struct classify_rules *rules)
{
    struct rule_trial trial;
    struct rule_hold *hold = rule_keep_hold(keep_of(page));
    enum outcome outcome =
        rule_trial(page->txn, rule_hold_rules(hold), rules, &trial, page->arena, page->fault);
    rule_keep_release(keep_of(page), hold);
    const struct rules_view tried = {.typed = text, .trial = &trial, .status = 200};
    return outcome ? outcome : show(page, &tried);
}

/* An earlier version is in force again: as a new one, so that the history stays as it was. */
static enum outcome use_again(struct page *page)
{
    int64_t id = strtoll(page_field(page, "versi"), NULL, 10);
    struct rule_version v = {0};
    struct classify_rules *rules = NULL;
    json_t *faults = NULL;
    enum outcome outcome = id ? rule_version_get(page->txn, id, &v, page->arena, page->fault) : OUTCOME_DONE;
    if (!outcome && v.text)
        outcome = parse(page, v.text, &rules, &faults);
    classify_rules_free(rules);
    if (faults) {
        const struct rules_view wrong = {.typed = v.text, .faults = faults, .status = 422};
        return show(page, &wrong);
    }
    const char *note =
        id ? arena_printf(page->arena, "Kembali ke versi %lld", (long long)id) : "Kembali ke aturan bawaan";
    return outcome ? outcome : save(page, v.text, note ? note : "");
}

static enum outcome post_rules(struct page *page)
{
    const char *act = page_field(page, "tindakan"), *text = typed_text(page);
    struct classify_rules *rules = NULL;
    json_t *faults = NULL;
    if (!strcmp(act, "pakai"))
        return use_again(page);
    if (!text)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "no memory for rules");
    if (strlen(text) > RULE_TEXT_MOST) {
        const struct rules_view large = {
            .typed = "", .problem = "Aturan ini terlalu panjang: paling banyak 256 KB.", .status = 422};
        return show(page, &large);
    }
    enum outcome outcome = parse(page, text, &rules, &faults);
    const struct rules_view wrong = {.typed = text, .faults = faults, .status = 422};
    if (!outcome)
        outcome = faults                  ? show(page, &wrong)
                  : strcmp(act, "simpan") ? try_rules(page, text, rules)
                                          : save(page, text, page_field(page, "keterangan"));
    classify_rules_free(rules);
    return outcome;
}

const struct page_route rules_routes[] = {
    {PLACE, get_rules, post_rules, 1u << ROLE_ADMIN | PAGE_POST_READS, POST_MOST},
    {NULL, NULL, NULL, 0, 0},
};
