/* /aduan/ID and /aduan/ID/ACTION: what an officer does with a complaint. */
#include "case.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/complaint.h"
#include "daemon/book/event.h"
#include "daemon/book/media.h"
#include "daemon/book/message.h"
#include "daemon/book/notice.h"
#include "daemon/desk/act.h"
#include "daemon/desk/correspond.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/person.h"
#include "daemon/desk/sight.h"
#include "daemon/desk/undo.h"
#include "present.h"
#include "publish_page.h"
#include "rights_page.h"
#include "routes.h"
#include "upload.h"
#include <stdlib.h>
#include <string.h>

enum { EVIDENCE_MAX = 26 << 20 };

static enum outcome not_found(struct page *page)
{
    page->status = 404;
    return fault_set(page->fault, OUTCOME_NEVER, "Aduan tidak ditemukan.", "no such page: %s", page->path);
}

static enum outcome get_case(struct page *page)
{
    int64_t id;
    const char *word;
    const struct case_view plain = {0};
    if (!page_rest(page, &id, &word))
        return not_found(page);
    if (!strcmp(word, "lembar"))
        return case_sheet_show(page, id);
    if (!strcmp(word, "publikasi"))
        return publish_page_show(page, id);
    if (!strcmp(word, "kabar"))
        return case_news(page, id);
    return *word ? not_found(page) : case_show(page, id, &plain);
}

static enum outcome do_action(struct page *page, int64_t id, enum action action)
{
    const struct http_form *form = page->form;
    const char *section = http_form_get(form, "seksi");
    struct act act = {.complaint_id = id,
        .action = action,
        .officer = page->officer,
        .version = strtoll(page_field(page, "versi"), NULL, 10),
        .text = http_form_get(form, action == ACTION_DISPOSISI ? "instruksi" : "isi"),
        .due_at = case_form_date(page, page_field(page, "batas")),
        .told_how = http_form_get(form, "cara"),
        .told_to = http_form_get(form, "penerima"),
        .referred_to = http_form_get(form, "instansi"),
        .referred_number = http_form_get(form, "nomor_instansi"),
        .main_number = http_form_get(form, "nomor_induk")};
    struct inbound_file *files;
    enum outcome outcome = upload_files(page, "berkas", &files);
    act.files = files;
    if (!outcome && section && *section) {
        struct section found;
        outcome = section_by_key(page->txn, section, &found, page->arena, page->fault);
        act.section_id = outcome ? 0 : found.id;
    }
    struct helper helpers[ASSISTANCE_MOST + 1];
    if (!outcome && action == ACTION_DISPOSISI)
        outcome = case_form_helpers(page, helpers, &act.helper_count);
    act.helpers = helpers;
    bool queued;
    if (!outcome)
        outcome = act_on(page->txn, desk_office(page->desk), &act, &queued, page->arena, page->fault);
    return outcome;
}

static const char *typed_name(struct page *page, const char *field)
{
    const char *value = page_field(page, field);
    size_t begin = strspn(value, " \t\r\n"), n = strlen(value);
    while (n > begin && strchr(" \t\r\n", value[n - 1]))
        n--;
    return arena_strndup(page->arena, value + begin, n > begin ? n - begin : 0);
}

static enum outcome do_complete(struct page *page, int64_t id)
{
    const struct person_typed typed = {.nama = typed_name(page, "nama"),
        .pekerjaan = typed_name(page, "pekerjaan"),
        .alamat = typed_name(page, "alamat"),
        .phone = typed_name(page, "telepon")};
    return person_complete(page->txn, page->officer, id, strtoll(page_field(page, "versi"), NULL, 10), &typed,
        page->arena, page->fault);
}

/* Asks the gateway again for a file that could not be had. */
static enum outcome do_fetch(struct page *page, int64_t id)
{
    struct complaint c;
    bool queued = false;
    enum outcome outcome = complaint_get(page->txn, id, &c, page->arena, page->fault);
    if (!outcome && !sight_complaint(page->officer, &c))
        outcome =
            fault_set(page->fault, OUTCOME_NEVER, "Aduan tidak ditemukan.", "not this officer's to see");
    if (!outcome)
        outcome =
            media_again(page->txn, strtoll(page_field(page, "berkas"), NULL, 10), id, &queued, page->fault);
    if (!outcome && !queued)
        outcome = fault_set(
            page->fault, OUTCOME_NEVER, "Berkas itu sudah ada atau sedang diambil.", "nothing to fetch");
    const char *me = arena_printf(page->arena, "%s:%s", role_key(page->officer->role), page->officer->login);
    return outcome ? outcome
                   : event_append(
                         page->txn, c.id, c.number, "berkas_diminta", me ? me : "petugas", NULL, page->fault);
}

/* Each reading of a rahasia identity, or of a number in full, is an event: that is why it is
 * a POST. */
static enum outcome look(struct page *page, int64_t id, bool identity)
{
    const struct case_view view = {.identity = identity, .contact = true};
    enum outcome outcome = person_look(
        page->txn, page->officer, id, identity ? PERSON_IDENTITY : PERSON_CONTACT, page->arena, page->fault);
    if (outcome == OUTCOME_NEVER)
        page->status = 404;
    return outcome ? outcome : case_show(page, id, &view);
}

/* What was typed stands in the book: nothing of it would be lost. */
static enum outcome is_written(struct page *page, const struct complaint *c, bool *ret_written)
{
    const char *text = page_field(page, "isi"), *instruction = page_field(page, "instruksi");
    struct message *messages;
    size_t count = 0;
    *ret_written = !*text && (!*instruction || (c->instruction && !strcmp(instruction, c->instruction)));
    if (!*text)
        return OUTCOME_DONE;
    enum outcome outcome = message_list(page->txn, c->id, &messages, &count, page->arena, page->fault);
    /* An answer may have the compensation behind it. */
    *ret_written = !outcome && count && !strncmp(messages[count - 1].text, text, strlen(text));
    return outcome;
}

/* A double click: the one change since the page was made is this very act by this very officer, with the same words. */
static enum outcome was_done_already(struct page *page, int64_t id, const char *word, bool *ret_already)
{
    struct event *e;
    struct complaint c;
    const char *kind = !strcmp(word, "lengkapi")   ? "lengkapi_identitas"
                       : !strcmp(word, "kabari")   ? "kabar_sementara"
                       : !strcmp(word, "batalkan") ? "dibatalkan"
                       : !strcmp(word, "bagi")     ? "dibagi"
                                                   : word;
    enum outcome outcome = complaint_get(page->txn, id, &c, page->arena, page->fault);
    if (!outcome)
        outcome = event_list(page->txn, id, &e, page->arena, page->fault);
    *ret_already = false;
    if (outcome || !e || c.version != strtoll(page_field(page, "versi"), NULL, 10) + 1)
        return outcome == OUTCOME_NEVER ? OUTCOME_DONE : outcome;
    while (e->next)
        e = e->next;
    const char *me = arena_printf(page->arena, "%s:%s", role_key(page->officer->role), page->officer->login);
    if (!me || strcmp(e->kind, kind) || strcmp(e->actor, me))
        return OUTCOME_DONE;
    *ret_already = !strcmp(word, "bagi"); /* its words stand in the other one */
    if (*ret_already)
        return OUTCOME_DONE;
    return is_written(page, &c, ret_already);
}

/* A refused act was refused before anything was written (act.h): the page shows why, with everything that was
 * typed. */
static enum outcome answer(struct page *page, int64_t id, const char *word, enum outcome outcome)
{
    bool already;
    const char *location = arena_printf(page->arena, "/aduan/%lld?selesai=%s", (long long)id, word);
    if (!outcome)
        return page_redirect(page, location ? location : "/meja");
    if (outcome != OUTCOME_NEVER)
        return outcome;
    const struct case_view view = {
        .refused = word, .problem = arena_strdup(page->arena, page->fault->public_text)};
    outcome = was_done_already(page, id, word, &already);
    if (outcome)
        return outcome;
    return already && location ? page_redirect(page, location) : case_show(page, id, &view);
}

/* ---- letters set right by hand (desk/correspond.h) ---- */

static int64_t number_field(const struct page *page, const char *name)
{
    return strtoll(page_field(page, name), NULL, 10);
}

static enum outcome do_interim(struct page *page, int64_t id)
{
    return correspond_interim(page->txn, desk_office(page->desk), page->officer, id,
        number_field(page, "versi"), page_field(page, "isi"), page->arena, page->fault);
}

static enum outcome do_formal(struct page *page, int64_t id)
{
    return correspond_formal(page->txn, page->officer, id, number_field(page, "versi"),
        page_field(page, "isi"), page->arena, page->fault);
}

static enum outcome do_extend(struct page *page, int64_t id)
{
    return correspond_extend(page->txn, desk_office(page->desk), page->officer, id,
        number_field(page, "versi"), page_field(page, "isi"), page->arena, page->fault);
}

static enum outcome do_move(struct page *page, int64_t id)
{
    return correspond_move(page->txn, page->officer, id, number_field(page, "pesan"),
        typed_name(page, "nomor_tujuan"), page->arena, page->fault);
}

static enum outcome do_split(struct page *page, int64_t id)
{
    int64_t own;
    return correspond_split(page->txn, desk_office(page->desk), page->officer, id,
        number_field(page, "pesan"), &own, page->arena, page->fault);
}

static enum outcome do_divide(struct page *page, int64_t id)
{
    int64_t own;
    return correspond_divide(page->txn, desk_office(page->desk), page->officer, id,
        number_field(page, "versi"), page_field(page, "isi"), &own, page->arena, page->fault);
}

static enum outcome do_again(struct page *page, int64_t id)
{
    return correspond_again(
        page->txn, page->officer, id, number_field(page, "kiriman"), true, page->arena, page->fault);
}

/* What a helping section did, with evidence. */
static enum outcome do_assist(struct page *page, int64_t id)
{
    struct inbound_file *files;
    struct act act = {.complaint_id = id, .officer = page->officer, .text = page_field(page, "isi")};
    enum outcome outcome = upload_files(page, "berkas", &files);
    act.files = files;
    return outcome ? outcome : act_assist(page->txn, &act, page->arena, page->fault);
}

static enum outcome do_undo(struct page *page, int64_t id)
{
    return undo_act(page->txn, desk_office(page->desk), page->officer, id, number_field(page, "versi"),
        page->arena, page->fault);
}

static enum outcome do_handled(struct page *page, int64_t id)
{
    return correspond_again(
        page->txn, page->officer, id, number_field(page, "kiriman"), false, page->arena, page->fault);
}

static const struct letter_act {
    const char *word;
    enum outcome (*act)(struct page *page, int64_t id);
} letter_acts[] = {{"kabari", do_interim}, {"ppid", do_formal}, {"perpanjang", do_extend},
    {"pindah", do_move}, {"pisah", do_split}, {"bagi", do_divide}, {"kirim-ulang", do_again},
    {"kiriman-beres", do_handled}, {"batalkan", do_undo}, {"bantu", do_assist}};

static const struct letter_act *letter_act_find(const char *word)
{
    for (size_t i = 0; i < sizeof letter_acts / sizeof *letter_acts; i++)
        if (!strcmp(letter_acts[i].word, word))
            return &letter_acts[i];
    return NULL;
}

static enum outcome post_case(struct page *page)
{
    int64_t id;
    const char *word;
    enum action action;
    if (!page_rest(page, &id, &word))
        return not_found(page);
    if (!strcmp(word, "identitas") || !strcmp(word, "kontak"))
        return look(page, id, *word == 'i');
    if (!strcmp(word, "dibaca")) {
        enum outcome outcome = notice_read(page->txn, page->officer->id, id, page->fault);
        return outcome ? outcome : page_redirect(page, "/meja");
    }
    if (!strcmp(word, "publikasi"))
        return publish_page_post(page, id);
    if (!strcmp(word, "kompensasi"))
        return answer(page, id, word, case_compensation_post(page, id));
    if (!strcmp(word, "hak")) {
        enum outcome outcome = rights_page_record(page, id);
        return outcome == OUTCOME_NEVER ? answer(page, id, word, outcome) : outcome;
    }
    const struct letter_act *letter = letter_act_find(word);
    if (letter)
        return answer(page, id, word, letter->act(page, id));
    if (!strcmp(word, "catatan"))
        return answer(page, id, word,
            act_note(page->txn, page->officer, id, page_field(page, "isi"), page->arena, page->fault));
    if (!strcmp(word, "lengkapi"))
        return answer(page, id, word, do_complete(page, id));
    if (!strcmp(word, "bukan-sama"))
        return answer(page, id, word, case_alike_told_apart(page, id));
    if (!strcmp(word, "himpun")) {
        enum outcome outcome = case_alike_gather(page, id);
        return outcome ? outcome : answer(page, id, word, OUTCOME_DONE);
    }
    if (!strcmp(word, "ambil"))
        return answer(page, id, word, do_fetch(page, id));
    if (!strcmp(word, "orang"))
        return answer(page, id, word,
            person_decide_same(page->txn, page->officer, id, strtoll(page_field(page, "orang"), NULL, 10),
                !strcmp(page_field(page, "sama"), "ya"), page->arena, page->fault));
    return action_from_key(word, &action) ? answer(page, id, word, do_action(page, id, action))
                                          : not_found(page);
}

#define OFFICERS                                                                                             \
    (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route case_routes[] = {
    {"/aduan/*", get_case, post_case, OFFICERS, EVIDENCE_MAX},
    {NULL, NULL, NULL, 0, 0},
};
