/* /aduan/ID and /aduan/ID/ACTION: what an officer does with a complaint. */
#include "case.h"
#include "daemon/book/catalogue.h"
#include "daemon/book/event.h"
#include "daemon/book/notice.h"
#include "daemon/desk/act.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/sight.h"
#include "present.h"
#include "routes.h"
#include "upload.h"
#include <stdlib.h>
#include <string.h>

enum { EVIDENCE_MAX = 26 << 20 };

/* "17/disposisi" -> 17, "disposisi"; "17" -> 17, "". */
static bool read_rest(const char *rest, int64_t *ret_id, const char **ret_action)
{
    size_t n = strspn(rest, "0123456789");
    if (!n || n > 15 || (rest[n] && rest[n] != '/'))
        return false;
    *ret_id = strtoll(rest, NULL, 10);
    *ret_action = rest[n] ? rest + n + 1 : "";
    return true;
}

static enum outcome not_found(struct page *page)
{
    return fault_set(page->fault, OUTCOME_NEVER, "Aduan tidak ditemukan.", "no such page: %s", page->path);
}

static enum outcome get_case(struct page *page)
{
    int64_t id;
    const char *action;
    if (!read_rest(page->rest, &id, &action) || *action)
        return not_found(page);
    return case_show(page, id, false);
}

/* The end of that day in the office's zone. 0 = not a date. */
static int64_t read_date(const struct page *page, const char *text)
{
    const struct office *office = present_office(page);
    int32_t day;
    return workday_parse(text, &day) ? workday_end_ms(day, office->utc_offset_minutes) : 0;
}

static enum outcome do_action(struct page *page, int64_t id, enum action action)
{
    const struct http_form *form = page->form;
    const char *section = http_form_get(form, "seksi"), *version = http_form_get(form, "versi");
    struct act act = {.complaint_id = id,
        .action = action,
        .officer = page->officer,
        .version = version ? strtoll(version, NULL, 10) : 0,
        .text = http_form_get(form, action == ACTION_DISPOSISI ? "instruksi" : "isi"),
        .due_at = read_date(page, http_form_get(form, "batas")),
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
    bool queued;
    if (!outcome)
        outcome = act_on(page->txn, desk_office(page->desk), &act, &queued, page->arena, page->fault);
    if (outcome)
        return outcome;
    return page_redirect(page, arena_printf(page->arena, "/aduan/%lld?selesai=%s", (long long)id, action_key(action)));
}

/* Each reading of a rahasia identity is an event (DESIGN.md 2.8): that is why it is a POST. */
static enum outcome open_identity(struct page *page, int64_t id)
{
    struct complaint c;
    enum outcome outcome = complaint_get(page->txn, id, &c, page->arena, page->fault);
    if (outcome)
        return outcome;
    if (!sight_complaint(page->officer, &c) || page->officer->role == ROLE_SEKSI)
        return not_found(page);
    const char *actor = arena_printf(page->arena, "%s:%s", role_key(page->officer->role), page->officer->login);
    outcome = event_append(page->txn, id, c.number, "lihat_identitas", actor, NULL, page->fault);
    return outcome ? outcome : case_show(page, id, true);
}

static enum outcome post_case(struct page *page)
{
    int64_t id;
    const char *word;
    enum action action;
    if (!read_rest(page->rest, &id, &word))
        return not_found(page);
    if (!strcmp(word, "identitas"))
        return open_identity(page, id);
    if (!strcmp(word, "dibaca")) {
        enum outcome outcome = notice_read(page->txn, page->officer->id, id, page->fault);
        return outcome ? outcome : page_redirect(page, "/meja");
    }
    if (!strcmp(word, "catatan")) {
        enum outcome outcome = act_note(page->txn, page->officer, id, http_form_get(page->form, "isi"), page->arena, page->fault);
        return outcome ? outcome : page_redirect(page, arena_printf(page->arena, "/aduan/%lld", (long long)id));
    }
    return action_from_key(word, &action) ? do_action(page, id, action) : not_found(page);
}

#define OFFICERS (1u << ROLE_PETUGAS | 1u << ROLE_KASI | 1u << ROLE_SEKCAM | 1u << ROLE_SEKSI | 1u << ROLE_CAMAT)
const struct page_route case_routes[] = {
    {"/aduan/*", get_case, post_case, OFFICERS, EVIDENCE_MAX},
    {NULL, NULL, NULL, 0, 0},
};
