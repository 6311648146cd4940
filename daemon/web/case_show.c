/* /aduan/ID: one complaint with everything said and done, and the forms of what this officer may do now. */
#include "case.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/citizen.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/book/outbox.h"
#include "daemon/desk/route.h"
#include "daemon/desk/sight.h"
#include "present.h"
#include "rules/register.h"
#include "rules/words_date.h"
#include <string.h>

/* What the form of an action asks for beside its button. */
struct asks {
    const char *text; /* label of the text field; NULL = none */
    const char *hint;
    bool section, told, referral, main_number, files;
};

static const struct asks asks[ACTION_COUNT] = {
    [ACTION_TANYA] = {.text = "Pertanyaan kepada pengadu", .hint = "Sebutkan apa yang masih kurang."},
    [ACTION_TERUSKAN] = {.text = "Catatan untuk Sekcam", .hint = "Boleh dikosongkan."},
    [ACTION_DISPOSISI] = {.text = "Instruksi", .section = true},
    [ACTION_LAPOR] = {.text = "Apa yang sudah dilakukan", .hint = "Dibaca kantor saja; jawaban kepada pengadu ditulis petugas.", .files = true},
    [ACTION_KEMBALIKAN] = {.text = "Apa yang perlu diperbaiki"},
    [ACTION_SETUJUI] = {.text = "Catatan", .hint = "Boleh dikosongkan."},
    [ACTION_JAWAB] = {.text = "Isi jawaban", .hint = "Seperti yang akan dibaca pengadu. Nomor aduan dan kode lacak ditambahkan di bawahnya.", .told = true},
    [ACTION_BUKA_KEMBALI] = {.text = "Alasan dibuka kembali"},
    [ACTION_RUJUK] = {.text = "Alasan", .referral = true},
    [ACTION_GABUNG] = {.main_number = true},
    [ACTION_ARSIPKAN] = {.text = "Alasan diarsipkan"},
};

static bool forward(enum action a)
{
    return a == ACTION_VERIFIKASI || a == ACTION_TERUSKAN || a == ACTION_DISPOSISI || a == ACTION_MULAI ||
           a == ACTION_LAPOR || a == ACTION_SETUJUI || a == ACTION_JAWAB || a == ACTION_TUTUP || a == ACTION_LENGKAP;
}

static json_t *section_options(struct page *page, const struct complaint *c, enum outcome *outcome)
{
    struct section *sections = NULL;
    struct service *services = NULL;
    int64_t proposed = c->section_id;
    *outcome = section_list(page->txn, &sections, page->arena, page->fault);
    if (!*outcome)
        *outcome = service_list(page->txn, &services, page->arena, page->fault);
    for (; services && !proposed; services = services->next)
        if (services->id == c->service_id)
            proposed = services->section_id;
    json_t *options = json_array();
    for (; sections && !*outcome; sections = sections->next)
        json_array_append_new(options, json_pack("{s:s, s:s, s:b}", "key", sections->key, "name", sections->name,
                                           "chosen", sections->id == proposed));
    return options;
}

/* The date that Sekcam is offered: the complaint's own due date, never one that has passed. */
static json_t *proposed_date(struct page *page, const struct complaint *c)
{
    const struct office *office = present_office(page);
    int32_t today = workday_of_ms(txn_now(page->txn), office->utc_offset_minutes);
    int32_t due = workday_of_ms(c->due_at, office->utc_offset_minutes);
    int32_t least = workday_add(today, 1, &office->calendar);
    int year, month, day;
    workday_to_date(due > least ? due : least, &year, &month, &day);
    return json_string(arena_printf(page->arena, "%04d-%02d-%02d", year, month, day));
}

static enum outcome present_action(struct page *page, const struct complaint *c, const struct state_move *move,
    bool main_one, json_t *list)
{
    const struct asks *a = &asks[move->action];
    enum outcome outcome = OUTCOME_DONE;
    json_t *json = json_pack("{s:s, s:s, s:b, s:b, s:b, s:b, s:b}", "key", action_key(move->action), "label",
        action_label(move->action), "main", main_one, "referral", a->referral, "main_number", a->main_number, "files",
        a->files, "required", move->reason);
    if (a->text)
        json_object_set_new(json, "text", json_pack("{s:s, s:s?}", "label", a->text, "hint", a->hint));
    if (a->section)
        json_object_set_new(json, "disposition", json_pack("{s:o, s:o}", "sections", section_options(page, c, &outcome), "date",
                                                     proposed_date(page, c)));
    if (a->told) {
        struct route route = route_of(present_office(page), c);
        json_object_set_new(json, "told", json_boolean(!route.channel));
        json_object_set_new(json, "way", route.channel && *route.to ? present_masked(route.to) : NULL);
        json_object_set_new(json, "way_channel", route.channel ? json_string(route_channel_label(route.channel)) : NULL);
    }
    json_array_append_new(list, json);
    return outcome;
}

static enum outcome add_actions(struct page *page, const struct complaint *c, json_t *data)
{
    size_t count;
    const struct state_move *moves = state_moves(&count);
    json_t *first = json_array(), *others = json_array();
    enum outcome outcome = OUTCOME_DONE;
    for (size_t i = 0; i < count && !outcome; i++) {
        bool allowed = state_find_move(c->state, moves[i].action, (int)page->officer->role) == &moves[i];
        bool main_one = allowed && forward(moves[i].action) && !json_array_size(first);
        if (allowed)
            outcome = present_action(page, c, &moves[i], main_one, main_one ? first : others);
    }
    json_object_set_new(data, "main_action", first);
    if (json_array_size(others))
        json_object_set_new(data, "others", json_pack("{s:O}", "other_actions", others));
    json_decref(others);
    return outcome;
}

/* ---- what was said and done ------------------------------------------------------------------------------------- */

static void add_delivery(const struct page *page, json_t *thread, const struct outbox_row *row)
{
    static const struct {
        const char *state, *words, *icon;
    } states[] = {{"antre", "menunggu dikirim", "jam"}, {"mengirim", "sedang dikirim", "jam"},
        {"diterima", "terkirim", "beres"}, {"sampai", "sampai", "beres"}, {"dibaca", "dibaca", "beres"},
        {"gagal", "gagal terkirim", "terlambat"}, {"tidak_pasti", "belum pasti terkirim", "segera"}};
    size_t i = 0;
    while (i + 1 < sizeof states / sizeof *states && strcmp(states[i].state, row->state))
        i++;
    const char *what = !strcmp(row->purpose, "tanda_terima") ? "Tanda terima otomatis"
                       : !strcmp(row->purpose, "jawaban")    ? "Jawaban"
                                                             : "Pertanyaan";
    bool trouble = !strcmp(row->state, "gagal") || !strcmp(row->state, "tidak_pasti");
    json_t *line = json_pack("{s:s, s:s, s:s, s:s, s:s?, s:b}", "what", what, "words", states[i].words, "icon",
        states[i].icon, "channel", route_channel_label(row->channel), "error", trouble ? row->error : NULL, "trouble",
        trouble);
    json_object_set_new(line, "at", present_moment(page, row->state_at));
    json_array_append_new(thread, json_pack("{s:o}", "delivery", line));
}

static bool to_citizen(const struct outbox_row *row)
{
    return !strcmp(row->purpose, "tanda_terima") || !strcmp(row->purpose, "jawaban") ||
           !strcmp(row->purpose, "pertanyaan");
}

static enum outcome add_thread(struct page *page, const struct complaint *c, json_t *data)
{
    struct message *messages;
    struct outbox_row *rows;
    size_t count, row_count, r = 0;
    bool identity = sight_identity(page->officer, c);
    enum outcome outcome = message_list(page->txn, c->id, &messages, &count, page->arena, page->fault);
    if (!outcome)
        outcome = outbox_list(page->txn, c->id, &rows, &row_count, page->arena, page->fault);
    if (outcome)
        return outcome;
    json_t *thread = json_array();
    for (size_t i = 0; i < count; i++) {
        for (; r < row_count && rows[r].created_at < messages[i].at; r++)
            if (to_citizen(&rows[r]))
                add_delivery(page, thread, &rows[r]);
        json_array_append_new(thread, json_pack("{s:o}", "letter", present_message(page, &messages[i], identity)));
    }
    for (; r < row_count; r++)
        if (to_citizen(&rows[r]))
            add_delivery(page, thread, &rows[r]);
    json_object_set_new(data, "thread", thread);
    return OUTCOME_DONE;
}

static enum outcome add_history(struct page *page, const struct complaint *c, json_t *data)
{
    struct event *events;
    enum outcome outcome = event_list(page->txn, c->id, &events, page->arena, page->fault);
    json_t *list = json_array();
    for (struct event *e = outcome ? NULL : events; e; e = e->next) {
        json_t *details = json_loads(e->data, 0, NULL);
        const char *colon = strchr(e->actor, ':');
        json_t *row = json_pack("{s:s, s:s, s:s?}", "what", present_event_label(e->kind), "who",
            colon ? colon + 1 : e->actor, "section", json_string_value(json_object_get(details, "section")));
        json_object_set_new(row, "at", present_moment(page, e->at));
        json_array_insert_new(list, 0, row);
        json_decref(details);
    }
    json_object_set_new(data, "history", list);
    return outcome;
}

static enum outcome add_citizen(struct page *page, const struct complaint *c, bool opened, json_t *data)
{
    struct citizen citizen = {0};
    bool secret = !strcmp(c->confidentiality, "rahasia") && page->officer->role != ROLE_SEKSI;
    if (!opened && !sight_identity(page->officer, c)) {
        json_object_set_new(data, "hidden_identity", json_pack("{s:b}", "may_open", secret));
        return OUTCOME_DONE;
    }
    enum outcome outcome = c->citizen_id ? citizen_get(page->txn, c->citizen_id, &citizen, page->arena, page->fault) : OUTCOME_DONE;
    if (outcome)
        return outcome;
    int complete = !!citizen.nama + !!citizen.pekerjaan + !!citizen.alamat;
    json_t *json = json_pack("{s:s?, s:s?, s:s?, s:i}", "nama", citizen.nama, "pekerjaan", citizen.pekerjaan, "alamat",
        citizen.alamat, "complete", complete);
    if (citizen.email)
        json_object_set_new(json, "email", present_masked(citizen.email));
    if (citizen.phone)
        json_object_set_new(json, "phone", present_masked(citizen.phone));
    json_object_set_new(data, "citizen", json);
    return OUTCOME_DONE;
}

static void add_steps(const struct complaint *c, json_t *data)
{
    static const struct {
        const char *label;
        unsigned done_from; /* states in which this step is the current one */
    } steps[] = {
        {"Masuk", 1u << STATE_MASUK | 1u << STATE_PERLU_DILENGKAPI | 1u << STATE_DIBUKA_KEMBALI},
        {"Diverifikasi", 1u << STATE_DIVERIFIKASI},
        {"Disposisi", 1u << STATE_DITERUSKAN},
        {"Tindak lanjut", 1u << STATE_DIDISPOSISIKAN | 1u << STATE_DITINDAKLANJUTI},
        {"Persetujuan", 1u << STATE_MENUNGGU_PERSETUJUAN},
        {"Jawaban", 1u << STATE_DISETUJUI},
        {"Ditutup", 1u << STATE_DIJAWAB | 1u << STATE_DITUTUP},
    };
    size_t count = sizeof steps / sizeof *steps, now = 0;
    while (now < count && !(steps[now].done_from & 1u << c->state))
        now++;
    json_t *list = json_array();
    for (size_t i = 0; i < count && now < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:b, s:b}", "label", steps[i].label, "done", i < now, "current", i == now));
    if (json_array_size(list))
        json_object_set_new(data, "progress", json_pack("{s:o}", "steps", list));
    else
        json_decref(list);
}

static json_t *details_of(struct page *page, const struct complaint *c)
{
    static const struct {
        const char *kind, *label;
    } kinds[] = {{"pengaduan", "Pengaduan"}, {"pengaduan_pengawasan", "Pengaduan berkadar pengawasan"},
        {"aspirasi", "Aspirasi atau saran"}, {"informasi", "Permintaan informasi"},
        {"whistleblowing", "Pelaporan pelanggaran"}};
    char code[REGISTER_SHOWN_SIZE];
    const char *kind = c->kind;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(c->kind, kinds[i].kind))
            kind = kinds[i].label;
    register_code_show(code, c->code);
    json_t *json = json_pack("{s:s, s:s?, s:s, s:s?, s:s?, s:s, s:s}", "kind", kind, "service", c->service,
        "confidentiality", c->confidentiality, "place", c->place, "occurred", c->occurred, "code", code, "channel",
        route_channel_label(c->channel));
    if (c->due_at)
        json_object_set_new(json, "due", present_date(page, c->due_at));
    json_object_set_new(json, "received", present_moment(page, c->received_at));
    return json;
}

enum outcome case_show(struct page *page, int64_t id, bool identity_opened)
{
    struct complaint c;
    enum outcome outcome = complaint_get(page->txn, id, &c, page->arena, page->fault);
    if (outcome)
        return outcome;
    if (!sight_complaint(page->officer, &c))
        return fault_set(page->fault, OUTCOME_NEVER, "Aduan tidak ditemukan.", "not this officer's to see");
    json_t *data = json_pack("{s:s, s:o, s:o, s:I, s:I, s:s?}", "title", c.number, "case", present_complaint(page, &c),
        "details", details_of(page, &c), "id", (json_int_t)c.id, "version", (json_int_t)c.version, "instruction",
        c.instruction);
    add_steps(&c, data);
    outcome = add_actions(page, &c, data);
    if (!outcome)
        outcome = add_thread(page, &c, data);
    if (!outcome)
        outcome = add_history(page, &c, data);
    if (!outcome)
        outcome = add_citizen(page, &c, identity_opened, data);
    const char *done = http_form_get(page->query, "selesai");
    enum action action;
    if (done && action_from_key(done, &action))
        json_object_set_new(data, "done", json_string(present_event_label(done)));
    if (outcome) {
        json_decref(data);
        return outcome;
    }
    return page_view(page, "case", data);
}
