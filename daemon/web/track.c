/* The citizen's own view of his complaint: /lacak. Plain states, the office's answer, its questions and a box
 * to answer them, his judgement, and the way to take it back. Whoever has the code sees this page, so it names nobody. */
#include "track.h"
#include "daemon/base/json_read.h"
#include "daemon/book/chat.h"
#include "daemon/book/event.h"
#include "daemon/book/message.h"
#include "daemon/desk/act.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/intake.h"
#include "daemon/desk/rating.h"
#include "daemon/desk/rights.h"
#include "daemon/desk/route.h"
#include "daemon/desk/tell.h"
#include "report_form.h"
#include "rights_page.h"
#include "rules/phone.h"
#include "rules/words_date.h"
#include "upload.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TRACK_BODY_MAX = 26 * 1024 * 1024, ANSWER_MAX = 20000 };

enum outcome track_find(
    struct page *page, const char *typed, struct complaint *ret, char shown[REGISTER_SHOWN_SIZE])
{
    char code[REGISTER_CODE_SIZE];
    page->status = 404;
    if (!register_code_parse(code, typed))
        return fault_set(page->fault, OUTCOME_NEVER,
            "Kode lacak belum lengkap. Kode terdiri atas sepuluh huruf dan angka, contoh 7KQM-X2R9-4T.",
            "no code");
    if (!limit_allows(page->guesses, page->peer, txn_now(page->txn))) {
        page->status = 429;
        return fault_set(page->fault, OUTCOME_NEVER,
            "Terlalu banyak kode yang keliru. Tunggu beberapa menit, lalu coba lagi.",
            "tracking codes guessed from %s", page->peer);
    }
    enum outcome o = complaint_by_code(page->txn, code, ret, page->arena, page->fault);
    if (o == OUTCOME_NEVER) {
        limit_count(page->guesses, page->peer, txn_now(page->txn));
        return fault_set(page->fault, OUTCOME_NEVER,
            "Kode lacak tidak ditemukan. Periksa lagi kode pada tanda terima Anda.", "unknown tracking code");
    }
    register_code_show(shown, code);
    page->status = 0;
    return o;
}

/* ---- the page ---- */

typedef void write_date(char *out, size_t size, int64_t ms, int utc_offset);

static json_t *date_json(const struct page *page, write_date *write, int64_t ms)
{
    char words[WORDS_DATE_SIZE] = "";
    if (ms)
        write(words, sizeof words, ms, page->house->office->utc_offset_minutes);
    return json_string(words);
}

/* The state an event led to; false when it led to none that a citizen is told. */
static bool event_state(const struct event *event, enum state *ret_state)
{
    json_t *data = json_loads(event->data, 0, NULL);
    bool known = state_from_key(json_string_value(json_object_get(data, "state")), ret_state);
    json_decref(data);
    return known && strcmp(event->kind, "tambahan");
}

/* What happened, in the citizen's words: the new state, but for the two that are about him. */
static const char *event_words(const struct event *event, enum state state)
{
    if (!strcmp(event->kind, action_key(ACTION_TANYA)))
        return "Petugas bertanya kepada Anda";
    if (!strcmp(event->kind, action_key(ACTION_LENGKAP)))
        return "Keterangan Anda sudah diterima";
    if (!strcmp(event->kind, action_key(ACTION_ARSIPKAN)) && !strcmp(event->actor, "pengadu"))
        return "Anda menarik kembali aduan ini";
    return state_public(state);
}

/* Steps of which the citizen has not heard yet: they still lie ahead while the complaint is open. */
static void add_ahead(json_t *steps, enum state state, bool handed_over)
{
    if (!state_open(state))
        return;
    /* The Sekcam may know the answer himself: then no section ever gets it. */
    if (!handed_over && state != STATE_MENUNGGU_PERSETUJUAN && state != STATE_DISETUJUI)
        json_array_append_new(
            steps, json_pack("{s:b, s:s}", "next", true, "words", state_public(STATE_DIDISPOSISIKAN)));
    json_array_append_new(steps, json_pack("{s:b, s:s}", "next", true, "words", state_public(STATE_DIJAWAB)));
}

static enum outcome steps_json(struct page *page, const struct complaint *c, json_t **ret_steps)
{
    struct event *events = NULL;
    enum outcome o = event_list(page->txn, c->id, &events, page->arena, page->fault);
    if (o != OUTCOME_DONE)
        return o;
    json_t *steps = json_array();
    const char *before = NULL;
    bool handed_over = false;
    for (const struct event *e = events; steps && e; e = e->next) {
        enum state state;
        if (!event_state(e, &state))
            continue;
        handed_over |= state == STATE_DIDISPOSISIKAN;
        const char *words = event_words(e, state);
        if (before && !strcmp(words, before)) /* moves inside the house */
            continue;
        before = words;
        json_array_append_new(
            steps, json_pack("{s:s, s:o, s:o}", "words", words, "iso", date_json(page, words_date_iso, e->at),
                       "at", date_json(page, words_date_full, e->at)));
    }
    add_ahead(steps, c->state, handed_over);
    *ret_steps = steps;
    return OUTCOME_DONE;
}

static json_t *letter_json(const struct page *page, const struct message *m)
{
    return json_pack("{s:s, s:o, s:o}", "words", m->text, "iso", date_json(page, words_date_iso, m->at), "at",
        date_json(page, words_date_long, m->at));
}

/* What an officer wrote shows when its letter leaves, for until then he may take it back. */
static bool has_left(const struct page *page, const struct message *m)
{
    bool waits = m->officer_id && strcmp(m->purpose, "kabar");
    int64_t leaves_at = m->at + (waits ? desk_office(page->desk)->letter_wait_ms : 0);
    return !m->withdrawn_at && leaves_at <= txn_now(page->txn);
}

/* Answers as letters; the last question only while it waits for the citizen. */
static enum outcome add_letters(struct page *page, const struct complaint *c, json_t *data)
{
    struct message *messages;
    size_t n;
    enum outcome o = message_list(page->txn, c->id, &messages, &n, page->arena, page->fault);
    if (o != OUTCOME_DONE)
        return o;
    json_t *letters = json_array();
    const struct message *question = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!has_left(page, &messages[i]))
            continue;
        if (!strcmp(messages[i].purpose, "pertanyaan"))
            question = &messages[i];
        if (!strcmp(messages[i].purpose, "jawaban") || !strcmp(messages[i].purpose, "kabar"))
            json_array_append_new(letters, letter_json(page, &messages[i]));
    }
    json_object_set_new(data, "letters", letters);
    if (question && c->state == STATE_PERLU_DILENGKAPI)
        json_object_set_new(data, "question", letter_json(page, question));
    return OUTCOME_DONE;
}

static const char *const judgements[] = {"", "Tidak puas", "Kurang puas", "Puas", "Sangat puas"};
enum { JUDGEMENT_BEST = 4 };

static bool can_be_judged(const struct complaint *c)
{
    return c->state == STATE_DIJAWAB || c->state == STATE_DITUTUP;
}

/* The question how satisfied he is, with what he said before. */
static enum outcome add_judgement(struct page *page, const struct complaint *c, json_t *data)
{
    int value = 0;
    const char *comment = NULL;
    if (!can_be_judged(c))
        return OUTCOME_DONE;
    enum outcome o = rating_get(page->txn, c->id, &value, &comment, page->arena, page->fault);
    if (o != OUTCOME_DONE)
        return o;
    json_t *choices = json_array();
    for (int i = 1; i <= JUDGEMENT_BEST; i++)
        json_array_append_new(
            choices, json_pack("{s:i, s:s, s:b}", "value", i, "label", judgements[i], "checked", i == value));
    bool known = value >= 1 && value <= JUDGEMENT_BEST;
    json_object_set_new(data, "judgement",
        json_pack("{s:o, s:s, s:s}", "choices", choices, "before", known ? judgements[value] : "", "pesan",
            comment ? comment : ""));
    return OUTCOME_DONE;
}

/* error: about what he wrote; rights_problem: about what he asks of his data. NULL = none. */
static enum outcome show_with(struct page *page, const struct complaint *c, const char *shown,
    const char *typed, const char *error, const char *rights_problem)
{
    json_t *steps = NULL;
    enum outcome o = steps_json(page, c, &steps);
    if (o != OUTCOME_DONE)
        return o;
    const char *key = report_form_key(page);
    bool plain = !strcmp(c->confidentiality, "biasa"), open = state_open(c->state);
    bool on_time = c->answered_at && c->due_at && c->answered_at <= c->due_at;
    json_t *data = json_pack(
        "{s:s, s:b, s:b, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:o, s:o, s:o, s:s, s:s, s:s, s:s, s:b}", "title",
        "Lacak aduan", "narrow", true, "wrong", error || rights_problem, "number", c->number, "code", shown,
        "subject", plain ? c->subject : "", "state", state_public(c->state), "open",
        open && c->state != STATE_PERLU_DILENGKAPI, "paused", c->state == STATE_PERLU_DILENGKAPI, "on_time",
        on_time, "due", date_json(page, words_date_long, open ? c->due_at : 0), "answered",
        date_json(page, words_date_long, c->answered_at), "steps", steps, "kiriman", key ? key : "",
        "jawaban", typed, "error", error ? error : "", "form_script_url", page->house->form_script_url,
        "withdraws", state_find_move(c->state, ACTION_ARSIPKAN, ACTOR_PENGADU) != NULL);
    o = data ? add_letters(page, c, data) : OUTCOME_DONE;
    if (data && o == OUTCOME_DONE)
        o = add_judgement(page, c, data);
    if (data && o == OUTCOME_DONE)
        o = rights_page_track(page, c, rights_problem, data);
    if (o != OUTCOME_DONE) {
        json_decref(data);
        return o;
    }
    if (c->referred_to)
        json_object_set_new(data, "referred_to", json_string(c->referred_to));
    if (c->referred_to && c->referred_number)
        json_object_set_new(data, "referred_number", json_string(c->referred_number));
    return page_view_status(page, error || rights_problem ? 422 : 200, "track", data);
}

static enum outcome complaint_show(
    struct page *page, const struct complaint *c, const char *shown, const char *typed, const char *error)
{
    return show_with(page, c, shown, typed, error, NULL);
}

static enum outcome search_show(struct page *page, const char *typed, const char *error)
{
    return page_view_status(page, error ? page->status : 200, "track_search",
        json_pack("{s:s, s:b, s:b, s:s, s:s}", "title", "Lacak aduan", "narrow", true, "wrong", error != NULL,
            "kode", typed, "error", error ? error : ""));
}

static enum outcome track_get(struct page *page)
{
    struct complaint c = {0};
    char shown[REGISTER_SHOWN_SIZE] = "";
    const char *typed = page_query(page, "kode");
    page->secret = true;
    if (!*typed)
        return search_show(page, "", NULL);
    enum outcome o = track_find(page, typed, &c, shown);
    if (o == OUTCOME_NEVER && page->status != 429)
        return search_show(page, typed, page->fault->public_text);
    return o == OUTCOME_DONE ? complaint_show(page, &c, shown, "", NULL) : o;
}

/* ---- the citizen writes again ---- */

static enum outcome record(
    struct page *page, const struct complaint *c, const char *text, struct inbound_file *files)
{
    const char *key = page_field(page, "kiriman");
    json_t *raw = json_pack("{s:s, s:s}", "nomor", c->number, "jawaban", text);
    char *bytes = json_text(raw, JSON_COMPACT);
    json_decref(raw);
    if (!bytes || !arena_defer(page->arena, free, bytes))
        return fault_set(page->fault, OUTCOME_LATER, NULL, "track: no memory");
    const struct inbound in = {
        .arena = page->arena,
        .kind = INBOUND_MESSAGE,
        .external = report_form_is_key(key) ? key : report_form_key(page),
        .raw = bytes,
        .raw_size = strlen(bytes),
        .identity_scheme = "kode",
        .identity_value = c->code,
        .number = c->number,
        .text = text,
        .files = files,
    };
    if (!in.external)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "track: no memory");
    struct intake_result result;
    return intake_record(
        page->txn, desk_office(page->desk), "situs", &in, NULL, &result, page->arena, page->fault);
}

/* ---- what he does: more words, his judgement, taking it back ---- */

static enum outcome back_to(struct page *page, const char *shown, const char *note)
{
    return page_redirect(page, arena_printf(page->arena, "/lacak?kode=%s&catatan=%s", shown, note));
}

static enum outcome add_words(struct page *page, const struct complaint *c, const char *shown)
{
    struct inbound_file *files;
    const char *text = report_form_trim(page, page_field(page, "jawaban"));
    enum outcome o = upload_files(page, "foto", &files);
    if (o != OUTCOME_DONE || !text)
        return o;
    if (!*text && !files)
        return complaint_show(page, c, shown, "", "Tulis jawaban Anda, atau tambahkan foto.");
    if (strlen(text) > ANSWER_MAX)
        return complaint_show(page, c, shown, text, "Isian ini terlalu panjang, mohon diringkas.");
    o = record(page, c, text, files);
    return o == OUTCOME_DONE ? back_to(page, shown, "terkirim") : o;
}

static enum outcome judge(struct page *page, const struct complaint *c, const char *shown)
{
    const char *typed = page_field(page, "nilai"), *words = report_form_trim(page, page_field(page, "pesan"));
    if (!can_be_judged(c))
        return complaint_show(page, c, shown, "", NULL);
    if (strlen(typed) != 1 || *typed < '1' || *typed > '0' + JUDGEMENT_BEST || !words ||
        strlen(words) > ANSWER_MAX) {
        page->status = 422;
        return fault_set(page->fault, OUTCOME_NEVER, "Pilih satu nilai, dari tidak puas sampai sangat puas.",
            "no such judgement");
    }
    enum outcome o = rating_take(
        page->txn, c->id, c->number, *typed - '0', *words ? words : NULL, "situs", page->arena, page->fault);
    return o == OUTCOME_DONE ? back_to(page, shown, "dinilai") : o;
}

static enum outcome withdraw(struct page *page, const struct complaint *c, const char *shown)
{
    const char *why = report_form_trim(page, page_field(page, "alasan"));
    bool queued;
    if (c->state == STATE_DIARSIPKAN || !why)
        return back_to(page, shown, "ditarik"); /* pressed twice */
    const struct act act = {.complaint_id = c->id,
        .action = ACTION_ARSIPKAN,
        .text = *why ? arena_printf(page->arena, "Ditarik kembali oleh pengadu: %s", why)
                     : "Ditarik kembali oleh pengadu."};
    enum outcome o = act_on(page->txn, desk_office(page->desk), &act, &queued, page->arena, page->fault);
    if (o == OUTCOME_DONE)
        o = tell_all_concerned(page->txn, c, action_key(ACTION_ARSIPKAN), page->fault);
    return o == OUTCOME_DONE ? back_to(page, shown, "ditarik") : o;
}

/* ---- what he asks of his data ---- */

static enum outcome ask_right(struct page *page, const struct complaint *c, const char *shown)
{
    int64_t id;
    struct rights_asked asked = {
        .complaint_id = c->id, .way = "situs", .words = report_form_trim(page, page_field(page, "isi_hak"))};
    if (!asked.words)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "track: no memory");
    if (!right_from_key(page_field(page, "hak"), &asked.right))
        return show_with(page, c, shown, "", NULL, "Pilih apa yang Anda minta.");
    enum outcome o = rights_record(page->txn, desk_office(page->desk), &asked, &id, page->arena, page->fault);
    if (o == OUTCOME_NEVER)
        return show_with(page, c, shown, "", NULL, arena_strdup(page->arena, page->fault->public_text));
    return o == OUTCOME_DONE ? back_to(page, shown, "hak") : o;
}

/* Until some weeks after it was granted. */
static enum outcome copy_get(struct page *page)
{
    struct complaint c = {0};
    struct rights_request *r = NULL;
    char shown[REGISTER_SHOWN_SIZE] = "";
    page->secret = true;
    enum outcome o = track_find(page, page_query(page, "kode"), &c, shown);
    if (o == OUTCOME_DONE)
        o = rights_of(page->txn, c.id, &r, page->arena, page->fault);
    while (o == OUTCOME_DONE && r && !rights_copy_open(r, txn_now(page->txn)))
        r = r->next;
    if (o == OUTCOME_DONE && !r) {
        page->status = 404;
        o = fault_set(page->fault, OUTCOME_NEVER, "Salinan data tidak ada atau sudah lewat waktunya.",
            "no copy granted");
    }
    if (o != OUTCOME_DONE)
        return o;
    json_t *data =
        json_pack("{s:s, s:b, s:s}", "title", "Salinan data pribadi", "narrow", true, "code", shown);
    o = rights_copy_add(page, &c, data);
    if (o == OUTCOME_DONE)
        return page_view(page, "track_copy", data);
    json_decref(data);
    return o;
}

static enum outcome track_post(struct page *page)
{
    struct complaint c = {0};
    char shown[REGISTER_SHOWN_SIZE] = "";
    const char *act = page_field(page, "tindakan");
    page->secret = true;
    enum outcome o = track_find(page, page_field(page, "kode"), &c, shown);
    if (o != OUTCOME_DONE)
        return o;
    return !strcmp(act, "nilai")   ? judge(page, &c, shown)
           : !strcmp(act, "tarik") ? withdraw(page, &c, shown)
           : !strcmp(act, "hak")   ? ask_right(page, &c, shown)
                                   : add_words(page, &c, shown);
}

/* ---- the code is lost ---- */

static enum outcome lost_show(struct page *page, const char *number, const char *error, bool asked)
{
    return page_view_status(page, error ? 422 : 200, "track_lost",
        json_pack("{s:s, s:b, s:b, s:s, s:s, s:b}", "title", "Kode lacak hilang", "narrow", true, "wrong",
            error != NULL, "nomor", number, "error", error ? error : "", "asked", asked));
}

static enum outcome lost_get(struct page *page)
{
    return lost_show(page, "", NULL, false);
}

/* Is that the address which this complaint has? */
static bool is_known_address(const struct page *page, const struct complaint *c, const char *typed)
{
    struct route route = route_of(page->house->office, c);
    char phone[PHONE_MAX], known[PHONE_MAX];
    if (!route.channel || !*route.to)
        return false;
    if (!strncmp(route.channel, "email", 5))
        return !strcasecmp(route.to, typed);
    return phone_from_human(typed, phone) &&
           (phone_from_wa_id(route.to, known) ? !strcmp(phone, known) : !strcmp(phone, route.to));
}

/* The answer is the same whether it fitted or not: nobody learns who has complained. A wrong pair costs a guess. */
static enum outcome lost_post(struct page *page)
{
    struct complaint c;
    struct receipt receipt;
    const char *number = report_form_trim(page, page_field(page, "nomor")),
               *address = report_form_trim(page, page_field(page, "alamat"));
    if (!number || !address)
        return fault_set(page->fault, OUTCOME_LATER, NULL, "track: no memory");
    if (!*number || !*address)
        return lost_show(page, number, "Isi nomor aduan dan alamat yang dahulu Anda berikan.", false);
    if (!limit_allows(page->guesses, page->peer, txn_now(page->txn))) {
        page->status = 429;
        return fault_set(page->fault, OUTCOME_NEVER,
            "Terlalu banyak permintaan. Tunggu beberapa menit, lalu coba lagi.", "codes asked for from %s",
            page->peer);
    }
    enum outcome o = complaint_by_number(page->txn, number, &c, page->arena, page->fault);
    if (o == OUTCOME_NEVER || (o == OUTCOME_DONE && !is_known_address(page, &c, address))) {
        limit_count(page->guesses, page->peer, txn_now(page->txn));
        return lost_show(page, number, NULL, true);
    }
    if (o == OUTCOME_DONE)
        o = tell_code(page->txn, desk_office(page->desk), &c, &receipt, page->arena, page->fault);
    if (o == OUTCOME_DONE)
        o = tell_held_back(page->txn, &c, &receipt, page->fault);
    if (o == OUTCOME_DONE && receipt.outbox_id)
        o = event_append(page->txn, c.id, c.number, "kode_diminta", "pengadu", NULL, page->fault);
    return o == OUTCOME_DONE ? lost_show(page, number, NULL, true) : o;
}

const struct page_route track_routes[] = {
    {"/lacak", track_get, track_post, PAGE_FRAMED, TRACK_BODY_MAX},
    {"/lacak/salinan", copy_get, NULL, 0, 0},
    {"/lacak/lupa", lost_get, lost_post, PAGE_FRAMED, 0},
    {0},
};
