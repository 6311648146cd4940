/* What this officer may do with a complaint now: one form for each allowed move of rules/state.h. */
#include "case.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/message.h"
#include "daemon/desk/learn_run.h"
#include "daemon/desk/route.h"
#include "present.h"
#include "daemon/book/timetable.h"
#include <string.h>

/* What the form of an action asks for beside its button. */
struct asks {
    const char *text; /* label of the text field; NULL = none */
    const char *hint;
    const char *purpose; /* of the message that the text becomes; NULL = of none that comes back */
    bool section, told, referral, main_number, files;
    bool writing; /* written with the letters before one's eyes: stands below them */
    bool danger;
};

static const struct asks asks[ACTION_COUNT] = {
    [ACTION_TANYA] = {.text = "Pertanyaan kepada pengadu",
        .hint = "Sebutkan apa yang masih kurang.",
        .purpose = "pertanyaan"},
    [ACTION_TERUSKAN] = {.text = "Catatan untuk Sekcam", .hint = "Boleh dikosongkan."},
    [ACTION_DISPOSISI] = {.text = "Instruksi", .section = true},
    [ACTION_LAPOR] = {.text = "Apa yang sudah dilakukan",
        .hint = "Dibaca kantor saja; jawaban kepada pengadu ditulis petugas.",
        .purpose = "laporan",
        .files = true,
        .writing = true},
    [ACTION_KEMBALIKAN] = {.text = "Apa yang perlu diperbaiki"},
    [ACTION_SETUJUI] = {.text = "Catatan", .hint = "Boleh dikosongkan."},
    [ACTION_JAWAB] = {.text = "Isi jawaban",
        .hint = "Seperti yang akan dibaca pengadu. Nomor aduan dan kode lacak ditambahkan di bawahnya.",
        .purpose = "jawaban",
        .told = true,
        .files = true,
        .writing = true},
    [ACTION_BUKA_KEMBALI] = {.text = "Alasan dibuka kembali"},
    [ACTION_RUJUK] = {.text = "Alasan", .referral = true},
    [ACTION_GABUNG] = {.main_number = true},
    [ACTION_ARSIPKAN] = {.text = "Alasan diarsipkan", .danger = true},
};

json_t *case_form_typed(const struct page *page)
{
    static const char *const fields[] = {"isi", "instruksi", "seksi", "batas", "penerima", "instansi",
        "nomor_instansi", "nomor_induk", "nama", "pekerjaan", "alamat", "telepon"};
    json_t *typed = json_object();
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        json_object_set_new(typed, fields[i], json_string(page_field(page, fields[i])));
    return typed;
}

static bool forward(enum action a)
{
    return a == ACTION_VERIFIKASI || a == ACTION_TERUSKAN || a == ACTION_DISPOSISI || a == ACTION_MULAI ||
           a == ACTION_LAPOR || a == ACTION_SETUJUI || a == ACTION_JAWAB || a == ACTION_TUTUP ||
           a == ACTION_LENGKAP;
}

static enum outcome section_options(
    struct page *page, const struct complaint *c, const char *typed, json_t *options, bool *ret_learnt)
{
    struct section *sections = NULL;
    struct service *services = NULL;
    const char *learnt = NULL;
    int64_t proposed = c->section_id;
    enum outcome outcome = section_list(page->txn, &sections, page->arena, page->fault);
    if (!outcome)
        outcome = service_list(page->txn, &services, page->arena, page->fault);
    if (!outcome && !proposed && !typed)
        outcome = learn_fill(page->txn, c, &learnt, page->arena, page->fault);
    for (const struct section *s = sections; learnt && s; s = s->next)
        if (!strcmp(s->key, learnt))
            proposed = s->id;
    *ret_learnt = learnt && proposed;
    for (; services && !proposed; services = services->next)
        if (services->id == c->service_id)
            proposed = services->section_id;
    for (; sections && !outcome; sections = sections->next)
        json_array_append_new(
            options, json_pack("{s:s, s:s, s:b}", "key", sections->key, "name", sections->name, "chosen",
                         typed ? !strcmp(typed, sections->key) : sections->id == proposed));
    return outcome;
}

/* The date that Sekcam is offered: the complaint's own due date, never one that has passed. */
static const char *proposed_date(struct page *page, const struct complaint *c)
{
    const struct office *office = present_office(page);
    const struct timetable *t;
    if (timetable_get(page->txn, &t, page->fault))
        return NULL;
    int32_t today = workday_of_ms(txn_now(page->txn), office->utc_offset_minutes);
    int32_t due = workday_of_ms(c->due_at, office->utc_offset_minutes);
    int32_t least = workday_add(today, 1, &t->calendar);
    int year, month, day;
    workday_to_date(due > least ? due : least, &year, &month, &day);
    return arena_printf(page->arena, "%04d-%02d-%02d", year, month, day);
}

static json_t *ways_of_telling(const struct complaint *c, const char *typed)
{
    static const struct {
        const char *key, *label;
    } ways[] = {{"lapor", "Ditulis di SP4N-LAPOR!"}, {"lisan", "Lisan"}, {"telepon", "Lewat telepon"},
        {"surat", "Dengan surat"}};
    json_t *list = json_array();
    size_t first = strcmp(c->channel, "lapor") ? 1 : 0;
    for (size_t i = first; i < sizeof ways / sizeof *ways; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:b}", "key", ways[i].key, "label", ways[i].label, "chosen",
                      typed && *typed ? !strcmp(typed, ways[i].key) : i == first));
    return list;
}

enum outcome case_form_helpers(
    struct page *page, struct helper ret[static ASSISTANCE_MOST + 1], size_t *ret_count)
{
    struct section found;
    enum outcome outcome = OUTCOME_DONE;
    *ret_count = 0;
    for (const struct http_field *f = page->form->fields; f && !outcome && *ret_count <= ASSISTANCE_MOST;
         f = f->next) {
        if (strcmp(f->name, "bantu"))
            continue;
        outcome = section_by_key(page->txn, f->value, &found, page->arena, page->fault);
        if (!outcome)
            ret[(*ret_count)++] = (struct helper){.section_id = found.id};
    }
    return outcome;
}

/* Which help now, or were ticked in the form that was refused. */
static enum outcome helper_options(
    struct page *page, const struct complaint *c, bool refused, json_t *options)
{
    struct helper helpers[ASSISTANCE_MOST + 1];
    struct section *sections = NULL;
    size_t count = 0;
    enum outcome outcome = section_list(page->txn, &sections, page->arena, page->fault);
    if (!outcome)
        outcome = refused ? case_form_helpers(page, helpers, &count)
                          : assistance_list(page->txn, c->id, helpers, &count, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER) /* a key that no form of ours sends */
        outcome = OUTCOME_DONE;
    for (; sections && !outcome; sections = sections->next) {
        size_t i = 0;
        while (i < count && helpers[i].section_id != sections->id)
            i++;
        json_array_append_new(options,
            json_pack("{s:s, s:s, s:b}", "key", sections->key, "name", sections->name, "chosen", i < count));
    }
    return outcome;
}

int64_t case_form_date(const struct page *page, const char *text)
{
    int32_t day;
    return workday_parse(text, &day) ? workday_end_ms(day, present_office(page)->utc_offset_minutes) : 0;
}

enum outcome case_form_disposition(struct page *page, const struct complaint *c, bool refused, json_t *json)
{
    json_t *options = json_array();
    bool learnt = false, any = false;
    enum outcome outcome =
        section_options(page, c, refused ? page_field(page, "seksi") : NULL, options, &learnt);
    json_t *helpers = json_array();
    if (!outcome)
        outcome = helper_options(page, c, refused, helpers);
    for (size_t i = 0; i < json_array_size(helpers); i++)
        any |= json_is_true(json_object_get(json_array_get(helpers, i), "chosen"));
    json_object_set_new(json, "disposition",
        json_pack("{s:o, s:o, s:b, s:b, s:s?}", "sections", options, "helpers", helpers, "helps_chosen", any,
            "filled", learnt, "date", refused ? page_field(page, "batas") : proposed_date(page, c)));
    return outcome;
}

static void add_told(struct page *page, const struct complaint *c, bool refused, json_t *json)
{
    struct route route = route_of(present_office(page), c);
    if (!route.channel) {
        json_object_set_new(json, "told",
            json_pack("{s:o, s:b}", "ways", ways_of_telling(c, refused ? page_field(page, "cara") : NULL),
                "named", strcmp(c->channel, "lapor") != 0));
        return;
    }
    json_object_set_new(json, "way_channel", json_string(route_channel_label(route.channel)));
    if (*route.to)
        json_object_set_new(json, "way", present_masked(route.to));
}

/* What he took back before it left, to be written better. */
static enum outcome add_taken_back(
    struct page *page, const struct complaint *c, const char *purpose, json_t *json)
{
    const char *text = NULL;
    enum outcome outcome =
        message_withdrawn_text(page->txn, c->id, purpose, page->officer->id, &text, page->arena, page->fault);
    if (text)
        json_object_set_new(json, "typed", json_pack("{s:s}", "isi", text));
    return outcome;
}

static enum outcome present_action(struct page *page, const struct complaint *c,
    const struct state_move *move, const struct case_view *view, json_t *json)
{
    const struct asks *a = &asks[move->action];
    const char *key = action_key(move->action);
    bool refused = view->refused && !strcmp(view->refused, key);
    struct route route = route_of(present_office(page), c);
    /* files go to a citizen with letters only */
    bool files = a->files && (!a->told || (route.channel && !strncmp(route.channel, "email", 5)));
    enum outcome outcome = OUTCOME_DONE;
    json_object_update_new(
        json, json_pack("{s:s, s:s, s:b, s:b, s:b, s:b, s:b}", "key", key, "label",
                  action_label(move->action), "referral", a->referral, "main_number", a->main_number, "files",
                  files, "required", move->reason, "danger", a->danger));
    if (a->text)
        json_object_set_new(json, "text", json_pack("{s:s, s:s?}", "text_label", a->text, "hint", a->hint));
    if (a->section)
        outcome = case_form_disposition(page, c, refused, json);
    if (a->told)
        add_told(page, c, refused, json);
    if (a->purpose && !refused && !outcome)
        outcome = add_taken_back(page, c, a->purpose, json);
    if (refused) {
        json_object_set_new(json, "typed", case_form_typed(page));
        json_object_set_new(json, "problem", json_string(view->problem));
    }
    return outcome;
}

enum outcome case_form_add(
    struct page *page, const struct complaint *c, const struct case_view *view, json_t *data, bool *ret_shown)
{
    size_t count;
    const struct state_move *moves = state_moves(&count);
    json_t *first = json_array(), *writing = json_array(), *others = json_array();
    enum outcome outcome = OUTCOME_DONE;
    bool main_found = false;
    for (size_t i = 0; i < count && !outcome; i++) {
        bool helps_only = page->officer->role == ROLE_SEKSI && page->officer->section_id != c->section_id;
        if (helps_only || state_find_move(c->state, moves[i].action, (int)page->officer->role) != &moves[i])
            continue;
        bool is_main = forward(moves[i].action) && !main_found;
        json_t *json = json_pack("{s:b}", "main", is_main);
        outcome = present_action(page, c, &moves[i], view, json);
        *ret_shown |= json_object_get(json, "problem") != NULL;
        main_found |= is_main;
        json_array_append_new(!is_main ? others : asks[moves[i].action].writing ? writing : first, json);
    }
    json_object_set_new(data, "main_action", first);
    json_object_set_new(data, "writing_action", writing);
    if (json_array_size(others))
        json_object_set_new(data, "others", json_pack("{s:O}", "other_actions", others));
    json_decref(others);
    return outcome;
}
